"""Searching as a use case: arguments as people type them in, hits with their outlets' words out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from digest import clock
from digest.errors import UsageError
from digest.jobs.session import Session
from digest.search import find
from digest.search.results import Facets, Hit, Request, Result
from digest.wording import _


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it is typed: topics by id, outlets by name, days as text."""

    query: str
    topics: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    first: str | None = None
    last: str | None = None
    sort: str = "relevance"
    limit: int = 10
    offset: int = 0


def search(session: Session, asked: Asked) -> Result:
    """Runs it for an editor, who may see all of an article; UsageError for what makes no sense."""
    for topic in asked.topics:
        session.topic(topic)
    first, last = _day(asked.first), _day(asked.last)
    if first and last and last < first:
        raise UsageError(_("--to đứng trước --from"), fix=_("Đổi chỗ hai ngày"))
    request = Request(
        query=asked.query,
        topics=asked.topics,
        outlets=asked.outlets,
        first=first,
        last=last,
        sort=asked.sort,
        limit=asked.limit,
        offset=asked.offset,
        today=clock.day(session.now()),
    )
    return find.search(session.archive, session.workspace.index_dir, request)


def _day(text: str | None) -> date | None:
    return clock.iso_day(text) if text else None


def shape(result: Result) -> dict[str, Any]:
    """The `search` shape of the JSON contract; snippets as plain text."""
    return {
        "query": result.query,
        "total": result.total,
        "took_ms": result.took_ms,
        "engine": result.engine,
        "hits": [hit_shape(hit) for hit in result.hits],
        "facets": facets_shape(result.facets),
        "stories": result.stories,
        "suggestion": result.suggestion,
        "understood": result.understood,
    }


def hit_shape(hit: Hit, *, lead: bool = True) -> dict[str, Any]:
    """One hit; without its lead where the source lets readers have a link only."""
    article = hit.article
    published = article.content.published
    return {
        "id": article.id,
        "url": article.url,
        "title": article.content.title,
        "lead": article.content.lead if lead else "",
        "outlet": article.outlet,
        "source": article.source,
        "published": clock.local(published).isoformat() if published else None,
        "score": round(hit.score, 4),
        "topics": list(hit.topics),
        "snippet": hit.snippet.text,
        "also_in": [{"id": other.id, "outlet": other.outlet, "url": other.url} for other in hit.also_in],
    }


def facets_shape(facets: Facets) -> dict[str, Any]:
    """Counts by topic, outlet and month."""
    return {
        "topics": _counts(facets.topics),
        "outlets": _counts(facets.outlets),
        "months": _counts(facets.months),
    }


def _counts(pairs: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"value": value, "count": count} for value, count in pairs]
