"""Saved searches: what is new for each since it was last told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from digest import clock
from digest.errors import QueryError, UsageError
from digest.search.find import search
from digest.search.results import Hit, Request
from digest.storage import articles, searches
from digest.storage.engine import Archive
from digest.storage.searches import SavedSearch

MOST = 200
"""Hits of one saved search that are looked at: more than that since last week is told as that many."""


@dataclass(frozen=True, slots=True)
class News:
    """What is new for a saved search; `problem` where its query no longer parses."""

    saved: SavedSearch
    hits: tuple[Hit, ...]
    problem: str = ""


def request(saved: SavedSearch, *, limit: int = MOST) -> Request:
    """A saved search as a request, the newest first; UsageError for a day that is none.

    `filters` are the search page's parameters: topic and outlet (several with a comma), from, to.
    """
    filters = saved.filters
    first, last = filters.get("from"), filters.get("to")
    return Request(
        query=saved.query,
        topics=_several(filters.get("topic", "")),
        outlets=_several(filters.get("outlet", "")),
        first=clock.iso_day(first) if first else None,
        last=clock.iso_day(last) if last else None,
        sort="newest",
        limit=limit,
        facets=False,
    )


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def news(archive: Archive, index_dir: Path, since: datetime | None = None) -> list[News]:
    """For each saved search the articles that hold all of it and came or changed since it was last told;
    with `since`, only those first collected from then on. SearchError without a sound index."""
    with archive.reading() as conn:
        kept = searches.list_all(conn)
    return [_news(archive, index_dir, one, since) for one in kept]


def _news(archive: Archive, index_dir: Path, saved: SavedSearch, since: datetime | None) -> News:
    try:
        found = search(archive, index_dir, request(saved))
    except (QueryError, UsageError) as fault:
        return News(saved, (), str(fault))
    fresh = (hit for hit in found.hits if hit.whole and hit.article.changed > saved.seen)
    return News(saved, tuple(hit for hit in fresh if since is None or hit.article.collected >= since))


def tell(archive: Archive) -> None:
    """All saved searches have now been told everything that the archive holds."""
    with archive.writing() as conn:
        newest = articles.last_change(conn)
        for one in searches.list_all(conn):
            searches.told(conn, one.id, newest)
