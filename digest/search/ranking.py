"""How well an article answers: weights of words and pairs, how much of the query it holds, accents, age."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from digest.query import Node, Phrase, Words, is_accented, positive
from digest.search import analysis
from digest.search.accents import restored
from digest.search.opened import Index
from digest.search.postings import Places, Weights
from digest.search.segment import NO_DAY, SCALE, Range
from digest.text.normalise import fold

PAIR = 0.8
"""What a pair of neighbouring syllables counts beside a syllable."""
COVERAGE = 3.0
ACCENTS = 0.98
"""What an article loses that holds the words with other accents alone."""
MOST_TERMS = 40
FRESH, HALF_LIFE = 0.15, 60.0
"""The newest article gains 15 %, half of that after 60 days."""

NOWHERE: Range = ("single", 0, 0)

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weighed:
    """One term to be scored; `exact` only where accents are compared. `ways`: an article that holds all
    terms of another way of writing the word counts as if it held this one."""

    folded: Range
    exact: Range | None
    worth: float
    ways: tuple[tuple[Range, ...], ...] = ()


def texts(node: Node) -> list[str]:
    """The words and phrases of a query as typed."""
    return [
        one.text if isinstance(one, Phrase) else " ".join(word.text for word in one.words)
        for one in positive(node)
    ]


def read(index: Index, node: Node) -> tuple[list[list[str]], bool]:
    """The exact tokens of each text of a query, and whether their accents say anything: typed with some,
    they do; typed without any, they are put back where the archive is clear about them."""
    tokens = [analysis.exact(text) for text in texts(node)]
    if any(is_accented(text) for text in texts(node)):
        return tokens, True
    likely = [restored(index, one) for one in tokens]
    known = [one for one in likely if one is not None]
    return (known, True) if known and len(known) == len(likely) else (tokens, False)


def terms(index: Index, node: Node, runs: Sequence[Sequence[str]], accented: bool) -> list[Weighed]:
    """The terms of a query, weighed by how rare they are (BM25's idf): at most MOST_TERMS, the rarest."""
    factors: dict[str, tuple[str, float]] = {}
    for run in runs:
        for exact, factor in parts(run):
            factors.setdefault(fold(exact), (exact, factor))
    ways = _ways(node)
    counts = dict(zip(factors, index.counts("text", list(factors)), strict=True))
    weighed = []
    for term, (exact, factor) in factors.items():
        others = {way: min(index.counts("text", way)) for way in ways.get(term, ())}
        count = counts[term] + sum(others.values())
        if count:
            folded = index.range("text", term) or NOWHERE
            agreeing = index.range("exact", exact) if accented else None
            written = tuple(_ranges(index, way) for way, found in others.items() if found)
            weighed.append(Weighed(folded, agreeing, factor * idf(index.articles, count), written))
    return sorted(weighed, key=lambda one: -one.worth)[:MOST_TERMS]


def _ranges(index: Index, terms: Sequence[str]) -> tuple[Range, ...]:
    return tuple(index.range("text", term) or NOWHERE for term in terms)


def _ways(node: Node) -> dict[str, list[tuple[str, ...]]]:
    """For the terms of words that can be written otherwise: the terms of each other way."""
    out: dict[str, list[tuple[str, ...]]] = {}
    words = [word for one in positive(node) if isinstance(one, Words) for word in one.words if word.other]
    for word in words:
        cut = [analysis.folded(other) for other in word.other]
        ways = [tuple(f"{one} {two}" for one, two in pairwise(tokens)) or tuple(tokens) for tokens in cut]
        out |= {term: ways for term, _factor in parts(analysis.folded(word.text))}
    return out


def parts(tokens: Sequence[str]) -> list[tuple[str, float]]:
    """The terms of a run of tokens, syllables and pairs, with what each kind counts."""
    pairs = [(f"{one} {two}", PAIR) for one, two in pairwise(tokens)]
    return [*((token, 1.0) for token in tokens), *pairs]


def idf(size: int, count: int) -> float:
    """BM25's inverse document frequency (Robertson and Zaragoza 2009, with + 1 so that it stays positive)."""
    count = min(count, size)
    return math.log(1 + (size - count + 0.5) / (count + 0.5))


def scores(index: Index, places: Places, weighed: Sequence[Weighed]) -> tuple[Scores, Scores]:
    """For articles at these places: the score, and the share of the query (by idf) that each holds."""
    total, held, agreeing = (np.zeros(len(places), dtype=np.float32) for _ in range(3))
    for one in weighed:
        at, weight = index.postings.among(one.folded, places)
        agrees = index.postings.among(one.exact, places) if one.exact is not None else None
        if one.ways:
            instead = _instead(index, one.ways, places)
            at, weight = slice(None), np.maximum(_spread(at, weight, places), instead)
            agrees = (at, weight) if agrees is None else (at, np.maximum(_spread(*agrees, places), instead))
        total[at] += weight * np.float32(one.worth / SCALE)
        held[at] += (weight > 0) * np.float32(one.worth)
        if agrees is not None:
            agreeing[agrees[0]] += (agrees[1] > 0) * np.float32(one.worth)
    share = held / np.float32(sum(one.worth for one in weighed) or 1.0)
    if any(one.exact is not None for one in weighed):
        total *= 1 - ACCENTS + ACCENTS * agreeing / np.maximum(held, np.float32(1e-9))
    return total * (1 + COVERAGE * share), share


def _spread(at: NDArray[np.intp] | slice, weight: Weights, places: Places) -> Weights:
    out = np.zeros(len(places), dtype=np.uint8)
    out[at] = weight
    return out


def _instead(index: Index, ways: Sequence[Sequence[Range]], places: Places) -> Weights:
    """The weight of the other ways of writing a word: of each the least of its terms, the best of all."""
    best = np.zeros(len(places), dtype=np.uint8)
    for way in ways:
        least = [_spread(*index.postings.among(one, places), places) for one in way]
        best = np.maximum(best, np.minimum.reduce(least))
    return best


def freshness(days: NDArray[np.int32], today: date) -> Scores:
    """The gentle preference for the new: 1.15 for today's articles, 1.075 after 60 days, 1 without a date."""
    age = np.maximum(today.toordinal() - days.astype(np.float64), 0)
    return np.where(days == NO_DAY, 1.0, 1 + FRESH * 0.5 ** (age / HALF_LIFE)).astype(np.float32)
