"""How wide a table's columns are, and whether a page has room for them at all."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.bulletin.view import Table

_LEAST_PROSE = 18  # letters; a column of sentences that is narrower is harder to read than a list
_LEAST = 10  # letters of any column whose cells are as long: else a name stands a word a line
_LONGEST_WORD = 24
_GAP = 1.5  # letters between columns
_BREAKS = re.compile(r"[\s\u200b]+")


def shares(table: Table, letters: float) -> list[float] | None:
    """Each column's share of a page `letters` wide; None where rows are better printed one below the other.

    Each column has room for its longest word and ten letters; what is left goes letter by letter to the column whose
    highest cell has most lines.
    """
    columns = [
        [table.head[at], *(row[at].text + (" [00]" if row[at].source else "") for row in table.rows)]
        for at in range(len(table.head))
    ]
    wide = [max(*map(_word, texts), min(_LEAST, max(map(_width, texts)))) + _GAP for texts in columns]
    left = letters - sum(wide)
    if left < 0:
        return None
    while left >= 1:
        heights = [_lines(texts, width) for texts, width in zip(columns, wide, strict=True)]
        most = max(range(len(columns)), key=lambda at: (heights[at], max(map(len, columns[at]))))
        wide[most] += 1
        left -= 1
    if any(
        got < _LEAST_PROSE and max(map(len, texts)) > 60 for got, texts in zip(wide, columns, strict=True)
    ):
        return None
    return [one / sum(wide) for one in wide]


def _lines(texts: Sequence[str], width: float) -> int:
    return max(_wrapped(text, width - _GAP) for text in texts)


def _wrapped(text: str, width: float) -> int:
    """On how many lines a text stands, broken between words."""
    lines, used = 1, 0.0
    for word in _BREAKS.split(text):
        wide = _width(word)
        used += wide + (0.6 if used else 0)
        if used > width and used > wide:
            lines, used = lines + 1, wide
    return lines


def _word(text: str) -> float:
    """The longest word's width."""
    return max(min(_LONGEST_WORD, _width(word)) for word in _BREAKS.split(text))


def _width(word: str) -> float:
    """A word's width in usual letters: capitals and figures are wider."""
    return sum(1.35 if letter.isupper() else 1.1 if letter.isdigit() else 0.97 for letter in word)
