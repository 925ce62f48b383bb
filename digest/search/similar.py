"""Articles like this one: those that share its rarest words and pairs of words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from digest.search import find, serving
from digest.search.engines import Ranked
from digest.search.opened import Index, opened, reading
from digest.search.proposals import Counting
from digest.search.ranking import NOWHERE, Weighed, idf, scores
from digest.search.results import Hit
from digest.search.vocabulary import BREAK
from digest.storage.engine import Archive
from digest.text.normalise import fold

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
    if serving.engine(archive) == serving.POSTGRES:
        ranked = _in_database(archive, article, limit)
    else:
        index = opened(index_dir)
        with reading(index_dir / index.name):
            ranked = _ranked(index, article, limit)
    return find.hits(archive, ranked, show=show or {})


def telling(known: Counting, fields: Sequence[Sequence[str]]) -> dict[str, float]:
    """The terms that a text is known by and what each is worth: how often it has them (up to four times)
    times how rare they are; `fields` are its folded tokens."""
    often = Counter(
        term for tokens in fields for term in (*tokens, *(" ".join(two) for two in pairwise(tokens)))
    )
    worth = {
        term: min(often[term], 4) * idf(known.articles, count)
        for term, count in zip(often, known.counts("text", list(often)), strict=True)
        if 1 < count <= max(COMMON * known.articles, 3)
    }
    return dict(sorted(worth.items(), key=lambda one: (-one[1], one[0]))[:TERMS])


def _ranked(index: Index, article: int, limit: int) -> list[Ranked]:
    here = np.flatnonzero((index.article == article) & index.alive)
    if not len(here):
        return []
    own = int(index.story[here[0]])
    places = np.flatnonzero(index.alive & (index.story != own)).astype(np.int32)
    terms = telling(index, _fields(index, int(here[0])))
    weighed = [Weighed(index.range("text", term) or NOWHERE, None, worth) for term, worth in terms.items()]
    total, share = scores(index, places, weighed)
    best: dict[int, Ranked] = {}
    for at in np.lexsort((-index.article[places], -total)).tolist():
        story = int(index.story[places[at]])
        if len(best) == limit or share[at] < LEAST_SHARE:
            break
        best.setdefault(story, Ranked(int(index.article[places[at]]), story, round(float(total[at]), 4)))
    return list(best.values())


def _fields(index: Index, place: int) -> list[list[str]]:
    """The folded tokens of an article, field by field."""
    fields: list[list[str]] = [[]]
    for number in index.tokens(place).tolist():
        if number == BREAK:
            fields.append([])
        else:
            fields[-1].append(fold(index.words.exact[number]))
    return fields


def _in_database(archive: Archive, article: int, limit: int) -> list[Ranked]:
    from digest.search.engines import postgres, postgres_tables

    with archive.reading() as conn:
        row = postgres_tables.row(conn, article)
    if row is None:
        return []
    terms = telling(postgres_tables.Counts(archive), [text.split() for text in row.folded.split("\n")])
    least = LEAST_SHARE * sum(terms.values())
    best: dict[int, Ranked] = {}
    with archive.reading() as conn:
        for id, story, shared in postgres.sharing(conn, terms, row.story, 4 * limit) if terms else ():
            if shared >= least and len(best) < limit:
                best.setdefault(story, Ranked(id, story, round(shared, 4)))
    return list(best.values())
