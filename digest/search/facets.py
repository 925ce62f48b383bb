"""Counts beside the hits: by topic, outlet and month, over everything that matched."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np

from digest.search.opened import Index
from digest.search.pack import Array
from digest.search.postings import Mask, Posting
from digest.search.results import Facets
from digest.search.segment import NO_DAY

MOST = 60
"""Values of one facet at the most."""
_EPOCH = 719_163  # date(1970, 1, 1).toordinal(), where NumPy's months begin


class Counter:
    """Columns of one index made for counting, on first use."""

    def __init__(self, index: Index) -> None:
        self.index = index

    @cached_property
    def outlets(self) -> tuple[list[str], Array]:
        """The outlets' names, and for every article the place of its outlet among them."""
        names = self.index.words.marks("#outlet:")
        column = np.zeros(self.index.size, dtype=np.int32)
        for place, name in enumerate(names):
            for posting in self._postings(f"#outlet:{name}"):
                column[posting.mask(self.index.size)] = place
        return names, column

    @cached_property
    def months(self) -> Array:
        """For every article its month, counted from January 1970; -1 without a date."""
        dated = self.index.day != NO_DAY
        days = (np.where(dated, self.index.day, _EPOCH) - _EPOCH).astype("datetime64[D]")
        return np.where(dated, days.astype("datetime64[M]").astype(np.int64), -1)

    def _postings(self, mark: str) -> list[Posting]:
        found = self.index.range("mark", mark)
        return self.index.postings.get([found]) if found else []

    def count(self, matched: Mask) -> Facets:
        """The facets of a match set."""
        places = np.flatnonzero(matched)
        return Facets(self._topics(matched), self._by_outlet(places), self._by_month(places))

    def _topics(self, matched: Mask) -> tuple[tuple[str, int], ...]:
        counts = []
        for topic in self.index.words.marks("#topic:"):
            for posting in self._postings(f"#topic:{topic}"):
                here = posting.mask(self.index.size)
                counts.append((topic, int(np.count_nonzero(here & matched))))
        return _most(counts)

    def _by_outlet(self, places: Array) -> tuple[tuple[str, int], ...]:
        names, column = self.outlets
        counts = np.bincount(column[places], minlength=len(names)).tolist()
        return _most(zip(names, counts, strict=False))

    def _by_month(self, places: Array) -> tuple[tuple[str, int], ...]:
        months = self.months[places]
        values, counts = np.unique(months[months >= 0], return_counts=True)
        named = [
            (str(np.datetime64(int(value), "M")), int(count))
            for value, count in zip(values, counts, strict=True)
        ]
        return tuple(reversed(named))[:MOST]


def _most(counts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    found = [(name, count) for name, count in counts if count]
    return tuple(sorted(found, key=lambda one: (-one[1], one[0]))[:MOST])
