"""Cutting a text into tokens: runs of letters and digits, which in Vietnamese are syllables and numbers."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile("[^\\W_]+(?:[\u0300-\u036f]+[^\\W_]*)*")


class Token(NamedTuple):
    """One run as it stands in the text: `text == source[start:end]`."""

    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """All runs of letters and digits (with their combining marks) in order, with their places."""
    return [Token(found[0], found.start(), found.end()) for found in _TOKEN.finditer(text)]


def syllables(text: str) -> list[str]:
    """The tokens' texts alone."""
    return _TOKEN.findall(text)


def count_syllables(text: str) -> int:
    """How many syllables and numbers are read: the measure of reading time."""
    return len(_TOKEN.findall(text))
