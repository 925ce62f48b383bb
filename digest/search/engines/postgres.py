"""The PostgreSQL engine: tokens and pairs under GIN, for archives beyond one machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from digest.query import Node, Words, positive
from digest.search import analysis, ranking
from digest.search.engines import Found, Ranked
from digest.search.engines.blocks import LEAST_SHARE, soft
from digest.search.engines.postgres_few import COLUMNS, Few, drafted
from digest.search.engines.postgres_matching import Condition, Matching, holds
from digest.search.engines.postgres_tables import at, counted, size, texts
from digest.search.engines.postgres_totals import Totals, overview
from digest.search.ranking import idf
from digest.search.results import Request
from digest.storage.engine import Archive
from digest.text.normalise import fold

BEST = 200
"""So many articles are chosen by the database and then ranked by the one function that ranks them all."""
RAREST = 10
"""Terms by which they are chosen."""


class Postgres:
    """Answers out of the search tables; what ranks the best is the other engine's own code."""

    name = "postgresql"

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def find(self, node: Node | None, request: Request) -> Found:
        """Answers a request, as every engine does."""
        with self.archive.reading() as conn:
            asked = Asked(at(conn), node, request)
            shown = asked.totals(asked.whole)
            ranked = asked.page(_among(asked.whole, shown), shown.articles) if shown.articles else []
            enough = shown.articles >= request.offset + request.limit
            if not enough and (request.sort == "relevance" or not shown.articles):
                partly = asked.partly()
                if partly is not None:
                    further = asked.page(partly & _outside(asked.whole, shown), None)
                    seen = {one.story for one in ranked}
                    ranked += [one for one in further if one.story not in seen]
                    if not shown.articles:
                        shown = asked.totals(partly)
            page = asked.with_others(ranked[request.offset : request.offset + request.limit])
            newest = int(conn.scalar(sa.select(sa.func.max(texts.c.article))) or 0)
            whole = bool(ranked and ranked[0].whole)
            return Found(shown.articles, shown.stories, page, lambda: shown.facets, whole, newest)


class Asked:
    """One question within one moment of the database."""

    def __init__(self, conn: Connection, node: Node | None, request: Request) -> None:
        self.conn, self.node, self.request = conn, node, request
        _by_index(conn)
        self.matching = Matching(conn)
        self.allowed = self.matching.allowed(request)
        self.whole = self.allowed & (sa.true() if node is None else self.matching.condition(node))

    def totals(self, where: Condition) -> Totals:
        """Articles and stories that match, and their facets where they are asked for."""
        return overview(self.conn, where, self.request.facets)

    # --- in which order ---------------------------------------------------------------------------

    def page(self, where: Condition, articles: int | None) -> list[Ranked]:
        """The best article of each story, from the first to the last of the page asked for. `articles`:
        how many match, all of them whole; None for those that hold a part of the query."""
        needed = self.request.offset + self.request.limit
        ranked = self._best(where, articles) if self.request.sort == "relevance" else []
        if len(ranked) < needed:  # what holds none of the terms, or was not among the best
            stories = [one.story for one in ranked]
            ranked += self._by_date(where, articles is not None, needed, stories)
        return ranked[:needed]

    def _by_date(self, where: Condition, whole: bool, needed: int, without: Sequence[int]) -> list[Ranked]:
        found = sa.select(texts.c.article, texts.c.story, texts.c.minute).where(where)
        if without:
            found = found.where(texts.c.story.not_in(without))
        matching = _once(found)
        sign = sa.asc if self.request.sort == "oldest" else sa.desc
        order = (sign(matching.c.minute), sa.desc(matching.c.article))
        turn = sa.func.row_number().over(partition_by=matching.c.story, order_by=order).label("turn")
        numbered = sa.select(matching, turn).subquery()
        first = sa.select(numbered.c.article, numbered.c.story).where(numbered.c.turn == 1)
        order = (sign(numbered.c.minute), sa.desc(numbered.c.article))
        rows = self.conn.execute(first.order_by(*order).limit(needed))
        return [Ranked(row.article, row.story, 0.0, whole) for row in rows]

    def _best(self, where: Condition, articles: int | None) -> list[Ranked]:
        """The BEST out of the index alone, then ranked by the one function for all."""
        terms = self._terms()
        if not terms or self.node is None:
            return []
        if articles is None or articles > BEST:
            chosen = self._likely(terms, where) if articles else self.conn.scalars(_rough(terms, where))
            where = texts.c.article.in_(list(chosen))
        rows = self.conn.execute(sa.select(*COLUMNS).where(where)).all()
        if not rows:
            return []
        known = counted(self.conn, self._named())
        few = Few(drafted(rows, self._forms()), known, size(self.conn))
        request = replace(self.request, offset=0, limit=BEST)
        return [replace(one, whole=articles is not None) for one in few.rank(self.node, request)]

    def _likely(self, terms: Mapping[str, float], where: Condition) -> list[int]:
        """Of those that match, BEST that hold the terms in the likeliest ways: one way after the other, the
        newest of each. To add up what each term is worth in each article would read all that hold any."""
        chosen: list[int] = []
        for lexemes in _ways(list(terms)):
            holding = where & holds(lexemes) if lexemes else where
            fresh = _once(sa.select(texts.c.article).where(holding, texts.c.article.not_in(chosen)))
            newest = sa.select(fresh.c.article).order_by(fresh.c.article.desc())
            chosen += self.conn.scalars(newest.limit(BEST - len(chosen)))
            if len(chosen) == BEST:
                break
        return chosen

    def _terms(self) -> dict[str, float]:
        """The rarest terms of the query with what each is worth."""
        if self.node is None:
            return {}
        factors = {
            fold(term): factor
            for text in ranking.texts(self.node)
            for term, factor in ranking.parts(analysis.exact(text))
        }
        whole = size(self.conn)
        found = counted(self.conn, factors)
        worth = {term: factors[term] * idf(whole, articles) for term, articles in found.items()}
        return dict(sorted(worth.items(), key=lambda one: -one[1])[:RAREST])

    def _named(self) -> list[str]:
        """All terms whose counts the ranking asks for."""
        runs = [analysis.exact(text) for text in ranking.texts(self.node)] if self.node is not None else []
        exact = [term for run in runs for term, _factor in ranking.parts(run)]
        return [*(fold(term) for term in exact), *(f"={term}" for term in exact)]

    def _forms(self) -> set[str]:
        """The folded syllables of the query and of the other ways of writing its words."""
        nodes = positive(self.node) if self.node is not None else []
        words = [word for one in nodes if isinstance(one, Words) for word in one.words]
        typed = [*ranking.texts(self.node or Words(())), *(other for word in words for other in word.other)]
        return {token for text in typed for token in analysis.folded(text)}

    def partly(self) -> Condition | None:
        """Where plain words were asked for: a good share of them by idf, and all else."""
        words, others = soft(self.node)
        terms = self._terms()
        if words is None or not terms:
            return None
        hits = _hits(terms)
        holding = sa.select(hits.c.article).group_by(hits.c.article)
        holding = holding.having(sa.func.sum(hits.c.worth) >= LEAST_SHARE * sum(terms.values()))
        matching = (self.matching.condition(other) for other in others)
        return sa.and_(self.allowed, texts.c.article.in_(holding), *matching)

    # --- beside the hits ---------------------------------------------------------------------------

    def with_others(self, page: Sequence[Ranked]) -> tuple[Ranked, ...]:
        """The page with the further articles of each story."""
        stories = [one.story for one in page]
        rows = self.conn.execute(
            sa.select(texts.c.story, texts.c.article)
            .where(texts.c.story.in_(stories))
            .order_by(texts.c.article)
        )
        members: dict[int, list[int]] = {}
        for row in rows:
            members.setdefault(row.story, []).append(row.article)
        return tuple(
            replace(one, others=tuple(id for id in members.get(one.story, ()) if id != one.article))
            for one in page
        )


def _by_index(conn: Connection) -> None:
    """For this transaction. The planner knows not what unpacking an article's terms costs, so it would
    rather read all of them than ask the index, or look each match up in every branch: a hundred times slower
    on 10,000 articles. Nor does compiling a search's many small branches pay."""
    for setting in ("enable_seqscan", "enable_nestloop", "jit"):
        conn.execute(sa.text(f"SET LOCAL {setting} = off"))


def _ways(terms: Sequence[str]) -> Iterator[list[str]]:
    """What an article may hold of a query beside its words, the likeliest answer first; the last is nothing.
    `terms`: syllables and pairs, the rarest first."""
    words = [term for term in terms if " " not in term]
    pairs = [term for term in terms if " " in term]
    title = [f"^{word}" for word in words]
    rare = terms[:1]
    if pairs:
        yield title + pairs
        yield pairs + _heavy(pairs, 2)
    yield title
    yield _heavy(words, 2)
    if pairs:
        yield pairs + _heavy(words, 1)
        yield pairs
    yield from (_heavy(rare, 2), _heavy(words, 1), _heavy(rare, 1), [])


def _heavy(terms: Sequence[str], level: int) -> list[str]:
    return [f"{term}~{level}" for term in terms]


def _rough(terms: Mapping[str, float], where: Condition) -> sa.Select[tuple[int]]:
    """The BEST of those that match, by the sum of what the terms are worth that they hold."""
    matching = _once(sa.select(texts.c.article).where(where))
    hits = _hits(terms)
    chosen = sa.select(matching.c.article).join(hits, hits.c.article == matching.c.article)
    order = (sa.func.sum(hits.c.worth).desc(), matching.c.article.desc())
    return chosen.group_by(matching.c.article).order_by(*order).limit(BEST)


def _hits(worth: Mapping[str, float]) -> sa.Subquery:
    """(article, story, worth) for each lexeme that an article holds: out of the index, no text is unpacked."""
    branches = [
        sa.select(texts.c.article, texts.c.story, sa.literal(value).label("worth")).where(holds([lexeme]))
        for lexeme, value in worth.items()
    ]
    return sa.union_all(*branches).subquery()


def _among(where: Condition, totals: Totals) -> Condition:
    """The same articles, by name where they are known by now."""
    return where if totals.ids is None else texts.c.article.in_(totals.ids)


def _outside(where: Condition, totals: Totals) -> Condition:
    """All others."""
    if totals.ids is not None:
        return texts.c.article.not_in(totals.ids)
    return texts.c.article.not_in(sa.select(texts.c.article).where(where))


def sharing(
    conn: Connection, terms: Mapping[str, float], without: int, limit: int
) -> list[tuple[int, int, float]]:
    """(article, story, worth of the terms it holds), the most first; the story `without` left out."""
    _by_index(at(conn))
    hits = _hits(terms)
    shared = sa.func.sum(hits.c.worth)
    found = sa.select(hits.c.article, hits.c.story, shared).where(hits.c.story != without)
    found = found.group_by(hits.c.article, hits.c.story).order_by(shared.desc(), hits.c.article.desc())
    return [(row[0], row[1], float(row[2])) for row in conn.execute(found.limit(limit))]


def _once(found: sa.Select[Any]) -> sa.CTE:
    """What matches, found once; else the planner walks the whole table by date until a page is full."""
    return found.cte("matching").prefix_with("MATERIALIZED", dialect="postgresql")
