"""Saved searches: what is new for each since it was last told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from digest import clock
from digest.errors import QueryError, UsageError
from digest.search.find import search
from digest.search.results import Hit, Request
from digest.storage import articles, searches
from digest.storage.engine import Archive
from digest.storage.searches import SavedSearch

MOST = 200
"""Hits of one saved search that are told: more than that since last week is told as that many."""


@dataclass(frozen=True, slots=True)
class News:
    """What is new for a saved search, and the newest article there was when it was asked; `problem` where
    its query no longer parses."""

    saved: SavedSearch
    hits: tuple[Hit, ...]
    newest: int
    problem: str = ""


def request(saved: SavedSearch, *, limit: int = MOST) -> Request:
    """A saved search as a request, the newest first; UsageError for a day that is none.

    `filters` are the search page's parameters: topic and outlet (several: one a line), from, to.
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


def joined(values: Iterable[str]) -> str:
    """Several values of one filter as it is kept; outlets' names may hold commas, never a line's end."""
    return "\n".join(values)


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("\n") if part.strip())


def news(archive: Archive, index_dir: Path) -> list[News]:
    """For each saved search the articles that hold all of it and came to the archive since it was last told.

    Corrections and retagging make no news. SearchError without a sound index."""
    with archive.reading() as conn:
        kept, newest = searches.list_all(conn), articles.newest(conn)
    return [_news(archive, index_dir, one, newest) for one in kept]


def _news(archive: Archive, index_dir: Path, saved: SavedSearch, newest: int) -> News:
    try:
        found = search(archive, index_dir, replace(request(saved), after=saved.seen))
    except (QueryError, UsageError) as fault:
        return News(saved, (), newest, str(fault))
    fresh = (hit for hit in found.hits if hit.whole and hit.article.id > saved.seen)
    return News(saved, tuple(fresh), newest)


def tell(archive: Archive, told: Iterable[News]) -> None:
    """These have been told: the next time begins after them."""
    with archive.writing() as conn:
        for one in told:
            searches.told(conn, one.saved.id, one.newest)
