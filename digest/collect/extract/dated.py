"""When an article was published, as its page states and shows it; unknown rather than guessed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from digest.collect.extract.blocks import Block
from digest.collect.extract.scene import Scene
from digest.collect.page import Element
from digest.text.dates import parse_date

# Outlets write local time and mark it UTC: seen as a statement exactly this far from what readers are shown.
OFFSET = timedelta(hours=7)
LOOKS_DATED = re.compile(
    r"\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*\d{2,4}|\d{4}-\d{1,2}-\d{1,2}|tháng\s*(\d|một|giêng|hai|ba|tư|năm|sáu|bảy|tám|chín|mười|chạp)"
    r"|(giờ|phút|ngày) trước|\d{1,2} thg"
    r"|\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(\d{1,2},?\s+)?20\d\d",
    re.IGNORECASE,
)
# Words of a line that says nothing but a day, a time and what they are of.
_DATE_WORDS = frozenset(
    [
        "h",
        "cập",
        "nhật",
        "ngày",
        "đã",
        "đăng",
        "xuất",
        "bản",
        "lúc",
        "vào",
        "thứ",
        "hai",
        "ba",
        "tư",
        "năm",
        "sáu",
        "bảy",
        "chủ",
        "tháng",
        "giờ",
        "phút",
        "gmt",
        "utc",
        "am",
        "pm",
        "sa",
        "ch",
    ]
)
_TIME = re.compile(r"\d{1,2}\s*[:hg]\s*\d{1,2}|\d{1,2}\s*giờ")


def published(scene: Scene, fetched: datetime | None, shown: Block | None) -> tuple[datetime | None, str]:
    """The instant and the outlet's own string for it."""
    hint = scene.source.dates
    said = _said(scene, fetched, shown)
    seen = (
        (parse_date(shown.text, hint=hint, fetched=fetched), shown.text) if shown is not None else (None, "")
    )
    announced = (scene.entry.published, scene.entry.published_raw)
    if said[0] is None:
        return _finer(seen, announced)
    if (
        seen[0] is not None
        and shown is not None
        and _TIME.search(shown.text)
        and abs(said[0] - seen[0]) == OFFSET
    ):
        return seen
    return _finer(said, seen) if _midnight(said) else said


def _said(scene: Scene, fetched: datetime | None, shown: Block | None) -> tuple[datetime | None, str]:
    marked = [*_marked(shown), *_tooltips(shown)] if shown is not None else []
    for text in (*scene.stated.dates, *marked):
        if when := parse_date(text, hint=scene.source.dates, fetched=fetched):
            return when, text[:100]
    return None, ""


def _marked(block: Block) -> list[str]:
    """Dates in attributes for machines, at the block or in it."""
    nodes = (block.owner, *block.owner.iter("time"))
    return [stated for node in nodes if node.tag == "time" and (stated := node.get("datetime"))]


def _tooltips(block: Block) -> list[str]:
    """The moment itself, where only the time gone by is shown ("2 giờ trước")."""
    if parse_date(block.text) is not None:
        return []
    titles = (node.get("title") for node in block.owner.iter("span", "time", "abbr", "div", "p", "a"))
    return [title for title in titles if title and LOOKS_DATED.search(title)]


def _midnight(dated: tuple[datetime | None, str]) -> bool:
    return dated[0] is not None and not _TIME.search(dated[1])


def _finer(
    one: tuple[datetime | None, str], other: tuple[datetime | None, str]
) -> tuple[datetime | None, str]:
    """Of two dates the first, unless it is a day alone and the other gives that day's time."""
    if one[0] is None:
        return other
    if _midnight(one) and other[0] is not None and not _midnight(other):
        near = timedelta(0) <= other[0] - one[0] < timedelta(days=1)
        return other if near else one
    return one


def find(scene: Scene, title: Block | None, holder: Element | None, fetched: datetime | None) -> Block | None:
    """The block that shows the date: near the headline, or named so, or at the article's end."""
    best, best_score = None, 0.0
    first = title.order if title is not None else _first_of(scene, holder)
    last = _last_of(scene, holder)
    for block in scene.blocks:
        if block.picture or block.size > 160:
            continue
        written = [block.text] if LOOKS_DATED.search(block.text) else _marked(block)
        if not written:
            continue
        score = _support(scene, block, first, last, holder)
        if title is not None and block.order < first and not _shares_place(scene, block, title):
            continue  # the clock in a page's head
        when = (
            parse_date(written[0], hint=scene.source.dates, fetched=fetched) if score > best_score else None
        )
        if title is None and block.order < first and when and fetched and fetched - when < timedelta(days=1):
            continue  # nothing says where the article begins: today's date above it is the page's clock
        if when:
            best, best_score = block, score
    return best if best_score >= 1.0 else None


def _only_dated(text: str) -> bool:
    return _DATE_WORDS.issuperset(re.findall(r"[^\W\d_]+", text.lower()))


def _shares_place(scene: Scene, block: Block, title: Block) -> bool:
    """Some element close around the headline holds the block too."""
    near = [node for node in scene.chain(title)[:4] if node.tag not in ("body", "html")]
    return any(node in near for node in scene.chain(block))


def _first_of(scene: Scene, holder: Element | None) -> int:
    return next(
        (b.order for b in scene.blocks if b.prose and holder is not None and holder in scene.chain(b)), 0
    )


def _last_of(scene: Scene, holder: Element | None) -> int:
    return max((b.order for b in scene.blocks if holder is not None and holder in scene.chain(b)), default=0)


def _support(scene: Scene, block: Block, first: int, last: int, holder: Element | None) -> float:
    away = block.order - first
    near = 2.0 - 0.15 * abs(away) if -4 <= away <= 12 else (0.8 if 0 < block.order - last <= 4 else 0.0)
    named = 1.2 * (
        block.owner.tag == "time" or block.owner.find(".//time") is not None or scene.claims(block, "date", 2)
    )
    timed = 0.5 * bool(_TIME.search(block.text))
    sentence = (block.prose or block.text[-1] in ".!?") and not _only_dated(block.text)
    inside = holder is not None and holder in scene.chain(block) and sentence
    if inside or block.mostly_links or (near == 0.0 and scene.furniture(block)) or not (near or named):
        return 0.0
    return near + named + timed - (1.5 if away < -4 else 0.0)
