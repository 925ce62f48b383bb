"""Tables of an edition: read and written, each cell compared with the article that is to say it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.bulletin import tally
from digest.bulletin.assemble import Archived, assemble
from digest.bulletin.check import check, errors
from digest.bulletin.edition import Edition, Item, Section, parse, write
from digest.bulletin.tables import PinnedCell, PinnedTable, pins, split, write_table
from digest.model import Bulletin, Content, Site
from digest.text.normalise import clean
from tests.bulletin.editions import ROAD, article, edition, words

DECREE = Content(
    title="Tỉnh Sông Vân có quy định mới về lớp học cộng đồng",
    lead="Ngày 12/11, tỉnh ban hành Quyết định số 12/2026/QĐ-MẪU về lớp học cộng đồng.",
    paragraphs=("Quyết định này có hiệu lực từ ngày 1 tháng 12 năm 2026.",),
    published=datetime(2026, 11, 18, 3, 0, tzinfo=UTC),
)
REVISIONS = {(1834, 1): article(1834).revision, (1928, 1): article(1928, DECREE).revision}
TABLE = """| Văn bản | Ngày ban hành | Có hiệu lực từ |
| --- | --- | --- |
| {article=1928 revision=1} Quyết định số 12/2026/QĐ-MẪU | 12/11/2026 | 01/12/2026 |
| {article=1928 revision=1} 12/2026/QĐ-MẪU |  | {article=1834 revision=1} 40 ngày |
"""


def with_table(table: str = TABLE) -> Edition:
    made = edition(Item(1834, 1, ROAD.title))
    return parse(
        write(replace(made, sections=(*made.sections, Section("Văn bản mới", f"Lời mục.\n\n{table}"))))
    )


def faults(table: str) -> list[str]:
    return [f"{fault.line}: {fault.what}" for fault in errors(check(with_table(table), REVISIONS))]


def test_a_cell_is_said_by_the_article_named_before_it_in_its_row() -> None:
    note, [table] = split(with_table().sections[1].note)
    assert note.strip() == "Lời mục."
    assert [[cell.pin for cell in row] for row in table.rows] == [
        [(1928, 1)] * 3,
        [(1928, 1), None, (1834, 1)],
    ]
    assert with_table().pins == ((1834, 1), (1928, 1)) and with_table().cited == ((1928, 1),)


cells = st.builds(
    PinnedCell,
    st.one_of(st.just(""), words, st.sampled_from(["a|b", "12/2026", "{x}", "\\", "---", "*", "# a", "> b"])),
    st.tuples(st.integers(1, 2**40), st.integers(1, 99)),
)
rows = st.lists(st.tuples(cells, cells, cells), max_size=4)


@given(st.tuples(words, words, words), rows)
def test_whatever_table_is_written_is_read_back_equal(
    head: tuple[str, ...], rows: list[tuple[PinnedCell, ...]]
) -> None:
    expected = [[PinnedCell(clean(c.text), c.pin if clean(c.text) else None) for c in row] for row in rows]
    text = write_table(head, rows)
    made = parse(write(edition(Item(1, 1, "Tên"), sections=(Section("Mục", f"Trước.\n\n{text}\n\nSau."),))))
    note, [table] = split(made.sections[0].note)
    assert (list(table.head), [list(row) for row in table.rows]) == ([clean(one) for one in head], expected)
    assert [line for line in note.split("\n") if line] == ["Trước.", "Sau."]
    assert set(pins(made.sections[0].note)) == {c.pin for row in expected for c in row if c.pin}


def test_what_its_article_says_passes_in_any_writing_of_days() -> None:
    assert faults(TABLE) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("| 12/11/2026 |", "| 13/11/2026 |"),
        ("| 12/11/2026 |", "| 12/11/2025 |"),
        ("01/12/2026", "01/12/2027"),
        ("} 12/2026/QĐ-MẪU", "} 12/2026/QĐ-MẤU"),
        ("} 12/2026/QĐ-MẪU", "} 2/2026/QĐ-MẪU"),
        ("40 ngày", "41 ngày"),
        ("|  |", "| Tỉnh Sông Mẫu |"),
    ],
)
def test_what_it_does_not_say_is_refused_with_its_line(right: str, wrong: str) -> None:
    assert right in TABLE
    [fault] = faults(TABLE.replace(right, wrong))
    line = 1 + next(
        n for n, one in enumerate(write(with_table(TABLE.replace(right, wrong))).split("\n")) if wrong in one
    )
    assert fault.startswith(f"{line}: ") and "không nói" in fault


def test_a_pin_that_the_archive_lacks_is_refused() -> None:
    [fault, *_more] = faults(TABLE.replace("{article=1834 revision=1} 40", "{article=7 revision=1} 40"))
    assert "Kho không có bài 7" in fault


def test_an_editors_own_table_is_theirs_but_its_numbers_are_looked_at() -> None:
    own = "| Việc | Số |\n| --- | --- |\n| Lớp học | 987 |"
    said = check(with_table(own), REVISIONS)
    assert errors(said) == [] and any("987" in fault.what for fault in said)


def test_printed_cells_name_their_source_where_it_begins() -> None:
    bulletin = Bulletin("bao-cao-vien", "Bản tin", "weekly", ())
    found = Archived({1834: article(1834), 1928: article(1928, DECREE)}, REVISIONS)
    view = assemble(with_table(), bulletin, Site(url="https://b.example"), found, date(2026, 11, 23))
    [table] = view.sections[1].tables
    assert [[(cell.text, cell.source) for cell in row] for row in table.rows] == [
        [("Quyết định số 12/2026/QĐ-MẪU", 2), ("12/11/2026", 0), ("01/12/2026", 0)],
        [("12/2026/QĐ-MẪU", 2), ("", 0), ("40 ngày", 1)],
    ]
    assert table.rows[0][0].href == "https://b.example/b/1928"
    assert [one.order for one in view.sources] == [1, 2] and view.cited[0].title == DECREE.title


def test_a_day_without_its_year_is_the_nearest_to_the_articles_own() -> None:
    assert list(tally.days("ngày 28/12 và 5-1", date(2027, 1, 3))) == ["28/12/2026", "05/01/2027"]
    assert list(tally.days("ngày 28/12", None)) == []
    assert list(tally.days("31/2/2026, 1.500 người, 12/2026/NĐ", date(2026, 1, 1))) == []


def test_rows_wider_than_the_head_lose_no_word() -> None:
    _note, [table] = split("| a |\n| --- |\n| 1 | 2 |")
    assert table == PinnedTable(("a", ""), ((PinnedCell("1"), PinnedCell("2")),), 0)
