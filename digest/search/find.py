"""Searching: a request in, the page of hits with snippets, facets and suggestions out."""

from __future__ import annotations

import time
from pathlib import Path

from digest import query
from digest.model import Article
from digest.search.document import document
from digest.search.results import AlsoIn, Facets, Hit, Request, Result
from digest.search.snippets import Seeker, snippet, title_marks
from digest.storage import articles, stories, taggings
from digest.storage.engine import Archive

__all__ = ["Request", "Result", "search"]


def search(archive: Archive, index_dir: Path, request: Request) -> Result:
    """Answers a request; QueryError for a query that does not parse, SearchError without an index."""
    node = query.parse(request.query, query.READER) if request.query.strip() else None
    began = time.perf_counter()
    with archive.reading() as conn:
        found = []
        for article in articles.iterate(conn):
            marks = taggings.of(conn, [article.id]).get(article.id, [])
            doc = document(article, marks).doc()
            if article.state == "takedown" or (node is not None and not query.matches(node, doc)):
                continue
            if request.topics and not doc.topics & set(request.topics):
                continue
            if request.outlets and doc.outlet not in request.outlets:
                continue
            if (request.first or request.last) and not (
                doc.day and (request.first or doc.day) <= doc.day <= (request.last or doc.day)
            ):
                continue
            found.append(article)
        found.sort(key=lambda one: one.content.published or one.collected, reverse=request.sort != "oldest")
        took = (time.perf_counter() - began) * 1000
        page = found[request.offset : request.offset + request.limit]
        marks_of = taggings.of(conn, [one.id for one in page])
        family = stories.members(conn, {one.story for one in page})
        seeker = Seeker(node)
        hits = tuple(_hit(one, seeker, request, marks_of, family) for one in page)
    return Result(request.query, len(found), round(took, 2), "scan", hits, Facets(), len(found))


def _hit(article: Article, seeker: Seeker, request: Request, marks, family) -> Hit:  # type: ignore[no-untyped-def]
    others = [
        one for one in family.get(article.story, []) if one.id != article.id and one.state != "takedown"
    ]
    return Hit(
        article,
        1.0,
        tuple(marks.get(article.id, ())),
        snippet(seeker, article.content, request.show.get(article.source, "full")),
        title_marks(seeker, article.content.title),
        tuple(AlsoIn(one.id, one.outlet, one.url) for one in others),
    )
