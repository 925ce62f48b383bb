"""Which articles of an open index match a query: the meaning of `digest.query`, over posting lists."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from digest.errors import QueryError
from digest.query import And, Dated, Field, Node, Not, Or, Phrase, Title, Word, Words, is_accented
from digest.query.match import same_outlet
from digest.search import analysis
from digest.search.opened import Index
from digest.search.pack import Array
from digest.search.postings import Mask
from digest.search.segment import single_range
from digest.search.vocabulary import BREAK, MOST_VARIANTS
from digest.wording import _

AT_ONCE = 2_000
"""Articles whose texts are laid side by side at a time: some 4 MB."""

MOST_WORK = 16_000_000
"""Tokens of articles that one query may have looked at: the texts of some 30,000 articles, 50 ms. Posting
lists alone decide everything but phrases of three words and more, so few queries come near it."""


class Matcher:
    """Decides one query over one index, with a bound on the work."""

    def __init__(self, index: Index, work: int = MOST_WORK) -> None:
        self.index, self.work = index, work

    def mask(self, node: Node) -> Mask:
        """The articles that match."""
        if isinstance(node, And):
            return self._all(node.parts)
        if isinstance(node, Or):
            return _any([self.mask(part) for part in node.parts])
        if isinstance(node, Not):
            return ~self.mask(node.part)
        if isinstance(node, Words):
            return self._words(node)
        if isinstance(node, Phrase):
            return self._phrase(node.text, is_accented(node.text))
        if isinstance(node, Title):
            return self._title(node)
        if isinstance(node, Dated):
            first = node.first.toordinal() if node.first else None
            return self.index.in_days(first, node.last.toordinal() if node.last else None)
        return self._field(node)

    def nothing(self) -> Mask:
        """No article."""
        return np.zeros(self.index.size, dtype=bool)

    def _all(self, nodes: Sequence[Node]) -> Mask:
        out = np.ones(self.index.size, dtype=bool)
        for one in nodes:
            out &= self.mask(one)
            if not out.any():
                break
        return out

    def _words(self, node: Words) -> Mask:
        cut = [analysis.folded(word.text) for word in node.words]
        simple = [t[0] for word, t in zip(node.words, cut, strict=True) if len(t) == 1 and not word.other]
        out = self.all_of("text", simple)
        for word, tokens in zip(node.words, cut, strict=True):
            if word.other or len(tokens) > 1:
                out &= self._any_way(word, tokens)
        return out

    def _any_way(self, word: Word, tokens: Sequence[str]) -> Mask:
        """A word of several tokens, which stand together, or one of the other ways of writing it."""
        out = self.all_of("text", tokens) if word.loose else self._phrase(word.text, False)
        for other in word.other:
            out |= self._phrase(other, False)
        return out

    def all_of(self, field: str, terms: Sequence[str]) -> Mask:
        """The articles that hold every term: the rarest first, the others looked up among what is left."""
        ranges = [one for term in terms if (one := self.index.range(field, term)) is not None]
        if len(ranges) < len(terms):
            return self.nothing()
        if not ranges:
            return np.ones(self.index.size, dtype=bool)
        lists = self.index.postings
        order = sorted(zip(lists.counts(ranges), ranges, strict=True))
        first = lists.get([order[0][1]])[0]
        left = first.places if first.dense is None else np.flatnonzero(first.dense > 0).astype(np.int32)
        for _count, one in order[1:]:
            at, weights = lists.among(one, left)
            left = left[at][weights > 0] if isinstance(at, slice) else left[at[weights > 0]]
            if not len(left):
                break
        out = self.nothing()
        out[left] = True
        return out

    def _phrase(self, text: str, accented: bool) -> Mask:
        tokens = analysis.exact(text) if accented else analysis.folded(text)
        pairs = [f"{one} {two}" for one, two in pairwise(tokens)]
        found = self.all_of("exact" if accented else "text", pairs or tokens)
        run = Run.of(self.index, tokens, accented)
        if run is None:
            return self.nothing()
        return found if run.decided else self._verified(found, run, text)

    def _verified(self, found: Mask, run: Run, text: str, title: bool = False) -> Mask:
        """What is left where the tokens do stand side by side, in the whole text or in the headline."""
        places = np.flatnonzero(found).astype(np.int32)
        for at in range(0, len(places), AT_ONCE):
            some = places[at : at + AT_ONCE]
            texts = self.index.texts(some)
            self._spend(sum(map(len, texts)), text)
            found[some] = run.among([title_of(one) for one in texts] if title else texts)
        return found

    def _spend(self, tokens: int, text: str) -> None:
        self.work -= tokens
        if self.work < 0:
            raise QueryError(
                _("Câu tìm này phải dò quá nhiều bài, tới “{phrase}” thì dừng", phrase=text[:60]),
                0,
                fix=_("Bớt cụm từ thông dụng, hoặc viết không có ngoặc kép"),
            )

    def _title(self, node: Title) -> Mask:
        phrase = isinstance(node.inner, Phrase)
        texts = [node.inner.text] if isinstance(node.inner, Phrase) else [w.text for w in node.inner.words]
        found = self.all_of("title", [token for text in texts for token in analysis.folded(text)])
        for text in texts:
            accented = phrase and is_accented(text)
            tokens = analysis.exact(text) if accented else analysis.folded(text)
            if len(tokens) > 1 or accented:
                run = Run.of(self.index, tokens, accented)
                found = self.nothing() if run is None else self._verified(found, run, text, title=True)
        return found

    def _field(self, node: Field) -> Mask:
        if node.name == "topic":
            return self.any_mark([f"#topic:{node.value.lower()}"])
        outlets = [one for one in self.index.words.marks("#outlet:") if same_outlet(node.value, one)]
        return self.any_mark([f"#outlet:{one}" for one in outlets])

    def any_mark(self, marks: Sequence[str]) -> Mask:
        """The articles that carry one of the marks."""
        ranges = [one for mark in marks if (one := self.index.range("mark", mark)) is not None]
        masks = [one.mask(self.index.size) for one in self.index.postings.get(ranges)]
        return _any(masks) if masks else self.nothing()


def _any(masks: Sequence[Mask]) -> Mask:
    out = masks[0]
    for one in masks[1:]:
        out = out | one
    return out


def title_of(tokens: Array) -> Array:
    """The tokens of the headline."""
    return tokens[: int(np.argmax(tokens == BREAK))]


class Run:
    """Tokens that must stand side by side, sought in articles' tokens.

    `decided`: posting lists alone decide it, as of one or two tokens.
    """

    def __init__(self, index: Index, numbers: list[int], accented: bool) -> None:
        self._forms, variants = index.words.forms()
        self._numbers, self._accented = numbers, accented
        crowded = accented and any(variants[number] == MOST_VARIANTS for number in numbers)
        self.decided = len(numbers) <= 2 and not crowded
        rarest = min(range(len(numbers)), key=lambda at: self._often(index, numbers[at]))
        self._anchor = rarest
        self._is_anchor = self._forms == numbers[rarest]
        if accented:
            self._is_anchor = np.zeros(len(self._forms), dtype=bool)
            self._is_anchor[numbers[rarest]] = True

    def _often(self, index: Index, number: int) -> int:
        form = int(self._forms[number]) if self._accented else number
        return index.postings.counts([single_range(form)])[0]

    @classmethod
    def of(cls, index: Index, tokens: Sequence[str], accented: bool) -> Run | None:
        """None where the archive does not have all the words."""
        known = index.words.number if accented else index.words.folded
        numbers = [known.get(token) for token in tokens]
        found = [number for number in numbers if number is not None]
        return cls(index, found, accented) if found and len(found) == len(numbers) else None

    def stands_in(self, tokens: Array) -> bool:
        """Whether they stand in a run of tokens."""
        return bool(self.among([tokens])[0])

    def among(self, texts: Sequence[Array]) -> Mask:
        """In which of the texts they stand: the rarest is sought, then its neighbours compared."""
        before, after = self._anchor, len(self._numbers) - 1 - self._anchor
        tokens = np.concatenate(texts) if texts else np.zeros(0, dtype=np.uint32)
        at = np.flatnonzero(self._is_anchor.take(tokens))
        at = at[(at >= before) & (at + after < len(tokens))]
        for step, number in enumerate(self._numbers, -before):
            near = tokens[at + step]
            at = at[((near if self._accented else self._forms[near]) == number) & (near != BREAK)]
        out = np.zeros(len(texts), dtype=bool)
        ends = np.cumsum([len(text) for text in texts])
        first, last = (np.searchsorted(ends, at + step, side="right") for step in (-before, after))
        out[first[first == last]] = True  # none reaches over from one text into the next
        return out
