"""What an edition's file is made of, as an editor typed it: sections, articles, excerpts, notes.

Every value is in its one written form by construction (NFC, one line where a line is meant, no blank
lines at the ends), so that what `edition.write` makes is read back equal by `edition.parse`.
`line` tells where in the file a thing stands (from 1; 0 where it was never in a file) and does not
take part in comparing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from digest.bulletin import tables
from digest.text.normalise import clean, nfc

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
LEFT_OUT = re.compile(r"\[ ?(?:…|\.{3}) ?\]")
MARK = "[…]"


def prose(text: str) -> str:
    """An editor's text as it is kept: NFC, lines ended by \\n, no blank lines before and after.

    The words and the lines stay as typed; control characters that no keyboard makes are dropped.
    """
    # NFC comes last: a control character may stand between a letter and its accent.
    lines = nfc(_CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))).split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Note:
    """Paragraphs of the editors' own, in Markdown."""

    text: str
    line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", prose(self.text))


@dataclass(frozen=True, slots=True)
class Quote:
    """One block quote: its lines without the `>`; "" stands between two excerpts that touch."""

    lines: tuple[str, ...]
    line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        lines, first = [clean(line) for line in self.lines], 0
        while lines and not lines[-1]:
            lines.pop()
        while first < len(lines) and not lines[first]:
            first += 1
        object.__setattr__(self, "lines", tuple(lines[first:]))
        object.__setattr__(self, "line", self.line + first if self.line else 0)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words quoted from an article, or None for `[…]`: something was left out here."""

    text: str | None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Item:
    """One article of an edition: which revision is meant, its headline, excerpts and notes in order."""

    article: int
    revision: int
    headline: str
    parts: tuple[Quote | Note, ...] = ()
    line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "headline", clean(self.headline))
        object.__setattr__(self, "parts", tuple(_joined(self.parts)))

    @property
    def pin(self) -> tuple[int, int]:
        """(article, revision): the text that everything quoted is compared with."""
        return self.article, self.revision

    @property
    def excerpts(self) -> tuple[Excerpt, ...]:
        """What is quoted, in order; never two `[…]` side by side."""
        found: list[Excerpt] = []
        for part in self.parts:
            for excerpt in _excerpts(part) if isinstance(part, Quote) else ():
                if excerpt.text is not None or not found or found[-1].text is not None:
                    found.append(excerpt)
        return tuple(found)

    @property
    def note(self) -> str:
        """The editors' notes to this article, in Markdown; "" where there are none."""
        return "\n\n".join(part.text for part in self.parts if isinstance(part, Note))


def _joined(parts: Iterable[Quote | Note]) -> Iterator[Quote | Note]:
    """Notes that follow each other are one; what is empty falls away."""
    waiting: Note | None = None
    for part in parts:
        if isinstance(part, Note):
            if part.text:
                waiting = Note(f"{waiting.text}\n\n{part.text}", waiting.line) if waiting else part
            continue
        if part.lines:
            if waiting:
                yield waiting
            waiting = None
            yield part
    if waiting:
        yield waiting


def _excerpts(quote: Quote) -> Iterator[Excerpt]:
    """A quote's lines as excerpts: lines that follow each other are one, `[…]` and "" divide."""
    words: list[str] = []
    begun = quote.line
    for offset, line in enumerate(quote.lines):
        here = quote.line + offset if quote.line else 0
        for order, piece in enumerate(LEFT_OUT.split(line)):
            if order or not line:
                if words:
                    yield Excerpt(" ".join(words), begun)
                if order:
                    yield Excerpt(None, here)
                words = []
            if piece.strip():
                begun = begun if words else here
                words.append(piece.strip())
    if words:
        yield Excerpt(" ".join(words), begun)


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its name, the editors' note to it, its articles in order."""

    name: str
    note: str = ""
    items: tuple[Item, ...] = ()
    line: int = field(default=0, compare=False)
    note_line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", clean(self.name))
        object.__setattr__(self, "note", prose(self.note))


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition as its file has it.

    `number` is None until `approve` gives it; the title then has it in place of `{number}`.
    `kind`: "" (what the bulletin is: weekly or monthly), dossier, outline or slip.
    `corrects` is the id of the edition that a correction slip refers to.
    `issued` is the day printed beside the place; None means the day of building.
    """

    id: str
    title: str
    first: date
    last: date
    number: int | None = None
    kind: str = ""
    corrects: str = ""
    issued: date | None = None
    foreword: str = ""
    sections: tuple[Section, ...] = ()
    foreword_line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", clean(self.title))
        object.__setattr__(self, "foreword", prose(self.foreword))

    @property
    def bulletin(self) -> str:
        """The bulletin's part of the id."""
        return self.id.partition("/")[0]

    @property
    def items(self) -> tuple[Item, ...]:
        """All articles in printing order."""
        return tuple(item for section in self.sections for item in section.items)

    @property
    def pins(self) -> tuple[tuple[int, int], ...]:
        """(article, revision) of each item, then of what only tables cite; in order, each once."""
        cited = (pin for section in self.sections for pin in tables.pins(section.note))
        return tuple(dict.fromkeys((*(item.pin for item in self.items), *cited)))

    @property
    def cited(self) -> tuple[tuple[int, int], ...]:
        """Of the pins those of articles that are no items here."""
        there = {item.article for item in self.items}
        return tuple(pin for pin in self.pins if pin[0] not in there)
