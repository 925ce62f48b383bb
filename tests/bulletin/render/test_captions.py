"""The lines that renderings print around the articles."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.bulletin.render import captions
from digest.bulletin.render.tidy import safe_address, tidy
from digest.bulletin.view import Cell, Run, Table
from tests.bulletin.render.sample import edition


@pytest.mark.parametrize(
    ("kind", "number", "title", "expected"),
    [
        ("weekly", 12, "Bản tin báo cáo viên số 12", ("Bản tin", "Báo cáo viên", "Số 12")),
        ("weekly", None, "Bản tin báo cáo viên số …", ("Bản tin", "Báo cáo viên", "Bản nháp")),
        ("weekly", 3, "Bản tin báo cáo viên: đại đoàn kết", ("Bản tin", "Báo cáo viên: đại đoàn kết", "Số 3")),
        ("dossier", 1, "Chuyên đề: Tôn giáo", ("Bản tin chuyên đề", "Tôn giáo", "Số 1")),
        ("slip", 2, "Đính chính Bản tin báo cáo viên số 12", ("Bản tin, tờ đính chính", "Đính chính Bản tin báo cáo viên số 12", "Số 2")),
        ("monthly", 11, "Sinh hoạt chi bộ số 11", ("Bản tin", "Sinh hoạt chi bộ", "Số 11")),
    ],
)  # fmt: skip
def test_the_masthead_is_the_title_taken_apart(
    kind: str, number: int | None, title: str, expected: tuple[str, str, str]
) -> None:
    head = captions.masthead(edition(kind=kind, number=number, title=title))
    assert (head.kicker, head.name, head.number) == expected


def test_spans_are_short_and_whole() -> None:
    assert captions.span(edition()) == "Tin từ 16/11 đến 22/11/2026"
    assert (
        captions.dates(edition(first=date(2026, 12, 28), last=date(2027, 1, 3))) == "28/12/2026 – 03/01/2027"
    )
    one = edition(first=date(2026, 11, 22))
    assert captions.span(one) == "Tin ngày 22/11/2026"


def test_an_unknown_date_says_so() -> None:
    assert captions.when(edition().items[-1]) == "không rõ ngày đăng (thu thập 22/11/2026)"


def test_the_imprint_is_read_line_by_line() -> None:
    pairs = captions.imprint(edition())
    assert pairs[0][0] == "Chịu trách nhiệm nội dung"
    assert pairs[1] == ("Giấy phép xuất bản bản tin", "số 00/GP-MẪU, ngày 05 tháng 01 năm 2026")
    assert captions.imprint(edition(imprint="https://a.vn: x")) == [("", "https://a.vn: x")]


def test_codes_stand_for_addresses_of_our_site_only() -> None:
    view = edition()
    assert captions.code(view, view.items[0]) == "b/1834"
    assert captions.by_address(edition(site_url="")) == ""
    assert captions.letters("https://www.bantin.example.vn/") == "bantin.example.vn"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "https://a b", "http://", "//x", "file:///c"]
)
def test_unsafe_addresses_are_dropped(address: str) -> None:
    assert safe_address(address) == ""


def test_safe_addresses_stay() -> None:
    for address in ("https://a.vn/b?c=d&e#f", "http://127.0.0.1:8000/", "mailto:a@b.vn?subject=x"):
        assert safe_address(address) == address


@settings(deadline=None)
@given(st.lists(st.text(max_size=20), max_size=6))
def test_runs_keep_the_spaces_between_them(texts: list[str]) -> None:
    made = tidy(tuple(Run(text) for text in texts))
    assert "".join("".join(run.text for run in made).split()) == "".join(tidy("".join(texts)).split())


def test_a_source_is_named_where_it_begins() -> None:
    table = Table("Văn bản", ("Số", "Nơi"), ((Cell("12", 3), Cell("Tỉnh", 3)), (Cell("13"), Cell(""))))
    made = tidy(table)
    assert [[cell.source for cell in row] for row in made.rows] == [[3, 0], [0, 0]]
    assert tidy(made) == made
    mixed = tidy(Table("x", ("a", "b", "c"), ((Cell("1", 1), Cell("2", 2), Cell("3", 1)),)))
    assert [cell.source for cell in mixed.rows[0]] == [1, 2, 1]
    assert len(tidy(Table("x", ("a",), ((Cell("1"), Cell("2")),))).head) == 2
