"""The syntax tree of a query: what a parsed query is made of, each part with its place in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from digest.text.normalise import fold


@dataclass(frozen=True, slots=True)
class Word:
    """One plain word as typed (NFC); it may hold several tokens, as "35-NQ/TW" does: they stand together.

    `other` ways of writing it (abbreviation, full form) do as well. `loose`: a full form that was typed
    as several words, which need not stand together.
    """

    text: str
    start: int = 0
    end: int = 0
    other: tuple[str, ...] = ()
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words side by side. Not `strict`: best match, articles that hold all of them first."""

    words: tuple[Word, ...]
    strict: bool = True


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order with nothing between them; with accents if it is written with any."""

    text: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Title:
    """A word or phrase that the headline must hold."""

    inner: Words | Phrase


@dataclass(frozen=True, slots=True)
class Field:
    """`topic:` (an id) or `outlet:` (words of its name)."""

    name: str
    value: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Dated:
    """Published within these days of Việt Nam's calendar, both included; None leaves that side open."""

    first: date | None
    last: date | None
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but this."""

    part: Node


Node = Words | Phrase | Title | Field | Dated | And | Or | Not


def is_accented(text: str) -> bool:
    """Whether a phrase was written with accents (đ counts), so that accents must agree."""
    return fold(text) != text.lower()


def positive(node: Node) -> Iterator[Words | Phrase]:
    """The words and phrases that a matching article may hold: what is marked in its text."""
    if isinstance(node, Words | Phrase):
        yield node
    elif isinstance(node, Title):
        yield node.inner
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from positive(part)
