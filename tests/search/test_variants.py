"""The many ways of typing one thing: each finds the article it is meant for among the first three."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from digest.model import Content
from digest.search import index
from digest.search.find import Request, search
from digest.storage import articles
from digest.storage.engine import Archive
from tests.search.conftest import FIRST, Put

HERE = Path(__file__).parents[1] / "data"
SETS = ["search_variants.json", "search_variants_more.json"]


def archived(data: dict[str, Any], folder: Path) -> tuple[Archive, Path]:
    archive = Archive.open(f"sqlite:///{(folder / 'archive.sqlite3').as_posix()}")
    with archive.writing() as conn:
        for number, one in enumerate(data["articles"]):
            content = Content(
                one["title"],
                "",
                one["lead"],
                tuple(one["paragraphs"]),
                published=FIRST + timedelta(hours=number),
            )
            url = f"https://bao.example.vn/{number}.html"
            articles.save(conn, url=url, source="s", outlet="Báo Bến Thử", content=content, fetched=FIRST)
    index.sync(archive, folder / "index")
    return archive, folder / "index"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    data = json.loads((HERE / SETS[0]).read_text(encoding="utf-8"))
    archive, folder = archived(data, tmp_path_factory.mktemp("variants"))
    yield archive, folder
    archive.close()


@pytest.mark.parametrize("name", SETS)
def test_variants_find_their_article_among_the_first_three(name: str, tmp_path: Path) -> None:
    data = json.loads((HERE / name).read_text(encoding="utf-8"))
    archive, folder = archived(data, tmp_path)
    missed: dict[str, list[str]] = defaultdict(list)
    for one in data["queries"]:
        found = search(archive, folder, Request(one["query"], limit=3, facets=False))
        titles = [hit.article.content.title for hit in found.hits]
        if data["articles"][one["expected"]]["title"] not in titles:
            missed[one["kind"]].append(one["query"])
    archive.close()
    count = len(data["queries"])
    assert count >= 150
    assert sum(map(len, missed.values())) <= 0.02 * count, dict(missed)


def test_what_was_typed_with_accents_is_never_beaten_by_what_has_others(
    archive: Archive, tmp_path: Path, put: Put
) -> None:
    for number in range(260):
        put(f"Ton giảo, tôn giao {number}", "Ton giảo ton giảo tồn giáo tón giạo.", "Tốn giao ton giảo. " * 3)
    filler = ["Xã Hạ Sơn gieo cấy vụ đông trên đồng cao. " * 12] * 12
    wanted = put("Tin trong ngày ở Hạ Sơn", "Có nhiều việc.", *filler, "Có người nói về tôn giáo.", *filler)
    index.sync(archive, tmp_path / "index")
    for text in ("tôn giáo", '"tôn giáo"', "TÔN GIÁO"):
        assert search(archive, tmp_path / "index", Request(text)).hits[0].id == wanted


def test_no_keystrokes_are_read_where_the_words_are_found(home) -> None:  # type: ignore[no-untyped-def]
    archive, folder = home
    assert search(archive, folder, Request("tôn giáo")).understood == ""
    assert search(archive, folder, Request("toon giaos")).understood == "tôn giáo"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tôn gáio", "tôn giáo"),
        ("ton gaio", "ton giáo"),
        ("hoagiai", "hoà giải"),
        ("chức xắc", "chức sắc"),
        ("phân loại giác", "phân loại rác"),
        ("cầu ngưu", "cầu ngư"),
    ],
)
def test_a_typing_error_is_answered_with_a_suggestion(home, typed: str, meant: str) -> None:  # type: ignore[no-untyped-def]
    archive, folder = home
    assert search(archive, folder, Request(typed)).suggestion == meant


def test_nothing_is_suggested_for_what_is_right_or_unheard_of(home) -> None:  # type: ignore[no-untyped-def]
    archive, folder = home
    assert search(archive, folder, Request("tôn giáo")).suggestion == ""
    assert search(archive, folder, Request("qwertyuiop zxcvb")).suggestion == ""


def test_an_editor_adds_abbreviations_of_their_own(home) -> None:  # type: ignore[no-untyped-def]
    archive, folder = home
    own = folder.with_name("abbreviations.txt")
    assert not [hit for hit in search(archive, folder, Request("TCNSCĐ")).hits if hit.whole]
    own.write_text("# của riêng ta\nTCNSCĐ = tổ công nghệ số cộng đồng\n", encoding="utf-8")
    try:
        assert search(archive, folder, Request("TCNSCĐ")).total == 1
    finally:
        own.unlink()
