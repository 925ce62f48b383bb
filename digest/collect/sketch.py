"""Sketches of texts: what makes two articles comparable without reading them again, and the exact comparison after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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

# Odd numbers without a pattern, one for each row of a band.
MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
# So many pairs are compared at a time: 126 bytes each.
COMPARED = 100_000

Matrix = np.ndarray[tuple[int, int], np.dtype[np.uint32]]
Places = np.ndarray[tuple[int], np.dtype[np.int64]]


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


def likeness(one: bytes, other: bytes) -> float:
    """An estimate of the share of shingles that two texts have in common (standard error 0.045)."""
    first, second = (np.frombuffer(sketch, dtype="<u4", offset=2) for sketch in (one, other))
    return float(np.mean(first == second))


def overlap(one: set[str], other: set[str]) -> tuple[float, float]:
    """Exactly: the share of all shingles in common, and the share of the shorter text found in the longer."""
    both = len(one & other)
    return both / max(1, len(one | other)), both / max(1, min(len(one), len(other)))


def near(fresh: Sequence[bytes], known: Sequence[bytes], least: float) -> list[list[int]]:
    """For each fresh sketch, which come before it and share a band with it, alike by at least so much (estimated).

    They are given as places in known followed by fresh; the known all come before the fresh.
    """
    rows, places = _matrix([*known, *fresh])
    found: list[list[int]] = [[] for _sketch in fresh]
    first = int(np.searchsorted(places, len(known)))
    for mine, earlier in _met(rows, first):
        common = rows[mine + first] == rows[earlier]
        alike = np.mean(common, axis=1) >= least
        for one, other in zip(places[mine[alike] + first], places[earlier[alike]], strict=True):
            found[one - len(known)].append(int(other))
    return found


def _matrix(sketches: Sequence[bytes]) -> tuple[Matrix, Places]:
    """The usable ones, a row each, and the place of each row."""
    places = [place for place, one in enumerate(sketches) if usable(one)]
    joined = b"".join(sketches[place][2:] for place in places)
    return np.frombuffer(joined, dtype="<u4").reshape(-1, PERMUTATIONS), np.array(places, dtype=np.int64)


def _met(rows: Matrix, first: int) -> Iterator[tuple[Places, Places]]:
    """Pairs (which of the rows from `first` on, an earlier row) that share a band, some at a time, each once."""
    pairs = [_in_band(rows[:, start : start + ROWS], first) for start in range(0, PERMUTATIONS, ROWS)]
    once = np.unique(np.concatenate(pairs))
    for start in range(0, len(once), COMPARED):
        some = once[start : start + COMPARED]
        yield some // len(rows), some % len(rows)


def _in_band(band: Matrix, first: int) -> Places:
    """Pairs with the same key in one band, each as one number: fresh × rows + earlier."""
    # The key: the band's numbers mixed into 64 bits; a pair that meets by chance fails the comparison after it.
    key = (band * MIX).sum(axis=1, dtype=np.uint64)
    order = np.argsort(key[first:], kind="stable")
    ordered = key[first:][order]
    low = np.searchsorted(ordered, key, side="left")
    times = np.searchsorted(ordered, key, side="right") - low
    earlier = np.repeat(np.arange(len(key)), times)
    within = np.arange(len(earlier)) - np.repeat(np.cumsum(times) - times, times)
    mine = order[np.repeat(low, times) + within]
    before = earlier < mine + first
    met: Places = (mine * len(key) + earlier)[before]
    return met
