"""Taggings: what reaches a topic and what only names it, the reason given, sources, nesting."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digest.errors import QueryError
from digest.model import Article, Content, Revision, Source, Tagging, Topic
from digest.search import topics

NOW = datetime(2026, 11, 24, tzinfo=UTC)
RELIGION = Topic("ton-giao", "Tôn giáo", '"tôn giáo" OR "tín ngưỡng" OR "chức sắc"')
FILLER = "Hội nghị bàn việc làm đường, trồng cây, gieo cấy và thu gom rác ở các xóm của xã Hạ Sơn. " * 6


def article(id: int, title: str, lead: str = "", *body: str, source: str = "s") -> Article:
    content = Content(title, "", lead, body)
    return Article(
        id, f"https://bao.example.vn/{id}", source, "Báo Bến Thử", NOW, id, Revision(id, 1, content, NOW)
    )


def tag(*articles: Article, topic: Topic = RELIGION, sources: tuple[Source, ...] = ()) -> list[Tagging]:
    return topics.tag([topic], sources, articles)


def test_an_article_about_a_topic_reaches_it_and_says_why() -> None:
    about = article(
        1, "Đồng Mẫu tập huấn công tác tôn giáo", "Lớp có 120 chức sắc.",
        "Các tôn giáo cùng dự.", "Chức sắc nêu ý kiến về tôn giáo.",
    )  # fmt: skip
    (made,) = tag(about)
    assert (made.article, made.topic, made.by) == (1, "ton-giao", "rule")
    assert made.why == "tôn giáo ×3, chức sắc ×2"
    assert made.score > 1.5


def test_a_mention_in_passing_does_not_reach_it() -> None:
    listed = "Khối đại đoàn kết: dân tộc, tôn giáo, tín ngưỡng, chức sắc, người cao tuổi."
    assert tag(article(1, "Hạ Sơn làm đường", "Xã họp bàn.", FILLER, listed, FILLER)) == []


def test_the_headline_alone_is_enough() -> None:
    (made,) = tag(article(1, "Thăm cơ sở tôn giáo ở Sông Vân", "Đoàn công tác đến thăm.", FILLER))
    assert made.score >= 1.0


def test_accents_count_and_spellings_do_not() -> None:
    assert tag(article(1, "Ton giao Tồn giao Tôn giao")) == []
    peace = Topic("hoa-giai", "Hòa giải", '"hòa giải"')
    assert len(tag(article(1, "Tổ hoà giải ở Bến Thử"), topic=peace)) == 1


def test_no_score_reaches_zero_without_a_match() -> None:
    all_in = Topic("moi", "Mọi thứ", '"tôn giáo"', min_score=0)
    assert tag(article(1, "Hạ Sơn gieo cấy"), topic=all_in) == []
    assert len(tag(article(1, "Hạ Sơn gieo cấy", "", FILLER, "Có nói đến tôn giáo."), topic=all_in)) == 1


def test_a_score_does_not_depend_on_what_else_is_there() -> None:
    one = article(1, "Thăm cơ sở tôn giáo", "Tín ngưỡng dân gian.")
    alone = tag(one)
    crowd = tag(*(article(n, "Tôn giáo, tín ngưỡng", "tôn giáo") for n in range(2, 40)), one)
    assert alone[0] in crowd


def test_a_source_tags_all_of_its_articles() -> None:
    source = Source("ban-ton-giao", "Báo Bến Thử", "feed", "https://bao.example.vn/rss", topics=("ton-giao",))
    plain, about = tag(
        article(1, "Hạ Sơn gieo cấy", source="ban-ton-giao"),
        article(2, "Tôn giáo và tín ngưỡng", "Chức sắc", source="ban-ton-giao"),
        sources=(source,),
    )
    assert (plain.score, plain.why) == (1.0, "nguồn ban-ton-giao")
    assert about.score > 1.0
    assert about.why == "tôn giáo ×1, tín ngưỡng ×1, chức sắc ×1; nguồn ban-ton-giao"


def test_a_wider_topic_takes_its_narrower_ones() -> None:
    wide = Topic("xa-hoi", "Xã hội", "khongcochunao")
    narrow = Topic("ton-giao", "Tôn giáo", '"tôn giáo"', parent="xa-hoi")
    made = topics.tag([wide, narrow], [], [article(1, "Tôn giáo ở Bến Thử")])
    assert {one.topic: one.why for one in made} == {
        "ton-giao": "tôn giáo ×1", "xa-hoi": "Tôn giáo: tôn giáo ×1",
    }  # fmt: skip


def test_exclusions_and_plain_words() -> None:
    sport = Topic("the-thao", "Thể thao", "bóng đá -tennis")
    assert len(tag(article(1, "Giải bóng đá Hạ Sơn", "Bóng đá trẻ."), topic=sport)) == 1
    assert tag(article(2, "Giải bóng đá và tennis"), topic=sport) == []


def test_a_query_that_does_not_parse_is_said() -> None:
    with pytest.raises(QueryError):
        tag(article(1, "Tôn giáo"), topic=Topic("x", "X", '"tôn'))
