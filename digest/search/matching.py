"""Which articles of an open segment match a query: the meaning of `digest.query`, over posting lists."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from digest.query import And, Dated, Field, Node, Not, Or, Phrase, Title, Words, is_accented
from digest.query.match import same_outlet
from digest.search import analysis
from digest.search.opened import Index, Mask, Part, Range
from digest.search.pack import Array
from digest.search.vocabulary import BREAK, MOST_VARIANTS


class Matcher:
    """Decides one query over all segments; what is looked up in the vocabulary is looked up once."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._sequences: dict[tuple[str, bool], Run | None] = {}

    def mask(self, part: Part, node: Node) -> Mask:
        """The articles of a segment that match, deleted ones included."""
        if isinstance(node, And):
            return self._all(part, node.parts)
        if isinstance(node, Or):
            out = np.zeros(part.size, dtype=bool)
            for one in node.parts:
                out |= self.mask(part, one)
            return out
        if isinstance(node, Not):
            return ~self.mask(part, node.part)
        if isinstance(node, Words):
            return self._words(part, node)
        if isinstance(node, Phrase):
            return self._phrase(part, node.text, is_accented(node.text))
        if isinstance(node, Title):
            return self._title(part, node)
        if isinstance(node, Dated):
            return self._dated(part, node)
        return self._field(part, node)

    def _all(self, part: Part, nodes: Sequence[Node]) -> Mask:
        out = np.ones(part.size, dtype=bool)
        for one in nodes:
            out &= self.mask(part, one)
            if not out.any():
                break
        return out

    def _words(self, part: Part, node: Words) -> Mask:
        singles: list[str] = []
        together: list[str] = []
        for word in node.words:
            tokens = analysis.folded(word.text)
            if len(tokens) == 1:
                singles += tokens
            elif tokens:
                together.append(word.text)
        ranges = [self.index.range("text", token) for token in singles]
        out = all_of(part, ranges)
        for text in together:
            out = out & self._phrase(part, text, False)
        return out

    def _phrase(self, part: Part, text: str, accented: bool) -> Mask:
        sequence = self._sequence(text, accented)
        if sequence is None:
            return np.zeros(part.size, dtype=bool)
        found = all_of(part, sequence.ranges)
        if sequence.decided:
            return found
        for slot in np.flatnonzero(found).tolist():
            found[slot] = sequence.stands_in(part.tokens(slot))
        return found

    def _sequence(self, text: str, accented: bool) -> Run | None:
        key = (text, accented)
        if key not in self._sequences:
            self._sequences[key] = Run.of(self.index, text, accented)
        return self._sequences[key]

    def _title(self, part: Part, node: Title) -> Mask:
        phrase = isinstance(node.inner, Phrase)
        texts = [node.inner.text] if isinstance(node.inner, Phrase) else [w.text for w in node.inner.words]
        tokens = [token for text in texts for token in analysis.folded(text)]
        found = all_of(part, [self.index.range("title", token) for token in tokens])
        joined = [text for text in texts if phrase or len(analysis.folded(text)) > 1]
        for text in joined:
            sequence = self._sequence(text, phrase and is_accented(text))
            for slot in np.flatnonzero(found).tolist():
                found[slot] = sequence is not None and sequence.stands_in(_title_of(part.tokens(slot)))
        return found

    def _dated(self, part: Part, node: Dated) -> Mask:
        first = node.first.toordinal() if node.first else None
        last = node.last.toordinal() if node.last else None
        return self.index.in_days(first, last)[part.base : part.base + part.size]

    def _field(self, part: Part, node: Field) -> Mask:
        if node.name == "topic":
            return self.any_mark(part, [f"#topic:{node.value.lower()}"])
        outlets = [one for one in self.index.words.marks("#outlet:") if same_outlet(node.value, one)]
        return self.any_mark(part, [f"#outlet:{one}" for one in outlets])

    def any_mark(self, part: Part, marks: Sequence[str]) -> Mask:
        """The articles that carry one of the marks."""
        ranges = [one for mark in marks if (one := self.index.range("mark", mark)) is not None]
        out = np.zeros(part.size, dtype=bool)
        for first, last in part.bounds(ranges):
            out[part.arrays["slot"][first:last]] = True
        return out


def all_of(part: Part, ranges: Sequence[Range | None]) -> Mask:
    """The articles that hold every term: the rarest first, the others looked up among what is left."""
    known = [one for one in ranges if one is not None]
    if len(known) < len(ranges):
        return np.zeros(part.size, dtype=bool)
    if not known:
        return np.ones(part.size, dtype=bool)
    bounds = sorted(part.bounds(known), key=lambda bound: bound[1] - bound[0])
    if bounds[0][0] == bounds[0][1]:
        return np.zeros(part.size, dtype=bool)
    found = part.mask(bounds[0])
    for bound in bounds[1:]:
        found &= part.mask(bound)
        if not found.any():
            break
    return found


def _title_of(tokens: Array) -> Array:
    return tokens[: int(np.argmax(tokens == BREAK))]


class Run:
    """Tokens that must stand side by side: terms that say so, and the check on the text where they don't."""

    def __init__(
        self, index: Index, ranges: list[Range], numbers: list[int], accented: bool, decided: bool
    ) -> None:
        self.ranges, self.accented, self.decided = ranges, accented, decided
        self._needle = np.array(numbers, dtype=np.uint32).tobytes()
        self._forms = index.words.forms()[0]

    @classmethod
    def of(cls, index: Index, text: str, accented: bool) -> Run | None:
        """None where the archive does not have all its words."""
        field = "exact" if accented else "text"
        tokens = analysis.exact(text) if accented else analysis.folded(text)
        terms = tokens if len(tokens) == 1 else [f"{a} {b}" for a, b in pairwise(tokens)]
        ranges = [index.range(field, term) for term in terms]
        known = [one for one in ranges if one is not None]
        if len(known) < len(ranges) or not known:
            return None
        words = index.words
        numbers = [(words.number if accented else words.folded)[token] for token in tokens]
        crowded = accented and any(words.forms()[1][number] == MOST_VARIANTS for number in numbers)
        return cls(index, known, numbers, accented, len(tokens) <= 2 and not crowded)

    def stands_in(self, tokens: Array) -> bool:
        """Whether the sequence stands in a run of tokens."""
        if not self.accented:
            tokens = np.where(tokens == BREAK, np.uint32(0xFFFFFFFF), self._forms[tokens])
        hay, at = tokens.tobytes(), -1
        while (at := hay.find(self._needle, at + 1)) >= 0:
            if at % 4 == 0:
                return True
        return False
