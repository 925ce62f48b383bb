"""A segment of the index: its articles' tokens in order, and posting lists computed from them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digest.search import analysis
from digest.search.document import Document
from digest.search.pack import Array
from digest.search.vocabulary import BREAK, Vocabulary
from digest.text.normalise import same_syllable
from digest.text.tokens import syllables

Range = tuple[str, int, int]

MOST = 65_535
"""Articles of a segment at the most: within it they are numbered in 16 bits."""
TEXT, TITLE, LEAD, MARK = 0, 1, 2, 3
"""Kinds of single terms: anywhere in the text, in the headline, in the lead, marks of topic and outlet."""
NO_DAY = -(2**31)
SCALE = 255 / (analysis.K1 + 1)
"""Weights are kept as whole numbers up to 255; K1 + 1 is the greatest there can be."""


class Draft:
    """Articles of a segment to be: tokens and marks by number, and what is sorted and filtered by."""

    def __init__(self, words: Vocabulary) -> None:
        self.words = words
        self.tokens = array("I")
        self.starts = array("I", [0])
        self.marks = array("I")
        self.mark_starts = array("I", [0])
        self.meta: list[tuple[int, int, int, int]] = []
        self._known: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.meta)

    def add(self, document: Document) -> None:
        """Takes one article."""
        for text in (document.title, document.lead, *document.body):
            self.tokens.extend(self._numbers(text))
            self.tokens.append(BREAK)
        self.starts.append(len(self.tokens))
        self.marks.extend(self.words.add(mark) for mark in marks(document))
        self.mark_starts.append(len(self.marks))
        day = NO_DAY if document.day is None else document.day.toordinal()
        self.meta.append((document.id, document.story, day, int(document.moment.timestamp()) // 60))

    def _numbers(self, text: str) -> Iterable[int]:
        known = self._known
        raw = syllables(text)
        for token in set(raw).difference(known):
            known[token] = self.words.add(same_syllable(token))
        return [known[token] for token in raw]

    def arrays(self) -> dict[str, Array]:
        """The draft as arrays, `parts` of a segment."""
        meta = np.array(self.meta, dtype=np.int64).reshape(-1, 4)
        return {
            "tokens": np.array(self.tokens, dtype=np.uint32),
            "starts": np.array(self.starts, dtype=np.uint32),
            "marks": np.array(self.marks, dtype=np.uint32),
            "mark_starts": np.array(self.mark_starts, dtype=np.uint32),
            "article": meta[:, 0].astype(np.int64),
            "story": meta[:, 1].astype(np.int64),
            "day": meta[:, 2].astype(np.int32),
            "minute": meta[:, 3].astype(np.int32),
        }


def marks(document: Document) -> list[str]:
    """The terms of an article that stand in no text: "#topic:ton-giao", "#outlet:Báo Nhân Dân"."""
    return [*(f"#topic:{one}" for one in document.topics), f"#outlet:{document.outlet}"]


def day_of(number: int) -> date | None:
    """The day behind a number of the column `day`."""
    return None if number == NO_DAY else date.fromordinal(number)


def build(parts: dict[str, Array], words: Vocabulary, ignored: int = BREAK) -> dict[str, Array]:
    """A whole segment out of a draft's arrays: they, and the posting lists. The token `ignored` stands in
    none of them, but adds to the length of its text."""
    folded, variant = words.forms()
    tokens, doc, worth = _unrolled(parts)
    norm = _norm(tokens, doc, worth, len(parts["article"]))
    code = (folded.astype(np.uint64) << np.uint64(8)) | variant
    keys, slots, weights = [], [], []
    for kind, some in _singles(parts, code, tokens, doc, worth, ignored):
        key, slot, weight = _postings(some[0] | np.uint64(kind << 40), some[1], some[2], norm)
        keys.append(key)
        slots.append(slot)
        weights.append(weight)
    pair_key, pair_slot, pair_weight = _postings(*_pairs(folded, variant, tokens, doc, worth, ignored), norm)
    single_key, single_start = _terms(np.concatenate(keys))
    pair_terms, pair_start = _terms(pair_key)
    shift = np.uint32(single_start[-1])
    return {
        **parts,
        "single": single_key,
        "single_start": single_start,
        "pair": pair_terms,
        "pair_start": pair_start + shift,
        "slot": np.concatenate([*slots, pair_slot]),
        "weight": np.concatenate([*weights, pair_weight]),
    }


def _unrolled(parts: dict[str, Array]) -> tuple[Array, Array, Array]:
    """Token, article and worth (3 in the headline, 2 in the lead, 1 below) of every place in the texts."""
    tokens, starts = parts["tokens"], parts["starts"]
    sizes = np.diff(starts)
    doc = np.repeat(np.arange(len(sizes), dtype=np.uint16), sizes)
    breaks = np.concatenate([[0], np.cumsum(tokens == BREAK)])  # fields ended before each place
    field = breaks[:-1] - np.repeat(breaks[starts[:-1]], sizes)
    worth = np.select([field == 0, field == 1], [analysis.TITLE, analysis.LEAD], analysis.BODY)
    return tokens, doc, worth.astype(np.uint8)


def _norm(tokens: Array, doc: Array, worth: Array, count: int) -> NDArray[np.float32]:
    """BM25's length part for each article."""
    length = np.bincount(doc, weights=worth * (tokens != BREAK), minlength=count)
    return (analysis.K1 * (1 - analysis.B + analysis.B * length / analysis.USUAL)).astype(np.float32)


def _singles(
    parts: dict[str, Array], code: Array, tokens: Array, doc: Array, worth: Array, ignored: int
) -> Iterable[tuple[int, tuple[Array, Array, Array]]]:
    text = (tokens != BREAK) & (tokens != ignored)
    yield TEXT, (code[tokens[text]], doc[text], worth[text])
    for kind, heavy in ((TITLE, analysis.TITLE), (LEAD, analysis.LEAD)):
        here = text & (worth == heavy)
        yield kind, (code[tokens[here]], doc[here], worth[here])
    sizes = np.diff(parts["mark_starts"])
    owner = np.repeat(np.arange(len(sizes), dtype=np.uint16), sizes)
    yield MARK, (code[parts["marks"]], owner, np.ones(len(owner), dtype=np.uint8))


def _pairs(
    folded: Array, variant: Array, tokens: Array, doc: Array, worth: Array, ignored: int
) -> tuple[Array, Array, Array]:
    """Neighbours within a field; the key sorts by both unaccented forms, then by both variants."""
    one, two = tokens[:-1], tokens[1:]
    known = (tokens != BREAK) & (tokens != ignored)
    near = known[:-1] & known[1:]
    one, two = one[near], two[near]
    return pair_key(folded[one], folded[two], variant[one], variant[two]), doc[:-1][near], worth[:-1][near]


def pair_key(one: Any, two: Any, variant_one: Any, variant_two: Any) -> Array:
    """24 bits for each unaccented form, 8 for each variant."""
    key = np.asarray(one, dtype=np.uint64) << np.uint64(40)
    key = key | (np.asarray(two, dtype=np.uint64) << np.uint64(16))
    key = key | (np.asarray(variant_one, dtype=np.uint64) << np.uint64(8))
    return np.asarray(key | np.asarray(variant_two, dtype=np.uint64))


def key_range(words: Vocabulary, field: str, term: str) -> Range | None:
    """The table and the keys [low, high) of a term; None for words that never occurred.

    Fields: text (folded syllable, or two with a space), exact (the same with accents), title and lead
    (folded syllables), mark.
    """
    parts = term.split(" ") if field in ("text", "exact") else [term]
    if field in ("exact", "mark"):
        codes = words.codes(parts)
        known = [code for code in codes if code is not None]
        return _exactly(known, MARK if field == "mark" else TEXT) if len(known) == len(codes) else None
    forms = [form for part in parts if (form := words.folded.get(part)) is not None]
    if len(forms) < len(parts):
        return None
    kind = {"title": TITLE, "lead": LEAD}.get(field, TEXT)
    return pair_range(*forms) if len(forms) == 2 else single_range(forms[0], kind)


def single_range(form: int, kind: int = TEXT) -> Range:
    """All accented forms of a syllable."""
    low = kind << 40 | form << 8
    return "single", low, low + 256


def pair_range(one: int, two: int) -> Range:
    """All accented forms of a pair."""
    low = one << 40 | two << 16
    return "pair", low, low + 65_536


def _exactly(codes: Sequence[tuple[int, int]], kind: int) -> Range:
    (one, variant), *rest = codes
    if not rest:
        low = kind << 40 | one << 8 | variant
        return "single", low, low + 1
    low = one << 40 | rest[0][0] << 16 | variant << 8 | rest[0][1]
    return "pair", low, low + 1


def _postings(key: Array, doc: Array, worth: Array, norm: Array) -> tuple[Array, Array, Array]:
    """Occurrences to postings, sorted by key, then article: key, article, saturated weight 1 to 255."""
    if not len(key):
        return key, doc, worth
    order = np.argsort(key, kind="stable")  # the places are in the articles' order already
    key, doc, worth = key[order], doc[order], worth[order]
    new = np.ones(len(key), dtype=bool)
    new[1:] = (key[1:] != key[:-1]) | (doc[1:] != doc[:-1])
    first = np.flatnonzero(new)
    count = np.add.reduceat(worth, first, dtype=np.float32)
    doc = doc[first]
    weight = count * (analysis.K1 + 1) / (count + norm[doc])
    return key[first], doc, np.clip(np.rint(weight * SCALE), 1, 255).astype(np.uint8)


def _terms(key: Array) -> tuple[Array, NDArray[np.uint32]]:
    """The distinct keys and where the postings of each begin, with the end of the last."""
    new = np.ones(len(key), dtype=bool)
    new[1:] = key[1:] != key[:-1]
    first = np.flatnonzero(new)
    return key[first], np.append(first, len(key)).astype(np.uint32)


def kept(parts: dict[str, Array], alive: NDArray[np.bool_]) -> dict[str, Array]:
    """A segment's parts without the articles that are not alive: what merging goes on with."""
    out: dict[str, Array] = {}
    for name, starts in (("tokens", "starts"), ("marks", "mark_starts")):
        sizes = np.diff(parts[starts])
        out[name] = parts[name][np.repeat(alive, sizes)]
        out[starts] = np.concatenate([[0], np.cumsum(sizes[alive])]).astype(np.uint32)
    return out | {name: parts[name][alive] for name in ("article", "story", "day", "minute")}


def joined(several: Sequence[dict[str, Array]]) -> dict[str, Array]:
    """The parts of several segments as one."""
    out: dict[str, Array] = {}
    for name in ("tokens", "marks", "article", "story", "day", "minute"):
        out[name] = np.concatenate([parts[name] for parts in several])
    for name in ("starts", "mark_starts"):
        sizes = np.concatenate([np.diff(parts[name]) for parts in several])
        out[name] = np.concatenate([[0], np.cumsum(sizes)]).astype(np.uint32)
    return out
