"""Văn bản mới: newly issued documents, read by their numbers and dates from document feeds and articles.

A document is known by its number. What is told of it is taken only from words beside the number, or from a
sentence on "Nghị định này" while the article names one such alone. Every cell keeps the article that says
it; where no article does, it stays empty: nothing is concluded from a number's letters.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache

from digest.bulletin import gazette, tally
from digest.bulletin.gazette import Named
from digest.bulletin.tables import Pin, PinnedCell, split, write_table
from digest.clock import Period
from digest.model import Article, Content
from digest.text.normalise import clean
from digest.text.sentences import sentences
from digest.text.tokens import count_syllables
from digest.wording import _

SECTION = "Văn bản mới"
HEAD = ("Văn bản", "Nội dung", "Nơi ban hành", "Ngày ban hành", "Có hiệu lực từ")
FIELDS = ("named", "about", "issuer", "issued", "in_force")
RECENT = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Said:
    """What an article says of one property of a document, as it is printed."""

    text: str
    pin: Pin


@dataclass(frozen=True, slots=True)
class Document:
    """One document; each property is said by an article or by none.

    `named` has the words that name it, `key` its number as it is compared. `fresh`: an article says that
    it has just been issued. `articles` is how many name it. `against` tells of articles that say otherwise.
    """

    key: str
    named: Said
    about: Said | None = None
    issuer: Said | None = None
    issued: Said | None = None
    in_force: Said | None = None
    fresh: bool = False
    articles: int = 1
    against: tuple[str, ...] = field(default=(), compare=False)

    def said(self) -> dict[str, Said]:
        """What is known of it, by property."""
        return {name: value for name in FIELDS if (value := getattr(self, name)) is not None}


def find(
    articles: Iterable[Article], period: Period, most: int, told: Collection[str] = ()
) -> list[Document]:
    """At most `most` documents newly issued in a period or not long before, the older first.

    `told` are the numbers that earlier editions had. More are there: those go in that more articles name,
    then those of which more is known, then the newer.
    """
    ordered = sorted(articles, key=lambda a: (a.content.published or a.collected, a.url))
    by_number: dict[str, list[Document]] = {}
    for article in ordered:
        for made in read(article) if article.state == "live" else ():
            by_number.setdefault(made.key, []).append(made)
    new = [one for some in by_number.values() if (one := _merged(some)).key not in told and _new(one, period)]
    new.sort(key=lambda one: (-one.articles, -len(one.said()), -_day(one.issued).toordinal(), one.key))
    return sorted(new[:most], key=lambda one: (one.issued is None, _day(one.issued), one.key))


def _new(document: Document, period: Period) -> bool:
    """Issued in the period or the month before; its day unknown, just issued or soon in force."""
    if document.issued:
        return period.first - RECENT <= _day(document.issued) <= period.last
    if document.in_force and _day(document.in_force) > date.min:
        return period.first - RECENT <= _day(document.in_force) <= period.last + 3 * RECENT
    return document.fresh


def _day(said: Said | None) -> date:
    found = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", said.text) if said else None
    return date(int(found[3]), int(found[2]), int(found[1])) if found else date.min


def _merged(some: Sequence[Document]) -> Document:
    """One document out of all mentions: the article that says most, the others where it says nothing."""
    ordered = sorted(some, key=lambda one: -len(one.said()))
    values: dict[str, Said] = {}
    against: list[str] = []
    for one in ordered:
        for name, said in one.said().items():
            kept = values.setdefault(name, said)
            if name in ("issued", "in_force") and kept.text != said.text:
                against.append(
                    _("{number}: bài {one} ghi {first}, bài {two} ghi {second}", number=one.named.text,
                      one=kept.pin[0], first=kept.text, two=said.pin[0], second=said.text)
                )  # fmt: skip
    fresh = any(one.fresh for one in some)
    merged = _document(some[0].key, values, fresh)
    return replace(merged, articles=len(some), against=tuple(dict.fromkeys(against)))


def _document(key: str, said: Mapping[str, Said], fresh: bool) -> Document:
    about, issuer, issued, in_force = (said.get(name) for name in FIELDS[1:])
    return Document(key, said["named"], about, issuer, issued, in_force, fresh)


# --- reading one article --------------------------------------------------------------------------


def read(article: Article) -> tuple[Document, ...]:
    """Every document that one article names with its number, in order of naming."""
    return _read(article.content, (article.id, article.revision.number))


@lru_cache(maxsize=4096)  # the same articles are read for every bulletin of a run
def _read(content: Content, pin: Pin) -> tuple[Document, ...]:
    reading = _Reading(pin, tally.published(content))
    for sentence in _sentences(content):
        reading.take(sentence)
    return tuple(reading.documents(content))


def _sentences(content: Content) -> Iterator[str]:
    for text in (content.title, content.lead, *content.paragraphs):
        yield from sentences(clean(text))


class _Reading:
    """What one article has said so far."""

    def __init__(self, pin: Pin, near: date | None) -> None:
        self.pin, self.near = pin, near
        self.found: dict[str, dict[str, Said]] = {}
        self.kinds: dict[str, set[str]] = {}
        self.fresh: set[str] = set()

    def take(self, sentence: str) -> None:
        """One more sentence; "Nghị định này" is meant where the article speaks of one Nghị định alone."""
        there = gazette.named(sentence)
        begins = [one.start for one in there] + [len(sentence)]
        ends = [0] + [one.end for one in there]
        this = list(gazette.spoken_of(sentence[: begins[0]]))
        for place, one in enumerate(there):
            before, after = sentence[ends[place] : one.start], sentence[one.end : begins[place + 1]]
            self._say(one.key, "named", one.words)
            if not gazette.beside_the_point(before):
                self.kinds.setdefault(one.kind, set()).add(one.key)
            self._behind(one, after)
            if len(there) > 1:
                self._say(one.key, "issuer", gazette.issuer_before(before, directly=True))
            elif not this:
                self._around(one, sentence)
        for kind in this:
            if len(keys := self.kinds.get(kind, set())) == 1:
                self._force(next(iter(keys)), sentence[: begins[0]], alone=False)

    def _say(self, key: str, name: str, words: str) -> None:
        if words:
            self.found.setdefault(key, {}).setdefault(name, Said(words, self.pin))

    def _behind(self, one: Named, rest: str) -> None:
        """The issuer, day, subject and coming into force that stand behind the number."""
        said = gazette.behind(rest)
        self._say(one.key, "issuer", said.issuer)
        self._say(one.key, "about", said.about)
        if said.day:
            self._say(one.key, "issued", tally.printed(said.day, self.near))
        self._force(one.key, rest, alone=False)

    def _around(self, one: Named, sentence: str) -> None:
        """In a sentence on one document alone: who issued it when, and from when it is in force."""
        before = sentence[: one.start]
        self._say(one.key, "issuer", gazette.issuer_before(before, directly=False))
        if gazette.made(before) and (on := gazette.ON_DAY.search(before)):
            self._say(one.key, "issued", tally.printed(on, self.near))
        self._force(one.key, sentence, alone=True)
        if gazette.just_made(sentence):
            self.fresh.add(one.key)

    def _force(self, key: str, text: str, alone: bool) -> None:
        if found := gazette.in_force(text, alone):
            words = found.groupdict().get("words")
            self._say(key, "in_force", words or tally.printed(found, self.near))

    def documents(self, content: Content) -> list[Document]:
        """All that were named. An entry headed by a number is that document's own, as document feeds have them."""
        title = clean(content.title)
        own = gazette.named(title)
        if len(own) == 1 and own[0].start == 0:
            self.fresh.add(own[0].key)
            if count_syllables(title[own[0].end :]) <= 1:
                self._say(own[0].key, "about", _first(content.lead))
        return [_document(key, said, key in self.fresh) for key, said in self.found.items()]


def _first(lead: str) -> str:
    """The first sentence of a lead without its full stop, if it is short enough for a cell."""
    first = next(iter(sentences(clean(lead))), "").rstrip(".;")
    return first if 8 <= len(first) <= 300 and not gazette.named(first) else ""


# --- in an edition ----------------------------------------------------------------------------------


def table(documents: Sequence[Document]) -> str:
    """The documents as a table for a section's note, each cell with the article that says it."""
    rows = [[_cell(getattr(one, name)) for name in FIELDS] for one in documents]
    return write_table(HEAD, rows)


def _cell(said: Said | None) -> PinnedCell:
    return PinnedCell(said.text, said.pin) if said else PinnedCell("")


def numbers_in(text: str) -> set[str]:
    """The numbers that stand in the first column of an edition's tables."""
    _words, tables = split(text)
    first = (row[0].text for table in tables if table.sourced for row in table.rows)
    return {key for words in first for key in keys(words)}


def keys(words: str) -> set[str]:
    """The numbers that words name, as they are compared."""
    return {one.key for one in gazette.named(words)}
