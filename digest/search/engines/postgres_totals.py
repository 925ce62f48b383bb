"""How many articles and stories match, and how they spread: out of one look at what matches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from digest.search.engines.postgres_tables import texts
from digest.search.facets import MOST
from digest.search.results import Facets

NAMED = 2000
"""Up to so many of what matches are named, so that it need not be looked for again."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over all that matches; no facets where they were not asked for. `ids`: the articles, if they
    are at most NAMED."""

    articles: int
    stories: int
    facets: Facets
    ids: tuple[int, ...] | None


def overview(conn: Connection, where: sa.ColumnElement[bool], facets: bool) -> Totals:
    """What matches, counted; its rows are read once, whatever is counted."""
    matching = (
        sa.select(texts.c.article, texts.c.story, texts.c.day, texts.c.outlet, texts.c.topics)
        .where(where)
        .cte("matching")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    named = sa.select(matching.c.article).limit(NAMED + 1).subquery()
    topics = sa.select(sa.func.unnest(matching.c.topics).label("value")).subquery()
    spread = {
        "ids": sa.select(sa.cast(named.c.article, sa.Text)).group_by(named.c.article),
        "articles": sa.select(sa.literal("")).select_from(matching),
        "stories": sa.select(sa.literal("")).select_from(sa.select(matching.c.story).distinct().subquery()),
        "topic": sa.select(topics.c.value).group_by(topics.c.value),
        "outlet": sa.select(matching.c.outlet).group_by(matching.c.outlet),
        "day": sa.select(sa.cast(matching.c.day, sa.Text)).group_by(matching.c.day),
    }
    parts = [
        part.add_columns(sa.func.count().label("articles"), sa.literal(name).label("kind"))
        for name, part in spread.items()
        if facets or name in ("ids", "articles", "stories")
    ]
    found: dict[str, Counter[str]] = {name: Counter() for name in spread}
    for value, articles, kind in conn.execute(sa.union_all(*parts)):
        if value is not None:
            found[kind][value] += articles
    months = Counter[str]()
    for day, articles in found["day"].items():
        months[date.fromordinal(int(day)).isoformat()[:7]] += articles
    ids = tuple(sorted(map(int, found["ids"])))
    return Totals(
        found["articles"][""],
        found["stories"][""],
        Facets(
            _most(found["topic"].items()),
            _most(found["outlet"].items()),
            tuple(sorted(_most(months.items()), reverse=True)),
        ),
        ids if len(ids) <= NAMED else None,
    )


def _most(counts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts, key=lambda one: (-one[1], one[0]))[:MOST])
