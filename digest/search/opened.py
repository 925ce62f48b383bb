"""A generation opened for reading: its segments mapped, its articles numbered through."""

from __future__ import annotations

import json
import logging
import pickle
import struct
import threading
import time
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from digest.errors import SearchError
from digest.search import analysis, generations
from digest.search.pack import Array, open_pack
from digest.search.postings import Mask, Places, Postings
from digest.search.segment import NO_DAY, Range, key_range
from digest.search.vocabulary import FILE, Vocabulary
from digest.wording import _

log = logging.getLogger(__name__)

SMALL = 4_000_000
"""Files up to so many bytes are read whole when opening, so their checksums are compared too."""
BROKEN = (OSError, ValueError, IndexError, KeyError, EOFError, TypeError, AttributeError,
          struct.error, pickle.UnpicklingError, json.JSONDecodeError)  # fmt: skip
"""What reading a torn index may raise."""


class Index:
    """All segments of one generation; it stays as it is while newer ones are written."""

    def __init__(
        self,
        parts: Sequence[dict[str, Array]],
        deleted: Sequence[Collection[int]],
        words: Vocabulary,
        stamp: dict[str, Any],
        name: str,
    ) -> None:
        self.parts, self.words, self.stamp, self.name = list(parts), words, stamp, name
        sizes = [len(part["article"]) for part in self.parts]
        self.bases: list[int] = [0, *np.cumsum(sizes).tolist()]
        self.size = self.bases[-1]
        self.article = self._column("article", np.int64)
        self.story = self._column("story", np.int64)
        self.day = self._column("day", np.int32)
        self.minute = self._column("minute", np.int32)
        self.alive: Mask = np.ones(self.size, dtype=bool)
        for base, dead in zip(self.bases, deleted, strict=False):
            self.alive[[base + slot for slot in dead]] = False
        self.articles = int(np.count_nonzero(self.alive))
        self.readings: dict[Range, dict[tuple[int, int], int]] = {}  # kept by `accents`
        self.postings = Postings(self.parts, self.bases[:-1], self.alive)

    @cached_property
    def newest(self) -> int:
        """The id of the latest article."""
        return int(self.article.max(initial=0))

    @cached_property
    def followers(self) -> tuple[Array, Array]:
        """Places of articles that are not their story's first, and the place of that first (-1: not here)."""
        followers = np.flatnonzero(self.article != self.story)
        place_of = {int(one): place for place, one in enumerate(self.article.tolist()) if self.alive[place]}
        heads = [place_of.get(one, -1) for one in self.story[followers].tolist()] if len(followers) else []
        return followers, np.array(heads, dtype=np.int64)

    def _column(self, name: str, kind: Any) -> Array:
        several = [part[name] for part in self.parts]
        return np.concatenate(several) if several else np.zeros(0, dtype=kind)

    @cached_property
    def families(self) -> dict[int, list[int]]:
        """story → its articles, for stories of more than one."""
        followers = np.unique(self.story[self.alive & (self.article != self.story)])
        members = np.flatnonzero(self.alive & np.isin(self.story, followers))
        out: dict[int, list[int]] = {}
        for place in members.tolist():
            out.setdefault(int(self.story[place]), []).append(int(self.article[place]))
        return out

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
        with reading(folder):
            generations.check_contents(folder, stamp["files"], SMALL)
            words = Vocabulary.load(folder / FILE)
            segments = codec.read_toc(folder)
            parts = [open_pack(folder / one.make_filename(codec.EXTENSION)) for one in segments]
            return cls(parts, [set(one.deleted_docs()) for one in segments], words, stamp, folder.name)

    def range(self, field: str, term: str) -> Range | None:
        """The keys of a term; None where the archive does not have its words."""
        return key_range(self.words, field, term)

    def counts(self, field: str, terms: Sequence[str]) -> list[int]:
        """In how many articles each term of a field stands, each accented form counted."""
        ranges = [self.range(field, term) for term in terms]
        known = iter(self.postings.counts([one for one in ranges if one is not None]))
        return [0 if one is None else next(known) for one in ranges]

    def tokens(self, place: int) -> Array:
        """The tokens of an article in order, a break after each field."""
        part = bisect_right(self.bases, place) - 1
        starts, slot = self.parts[part]["starts"], place - self.bases[part]
        return self.parts[part]["tokens"][starts[slot] : starts[slot + 1]]

    def texts(self, places: Places) -> list[Array]:
        """The tokens of several articles; `places` ascend."""
        out: list[Array] = []
        for part, first, last in zip(self.parts, self.bases, self.bases[1:], strict=False):
            slots = places[places.searchsorted(first) : places.searchsorted(last)] - first
            tokens, starts = part["tokens"], part["starts"]
            bounds = zip(starts[slots].tolist(), starts[slots + 1].tolist(), strict=True)
            out += [tokens[one:two] for one, two in bounds]
        return out

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
        log.warning("the index cannot be read: %s", where, exc_info=True)
        raise generations.damaged(where, type(error).__name__) from error


_open: dict[Path, Index] = {}
_guard = threading.Lock()


def opened(index_dir: Path) -> Index:
    """The index in use, kept open in this process until CURRENT names another generation.

    One thread opens the newer one; whoever asks meanwhile is answered out of the one before.
    """
    name = generations.current(index_dir).name
    kept = _open.get(index_dir)
    if kept is not None and kept.name == name:
        return kept
    if not _guard.acquire(blocking=kept is None):
        assert kept is not None
        return kept
    try:
        kept = _open.get(index_dir)
        if kept is None or kept.name != name:
            kept = _open[index_dir] = Index.open(index_dir)
        return kept
    finally:
        _guard.release()


def answering(index_dir: Path) -> str:
    """The name of the generation that this process answers out of; "" before the first question."""
    kept = _open.get(index_dir)
    return kept.name if kept is not None else ""
