from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.bulletin.suggest import Habit, Material, Selection, suggest
from digest.model import Article, Bulletin, Content, Tagging
from tests.bulletin.editions import BULLETIN, ROAD, SOURCES, TOPICS, WEEK, article, tagged

NOON = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)
_SUBJECTS = ["lớp học ban đêm", "mở vườn thuốc nam", "dọn rác trên sông", "sửa mái đình cổ", "trồng rừng đầu nguồn",
             "bán chè qua mạng", "dạy chữ cho trẻ nhỏ", "khám bệnh miễn phí", "đua thuyền mùa nước", "nấu cỗ chay ngày rằm"]  # fmt: skip


def told(
    id: int, *, days: int = 0, title: str = "", lead: str = "Một câu dẫn.", words: int = 40, **more: object
) -> Article:
    """An article of its own subject, published `days` before Wednesday noon of the week."""
    subject = title or f"Tín đồ {_SUBJECTS[id % 10]} ở thôn {id}"
    content = Content(
        title=subject,
        lead=lead,
        paragraphs=(
            f"Bà con tín đồ thôn {id} "
            + " ".join(f"chữ{id}{n}" for n in range(words))
            + " đã làm xong việc.",
        ),
        published=NOON - timedelta(days=days),
    )
    return article(id, content, **more)  # type: ignore[arg-type]


def chosen(
    articles: list[Article],
    taggings: dict[int, list[Tagging]] | None = None,
    bulletin: Bulletin = BULLETIN,
    **more: object,
) -> Selection:
    given = taggings or {one.id: [tagged(one.id)] for one in articles}
    return suggest(bulletin, WEEK, Material(articles, given, sources=SOURCES, topics=TOPICS, **more))  # type: ignore[arg-type]


def ids(selection: Selection) -> list[list[int]]:
    return [[one.article.id for one in section.chosen] for section in selection.sections]


def why_out(selection: Selection) -> dict[int, str]:
    return {one.article.id: one.reason for one in selection.left_out}


def test_only_the_period_and_the_week_before_it_are_candidates() -> None:
    undated = replace(
        told(4), revision=replace(told(4).revision, content=replace(told(4).content, published=None))
    )
    found = chosen([told(1, days=9), told(2, days=10), told(3, days=-5), undated])
    assert sorted(one.article.id for one in found.suggestions) == [1, 4]


def test_withdrawn_and_taken_down_articles_are_never_suggested() -> None:
    assert ids(chosen([told(1, state="gone"), told(2, state="takedown")])) == [[], []]


def test_an_article_stands_once_in_the_section_it_fits_best() -> None:
    both = {1: [tagged(1, "ton-giao", 1.2), tagged(1, "dan-toc", 2.5)], 2: [tagged(2, "ton-giao", 1.0)]}
    assert ids(chosen([told(1), told(2)], both)) == [[2], [1]]


def test_sections_are_never_fuller_than_allowed_and_the_rest_is_said() -> None:
    found = chosen([told(n) for n in range(1, 6)])
    assert [len(section) for section in ids(found)] == [2, 0]
    assert list(why_out(found).values()) == ["mục đã đủ 2 bài"] * 3
    assert len(found.sections[0].further) == 3


def test_a_story_is_told_once_by_its_likely_origin() -> None:
    reprints = [
        told(1, days=1, story=1, source=1, title="Tít khác hẳn"),
        told(2, days=2, story=1),
        told(3, days=3, story=1, text="none"),
    ]
    found = chosen(reprints, stories={1: reprints})
    assert ids(found) == [[2], []]
    assert why_out(found)[1] == "cùng một tin với “Tín đồ dọn rác trên sông ở thôn 2” của Báo Sông Vân"
    assert "1 báo khác cũng đăng" in found.suggestions[0].reasons


def test_what_an_earlier_edition_had_is_not_told_again_nor_its_reprints() -> None:
    old = told(9, days=20, story=9)
    found = chosen(
        [told(1), told(2, story=9)],
        stories={9: [old, told(2, story=9)]},
        used={1: "bao-cao-vien/2026-W46", 9: "bao-cao-vien/2026-W45"},
    )
    assert found.suggestions == ()
    assert why_out(found) == {1: "đã có ở bao-cao-vien/2026-W46", 2: "tin này đã có ở số trước"}


def test_nearly_the_same_words_from_another_outlet_fall_out() -> None:
    twin = told(2, title="Tín đồ mở vườn thuốc nam ở thôn 1 mới", source=1)
    found = chosen([told(1, days=1), twin])
    assert len(found.suggestions) == 1
    assert any(reason.startswith("gần giống “") for reason in why_out(found).values())


def test_minutes_are_kept_and_what_does_not_fit_is_said() -> None:
    short = replace(BULLETIN, minutes=1)
    long = told(1, lead="Dài. " + " ".join(f"chữ{n}" for n in range(400)))
    found = chosen([long, told(2)], bulletin=short)
    assert ids(found) == [[2], []]
    assert why_out(found)[1].startswith("hết giờ đọc: cần ")
    assert found.minutes == 1


def test_a_text_that_could_not_be_had_only_fills_what_nothing_better_fills() -> None:
    entries = {
        1: [tagged(1, score=4.0)],
        2: [tagged(2, score=1.0)],
        3: [tagged(3, score=1.0)],
        4: [tagged(4, "dan-toc", 1.0)],
    }
    found = chosen([told(1, text="none"), told(2), told(3), told(4, text="none")], entries)
    assert ids(found) == [[2, 3], [4]]
    assert "chưa lấy được toàn văn" in found.sections[1].chosen[0].reasons


def test_an_outlet_that_is_there_already_gives_way() -> None:
    found = chosen([told(1), told(2), told(3, source=2, days=1)])
    assert {one.article.outlet for one in found.suggestions} == {"Báo Sông Vân", "Báo Đồng Mẫu"}


def test_weight_and_habit_count_and_are_said() -> None:
    found = chosen([told(1), told(2, source=1)], habits={"Báo Hạ Sơn": Habit(7, 9)})
    first = found.suggestions[0]
    assert first.article.outlet == "Báo Hạ Sơn"
    assert "báo được ưu tiên (1,5)" in first.reasons
    assert "ban biên tập đã giữ 7 trên 9 bài gợi ý của Báo Hạ Sơn" in first.reasons


def test_reasons_say_what_stands_in_the_article() -> None:
    found = chosen([article(1834, ROAD)], today=WEEK.last)
    assert found.suggestions[0].reasons == ("“tín đồ” ở tít, “họ đạo” 1 lần", "mới đăng 4 ngày")
    assert chosen([article(1834, ROAD)], {1834: [tagged(1834, by="editor")]}).suggestions[0].reasons == (
        "ban biên tập xếp vào Tôn giáo",
        "đăng ngày 18/11/2026",
    )


_many = st.lists(
    st.tuples(
        st.integers(-6, 16),
        st.integers(0, 2),
        st.integers(1, 12),
        st.sampled_from(["full", "full", "none"]),
        st.floats(0.1, 4.0),
        st.booleans(),
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(_many, st.integers(0, 12), st.randoms(use_true_random=False))
def test_whatever_comes_budgets_hold_nothing_twice_and_order_does_not_matter(
    rows: list[tuple[int, int, int, str, float, bool]], minutes: int, chance: random.Random
) -> None:
    articles = [told(n, days=d, source=s, story=y, text=t) for n, (d, s, y, t, _f, _b) in enumerate(rows, 1)]
    taggings = {
        n: [tagged(n, "ton-giao", f), *([tagged(n, "dan-toc", 4.1 - f)] if b else [])]
        for n, (*_r, f, b) in enumerate(rows, 1)
    }
    stories: dict[int, list[Article]] = {}
    for one in articles:
        stories.setdefault(one.story, []).append(one)
    bulletin = replace(BULLETIN, minutes=minutes)
    found = chosen(articles, taggings, bulletin, stories=stories)
    assert found.minutes <= minutes
    assert len({one.article.story for one in found.suggestions}) == len(found.suggestions)
    assert all(len(section.chosen) <= section.most for section in found.sections)
    chance.shuffle(articles)
    again = chosen(articles, taggings, bulletin, stories={k: stories[k] for k in reversed(stories)})
    assert again == found
