"""Posting lists over all segments, accents merged where asked so; the last used are kept in memory."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digest.search.pack import Array
from digest.search.segment import Range

Mask = NDArray[np.bool_]
Places = NDArray[np.int32]
Weights = NDArray[np.uint8]
Bounds = tuple[tuple[int, int], ...]
"""For every segment where the postings of a term begin and end; an empty one begins where it ends."""

ROOM = 64_000_000
"""Bytes of posting lists kept: most syllables and the more frequent pairs of 50,000 articles."""
FEW = 16
"""For so few articles a list is searched where it lies instead of being read whole."""
MOST_BOUNDS = 10_000
DENSE = 16
"""A term in more than 1 of 16 articles is kept as one weight for every article."""


class Posting:
    """The articles that hold a term, by place, each once, with weights from 1 to 255."""

    __slots__ = ("count", "dense", "places", "weights")

    def __init__(self, places: Places, weights: Weights, size: int) -> None:
        self.count = len(places)
        self.places, self.weights = places, weights
        self.dense: Weights | None = None
        if self.count * DENSE > size:
            self.dense = np.zeros(size, dtype=np.uint8)
            self.dense[places] = weights
            self.places, self.weights = places[:0], weights[:0]

    @property
    def bytes(self) -> int:
        """What it takes in memory."""
        return 5 * len(self.places) + (0 if self.dense is None else len(self.dense)) + 300

    def mask(self, size: int) -> Mask:
        """True for every article that holds the term."""
        if self.dense is not None:
            return self.dense > 0
        out = np.zeros(size, dtype=bool)
        out[self.places] = True
        return out

    def among(self, places: Places) -> tuple[NDArray[np.intp] | slice, Weights]:
        """Which of these places (ascending) to look at, and the weights there; 0 where the term is not."""
        if self.dense is not None:
            return slice(None), self.dense if len(places) == len(self.dense) else self.dense[places]
        if self.count < len(places):
            found, here = _common(self.places, places)
            return found[here], self.weights[here]
        found, here = _common(places, self.places)
        return np.flatnonzero(here), self.weights[found[here]]


def _common(some: Places, more: Places) -> tuple[NDArray[np.intp], Mask]:
    """For each of `some` where it stands among `more` (both ascending), and whether it does."""
    if not len(more):
        return np.zeros(len(some), dtype=np.intp), np.zeros(len(some), dtype=bool)
    found = more.searchsorted(some)
    found[found == len(more)] = 0
    return found, more[found] == some


class Postings:
    """Reads the posting lists of an index; thread-safe."""

    def __init__(self, parts: Sequence[dict[str, Array]], bases: Sequence[int], alive: Mask) -> None:
        self._parts, self._bases, self._alive = parts, list(bases), alive
        self._all_alive = bool(alive.all())
        self._kept: OrderedDict[Range, Posting] = OrderedDict()
        self._bounds: dict[Range, tuple[Bounds, int]] = {}
        self._room = ROOM
        self._guard = threading.Lock()

    def counts(self, ranges: Sequence[Range]) -> list[int]:
        """How many articles hold each term; one that holds two accented forms of it counts twice."""
        return [count for _bounds, count in self._found(ranges)]

    def rough_counts(self, ranges: Sequence[Range]) -> list[int]:
        """The same for many terms that are weighed once: not remembered, deleted articles counted too."""
        by_part = [_bounds(arrays, ranges) for arrays in self._parts]
        return [sum(part[at][1] - part[at][0] for part in by_part) for at in range(len(ranges))]

    def get(self, ranges: Sequence[Range]) -> list[Posting]:
        """The posting list of each range of terms; articles that are deleted are left out."""
        return [
            self._kept_list(one) or self._read(one, found)
            for one, (found, _n) in zip(ranges, self._found(ranges), strict=True)
        ]

    def among(self, one: Range, places: Places) -> tuple[NDArray[np.intp] | slice, Weights]:
        """Which of these places (ascending, alive) to look at, and the weights there; 0 for none."""
        kept = self._kept_list(one)
        if kept is None and len(places) <= FEW:
            weights = np.zeros(len(places), dtype=np.uint8)
            bounds = self._found([one])[0][0]
            for at, place in enumerate(places.tolist()):
                part = bisect_right(self._bases, place) - 1
                weights[at] = self._weight(part, bounds[part], place - self._bases[part])
            return slice(None), weights
        return (kept or self.get([one])[0]).among(places)

    def _weight(self, part: int, bound: tuple[int, int], slot: int) -> int:
        first, last = bound
        here = np.flatnonzero(self._parts[part]["slot"][first:last] == slot)
        return min(int(self._parts[part]["weight"][first + here].sum()), 255) if len(here) else 0

    def _kept_list(self, one: Range) -> Posting | None:
        with self._guard:
            kept = self._kept.get(one)
            if kept is not None:
                self._kept.move_to_end(one)
            return kept

    def _read(self, one: Range, bounds: Bounds) -> Posting:
        posting = self._merged(bounds)
        with self._guard:
            if one not in self._kept:
                self._kept[one] = posting
                self._room -= posting.bytes
            while self._room < 0 and len(self._kept) > 1:
                self._room += self._kept.popitem(last=False)[1].bytes
        return posting

    def _found(self, ranges: Sequence[Range]) -> list[tuple[Bounds, int]]:
        """Where the postings of each term lie in every segment, and how many there are."""
        known = self._bounds
        wanting = [one for one in dict.fromkeys(ranges) if one not in known]
        if wanting:
            if len(known) > MOST_BOUNDS:
                known = self._bounds = {}
                wanting = list(dict.fromkeys(ranges))
            by_part = [_bounds(arrays, wanting) for arrays in self._parts]
            for at, one in enumerate(wanting):
                bounds = tuple(part[at] for part in by_part)
                known[one] = bounds, self._count(bounds)
        return [known[one] for one in ranges]

    def _count(self, bounds: Bounds) -> int:
        if self._all_alive:
            return sum(last - first for first, last in bounds)
        count = 0
        for arrays, base, (first, last) in zip(self._parts, self._bases, bounds, strict=True):
            if first < last:
                count += int(np.count_nonzero(self._alive[arrays["slot"][first:last].astype(np.intp) + base]))
        return count

    def _merged(self, bounds: Bounds) -> Posting:
        places, weights = [], []
        for arrays, base, (first, last) in zip(self._parts, self._bases, bounds, strict=True):
            if first < last:
                places.append(arrays["slot"][first:last].astype(np.int32) + np.int32(base))
                weights.append(arrays["weight"][first:last])
        if not places:
            return Posting(np.zeros(0, np.int32), np.zeros(0, np.uint8), len(self._alive))
        place, weight = _united(np.concatenate(places), np.concatenate(weights), len(self._alive))
        if not self._all_alive:
            alive = self._alive[place]
            place, weight = place[alive], weight[alive]
        return Posting(place, weight, len(self._alive))


def _bounds(arrays: dict[str, Array], ranges: Sequence[Range]) -> list[tuple[int, int]]:
    """Where the postings of each range begin and end in one segment."""
    out = [(0, 0)] * len(ranges)
    for table in ("single", "pair"):
        chosen = [at for at, one in enumerate(ranges) if one[0] == table]
        if chosen:
            edges = np.array([ranges[at][1:] for at in chosen], dtype=np.uint64).reshape(-1)
            places = arrays[f"{table}_start"][arrays[table].searchsorted(edges)].tolist()
            for order, at in enumerate(chosen):
                out[at] = (places[2 * order], places[2 * order + 1])
    return out


def _united(places: Places, weights: Weights, size: int) -> tuple[Places, Weights]:
    """Several accented forms as one list: an article that holds two of them has the sum of their weights."""
    if bool((places[1:] > places[:-1]).all()):
        return places, weights
    if len(places) * DENSE > size:
        total = np.bincount(places, weights=weights, minlength=size)
        found = np.flatnonzero(total)
        return found.astype(np.int32), np.minimum(total[found], 255).astype(np.uint8)
    order = np.argsort(places, kind="stable")
    places = places[order]
    first = np.flatnonzero(np.concatenate([[True], places[1:] > places[:-1]]))
    sums = np.add.reduceat(weights[order].astype(np.uint32), first)
    return places[first], np.minimum(sums, 255).astype(np.uint8)
