"""A generation opened for reading: its segments mapped, its articles numbered through."""

from __future__ import annotations

import json
import pickle
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digest.errors import SearchError
from digest.search import analysis, generations
from digest.search.pack import Array, open_pack
from digest.search.segment import NO_DAY, key_range
from digest.search.vocabulary import FILE, Vocabulary
from digest.wording import _

BROKEN = (OSError, ValueError, IndexError, KeyError, EOFError, TypeError, AttributeError,
          struct.error, pickle.UnpicklingError, json.JSONDecodeError)  # fmt: skip
"""What reading a torn index may raise."""

Range = tuple[str, int, int]
Mask = NDArray[np.bool_]


class Part:
    """One open segment; `base` is the number of its first article within the index."""

    def __init__(self, arrays: dict[str, Array], base: int, deleted: Sequence[int] = ()) -> None:
        self.arrays = arrays
        self.base = base
        self.size = len(arrays["article"])
        self.alive: Mask = np.ones(self.size, dtype=bool)
        self.alive[list(deleted)] = False
        self.whole = not len(deleted)

    def bounds(self, ranges: Sequence[Range]) -> list[tuple[int, int]]:
        """Where the postings of each range of terms begin and end; an empty one begins where it ends."""
        out = [(0, 0)] * len(ranges)
        for table in ("single", "pair"):
            chosen = [at for at, one in enumerate(ranges) if one[0] == table]
            if not chosen:
                continue
            edges = np.array([ranges[at][1:] for at in chosen], dtype=np.uint64).reshape(-1)
            places = self.arrays[f"{table}_start"][np.searchsorted(self.arrays[table], edges)].tolist()
            for order, at in enumerate(chosen):
                out[at] = (places[2 * order], places[2 * order + 1])
        return out

    def mask(self, bound: tuple[int, int]) -> Mask:
        """The articles of one posting list."""
        out = np.zeros(self.size, dtype=bool)
        out[self.arrays["slot"][bound[0] : bound[1]]] = True
        return out

    def weights(self, bound: tuple[int, int]) -> NDArray[np.float64]:
        """For every article the weight (1 to 255, 0 where the term is not) that a posting list gives it."""
        first, last = bound
        slots, weights = self.arrays["slot"][first:last], self.arrays["weight"][first:last]
        total = np.bincount(slots, weights=weights, minlength=self.size)
        return total.astype(np.float64, copy=False)  # bincount of nothing counts in whole numbers

    def tokens(self, slot: int) -> Array:
        """The tokens of an article in order, a break after each field."""
        starts = self.arrays["starts"]
        return self.arrays["tokens"][starts[slot] : starts[slot + 1]]


class Index:
    """All segments of one generation; it stays as it is while newer ones are written."""

    def __init__(self, parts: Sequence[Part], words: Vocabulary, stamp: dict[str, Any], name: str) -> None:
        self.parts, self.words, self.stamp, self.name = list(parts), words, stamp, name
        self.size = sum(part.size for part in self.parts)
        self.article = self._column("article", np.int64)
        self.story = self._column("story", np.int64)
        self.day = self._column("day", np.int32)
        self.minute = self._column("minute", np.int32)
        self.alive: Mask = np.concatenate([part.alive for part in self.parts] or [np.zeros(0, dtype=bool)])
        self.articles = int(self.alive.sum())

    @cached_property
    def families(self) -> dict[int, list[int]]:
        """story → its articles, for stories of more than one."""
        followers = np.unique(self.story[self.alive & (self.article != self.story)])
        members = np.flatnonzero(self.alive & np.isin(self.story, followers))
        out: dict[int, list[int]] = {}
        for place in members.tolist():
            out.setdefault(int(self.story[place]), []).append(int(self.article[place]))
        return out

    def _column(self, name: str, kind: Any) -> Array:
        several = [part.arrays[name] for part in self.parts]
        return np.concatenate(several) if several else np.zeros(0, dtype=kind)

    @classmethod
    def open(cls, index_dir: Path) -> Index:
        """Opens the generation in use; SearchError when it is missing, damaged or of another analysis.

        A generation may be swept while it is being opened: then CURRENT names a newer one, which is tried.
        """
        for pause in (0.0, 0.02, 0.05, 0.1, 0.2):
            time.sleep(pause)
            folder = generations.current(index_dir)
            try:
                return cls._open(folder)
            except SearchError:
                if generations.current(index_dir) == folder:
                    raise
        raise generations.damaged(index_dir)

    @classmethod
    def _open(cls, folder: Path) -> Index:
        from digest.search import codec

        stamp = generations.stamp(folder)
        if stamp.get("analysis") != analysis.VERSION:
            raise SearchError(
                _("Chỉ mục tìm kiếm thuộc phiên bản khác"), folder.name, _("Chạy: digest admin reindex")
            )
        generations.check_sizes(folder, stamp["files"])
        with reading(folder):
            words = Vocabulary.load(folder / FILE)
            parts, base = [], 0
            for segment in codec.read_toc(folder):
                arrays = open_pack(folder / segment.make_filename(codec.EXTENSION))
                parts.append(Part(arrays, base, tuple(segment.deleted_docs())))
                base += parts[-1].size
            return cls(parts, words, stamp, folder.name)

    def range(self, field: str, term: str) -> Range | None:
        """The keys of a term; None where the archive does not have its words."""
        return key_range(self.words, field, term)

    def frequencies(self, ranges: Sequence[Range]) -> list[int]:
        """In how many articles each term stands (an article counts once for each accented form)."""
        bounds = [part.bounds(ranges) for part in self.parts]
        return [sum(one[at][1] - one[at][0] for one in bounds) for at in range(len(ranges))]

    def in_days(self, first: int | None, last: int | None) -> Mask:
        """Articles dated within ordinals of days, both included."""
        dated: Mask = self.day != NO_DAY
        if first is not None:
            dated &= self.day >= first
        if last is not None:
            dated &= self.day <= last
        return dated


@contextmanager
def reading(where: Path) -> Iterator[None]:
    """Whatever a torn file makes Python or NumPy raise becomes the one SearchError."""
    try:
        yield
    except BROKEN as error:
        raise generations.damaged(where, type(error).__name__) from error


_open: dict[Path, Index] = {}
_guard = threading.Lock()


def opened(index_dir: Path) -> Index:
    """The index in use, kept open in this process until CURRENT names another generation."""
    name = generations.current(index_dir).name
    with _guard:
        kept = _open.get(index_dir)
        if kept is None or kept.name != name:
            kept = _open[index_dir] = Index.open(index_dir)
        return kept
