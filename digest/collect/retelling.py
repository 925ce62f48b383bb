"""The same event told in other words: headlines and leads of different outlets within three days, compared by what is rare.

Measured on 14,241 real feed items of 16 outlets (July and August 2026), judged by hand: of pairs at 0.50 to 0.55,
92 in 100 told the same event, of pairs above 0.60 98 in 100.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from itertools import chain, pairwise

from digest.storage.stories import Headline
from digest.text.normalise import same_syllable
from digest.text.tokens import syllables

ENOUGH = 0.58
WITHIN = timedelta(hours=72)
# With fewer articles about, nothing can be said of what is rare.
LEAST_ARTICLES = 30
# "thứ nhất" against "thứ ba", "số 8" against "số 9": numbers of a series, whose members read alike.
_ORDINAL = re.compile(
    r"\b(thứ|số|ngày|kỳ|lần|đợt|phiên|tập|vòng|khóa|khoá|quý|tháng|năm)\s+"
    r"(\d+(?:/\d+)*|nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)\b"
)


Term = tuple[str, str]
Vector = dict[Term, float]


def pairs(fresh: Collection[int], around: Iterable[Headline]) -> list[tuple[int, int]]:
    """Of fresh articles with those about them (the fresh among these): pairs of ids that tell the same event."""
    told = list(around)
    if len(told) < LEAST_ARTICLES:
        return []
    mine = [place for place, one in enumerate(told) if one.id in fresh]
    compared = _Compared([_terms(one) for one in told], mine)
    found = set()
    for place in mine:
        one = told[place]
        for other in compared.alike(place):
            if _may_be_one(one, told[other]):
                found.add((min(one.id, told[other].id), max(one.id, told[other].id)))
    return sorted(found)


def _terms(article: Headline) -> Counter[Term]:
    """Pairs of neighbouring syllables; those of the headline count twice."""
    title = [same_syllable(word) for word in syllables(article.title)]
    lead = [same_syllable(word) for word in syllables(article.lead)]
    return Counter(chain(pairwise(title), pairwise(title), pairwise(lead)))


class _Compared:
    """Articles as vectors: TF-IDF over all of them, of length one; terms of a tenth and more tell nothing.

    Thousands stand about a few fresh ones: what is made is made for those that are compared alone.
    """

    def __init__(self, terms: Sequence[Counter[Term]], mine: Iterable[int]) -> None:
        self._terms = terms
        self._spread = Counter(chain.from_iterable(terms))
        self._most = max(3, len(terms) // 10)
        self._vectors: dict[int, Vector] = {}
        wanted = {term for place in mine for term in terms[place] if self._spread[term] <= self._most}
        self._places: dict[Term, list[int]] = defaultdict(list)
        for place, one in enumerate(terms):
            for term in one.keys() & wanted:
                self._places[term].append(place)

    def alike(self, place: int) -> list[int]:
        """Those whose cosine with one reaches ENOUGH.

        Only what shares one of its rarest terms is compared: without these, what is left of it is too short
        a vector to reach that with any other (Cauchy and Schwarz).
        """
        mine = self._vector(place)
        met: set[int] = set()
        left = 1.0
        for term in sorted(mine, key=lambda term: self._spread[term]):
            if left < ENOUGH * ENOUGH:
                break
            met.update(self._places[term])
            left -= mine[term] ** 2
        met.discard(place)
        return sorted(other for other in met if _cosine(mine, self._vector(other)) >= ENOUGH)

    def _vector(self, place: int) -> Vector:
        if place not in self._vectors:
            weights = {
                term: (1 + math.log(count)) * math.log(len(self._terms) / self._spread[term])
                for term, count in self._terms[place].items()
                if self._spread[term] <= self._most
            }
            length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
            self._vectors[place] = {term: weight / length for term, weight in weights.items()}
        return self._vectors[place]


def _cosine(one: Vector, other: Vector) -> float:
    return sum(weight * other[term] for term, weight in one.items() if term in other)


def _may_be_one(one: Headline, other: Headline) -> bool:
    """Two outlets, about the same time, and no two numbers of one series."""
    if one.outlet == other.outlet or abs(one.published - other.published) > WITHIN:
        return False
    mine, others = _ordinals(one.title), _ordinals(other.title)
    return all(mine[name] & others[name] for name in mine.keys() & others.keys())


def _ordinals(title: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for match in _ORDINAL.finditer(title.lower()):
        found.setdefault(match[1], set()).add(match[2].lstrip("0"))
    return found
