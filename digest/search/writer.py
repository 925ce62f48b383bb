"""Writing a generation: segments filled, kept, merged; published whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np

from digest.errors import SearchError
from digest.search import analysis, codec, generations, segment
from digest.search.document import Document
from digest.search.opened import reading
from digest.search.pack import Array, open_pack, write
from digest.search.vocabulary import FILE, Vocabulary
from digest.wording import _

FULL = 8_000
"""Articles after which a segment is written: about 300 MB of memory while its postings are sorted."""
SMALL, MOST_SMALL = FULL // 2, 6
"""Segments below SMALL are merged once there are more than MOST_SMALL of them."""


@dataclass(eq=False)
class Kept:
    """A segment that the new generation takes over from the base."""

    entry: codec.PackedSegment
    arrays: dict[str, Array]
    dead: set[int]

    @property
    def live(self) -> int:
        """Articles that are not deleted."""
        return len(self.arrays["article"]) - len(self.dead)


class Writer:
    """One new generation, from nothing or from a base; without `publish` it leaves no trace."""

    def __init__(self, index_dir: Path, base: Path | None) -> None:
        self.index_dir, self.base = index_dir, base
        self.known: dict[str, list[int]] = {}
        self.kept: list[Kept] = []
        self.words = Vocabulary()
        self.made: list[codec.PackedSegment] = []
        if base is not None:
            self._take(base)
        try:
            self.folder = generations.begin(index_dir)
        except OSError as error:
            raise _unwritten(index_dir, error) from error
        self.draft = segment.Draft(self.words)
        self.published = False

    def _take(self, base: Path) -> None:
        self.known = generations.stamp(base)["files"]
        with reading(base):
            self.words = Vocabulary.load(base / FILE)
            for entry in codec.read_toc(base):
                arrays = open_pack(base / entry.make_filename(codec.EXTENSION))
                self.kept.append(Kept(entry, arrays, set(entry.deleted_docs())))

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.published:
            shutil.rmtree(self.folder, ignore_errors=True)  # what is left, the next generation sweeps
        if isinstance(error, OSError):
            raise _unwritten(self.folder, error) from error

    def remove(self, ids: Iterable[int]) -> None:
        """Takes articles out of the segments that the base had."""
        wanted = np.fromiter(ids, dtype=np.int64)
        for kept in self.kept:
            kept.dead.update(np.flatnonzero(np.isin(kept.arrays["article"], wanted)).tolist())

    def add(self, document: Document) -> None:
        """Adds an article."""
        self.draft.add(document)
        if len(self.draft) >= FULL:
            self._flush()

    def _flush(self) -> None:
        if len(self.draft):
            self._write(self.draft.arrays())
        self.draft = segment.Draft(self.words)

    def _write(self, parts: dict[str, Array]) -> None:
        entry = codec.PackedCodec().new_segment(None, codec.INDEX)
        entry.set_doc_count(len(parts["article"]))
        write(self.folder / entry.make_filename(codec.EXTENSION), segment.build(parts, self.words))
        self.made.append(entry)

    def _merge(self) -> None:
        """Small segments become one, and those that are mostly deleted are written again."""
        self.kept = [kept for kept in self.kept if kept.live]
        small = [kept for kept in self.kept if kept.live < SMALL]
        wasted = [kept for kept in self.kept if kept.live >= SMALL and kept.live < len(kept.dead)]
        chosen = (small if len(small) > MOST_SMALL else []) + wasted
        self.kept = [kept for kept in self.kept if kept not in chosen]
        group: list[dict[str, Array]] = []
        for kept in chosen:
            alive = np.ones(len(kept.arrays["article"]), dtype=bool)
            alive[list(kept.dead)] = False
            group.append(segment.kept(kept.arrays, alive))
            if sum(len(parts["article"]) for parts in group) >= FULL:
                self._write(segment.joined(group))
                group = []
        if group:
            self._write(segment.joined(group))

    def publish(self, seq: int) -> int:
        """Makes this generation the one in use, as of change `seq`; the number of its articles."""
        self._flush()
        self._merge()
        for kept in self.kept:
            kept.entry._deleted = set(kept.dead) or None
        names = [kept.entry.make_filename(codec.EXTENSION) for kept in self.kept]
        if self.base is not None:
            generations.take_over(self.base, self.folder, names)
        self.words.save(self.folder / FILE)
        codec.write_toc(self.folder, [*(kept.entry for kept in self.kept), *self.made])
        count = sum(kept.live for kept in self.kept) + sum(int(entry.doc_count()) for entry in self.made)
        said = {"analysis": analysis.VERSION, "seq": seq, "articles": count}
        taken = {name: self.known[name] for name in names}
        generations.publish(self.index_dir, self.folder, said, taken)
        self.published = True
        return count


def _unwritten(where: Path, error: OSError) -> SearchError:
    reason = error.strerror or type(error).__name__
    return SearchError(
        _("Không ghi được chỉ mục tìm kiếm ({reason})", reason=reason),
        where.name,
        _("Kiểm tra chỗ trống trên đĩa rồi chạy lại"),
    )
