"""Posting lists over all segments, accents merged where asked so; the last used are kept in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digest.search.pack import Array
from digest.search.segment import Range

Mask = NDArray[np.bool_]
Places = NDArray[np.int32]
Weights = NDArray[np.uint8]

ROOM = 96_000_000
"""Bytes of posting lists kept: the few thousand frequent syllables of 50,000 articles."""
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

    def at(self, places: Places) -> Weights:
        """The weights at these places (ascending), 0 where the term is not."""
        if self.dense is not None:
            return self.dense[places]
        out = np.zeros(len(places), dtype=np.uint8)
        if self.count and len(places):
            if self.count < len(places):
                found, here = _common(self.places, places)
                out[found[here]] = self.weights[here]
            else:
                found, here = _common(places, self.places)
                out[here] = self.weights[found[here]]
        return out


def _common(some: Places, more: Places) -> tuple[NDArray[np.intp], Mask]:
    """For each of `some` where it stands among `more` (both ascending), and whether it does."""
    found = more.searchsorted(some)
    found[found == len(more)] = 0
    return found, more[found] == some


class Postings:
    """Reads the posting lists of an index; thread-safe."""

    def __init__(self, parts: Sequence[dict[str, Array]], bases: Sequence[int], alive: Mask) -> None:
        self._parts, self._bases, self._alive = parts, bases, alive
        self._all_alive = bool(alive.all())
        self._kept: OrderedDict[Range, Posting] = OrderedDict()
        self._room = ROOM
        self._guard = threading.Lock()

    def get(self, ranges: Sequence[Range]) -> list[Posting]:
        """The posting list of each range of terms; articles that are deleted are left out."""
        with self._guard:
            found = {one: self._kept[one] for one in ranges if one in self._kept}
            for one in found:
                self._kept.move_to_end(one)
        wanting = [one for one in dict.fromkeys(ranges) if one not in found]
        if wanting:
            for one, posting in zip(wanting, self._read(wanting), strict=True):
                found[one] = posting
                self._keep(one, posting)
        return [found[one] for one in ranges]

    def _keep(self, key: Range, posting: Posting) -> None:
        with self._guard:
            if key not in self._kept:
                self._kept[key] = posting
                self._room -= posting.bytes
            while self._room < 0 and len(self._kept) > 1:
                self._room += self._kept.popitem(last=False)[1].bytes

    def _read(self, ranges: Sequence[Range]) -> list[Posting]:
        bounds = [_bounds(arrays, ranges) for arrays in self._parts]
        return [self._merged([one[at] for one in bounds]) for at in range(len(ranges))]

    def _merged(self, bounds: Sequence[tuple[int, int]]) -> Posting:
        places, weights = [], []
        for arrays, base, (first, last) in zip(self._parts, self._bases, bounds, strict=True):
            if first < last:
                slots, some = _united(arrays["slot"][first:last], arrays["weight"][first:last])
                places.append(slots.astype(np.int32) + base)
                weights.append(some)
        if not places:
            return Posting(np.zeros(0, np.int32), np.zeros(0, np.uint8), len(self._alive))
        place, weight = np.concatenate(places), np.concatenate(weights)
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


def _united(slots: Array, weights: Array) -> tuple[Array, Weights]:
    """Several accented forms as one list: an article that holds two of them has the sum of their weights."""
    if len(slots) < 2 or bool((slots[1:] > slots[:-1]).all()):
        return slots, weights
    total = np.bincount(slots, weights=weights)
    found = np.flatnonzero(total)
    return found, np.minimum(total[found], 255).astype(np.uint8)
