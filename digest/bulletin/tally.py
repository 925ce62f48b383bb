"""Whether an article says what a table's cell has: words letter by letter, days however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from digest import clock
from digest.bulletin.passages import locate
from digest.model import Content
from digest.text.normalise import clean

_PRINTED = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
DAY = (
    r"(?<![\d/.-])(?P<day>\d{1,2})(?:\s*[/.-]\s*|\s+tháng\s+)(?P<month>\d{1,2})"
    r"(?:(?:\s*[/.-]\s*|,?\s+năm\s+)(?P<year>\d{4}))?(?![\d/-])"
)
_DAY = re.compile(DAY)
# A day without its year is the one nearest to the article's own day, and not far from it.
_BACK, _AHEAD = 183, 182


def whole(content: Content) -> str:
    """All that an article says, in one line."""
    parts = (content.title, content.lead, *content.paragraphs, *content.captions)
    return " ".join(text for text in map(clean, parts) if text)


def says(content: Content, words: str) -> bool:
    """Whether the words stand in the article, or the day dd/mm/yyyy in some writing."""
    text = whole(content)
    if locate(text, words) >= 0:
        return True
    printed = _PRINTED.fullmatch(words)
    return printed is not None and words in set(days(text, published(content)))


def published(content: Content) -> date | None:
    """The article's own day, where it is known."""
    return clock.day(content.published) if content.published else None


def days(text: str, near: date | None) -> Iterator[str]:
    """Every day that a text names, as dd/mm/yyyy."""
    for found in _DAY.finditer(text):
        if day := printed(found, near):
            yield day


def printed(found: re.Match[str], near: date | None) -> str:
    """A match of DAY as dd/mm/yyyy; "" where it is no day, or its year cannot be known."""
    day, month = int(found["day"]), int(found["month"])
    years = (
        [int(found["year"])] if found["year"] else [near.year - 1, near.year, near.year + 1] if near else []
    )
    for year in years:
        try:
            made = date(year, month, day)
        except ValueError:
            continue
        if found["year"] or (near and -_BACK <= (made - near).days <= _AHEAD):
            return f"{made:%d/%m/%Y}"
    return ""
