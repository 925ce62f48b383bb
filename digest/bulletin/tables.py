"""Tables in a section's note: Markdown's pipe tables whose cells name the article that says them.

    | Văn bản | Ngày ban hành | Có hiệu lực từ |
    | --- | --- | --- |
    | {article=1834 revision=2} Nghị định số 12/2026/NĐ-CP | 12/11/2026 | {article=1841 revision=1} 01/01/2027 |

A cell is said by the article that it names, or else by that of the cell to its left; an empty one is what
no source says. A row that names no article is the editors' own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from digest.text.normalise import clean

Pin = tuple[int, int]
_ROW = re.compile(r" {0,3}\|(.*)\|[ \t]*$")
_RULE = re.compile(r" {0,3}\|(?:[ \t]*:?-{3,}:?[ \t]*\|)+[ \t]*$")
_BAR = re.compile(r"(?<!\\)\|")
_PINNED = re.compile(r"[ \t]*\{article=([1-9][0-9]{0,15}) revision=([1-9][0-9]{0,5})\}(.*)$")


@dataclass(frozen=True, slots=True)
class PinnedCell:
    """A cell's words and the (article, revision) that says them; None: the editors do, or nobody."""

    text: str
    pin: Pin | None = None


@dataclass(frozen=True, slots=True)
class PinnedTable:
    """A table as an edition's file has it; `row` is the line of the note that its head stands in, from 0."""

    head: tuple[str, ...]
    rows: tuple[tuple[PinnedCell, ...], ...]
    row: int = 0

    @property
    def cells(self) -> Iterator[tuple[int, PinnedCell]]:
        """Every cell with the line of the note that it stands in."""
        for number, row in enumerate(self.rows):
            for cell in row:
                yield self.row + 2 + number, cell

    @property
    def sourced(self) -> bool:
        """Whether any of it is said by an article."""
        return any(cell.pin for _line, cell in self.cells)


def split(note: str) -> tuple[str, tuple[PinnedTable, ...]]:
    """The note with the tables' lines empty, and the tables."""
    if "|" not in note:
        return note, ()
    lines = note.split("\n")
    found: list[PinnedTable] = []
    at = 0
    while at + 1 < len(lines):
        if not (_ROW.match(lines[at]) and _RULE.match(lines[at + 1])):
            at += 1
            continue
        end = at + 2
        while end < len(lines) and _ROW.match(lines[end]):
            end += 1
        found.append(_table(lines[at:end], at))
        lines[at:end] = [""] * (end - at)
        at = end
    return "\n".join(lines), tuple(found)


def _table(lines: Sequence[str], row: int) -> PinnedTable:
    """As wide as its widest row, so that no typed word is lost."""
    head = [clean(cell) for cell in _cells(lines[0])]
    rows = [list(_pinned(_cells(line))) for line in lines[2:]]
    wide = max(len(head), *map(len, rows)) if rows else len(head)
    head += [""] * (wide - len(head))
    return PinnedTable(
        tuple(head), tuple((*cells, *[PinnedCell("")] * (wide - len(cells))) for cells in rows), row
    )


def _cells(line: str) -> list[str]:
    return [cell.replace("\\|", "|") for cell in _BAR.split(line.strip()[1:-1])]


def _pinned(cells: Iterable[str]) -> Iterator[PinnedCell]:
    pin: Pin | None = None
    for text in cells:
        if named := _PINNED.match(text):
            pin, text = (int(named[1]), int(named[2])), named[3]
        words = clean(text)
        yield PinnedCell(words, pin if words else None)


def pins(note: str) -> Iterator[Pin]:
    """The (article, revision) pairs that a note's tables name, in order."""
    for table in split(note)[1]:
        yield from (cell.pin for _line, cell in table.cells if cell.pin)


def without(note: str, gone: Collection[Pin]) -> str:
    """The note with the cells empty that one of these says; its lines stay where they are."""
    lines = note.split("\n")
    for table in split(note)[1]:
        for at, row in enumerate(table.rows, table.row + 2):
            if any(cell.pin in gone for cell in row):
                kept = [PinnedCell("") if cell.pin in gone else cell for cell in row]
                lines[at] = _line(list(_written(kept)))
    return "\n".join(lines)


def write_table(head: Sequence[str], rows: Iterable[Sequence[PinnedCell]]) -> str:
    """A table as it stands in a note; a row that has a source has one in its first cell with words."""
    lines = [_line(head), _line(["---"] * len(head)), *(_line(list(_written(row))) for row in rows)]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _written(row: Sequence[PinnedCell]) -> Iterator[str]:
    before: Pin | None = None
    for cell in row:
        words = clean(cell.text).replace("|", "\\|")
        if words and cell.pin and cell.pin != before:
            before = cell.pin
            words = f"{{article={before[0]} revision={before[1]}}} {words}"
        yield words
