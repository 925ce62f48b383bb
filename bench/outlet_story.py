"""What the templates of bench/outlets.py are filled with, and how they write letters and place a picture."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

DAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")


@dataclass(frozen=True, slots=True)
class Story:
    """One article as it should be read; `others` are (path, title, summary) of its neighbours."""

    number: int
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    caption: str
    author: str
    when: datetime
    others: tuple[tuple[str, str, str], ...] = ()


def e(text: str) -> str:
    return html.escape(text, quote=False)


def a(text: str) -> str:
    return html.escape(text)


def spread(story: Story, paragraph: Callable[[str], str], picture: str, box: str = "") -> str:
    """Paragraphs with the picture behind the first and the box of other articles behind the third."""
    made = [paragraph(text) for text in story.paragraphs]
    if story.caption:
        made[0] += picture
    if len(made) > 3 and box:
        made[2] += box
    return "".join(made)
