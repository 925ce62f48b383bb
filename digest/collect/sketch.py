"""Sketches of texts: what makes two articles comparable without reading them again, and the exact comparison after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import rensa

from digest.model import Content
from digest.text.normalise import same_syllable
from digest.text.tokens import syllables

# 42 bands of 3: texts that share half of their shingles meet in some band in 99.6 % of cases,
# texts that share a twentieth in 0.5 %.
BANDS, ROWS = 42, 3
PERMUTATIONS = BANDS * ROWS
SEED = 2026
SHINGLE = 3
# Fewer shingles than these say too little: a greeting, a weather line.
LEAST = 12
# First byte of a stored sketch: sketches of another making are made anew, never compared.
VERSION = bytes([1, rensa.RMinHash.ALGORITHM_VERSION])

Matrix = np.ndarray[tuple[int, int], np.dtype[np.uint32]]


def shingles(content: Content) -> set[str]:
    """Runs of three syllables within each paragraph, spellings of one word made one."""
    found: set[str] = set()
    for text in (content.lead, *content.paragraphs):
        words = [same_syllable(word) for word in syllables(text)]
        found.update(" ".join(words[n : n + SHINGLE]) for n in range(len(words) - SHINGLE + 1))
    return found


def sketches(texts: Sequence[set[str]]) -> list[bytes]:
    """The stored sketch of each set of shingles; b"" for one that says too little."""
    made = rensa.RMinHash.digests_from_token_sets(
        [sorted(text) or ["-"] for text in texts], PERMUTATIONS, SEED
    )
    return [
        VERSION + np.asarray(row, dtype="<u4").tobytes() if len(text) >= LEAST else b""
        for row, text in zip(made, texts, strict=True)
    ]


def usable(sketch: bytes) -> bool:
    """Made as sketches are made today."""
    return sketch[:2] == VERSION and len(sketch) == 2 + 4 * PERMUTATIONS


def bands(sketch: bytes) -> Iterator[tuple[int, bytes]]:
    """The keys under which near texts meet."""
    width = 4 * ROWS
    for number in range(BANDS):
        start = 2 + number * width
        yield number, sketch[start : start + width]


def likeness(one: bytes, other: bytes) -> float:
    """An estimate of the share of shingles that two texts have in common (standard error 0.045)."""
    first, second = (np.frombuffer(sketch, dtype="<u4", offset=2) for sketch in (one, other))
    return float(np.mean(first == second))


def overlap(one: set[str], other: set[str]) -> tuple[float, float]:
    """Exactly: the share of all shingles in common, and the share of the shorter text found in the longer."""
    both = len(one & other)
    return both / max(1, len(one | other)), both / max(1, min(len(one), len(other)))


class Meeting:
    """Finds, for each sketch, the earlier ones that share a band with it."""

    def __init__(self, known: Iterable[tuple[int, bytes]] = ()) -> None:
        self._tables: list[dict[bytes, list[int]]] = [{} for _band in range(BANDS)]
        self.sketches: dict[int, bytes] = {}
        for id, sketch in known:
            self.add(id, sketch)

    def add(self, id: int, sketch: bytes) -> None:
        """From now on it is found."""
        if usable(sketch):
            self.sketches[id] = sketch
            for number, key in bands(sketch):
                self._tables[number].setdefault(key, []).append(id)

    def near(self, sketch: bytes, least: float) -> list[int]:
        """The ids of earlier sketches that are alike by at least so much, as estimated."""
        if not usable(sketch):
            return []
        met = {id for number, key in bands(sketch) for id in self._tables[number].get(key, ())}
        return sorted(id for id in met if likeness(sketch, self.sketches[id]) >= least)
