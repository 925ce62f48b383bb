"""What a query means: whether one article matches it, decided on its text alone; engines must agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from digest.query.tree import And, Dated, Field, Node, Not, Or, Phrase, Title, Word, Words, is_accented
from digest.text.normalise import fold, same
from digest.text.tokens import syllables


@dataclass(frozen=True)
class Text:
    """One field of an article (headline, lead or a paragraph), cut into tokens when asked."""

    text: str

    @cached_property
    def folded(self) -> str:
        """Its tokens without accents and capitals, each between two spaces."""
        return spaced(fold(same(self.text)))

    @cached_property
    def exact(self) -> str:
        """Its tokens with accents, each between two spaces; hòa/hoà and lý/lí are one."""
        return spaced(same(self.text))

    def count(self, phrase: str) -> int:
        """How often the phrase stands here, accents compared if it was written with any."""
        if is_accented(phrase):
            return self.exact.count(spaced(same(phrase)))
        return self.folded.count(spaced(fold(same(phrase))))


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
        return frozenset(token for field in self.fields for token in field.folded.split())


def spaced(key: str) -> str:
    """The tokens of a folded or `same` key, each between two spaces, so that a phrase is a substring."""
    return "".join(f" {token} " for token in syllables(key))


def matches(node: Node, doc: Doc) -> bool:
    """Whether the article matches: all plain words (accents aside), every phrase, every filter."""
    if isinstance(node, And):
        return all(matches(part, doc) for part in node.parts)
    if isinstance(node, Or):
        return any(matches(part, doc) for part in node.parts)
    if isinstance(node, Not):
        return not matches(node.part, doc)
    if isinstance(node, Words):
        return all(_holds_any(word, doc) for word in node.words)
    if isinstance(node, Phrase):
        return any(field.count(node.text) for field in doc.fields)
    if isinstance(node, Title):
        return _in_title(node, doc)
    if isinstance(node, Dated):
        return in_days(node, doc.day)
    return _in_field(node, doc)


def _holds_any(word: Word, doc: Doc) -> bool:
    if word.loose and all(token in doc.vocabulary for token in syllables(fold(same(word.text)))):
        return True
    return any(_holds(text, doc) for text in (word.text, *word.other))


def _holds(word: str, doc: Doc) -> bool:
    """A plain word, accents aside; one of several tokens ("35-NQ/TW") holds together."""
    tokens = syllables(fold(same(word)))
    if len(tokens) == 1:
        return tokens[0] in doc.vocabulary
    together = spaced(" ".join(tokens))
    return any(together in field.folded for field in doc.fields)


def _in_title(node: Title, doc: Doc) -> bool:
    title = doc.fields[0]
    if isinstance(node.inner, Phrase):
        return title.count(node.inner.text) > 0
    return all(spaced(fold(same(word.text))) in title.folded for word in node.inner.words)


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
    return spaced(fold(wanted)) in spaced(fold(outlet))
