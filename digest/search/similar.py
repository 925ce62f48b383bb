"""Articles like this one: those that share its rarest words and pairs of words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from digest.search import find
from digest.search.engines import Ranked
from digest.search.opened import Index, opened, reading
from digest.search.ranking import Weighed, idf, scores
from digest.search.results import Hit
from digest.search.segment import Range, pair_range, single_range
from digest.search.vocabulary import BREAK
from digest.storage.engine import Archive

TERMS = 24
"""So many of its terms make up what an article is about."""
COMMON = 0.1
"""A term in more than a tenth of all articles says nothing; one in no other article neither."""
LEAST_SHARE = 0.25
"""An article that shares less of those terms (by weight) is not like it."""


def like(
    archive: Archive, index_dir: Path, article: int, *, limit: int = 5, show: Mapping[str, str] | None = None
) -> tuple[Hit, ...]:
    """The articles most like this one, its own story apart, one a story; none where it is not indexed."""
    index = opened(index_dir)
    with reading(index_dir / index.name):
        ranked = _ranked(index, article, limit)
    return find.hits(archive, ranked, show=show or {})


def _ranked(index: Index, article: int, limit: int) -> list[Ranked]:
    here = np.flatnonzero((index.article == article) & index.alive)
    if not len(here):
        return []
    own = int(index.story[here[0]])
    places = np.flatnonzero(index.alive & (index.story != own)).astype(np.int32)
    total, share = scores(index, places, telling(index, int(here[0])))
    found: list[Ranked] = []
    for at in np.lexsort((-index.article[places], -total)).tolist():
        story = int(index.story[places[at]])
        if len(found) == limit or share[at] < LEAST_SHARE:
            break
        if story not in {one.story for one in found}:
            found.append(Ranked(int(index.article[places[at]]), story, round(float(total[at]), 4)))
    return found


def telling(index: Index, place: int) -> list[Weighed]:
    """The terms that an article is known by: how often it has them times how rare they are."""
    tokens = index.tokens(place)
    forms = index.words.forms()[0][tokens]
    inner = (tokens[:-1] != BREAK) & (tokens[1:] != BREAK)
    two = (forms[:-1][inner].astype(np.uint64) << np.uint64(32)) | forms[1:][inner]
    ranges: list[Range] = []
    often: list[int] = []
    for values, is_pair in ((forms[tokens != BREAK], False), (two, True)):
        kinds, counts = np.unique(values, return_counts=True)
        for kind, count in zip(kinds.tolist(), counts.tolist(), strict=True):
            ranges.append(pair_range(kind >> 32, kind & 0xFFFFFFFF) if is_pair else single_range(kind))
            often.append(count)
    known = index.postings.rough_counts(ranges)
    weighed = [
        Weighed(one, None, min(count, 4) * idf(index.articles, df))
        for one, count, df in zip(ranges, often, known, strict=True)
        if 1 < df <= max(COMMON * index.articles, 3)
    ]
    return sorted(weighed, key=lambda one: -one.worth)[:TERMS]
