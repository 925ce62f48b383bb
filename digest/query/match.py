"""What a query means: whether one article matches it, decided on its text alone; engines must agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from digest.query.tree import And, Dated, Field, Node, Not, Or, Phrase, Title, Words, is_accented
from digest.text.normalise import fold, same
from digest.text.tokens import syllables


@dataclass(frozen=True)
class Text:
    """One field of an article (headline, lead or a paragraph), cut into tokens when asked."""

    text: str

    @cached_property
    def folded(self) -> list[str]:
        """Its tokens without accents and capitals."""
        return syllables(fold(self.text))

    @cached_property
    def exact(self) -> list[str]:
        """Its tokens with accents; hòa/hoà and lý/lí are one."""
        return syllables(same(self.text))


@dataclass(frozen=True)
class Doc:
    """What of an article a query can ask for; `day` in Việt Nam, None where unknown."""

    title: str
    lead: str = ""
    body: Sequence[str] = ()
    topics: frozenset[str] = frozenset()
    outlet: str = ""
    day: date | None = None

    @cached_property
    def fields(self) -> list[Text]:
        """Headline, lead and paragraphs; a phrase never reaches over from one to the next."""
        return [Text(text) for text in (self.title, self.lead, *self.body)]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every folded token of the article."""
        return frozenset(token for field in self.fields for token in field.folded)


def matches(node: Node, doc: Doc) -> bool:
    """Whether the article matches: all plain words (accents aside), every phrase, every filter."""
    if isinstance(node, And):
        return all(matches(part, doc) for part in node.parts)
    if isinstance(node, Or):
        return any(matches(part, doc) for part in node.parts)
    if isinstance(node, Not):
        return not matches(node.part, doc)
    if isinstance(node, Words):
        return all(token in doc.vocabulary for word in node.words for token in syllables(fold(word.text)))
    if isinstance(node, Phrase):
        return any(_holds(field, node.text) for field in doc.fields)
    if isinstance(node, Title):
        return _in_title(node, doc)
    if isinstance(node, Dated):
        return in_days(node, doc.day)
    return _in_field(node, doc)


def _in_title(node: Title, doc: Doc) -> bool:
    title = doc.fields[0]
    if isinstance(node.inner, Phrase):
        return _holds(title, node.inner.text)
    wanted = [token for word in node.inner.words for token in syllables(fold(word.text))]
    return all(token in title.folded for token in wanted)


def in_days(node: Dated, day: date | None) -> bool:
    """Whether a day lies within; an article without a date lies in none."""
    if day is None:
        return False
    return (node.first is None or node.first <= day) and (node.last is None or day <= node.last)


def _in_field(node: Field, doc: Doc) -> bool:
    if node.name == "topic":
        return node.value.lower() in doc.topics
    return same_outlet(node.value, doc.outlet)


def same_outlet(wanted: str, outlet: str) -> bool:
    """Whether words of an outlet's name name it: "nhan dan" means Báo Nhân Dân."""
    return _occurs(syllables(fold(wanted)), syllables(fold(outlet)))


def _holds(field: Text, phrase: str) -> bool:
    if is_accented(phrase):
        return _occurs(syllables(same(phrase)), field.exact)
    return _occurs(syllables(fold(phrase)), field.folded)


def _occurs(needle: Sequence[str], hay: Sequence[str]) -> bool:
    """Whether the tokens stand in the others, side by side and in order."""
    if not needle:
        return False
    first, size = needle[0], len(needle)
    return any(
        hay[at] == first and list(hay[at : at + size]) == list(needle) for at in range(len(hay) - size + 1)
    )
