"""How wide a table's columns are, and whether a page has room for them at all."""

from __future__ import annotations

import re

from digest.bulletin.view import Table

_LEAST_PROSE = 18  # letters; a column of sentences that is narrower is harder to read than a list
_LONGEST_WORD = 24
_GAP = 1.5  # letters between columns
_BREAKS = re.compile(r"[\s\u200b]+")


def shares(table: Table, letters: float) -> list[float] | None:
    """Each column's share of a page `letters` wide; None where rows are better printed one below the other."""
    columns = [
        [table.head[at], *(row[at].text + ("[00]" if row[at].source else "") for row in table.rows)]
        for at in range(len(table.head))
    ]
    least = [max(map(_word, texts), default=1) + _GAP for texts in columns]
    whole = [
        max(max(map(len, texts), default=1) + _GAP, low) for texts, low in zip(columns, least, strict=True)
    ]
    room = letters - sum(least)
    if room < 0:
        return None
    wanted = [most - low for most, low in zip(whole, least, strict=True)]
    part = min(1.0, room / (sum(wanted) or 1))
    wide = [low + part * more for low, more in zip(least, wanted, strict=True)]
    if any(got < min(_LEAST_PROSE, most) - 0.01 for got, most in zip(wide, whole, strict=True) if most > 60):
        return None
    return [one / sum(wide) for one in wide]


def _word(text: str) -> float:
    """The letters of the longest word."""
    return max(min(_LONGEST_WORD, len(word)) for word in _BREAKS.split(text))
