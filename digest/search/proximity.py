"""Words of a query that stand close together, in the query's order: the best articles put in better order."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digest.search.opened import Index
from digest.search.postings import Places
from digest.search.ranking import idf
from digest.search.vocabulary import BREAK
from digest.text.normalise import fold

BEST = 100
"""So many of the best articles are looked at: well under a millisecond."""
MOST_WORDS = 24
NEAR = 24
"""Tokens within which words count as close: about a sentence."""
STEPS = 30
"""Hits looked at after each hit."""

NONE, FIELD_END = -1, 127

Floats = NDArray[np.float64]


def closeness(index: Index, places: Places, tokens: Sequence[str], accented: bool) -> Floats:
    """For each article 0 to 1: the share of the query (by idf) within its best sentence-long window, and
    the longest run of the query's words in order; half of the value each."""
    words = _Words(index, tokens, accented)
    if len(words.worth) < 3 or not len(places):  # of two words their pair says it all
        return np.zeros(len(places))
    hits = words.hits([index.tokens(place) for place in places.tolist()])
    return 0.5 * words.windows(hits, len(places)) + 0.5 * words.runs(hits, len(places))


class _Hits:
    """Where the words stand: the article (by order), a position that grows, the word's place in the query."""

    def __init__(self, owner: NDArray[np.intp], position: NDArray[np.int64], word: NDArray[np.intp]) -> None:
        self.owner, self.position, self.word = owner, position, word


class _Words:
    def __init__(self, index: Index, typed: Sequence[str], accented: bool) -> None:
        tokens = [token if accented else fold(token) for token in typed][:MOST_WORDS]
        field = "exact" if accented else "text"
        ranges = [index.range(field, token) for token in tokens]
        counts = index.postings.counts([one for one in ranges if one])
        self.order = list(dict.fromkeys(tokens))
        known = iter(counts)
        worth = {
            t: idf(index.articles, next(known)) if r else 0.0 for t, r in zip(tokens, ranges, strict=True)
        }
        self.worth = np.array([worth[token] for token in self.order])
        self.following = [(self.order.index(a), self.order.index(b)) for a, b in itertools.pairwise(tokens)]
        self._table = self._lookup(index, accented)

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

    def hits(self, texts: Sequence[NDArray[np.uint32]]) -> _Hits:
        """All hits in the articles; a break sets fields too far apart to be close."""
        word = self._table.take(np.concatenate(texts))
        at = np.flatnonzero(word != NONE)
        word = word[at]
        position = at + np.cumsum(word == FIELD_END) * (NEAR + 1)
        owner = np.searchsorted(np.cumsum([len(text) for text in texts]), at, side="right")
        kept = word != FIELD_END
        return _Hits(owner[kept], position[kept], word[kept].astype(np.intp))

    def windows(self, hits: _Hits, count: int) -> Floats:
        """The greatest share of the query within NEAR tokens of an article."""
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
        return _greatest(hits.owner, gain, count) / max(float(self.worth.sum()), 1e-9)

    def runs(self, hits: _Hits, count: int) -> Floats:
        """The longest run of neighbours that stand as in the query, as a share of its words."""
        pairs = np.zeros((len(self.worth), len(self.worth)), dtype=bool)
        for one, two in self.following:
            pairs[one, two] = True
        joined = (np.diff(hits.position) == 1) & pairs[hits.word[:-1], hits.word[1:]]
        length = np.arange(1, len(joined) + 1)
        broken = np.maximum.accumulate(np.where(joined, 0, length))
        run = np.where(joined, length - broken, 0)
        best = _greatest(hits.owner[1:], run.astype(np.float64), count)
        return np.minimum(best / max(len(self.following), 1), 1.0)


def _greatest(owner: NDArray[np.intp], value: Floats, count: int) -> Floats:
    out = np.zeros(count)
    np.maximum.at(out, owner, value)
    return out
