"""Drafting: from a selection to a new edition, and adding to an edition that an editor has begun.

The program remembers in `.digest.json` beside edition.md what it wrote last: the text's fingerprint and the
articles that it suggested. A file whose fingerprint differs is an editor's: a weekly run leaves it alone,
and `digest draft` only adds lines to it, at the end of sections. Nothing that stands there is rewritten.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from digest.bulletin.edition import fingerprint, parse, write_item
from digest.bulletin.parts import MARK, Edition, Item, Quote, Section
from digest.bulletin.suggest import Habit, Selection, Suggestion
from digest.clock import Period
from digest.model import Bulletin
from digest.text.normalise import clean, nfc

MEMORY = ".digest.json"


def draft(selection: Selection, bulletin: Bulletin, period: Period) -> Edition:
    """A new edition with what is suggested; sections without an article are left out."""
    return Edition(
        id=f"{bulletin.id}/{period.name}",
        title=f"{bulletin.name} số {{number}}",
        first=period.first,
        last=period.last,
        sections=tuple(
            Section(section.name, items=tuple(map(item, section.chosen)))
            for section in selection.sections
            if section.chosen
        ),
    )


def item(suggestion: Suggestion) -> Item:
    """A suggestion as it stands in an edition's file."""
    article = suggestion.article
    lines = tuple(MARK if text is None else text for text in suggestion.excerpts)
    return Item(article.id, article.revision.number, article.content.title, (Quote(_apart(lines)),))


def _apart(lines: Sequence[str]) -> tuple[str, ...]:
    """Quote lines in which two excerpts that touch stay two."""
    made: list[str] = []
    for line in lines:
        if made and MARK not in (line, made[-1]):
            made.append("")
        made.append(line)
    return tuple(made)


# --- adding to a file that an editor has begun -------------------------------------------------


def merge(text: str, additions: Mapping[str, Sequence[Item]], name: str = "edition.md") -> str:
    """The file's text with articles added: section name → items. Every line that was there stays.

    Articles that the edition has already are not added again. A section that it lacks is added at
    the end. Raises FileFaults if the text cannot be read.
    """
    edition = parse(text, name)
    there = {one.article for one in edition.items}
    end = "\r\n" if "\r\n" in text else "\n"
    lines = nfc(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    ends = _section_ends(edition, len(lines))
    missing: list[Section] = []
    wanted = [(clean(section), items) for section, items in additions.items()]
    for section, items in sorted(wanted, key=lambda one: -ends.get(one[0], 0)):
        fresh = [one for one in items if one.article not in there]
        there |= {one.article for one in fresh}
        if fresh and section in ends:
            at = _after_text(lines, ends[section])
            lines[at:at] = [line for one in fresh for line in ("", *write_item(one).split("\n"))]
        elif fresh:
            missing.append(Section(section, items=tuple(fresh)))
    for section_ in missing:
        at = _after_text(lines, len(lines))
        blocks = [f"## {section_.name}", *map(write_item, section_.items)]
        lines[at:at] = [line for block in blocks for line in ("", *block.split("\n"))]
    return end.join(lines)


def put(text: str, section: str, block: str, name: str = "edition.md") -> str:
    """The file's text with lines of a note added to a section, before its articles; a new one stands last."""
    edition = parse(text, name)
    end = "\r\n" if "\r\n" in text else "\n"
    lines = nfc(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    there = next((one for one in edition.sections if one.name == clean(section)), None)
    if there is None:
        at, new = _after_text(lines, len(lines)), ["", f"## {section}"]
    else:
        before = there.items[0].line - 1 if there.items else _section_ends(edition, len(lines))[there.name]
        at, new = _after_text(lines, before), []
    lines[at:at] = [*new, "", *block.split("\n")]
    return end.join(lines)


def _section_ends(edition: Edition, length: int) -> dict[str, int]:
    """Section name → how many lines stand before the next section (the first of equal names)."""
    begins = [section.line for section in edition.sections]
    ends = [*(begin - 1 for begin in begins), length][1:]
    found: dict[str, int] = {}
    for section, end in zip(edition.sections, ends, strict=True):
        found.setdefault(section.name, end)
    return found


def _after_text(lines: Sequence[str], end: int) -> int:
    """The index after the last line with text before `end`."""
    while end > 0 and not lines[end - 1].strip():
        end -= 1
    return end


# --- what the program remembers of its own writing ----------------------------------------------


@dataclass(frozen=True, slots=True)
class Memory:
    """What `.digest.json` holds: the fingerprint of the text written last, and what was suggested.

    `suggested`: article → outlet, so that approving can count what the editors kept.
    """

    written: str | None = None
    suggested: Mapping[int, str] | None = None

    def dumps(self) -> str:
        """The file's text."""
        suggested = {str(article): outlet for article, outlet in sorted((self.suggested or {}).items())}
        value = {"format": 1, "written": self.written, "suggested": suggested}
        return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def remember(text: str, selection: Selection | None = None) -> Memory:
    """What to keep beside a text that the program writes now."""
    found = selection.suggestions if selection else ()
    return Memory(fingerprint(text), {one.article.id: one.article.outlet for one in found})


def recall(text: str | None) -> Memory:
    """The memory out of `.digest.json`; an unreadable or missing one remembers nothing (safe: touched)."""
    try:
        value: Any = json.loads(text or "{}")
        suggested = {int(article): str(outlet) for article, outlet in value.get("suggested", {}).items()}
        written = value.get("written")
        return Memory(written if isinstance(written, str) else None, suggested)
    except (ValueError, AttributeError, TypeError):
        return Memory()


def habits(approved: Sequence[tuple[Mapping[int, str], Sequence[int]]]) -> dict[str, Habit]:
    """Outlet → kept of made, from what was suggested and what approved editions hold, edition by edition."""
    counts: dict[str, Habit] = {}
    for suggested, held in approved:
        kept = set(held)
        for article, outlet in suggested.items():
            before = counts.get(outlet, Habit())
            counts[outlet] = Habit(before.kept + (article in kept), before.made + 1)
    return counts
