"""Which letters our printing fonts have, and what stands for the others; long words get places to break."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

MISSING = "\u25a1"  # □, what readers know from screens for "a sign that cannot be shown here"
_LONG = re.compile(r"\S{31,}")
_COVERAGE = Path(__file__).resolve().parent.parent / "fonts" / "coverage.json"


@cache
def _known() -> frozenset[str]:
    """The characters of Tinos, Be Vietnam Pro and typst's own DejaVu Sans Mono together.

    Measured by setting each in a PDF/UA file; scripts whose letters change shape in words are left out.
    """
    ranges = json.loads(_COVERAGE.read_text(encoding="utf-8"))
    return frozenset(chr(code) for first, last in ranges for code in range(first, last + 1))


def printable(text: str) -> str:
    """The text with □ for what no font has, and with places to break in words of over 30 letters."""
    if not _known().issuperset(text):
        text = "".join(letter if letter in _known() else MISSING for letter in text)
    return _LONG.sub(_breakable, text)


def plain(text: str) -> str:
    """As `printable`, with nothing but Latin letters, digits and usual signs: always can be shown."""
    usual = "".join(c if c < "\u0250" or "\u1e00" <= c < "\u2040" or c == "₫" else MISSING for c in text)
    return printable(usual)


def _breakable(found: re.Match[str]) -> str:
    word = found[0]
    return "\u200b".join(word[i : i + 8] for i in range(0, len(word), 8))
