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

BEST, BEST_OF_TWO = 200, 50
"""So many of the best articles are looked at, fewer for a query of two words, whose pairs the base score
knows; 400 ranked no better in any measure."""
MOST_WORDS = 24
NEAR = 24
"""Tokens within which words count as close: about a sentence."""
STEPS = 30
"""Hits looked at after each hit."""
WINDOW, RUN, DENSE, LEAD, WHOLE, HEADLINE = 17.0, 2.0, 2.5, 3.5, 100.0, 60.0
"""What each view of an article is worth beside 1: fitted by hill-climbing on the MRR@10 of words out of
leads, headlines and bodies of 50,000 articles, seed 11 (bench/search.py measures with another)."""
NONE, FIELD_END = -1, 127

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def closeness(index: Index, places: Places, tokens: Sequence[str], accented: bool) -> Floats:
    """For each article (by ascending places) the sum of six views, each 0 to 1 times its worth: the share of the query (by idf)
    in its best sentence-long window; the longest run of the query's words in order; how dense the whole
    query stands in it; the share of the query in its lead; whether all of it stands there word by word,
    anywhere and in the headline."""
    words = _Words(index, tokens, accented)
    if len(words.worth) < 2 or not len(places):
        return np.zeros(len(places))
    texts = index.texts(places)
    sizes = np.array([len(text) for text in texts])
    hits = _Hits(words, texts, sizes)
    run = words.runs(hits)
    whole = run >= 1.0
    total: Floats = (
        WINDOW * hits.greatest(words.windows(hits))
        + RUN * hits.greatest(run)
        + DENSE * np.minimum(hits.sums(whole) / sizes * 100, 1.0)
        + LEAD * words.share(hits, hits.field == 1)
        + WHOLE * (hits.sums(whole) > 0)
        + HEADLINE * (hits.sums(whole & (hits.field == 0)) > 0)
    )
    return total


class _Words:
    """The query's words, what each is worth, and which stand side by side."""

    def __init__(self, index: Index, typed: Sequence[str], accented: bool) -> None:
        tokens = [token if accented else fold(token) for token in typed][:MOST_WORDS]
        self.order = list(dict.fromkeys(tokens))
        counts = index.counts("exact" if accented else "text", self.order)
        worth = [idf(index.articles, count) if count else 0.0 for count in counts]
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

    def runs(self, hits: _Hits) -> Floats:
        """For each hit how many neighbours before it stand as in the query, as a share of all there are."""
        pairs = np.zeros((len(self.worth), len(self.worth)), dtype=bool)
        for one, two in self.following:
            pairs[one, two] = True
        joined = np.zeros(len(hits.word), dtype=bool)
        joined[1:] = (np.diff(hits.position) == 1) & pairs[hits.word[:-1], hits.word[1:]]
        place = np.arange(len(joined))
        length = place - np.maximum.accumulate(np.where(joined, 0, place))
        return np.minimum(length / max(len(self.following), 1), 1.0)

    def share(self, hits: _Hits, among: NDArray[np.bool_]) -> Floats:
        """For each article the share of the query that stands among these hits."""
        held = np.zeros((hits.count, len(self.worth)), dtype=bool)
        held[hits.owner[among], hits.word[among]] = True
        shares: Floats = (held @ self.worth) / self.whole
        return shares


class _Hits:
    """Where the words stand: the article (by order), its field, a position that grows, the word's place
    in the query. A break sets fields too far apart to be close."""

    def __init__(self, words: _Words, texts: Sequence[NDArray[np.uint32]], sizes: Ints) -> None:
        self.count = len(texts)
        word = words.table.take(np.concatenate(texts))
        at = np.flatnonzero(word != NONE)
        word = word[at]
        ends = word == FIELD_END
        breaks = np.cumsum(ends)
        owner = np.searchsorted(np.cumsum(sizes), at, side="right")
        before = np.concatenate([[0], np.cumsum(np.bincount(owner[ends], minlength=self.count))])
        kept = ~ends
        self.owner: Ints = owner[kept]
        self.field: Ints = (breaks - before[owner])[kept]
        self.position: Ints = (at + breaks * (NEAR + 1))[kept]
        self.word: Ints = word[kept].astype(np.intp)

    def greatest(self, value: Floats) -> Floats:
        """For each article the greatest value of its hits."""
        out = np.zeros(self.count)
        np.maximum.at(out, self.owner, value)
        return out

    def sums(self, value: NDArray[np.bool_]) -> Floats:
        """For each article how many of its hits are so."""
        return np.bincount(self.owner, weights=value, minlength=self.count).astype(np.float64, copy=False)
