"""Our segments as Whoosh sees them: a codec, so that plain Whoosh opens and searches the same index.

Whoosh pickles these classes into the index by the name of this module: it never moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import columns, fields, formats
from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Codec, W3Segment, W3TermInfo
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import TOC
from whoosh.matching import ListMatcher, NullMatcher
from whoosh.reading import TermNotFound

from digest.search import segment as seg
from digest.search.pack import Array, open_pack
from digest.search.vocabulary import FILE, Vocabulary

INDEX = "MAIN"
EXTENSION = ".pack"
COLUMNS = {"article": "q", "story": "q", "day": "i", "minute": "i"}


class Terms(fields.FieldType):  # type: ignore[misc]
    """A field of terms that need no analyzer: their texts are the tokens themselves."""

    def __init__(self) -> None:
        self.format = formats.Existence()
        self.analyzer = None
        self.scorable = True
        self.stored = False
        self.unique = False
        self.vector = None
        self.sortable = False
        self.column_type = None

    def to_bytes(self, value: str | bytes) -> bytes:
        """Terms are UTF-8."""
        return value if isinstance(value, bytes) else value.encode("utf-8")

    def from_bytes(self, value: bytes) -> str:
        """Terms are UTF-8."""
        return value.decode("utf-8")


def schema() -> fields.Schema:
    """text: folded syllables and pairs · exact: with accents · title: folded · mark: topics, outlets."""
    made = fields.Schema(text=Terms(), exact=Terms(), title=Terms(), mark=Terms())
    for name, kind in COLUMNS.items():
        made.add(name, fields.COLUMN(columns.NumericColumn(kind)))
    return made


class PackedSegment(W3Segment):  # type: ignore[misc]
    """One segment in the index's table of contents: its name, its size, its deleted articles."""


class PackedCodec(W3Codec):  # type: ignore[misc]
    """Reads segments that `digest.search.segment` computed; writing is done there alone."""

    def new_segment(self, storage: Any, indexname: str) -> PackedSegment:
        """A segment with a fresh name."""
        return PackedSegment(self, indexname)

    def terms_reader(self, storage: Any, segment: PackedSegment) -> PackedTerms:
        """The posting lists."""
        return PackedTerms(_opened(storage, segment), _vocabulary(storage))

    def per_document_reader(self, storage: Any, segment: PackedSegment) -> PackedDocuments:
        """The columns."""
        return PackedDocuments(_opened(storage, segment), segment)


def _opened(storage: Any, segment: PackedSegment) -> dict[str, Array]:
    """The arrays of a segment; a storage that has them open already carries them as `packs`."""
    name = segment.make_filename(EXTENSION)
    packs: dict[str, dict[str, Array]] = storage.__dict__.setdefault("packs", {})
    if name not in packs:
        packs[name] = open_pack(Path(storage.folder) / name)
    return packs[name]


def _vocabulary(storage: Any) -> Vocabulary:
    words = storage.__dict__.get("words")
    if words is None:
        words = storage.words = Vocabulary.load(Path(storage.folder) / FILE)
    return words  # type: ignore[no-any-return]


def read_toc(folder: Path) -> list[PackedSegment]:
    """The segments of a generation, with their deletions."""
    (path,) = folder.glob(f"_{INDEX}_*.toc")
    memory = RamStorage()  # Whoosh leaves the file open when it cannot read it
    memory.files[path.name] = path.read_bytes()
    return list(TOC.read(memory, INDEX).segments)


def write_toc(folder: Path, segments: list[PackedSegment]) -> None:
    """Writes the table of contents; its folder is published afterwards."""
    TOC(schema(), segments, 1).write(FileStorage(str(folder)), INDEX)


class PackedTerms(base.TermsReader):  # type: ignore[misc]
    """Terms of a segment by field and text, their posting lists merged over accents where asked so."""

    def __init__(self, arrays: dict[str, Array], words: Vocabulary) -> None:
        self._arrays, self._words = arrays, words

    def _postings(self, field: str, text: bytes) -> tuple[Array, Array] | None:
        found = seg.key_range(self._words, field, text.decode("utf-8"))
        if found is None:
            return None
        table, low, high = found
        one, two = np.searchsorted(self._arrays[table], np.array([low, high], dtype=np.uint64))
        starts = self._arrays[f"{table}_start"]
        first, last = int(starts[one]), int(starts[two])
        if first == last:
            return None
        slots, weights = self._arrays["slot"][first:last], self._arrays["weight"][first:last]
        total = np.bincount(slots, weights=weights) / seg.SCALE
        ids = np.flatnonzero(total)
        return ids, total[ids]

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._postings(*term) is not None

    def _found(self, field: str, text: bytes) -> tuple[Array, Array]:
        found = self._postings(field, text)
        if found is None:
            raise TermNotFound(f"No term {field}:{text!r}")
        return found

    def term_info(self, field: str, text: bytes) -> W3TermInfo:
        """Whoosh's statistics of a term."""
        ids, weights = self._found(field, text)
        return W3TermInfo(
            weight=float(weights.sum()), df=len(ids), maxweight=float(weights.max()),
            minid=int(ids[0]), maxid=int(ids[-1]), minlength=1, maxlength=1,
        )  # fmt: skip

    def doc_frequency(self, field: str, text: bytes) -> int:
        """In how many articles the term stands."""
        found = self._postings(field, text)
        return 0 if found is None else len(found[0])

    def frequency(self, field: str, text: bytes) -> float:
        """The sum of its weights."""
        found = self._postings(field, text)
        return 0.0 if found is None else float(found[1].sum())

    def matcher(self, field: str, text: bytes, format_: Any, scorer: Any = None) -> Any:
        """The posting list as a Whoosh matcher."""
        found = self._postings(field, text)
        if found is None:
            return NullMatcher()
        ids, weights = found
        return ListMatcher(
            ids.tolist(), weights.tolist(), format=format_, scorer=scorer,
            term=(field, text), terminfo=self.term_info(field, text),
        )  # fmt: skip

    def indexed_field_names(self) -> list[str]:
        """The fields that have terms."""
        return ["text", "exact", "title", "mark"]

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """The single terms with accents; pairs are not listed, they follow from neighbouring words."""
        for token in self._words.exact[1:]:
            field = "mark" if token.startswith("#") else "exact"
            if self._postings(field, token.encode()) is not None:
                yield field, token.encode()


class PackedDocuments(base.PerDocumentReader):  # type: ignore[misc]
    """The columns of a segment's articles, and which are deleted."""

    def __init__(self, arrays: dict[str, Array], segment: PackedSegment) -> None:
        self._arrays, self._segment = arrays, segment

    def doc_count(self) -> int:
        """Articles that are not deleted."""
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        """Articles, deleted or not."""
        return int(self._segment.doc_count_all())

    def has_deletions(self) -> bool:
        """Whether any is deleted."""
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        """Whether this one is."""
        return bool(self._segment.is_deleted(docnum))

    def deleted_docs(self) -> Any:
        """Those that are."""
        return self._segment.deleted_docs()

    def supports_columns(self) -> bool:
        """It has columns."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Whether it has this one."""
        return fieldname in COLUMNS

    def column_reader(self, fieldname: str, column: Any) -> Any:
        """A column's values, by the article's number within the segment."""
        return PackedColumn(self._arrays[fieldname])

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Lengths are baked into the weights: 1 for every article."""
        return 1

    def field_length(self, fieldname: str) -> int:
        """The sum of the lengths."""
        return self.doc_count_all()

    def min_field_length(self, fieldname: str) -> int:
        """1, as every length."""
        return 1

    def max_field_length(self, fieldname: str) -> int:
        """1, as every length."""
        return 1

    def stored_fields(self, docnum: int) -> dict[str, int]:
        """The id of the article; its text is in the archive."""
        return {"article": int(self._arrays["article"][docnum])}


class PackedColumn(columns.ColumnReader):  # type: ignore[misc]
    """One column over its array."""

    def __init__(self, values: Array) -> None:
        self._values = values

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, docnum: int) -> int:
        return int(self._values[docnum])

    def sort_key(self, docnum: int, reverse: bool = False) -> int:
        """What Whoosh sorts by."""
        value = int(self._values[docnum])
        return -value if reverse else value
