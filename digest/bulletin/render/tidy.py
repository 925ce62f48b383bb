"""Makes a view fit to print: composed letters, no control or invisible characters, safe addresses only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from digest.bulletin.view import Cell, Run, Table
from digest.text.normalise import clean

T = TypeVar("T")
_SAFE = re.compile(r"(?:https?://[^\s/?#]+|mailto:[^\s@]+@[^\s@]+)\S*", re.IGNORECASE)
_ADDRESSES = {"url", "link", "href", "site_url"}


def tidy(value: T) -> T:
    """The same view (or part of one) with every text cleaned; words and order stay as they are."""
    if isinstance(value, str):
        return clean(value)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(tidy(part) for part in value)  # type: ignore[return-value]
    if isinstance(value, Table):
        return _gathered(value)  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _field(value, f.name) for f in fields(value)})
    return value


def _field(owner: Any, name: str) -> Any:
    value = getattr(owner, name)
    if name in _ADDRESSES:
        return safe_address(value)
    if name == "imprint":
        return "\n".join(clean(line) for line in value.splitlines())
    if isinstance(owner, Run) and name == "text":
        return _within(value)
    return tidy(value)


def _gathered(table: Table) -> Table:
    """A cleaned table, all rows as wide as the widest; a source is named where it begins, not in each cell."""
    head = tuple(clean(name) for name in table.head)
    columns = max([len(head), *map(len, table.rows), 1])
    head += ("",) * (columns - len(head))
    return Table(clean(table.caption), head, tuple(tuple(_row(row, columns)) for row in table.rows))


def _row(row: tuple[Cell, ...], columns: int) -> Iterator[Cell]:
    before = 0
    for cell in row:
        source = cell.source if cell.source != before else 0
        before = cell.source or before
        yield Cell(clean(cell.text), source, safe_address(cell.href))
    yield from [Cell("")] * (columns - len(row))


def _within(text: str) -> str:
    """A stretch cleaned, with one space left where it touched its neighbours by white space."""
    bare = clean(text)
    before = " " if text[:1].isspace() and bare else ""
    after = " " if text[-1:].isspace() else ""
    return f"{before}{bare}{after}"


def safe_address(address: str) -> str:
    """The address if it is http, https or mailto without blanks or controls; else nothing."""
    bare = address.strip()
    return bare if bare == clean(bare) and _SAFE.fullmatch(bare) else ""
