"""How the words of a query stand in an article: close together, in order, in the headline or the lead."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from digest.search.opened import Index
from digest.search.postings import Places
from digest.search.ranking import idf
from digest.search.vocabulary import BREAK
from digest.text.normalise import fold

BEST, BEST_OF_TWO = 400, 50
"""So many of the best articles are looked at, fewer for a query of two words, whose pairs the base score
knows; 200 find scattered words of a body less often (MRR@10 0.50 for 0.59), in two thirds of the time."""
MOST_WORDS = 24
NEAR = 24
"""Tokens within which words count as close: about a sentence."""
STEPS = 30
"""Hits looked at after each hit."""
WINDOW, FIELD, LEAD, TITLE, WHOLE, LIKELY = 2.0, 20.0, 7.0, 16.0, 30.0, 10_000.0
"""What each view of an article is worth beside 1: fitted by hill-climbing on the MRR@10 of words out of
leads, headlines and bodies of 50,000 articles, seed 11 (bench/search.py measures with another)."""
NEARLY_ALL = 64
"""Power of a share of the query: what counts is a field that holds it all, or all but its commonest words."""
LEAST_WORTH = 0.2
"""The idf that a word counts by at least: a syllable without accents ("tu", "trong") may be one of several
words in more than all articles, and a field would count as holding it all without it."""
SHORT, LENGTHS = 10, 0.9
"""A field of SHORT tokens that holds the query counts whole, a longer one less, by this power of its length:
words that meet in a long paragraph may meet by chance."""
PRIOR = (1.0, 0.2, 1.0)
"""How often a phrase is taken from the headline, the lead and all the rest."""
NONE, FIELD_END = -1, 127

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def closeness(index: Index, places: Places, tokens: Sequence[str], accented: bool) -> Floats:
    """For each article (by ascending places) the sum of six views times their worth. The share of the query
    (by idf) in its best sentence-long window; whether all of it stands in one of its fields (headline,
    lead, a paragraph), in its lead, in its headline, in whatever order; whether all of it stands there word
    by word; and if so how likely it is that someone who took so many words out of this article took these."""
    words = _Words(index, tokens, accented)
    if len(words.worth) < 2 or not len(places):
        return np.zeros(len(places))
    hits = _Hits(words, index.texts(places))
    likely = hits.likelihood(words.whole_runs(hits), len(words.following) + 1)
    held = words.held(hits) ** NEARLY_ALL
    short = np.minimum(1.0, SHORT / np.maximum(hits.length, 1)) ** LENGTHS
    total: Floats = (
        WINDOW * hits.greatest(words.windows(hits))
        + FIELD * hits.best_field(held * short)
        + LEAD * hits.best_field(held * (hits.kind == 1))
        + TITLE * hits.best_field(held * (hits.kind == 0))
        + WHOLE * (likely > 0)
        + LIKELY * likely
    )
    return total


class _Words:
    """The query's words, what each is worth, and which stand side by side."""

    def __init__(self, index: Index, typed: Sequence[str], accented: bool) -> None:
        tokens = [token if accented else fold(token) for token in typed][:MOST_WORDS]
        self.order = list(dict.fromkeys(tokens))
        counts = index.counts("exact" if accented else "text", self.order)
        worth = [max(idf(index.articles, count), LEAST_WORTH) if count else 0.0 for count in counts]
        self.worth = np.array(worth)
        self.whole = max(float(self.worth.sum()), 1e-9)
        self.following = [(self.order.index(a), self.order.index(b)) for a, b in pairwise(tokens)]
        self.table = self._lookup(index, accented)

    def _lookup(self, index: Index, accented: bool) -> NDArray[np.int8]:
        """For every token number: which word of the query it is, FIELD_END, or NONE."""
        words = index.words
        known = words.number if accented else words.folded
        table = np.full(len(known), NONE, dtype=np.int8)
        for place, token in enumerate(self.order):
            if token in known:
                table[known[token]] = place
        if not accented:
            table = table.take(words.forms()[0])
        table[BREAK] = FIELD_END
        return table

    def windows(self, hits: _Hits) -> Floats:
        """For each hit the share of the query within NEAR tokens from it."""
        seen = np.left_shift(1, hits.word)
        gain = self.worth[hits.word]
        for step in range(1, min(STEPS, len(hits.word))):
            near = hits.position[step:] - hits.position[:-step] <= NEAR
            if not near.any():
                break
            bit = np.left_shift(1, hits.word[step:])
            fresh = near & ((seen[:-step] & bit) == 0)
            gain[:-step] += np.where(fresh, self.worth[hits.word[step:]], 0.0)
            seen[:-step] |= np.where(fresh, bit, 0)
        return gain / self.whole

    def whole_runs(self, hits: _Hits) -> NDArray[np.bool_]:
        """For each hit whether the whole query ends there, word by word."""
        pairs = np.zeros((len(self.worth), len(self.worth)), dtype=bool)
        for one, two in self.following:
            pairs[one, two] = True
        joined = np.zeros(len(hits.word), dtype=bool)
        joined[1:] = (np.diff(hits.position) == 1) & pairs[hits.word[:-1], hits.word[1:]]
        place = np.arange(len(joined))
        length = place - np.maximum.accumulate(np.where(joined, 0, place))
        whole: NDArray[np.bool_] = length >= max(len(self.following), 1)
        return whole

    def held(self, hits: _Hits) -> Floats:
        """For each field the share of the query that stands in it."""
        held = np.zeros((len(hits.length), len(self.worth)), dtype=bool)
        held[hits.field, hits.word] = True
        shares: Floats = (held @ self.worth) / self.whole
        return shares


class _Hits:
    """Where the words stand: the article (by order), the field (counted through all articles), a position
    that grows, the word's place in the query. A break sets fields too far apart to be close.

    Of each field: its article, its length in tokens, and its kind (0 headline, 1 lead, 2 and more the
    paragraphs)."""

    def __init__(self, words: _Words, texts: Sequence[NDArray[np.uint32]]) -> None:
        self.count = len(texts)
        word = words.table.take(np.concatenate(texts))
        at = np.flatnonzero(word != NONE)
        word = word[at]
        is_end = word == FIELD_END
        breaks = np.cumsum(is_end)
        owner = np.searchsorted(np.cumsum([len(text) for text in texts]), at, side="right")
        kept = ~is_end
        self.owner: Ints = owner[kept]
        self.field: Ints = breaks[kept]
        self.position: Ints = (at + breaks * (NEAR + 1))[kept]
        self.word: Ints = word[kept].astype(np.intp)
        self._fields(owner[is_end], at[is_end])

    def _fields(self, owner: Ints, ends: Ints) -> None:
        self.article: Ints = owner
        self.length: Ints = np.diff(ends, prepend=-1) - 1
        self.fields = np.bincount(owner, minlength=self.count)
        self.kind: Ints = np.arange(len(ends)) - (np.cumsum(self.fields) - self.fields)[owner]

    def greatest(self, value: Floats) -> Floats:
        """For each article the greatest value of its hits."""
        out = np.zeros(self.count)
        np.maximum.at(out, self.owner, value)
        return out

    def best_field(self, value: Floats) -> Floats:
        """For each article the greatest value of its fields."""
        out = np.zeros(self.count)
        np.maximum.at(out, self.article, value)
        return out

    def likelihood(self, whole: NDArray[np.bool_], words: int) -> Floats:
        """For each article the chance that so many neighbouring words, taken from a field of it by lot,
        are these (they end at the hits that are `whole`), weighed by PRIOR."""
        here = np.bincount(self.field[whole], minlength=len(self.length))
        chance = here / np.maximum(self.length - words + 1, 1)
        paragraphs = np.maximum(self.fields - 2, 1)[self.article]
        prior = np.select([self.kind == 0, self.kind == 1], PRIOR[:2], PRIOR[2] / paragraphs)
        return np.bincount(self.article, weights=chance * prior, minlength=self.count).astype(np.float64)
