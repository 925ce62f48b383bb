"""Accents put back on a query typed without any, as the archive's own texts mostly write those words."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from digest.search.opened import Index
from digest.search.segment import Range, pair_range, single_range

LEAST_SHARE = 0.9
"""How much of the pairs (or of a lone syllable's occurrences) the reading must account for to be used."""
MOST_READINGS = 8
"""Accented forms of one syllable that are weighed against each other."""

MOST_KEPT = 50_000

Counts = dict[tuple[int, int], int]


def restored(index: Index, folded: Sequence[str]) -> list[str] | None:
    """The likeliest accented tokens; None where the archive does not know the words or is of two minds."""
    forms = [index.words.folded.get(token) for token in folded]
    known = [form for form in forms if form is not None]
    if not known or len(known) < len(forms):
        return None
    if len(known) == 1:
        return _lone(index, known[0])
    readings = _likeliest(index, known)
    if readings is None or _share(index, known, readings) < LEAST_SHARE:
        return None
    return [index.words.token(form, reading) for form, reading in zip(known, readings, strict=True)]


def _lone(index: Index, form: int) -> list[str] | None:
    counts = singles(index, form)
    best = max(counts, key=lambda one: counts[one], default=None)
    if best is None or counts[best] < LEAST_SHARE * sum(counts.values()):
        return None
    return [index.words.token(form, best)]


def _likeliest(index: Index, forms: Sequence[int]) -> list[int] | None:
    """Viterbi over the forms of each syllable: the path whose pairs the archive holds most often."""
    best: dict[int, tuple[float, list[int]]] = {
        reading: (math.log1p(count) * 0.01, [reading]) for reading, count in _top(singles(index, forms[0]))
    }
    for one, two in itertools.pairwise(forms):
        together = pairs(index, one, two)
        step: dict[int, tuple[float, list[int]]] = {}
        for reading, count in _top(singles(index, two)):
            alone = math.log1p(count) * 0.01  # decides only where no pair does
            step[reading] = max(
                (score + math.log1p(together.get((last, reading), 0)) + alone, [*path, reading])
                for last, (score, path) in best.items()
            )
        best = step
    return max(best.values())[1] if best else None


def _top(counts: dict[int, int]) -> list[tuple[int, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:MOST_READINGS]


def _share(index: Index, forms: Sequence[int], readings: Sequence[int]) -> float:
    """The part of the pairs' occurrences that is read so."""
    shares = []
    for at in range(len(forms) - 1):
        together = pairs(index, forms[at], forms[at + 1])
        if together:
            here = together.get((readings[at], readings[at + 1]), 0)
            shares.append(here / sum(together.values()))
    return sum(shares) / len(shares) if shares else 0.0


def singles(index: Index, form: int) -> dict[int, int]:
    """How many articles hold each accented form of a syllable."""
    return {reading: count for (_none, reading), count in _counted(index, single_range(form)).items()}


def pairs(index: Index, one: int, two: int) -> Counts:
    """How many articles hold each accented form of a pair."""
    return _counted(index, pair_range(one, two))


def _counted(index: Index, where: Range) -> Counts:
    """How many articles hold each term of a range, by its variants; remembered with the index."""
    kept = index.readings.get(where)
    if kept is None:
        if len(index.readings) >= MOST_KEPT:
            index.readings.clear()
        kept = index.readings[where] = _count(index, where)
    return kept


def _count(index: Index, where: Range) -> Counts:
    table, low, high = where
    counts: Counter[tuple[int, int]] = Counter()
    for part in index.parts:
        first, last = part[table].searchsorted(np.array([low, high], dtype=np.uint64)).tolist()
        sizes = np.diff(part[f"{table}_start"][first : last + 1]).tolist()
        for key, size in zip(part[table][first:last].tolist(), sizes, strict=True):
            counts[(key >> 8) & 0xFF if table == "pair" else 0, key & 0xFF] += size
    return dict(counts)
