"""Searching: a request in, the page of hits with snippets, facets and suggestions out."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from digest import clock, query
from digest.errors import QueryError
from digest.model import Article, Tagging
from digest.query import Node
from digest.search import generations, serving
from digest.search.engines import Engine, Ranked
from digest.search.engines.blocks import Blocks
from digest.search.opened import Index, opened, reading
from digest.search.proposals import Counting
from digest.search.results import AlsoIn, Facets, Hit, Request, Result
from digest.search.snippets import Seeker, snippet, title_marks
from digest.search.spellings import OWN, Spellings, load, spell
from digest.search.suggest import suggestion, understood
from digest.storage import articles, taggings
from digest.storage.engine import Archive

__all__ = ["Request", "Result", "count", "hits", "search"]


def search(archive: Archive, index_dir: Path, request: Request, *, engine: str = "") -> Result:
    """Answers a request; QueryError for a query that does not parse, SearchError without a sound index.

    `engine`: the archive's own (see `serving`), or one of "whoosh", "postgresql", "whoosh-plain" (Whoosh's
    own code over the same index).
    """
    spellings = load(index_dir.with_name(OWN))
    engine = engine or serving.engine(archive)
    if engine == serving.POSTGRES:
        return _in_database(archive, request, spellings)
    index = opened(index_dir)
    with reading(index_dir / index.name):
        answering = _engine(index, index_dir / index.name, engine)
        return _answered(archive, answering, request, spellings, index, index)


def count(archive: Archive, index_dir: Path, request: Request) -> int:
    """How many articles hold all that a request asks for; 0 too where it does not parse. Nothing is fetched."""
    try:
        node = _parsed(request.query, load(index_dir.with_name(OWN)))
    except QueryError:
        return 0
    if serving.engine(archive) == serving.POSTGRES:
        from digest.search.engines.postgres import Postgres

        found = Postgres(archive).find(node, request)
    else:
        index = opened(index_dir)
        with reading(index_dir / index.name):
            found = _engine(index, index_dir / index.name, serving.WHOOSH).find(node, request)
    return found.total if found.whole else 0


def _in_database(archive: Archive, request: Request, spellings: Spellings) -> Result:
    from digest.search.engines.postgres import Postgres
    from digest.search.engines.postgres_tables import Counts, present

    with archive.reading() as conn:
        if present(conn) is None:
            raise generations.missing()
    return _answered(archive, Postgres(archive), request, spellings, Counts(archive), None)


def _answered(
    archive: Archive,
    answering: Engine,
    request: Request,
    spellings: Spellings,
    known: Counting,
    index: Index | None,
) -> Result:
    """The engine's answer; where nothing holds all that was asked, keystrokes are read, or a better query
    is offered (out of the Whoosh index alone)."""
    node = _parsed(request.query, spellings)
    began = time.perf_counter()
    found = answering.find(node, request)
    other, hint = "", ""
    if node is not None and not found.whole:
        other = understood(known, node, request.query)
        again = _parsed(other, spellings) if other else None
        instead = answering.find(again, request) if again is not None else None
        if instead is not None and instead.whole:
            node, found = again, instead
        else:
            other = ""
            hint = _suggestion(index, answering, node, request, spellings) if index else ""
    took = (time.perf_counter() - began) * 1000
    return Result(
        query=request.query,
        total=found.total,
        took_ms=round(took, 2),
        engine=answering.name,
        hits=hits(archive, found.ranked, Seeker(node), show=request.show),
        facets=found.facets() if request.facets else Facets(),
        stories=found.stories,
        suggestion=hint,
        understood=other,
        newest=found.newest,
    )


def _parsed(text: str, spellings: Spellings) -> Node | None:
    """The query with the other spellings of its words; None for an empty one."""
    return spell(query.parse(text, query.READER), spellings) if text.strip() else None


def _suggestion(index: Index, answering: Engine, node: Node, request: Request, spellings: Spellings) -> str:
    """A query to offer that does find articles, "" if there is none."""
    hint = suggestion(index, node, request.query)
    try:
        better = _parsed(hint, spellings)
    except QueryError:
        return ""
    if better is None:
        return ""
    return hint if answering.find(better, replace(request, limit=1, offset=0)).whole else ""


@lru_cache(maxsize=2)
def _engine(index: Index, folder: Path, name: str) -> Engine:
    """One engine an open index, with what it keeps between queries."""
    if name == "whoosh-plain":
        from digest.search.engines.plain import Plain

        return Plain(index, folder)
    return Blocks(index)


def hits(
    archive: Archive, ranked: Iterable[Ranked], seeker: Seeker | None = None, *, show: Mapping[str, str]
) -> tuple[Hit, ...]:
    """What an engine ranked, with its articles out of the archive, marked and cut to what may be shown."""
    ranked = list(ranked)
    ids = [one.article for one in ranked]
    with archive.reading() as conn:
        found = articles.get_many(conn, [*ids, *(other for one in ranked for other in one.others)])
        tags = taggings.of(conn, ids)
    # An article taken down since the index was written is in the index still: never shown.
    shown = {id: one for id, one in found.items() if one.state != "takedown"}
    kept = [one for one in ranked if one.article in shown]
    seeker = seeker or Seeker(None)
    return tuple(_hit(one, shown, tags.get(one.article, ()), seeker, show) for one in kept)


def _hit(
    one: Ranked,
    found: Mapping[int, Article],
    tags: Iterable[Tagging],
    seeker: Seeker,
    show: Mapping[str, str],
) -> Hit:
    article = found[one.article]
    others = [found[other] for other in one.others if other in found]
    return Hit(
        article=article,
        score=one.score,
        taggings=tuple(sorted(tags, key=lambda tag: -tag.score)),
        snippet=snippet(seeker, article.content, show.get(article.source, "full")),
        title_marks=title_marks(seeker, article.content.title),
        also_in=tuple(_also_in(other) for other in others),
        whole=one.whole,
    )


def _also_in(other: Article) -> AlsoIn:
    published = other.content.published
    day = clock.day(published) if published else None
    return AlsoIn(other.id, other.outlet, other.url, day, other.changed)
