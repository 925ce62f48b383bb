"""Searching an archive: accents, words, filters, order, pages, stories, snippets, facets."""

from __future__ import annotations

import functools
import operator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from digest.errors import QueryError, SearchError
from digest.model import Tagging
from digest.search import index
from digest.search.find import Request, search
from digest.search.results import Result
from digest.storage import articles, stories, taggings
from digest.storage.engine import Archive
from tests.search.conftest import Put


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def news(put: Put) -> dict[str, int]:
    return {
        "lop": put(
            "Đồng Mẫu mở lớp tập huấn công tác tôn giáo",
            "Phường Đồng Mẫu vừa mở lớp tập huấn.",
            "Lớp học có 120 chức sắc và chức việc của các tôn giáo tham dự.",
            "Nghị quyết số 35-NQ/TW được giới thiệu lại.",
        ),
        "cau": put("Khánh thành cầu Sông Vân", "Cầu nối xã Hạ Sơn với phường Bến Thử.", outlet="Đài Hạ Sơn"),
        "gieo": put("Hạ Sơn gieo cấy vụ đông", "Nông dân tôn tạo bờ vùng.", "Giao khoán đến từng hộ."),
        "cu": put("Tin cũ về tôn giáo ở Bến Thử", published=datetime(2025, 1, 5, tzinfo=UTC)),
        "khong-ngay": put("Bản tin không đề ngày", "Chuyện hoà giải ở cơ sở.", published=None),
    }


@pytest.fixture
def ask(archive: Archive, folder: Path, news: dict[str, int]):  # type: ignore[no-untyped-def]
    index.sync(archive, folder)

    def run(text: str = "", **more: object) -> Result:
        return search(archive, folder, Request(text, **more))  # type: ignore[arg-type]

    return run


def ids(result: Result) -> list[int]:
    return [hit.id for hit in result.hits]


def whole(result: Result) -> list[int]:
    return [hit.id for hit in result.hits if hit.whole]


def test_without_accents_the_same_articles_are_found(ask, news) -> None:  # type: ignore[no-untyped-def]
    accented, plain = ask("tôn giáo"), ask("ton giao")
    assert accented.total == plain.total == 3
    assert set(ids(accented)) == set(ids(plain)) == {news["lop"], news["cu"], news["gieo"]}


def test_what_agrees_in_accents_stands_first(ask, news) -> None:  # type: ignore[no-untyped-def]
    assert ids(ask("tôn giáo"))[-1] == news["gieo"]


@pytest.mark.parametrize(
    "text", ["hòa giải", "hoà giải", "hoa giai", "HÒA GIẢI", "ho\u0300a gia\u0309i", '"hòa giải"']
)
def test_spellings_of_one_word_are_one(ask, news, text: str) -> None:  # type: ignore[no-untyped-def]
    assert whole(ask(text)) == [news["khong-ngay"]]


def test_an_accented_phrase_is_exact(ask, news) -> None:  # type: ignore[no-untyped-def]
    assert whole(ask('"chức việc"')) == [news["lop"]]
    assert ask('"chức viêc"').total == 0
    assert ask('"chuc viec cua cac"').total == 1
    assert ask('"việc chức"').total == 0


def test_document_numbers_hold_together(ask, news) -> None:  # type: ignore[no-untyped-def]
    assert whole(ask("35-NQ/TW")) == [news["lop"]]
    assert whole(ask("35-nq/tw")) == [news["lop"]]
    assert whole(ask("NQ/35-TW")) == []


def test_articles_that_hold_all_words_first_then_those_that_hold_the_most(ask, news) -> None:  # type: ignore[no-untyped-def]
    found = ask("tập huấn tôn giáo")
    assert found.total == 1
    assert whole(found) == [news["lop"]]
    assert news["cu"] in ids(found)[1:]


def test_filters(ask, news) -> None:  # type: ignore[no-untyped-def]
    assert ids(ask("cầu", outlets=("Đài Hạ Sơn",))) == [news["cau"]]
    assert ids(ask('outlet:hạsơn OR outlet:"ha son"')) == [news["cau"]]
    assert set(ids(ask("tôn giáo", first=date(2026, 1, 1)))) == {news["lop"], news["gieo"]}
    assert ids(ask("date:2025")) == [news["cu"]]
    assert whole(ask("title:tôn -title:tin")) == [news["lop"]]


def test_order_by_date(ask, news) -> None:  # type: ignore[no-untyped-def]
    assert ids(ask("tôn giáo", sort="oldest")) == [news["cu"], news["lop"], news["gieo"]]
    assert ids(ask("", sort="newest"))[-1] == news["cu"]


def test_pages_neither_overlap_nor_leave_out(ask, news) -> None:  # type: ignore[no-untyped-def]
    pages = [ids(ask("", limit=2, offset=offset)) for offset in (0, 2, 4, 6)]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert sorted(functools.reduce(operator.iadd, pages, [])) == sorted(news.values())


def test_the_new_is_gently_preferred_and_that_can_be_turned_off(archive, folder, put) -> None:  # type: ignore[no-untyped-def]
    old = put("Xã Hạ Sơn trồng rừng", published=datetime(2020, 1, 1, tzinfo=UTC))
    new = put("Xã Hạ Sơn trồng rừng", published=datetime(2026, 11, 1, tzinfo=UTC))
    index.sync(archive, folder)
    with_age = search(archive, folder, Request("trồng rừng", today=date(2026, 11, 24)))
    without = search(archive, folder, Request("trồng rừng"))
    assert ids(with_age) == [new, old]
    assert with_age.hits[0].score > with_age.hits[1].score
    assert without.hits[0].score == without.hits[1].score


def test_one_hit_a_story(archive, ask, news, folder) -> None:  # type: ignore[no-untyped-def]
    with archive.writing() as conn:
        stories.join(conn, news["cu"], news["lop"])
    index.sync(archive, folder)
    found = ask("tôn giáo")
    assert (found.total, found.stories) == (3, 2)
    assert ids(found) == [news["lop"], news["gieo"]]
    assert [(one.id, one.day) for one in found.hits[0].also_in] == [(news["cu"], date(2025, 1, 5))]


def test_topics_as_filter_and_facets(archive, ask, news, folder) -> None:  # type: ignore[no-untyped-def]
    with archive.writing() as conn:
        taggings.replace_rule(
            conn, news["lop"], [Tagging(news["lop"], "ton-giao", 2.0, "rule", "tôn giáo ×2")]
        )
    index.sync(archive, folder)
    assert ids(ask("topic:ton-giao")) == [news["lop"]]
    found = ask("", topics=("ton-giao", "khac"))
    assert found.hits[0].topics == ("ton-giao",)
    facets = ask("").facets
    assert facets.topics == (("ton-giao", 1),)
    assert facets.outlets == (("Báo Bến Thử", 4), ("Đài Hạ Sơn", 1))
    assert facets.months == (("2026-11", 3), ("2025-01", 1))


def test_snippets_mark_what_was_asked_in_the_text_itself(ask, news) -> None:  # type: ignore[no-untyped-def]
    hit = ask('"chức việc" lớp').hits[0]
    marked = [hit.snippet.text[start:end] for start, end in hit.snippet.marks]
    assert "chức việc" in marked
    piece = hit.snippet.text.strip("… ")
    assert piece in hit.article.content.paragraphs[0]
    assert [hit.article.content.title[a:b] for a, b in hit.title_marks] == ["lớp"]


def test_snippets_keep_to_what_readers_may_see(ask, news) -> None:  # type: ignore[no-untyped-def]
    assert (
        ask("chức sắc", show={"ben-thu": "lead"}).hits[0].snippet.text
        == "Phường Đồng Mẫu vừa mở lớp tập huấn."
    )
    assert ask("chức sắc", show={"ben-thu": "link"}).hits[0].snippet.text == ""


def test_what_is_taken_down_leaves_at_once_and_what_is_gone_stays(archive, ask, news, folder) -> None:  # type: ignore[no-untyped-def]
    with archive.writing() as conn:
        articles.mark(conn, news["lop"], "takedown", "thử", datetime(2026, 11, 20, tzinfo=UTC))
        articles.mark(conn, news["cu"], "gone", "404", datetime(2026, 11, 20, tzinfo=UTC))
    assert news["lop"] not in ids(ask("tôn giáo"))
    index.sync(archive, folder)
    assert ids(ask('"tôn giáo"')) == [news["cu"]]


def test_a_wrong_query_and_a_missing_index_are_said(archive, ask, tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(QueryError):
        ask('"tôn')
    with pytest.raises(SearchError):
        search(archive, tmp_path / "none", Request("tôn"))


def test_words_that_meet_in_one_headline_come_before_words_strewn_over_a_text(
    put: Put, archive: Archive, folder: Path
) -> None:
    strewn = "Cầu {0} qua sông. Lũ {0} rút. Hoà {0} cùng dân làng. " * 6
    for number in range(12):
        put(f"Chuyện làng số {number}", "Ghi chép.", *(strewn.format(one) for one in ("mới", "cũ", "xa")))
    wanted = put("Hoà nhạc bên cầu sau mùa lũ", "Đêm nhạc của thanh niên.", "Khán giả đến từ các xã.")
    index.sync(archive, folder)
    for text in ("lũ cầu hoà", "lu cau hoa"):
        assert search(archive, folder, Request(text)).hits[0].id == wanted


def test_a_phrase_is_likelier_out_of_a_text_that_has_little_else(
    put: Put, archive: Archive, folder: Path
) -> None:
    filling = "Nhiều việc khác được bàn ở cuộc họp thôn hôm ấy, ai cũng có ý kiến. " * 8
    put("Họp thôn", "Ghi nhanh.", f"Có người hỏi về giống lúa chịu mặn vụ này. {filling}")
    wanted = put("Hỏi đáp", "Trả lời bạn đọc.", "Nơi nào bán giống lúa chịu mặn?")
    put("Họp xã", "Ghi chậm.", f"{filling} Sau cùng là giống lúa chịu mặn. {filling}")
    index.sync(archive, folder)
    assert search(archive, folder, Request("giống lúa chịu mặn")).hits[0].id == wanted
