"""The PostgreSQL engine: tokens and pairs under GIN, for archives beyond one machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from digest.query import And, Node, Or, Words, positive
from digest.search import analysis, ranking
from digest.search.engines import Found, Ranked
from digest.search.engines.blocks import LEAST_SHARE, soft
from digest.search.engines.postgres_few import COLUMNS, Few, drafted
from digest.search.engines.postgres_matching import Condition, Matching, among, held_with, holds, outside
from digest.search.engines.postgres_tables import at, counted, size, texts
from digest.search.engines.postgres_totals import Totals, overview
from digest.search.ranking import idf
from digest.search.results import Request
from digest.storage.engine import Archive
from digest.text.normalise import fold

BEST = 100
"""So many articles are chosen by the database and then ranked by the one function that ranks them all; 200 find
no better among 50,000 (MRR the same over 300 queries), in half as much time again."""
RAREST = 10
"""Terms by which they are chosen."""
UNPACKED = 5000
"""Articles whose terms may be unpacked to see what else they hold: 0.1 s."""


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
            ranked = asked.page(shown) if shown.articles else []
            enough = shown.articles >= request.offset + request.limit
            if not enough and (request.sort == "relevance" or not shown.articles):
                partly = asked.partly()
                if partly is not None:
                    further = asked.page(None, partly & _outside(asked.whole, shown))
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
        self.whole = self.holding(())

    def holding(self, lexemes: Sequence[str]) -> Condition:
        """What holds these, and all that was asked."""
        also = holds(lexemes) if lexemes else sa.true()
        if self.node is None:
            return self.allowed & also
        return self.allowed & also & self.matching.condition(self.node, held_with(lexemes))

    def totals(self, where: Condition) -> Totals:
        """Articles and stories that match, and their facets where they are asked for."""
        return overview(self.conn, where, self.request.facets)

    # --- in which order ---------------------------------------------------------------------------

    def page(self, shown: Totals | None, where: Condition | None = None) -> list[Ranked]:
        """The best article of each story, from the first to the last of the page asked for: of those that
        hold all (`shown`), or of those `where` a part of the query is held."""
        needed = self.request.offset + self.request.limit
        if where is None:
            named = None if shown is None else shown.ids
            where = self.whole if named is None else among(named)
        ranked = self._best(where, shown) if self.request.sort == "relevance" else []
        if len(ranked) < needed:  # what holds none of the terms, or was not among the best
            stories = [one.story for one in ranked]
            ranked += self._by_date(where, shown is not None, needed, stories)
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

    def _best(self, where: Condition, shown: Totals | None) -> list[Ranked]:
        """The BEST out of the index alone, then ranked by the one function for all."""
        if not self.terms or self.node is None:
            return []
        if shown is None:
            where = among([*self.conn.scalars(_rough(self.terms, where))])
        elif shown.articles > BEST:
            # Of alternatives each is likely in ways of its own: there what is held is added up.
            simple = _without_alternatives(self.node)
            chosen = self._likely(shown.ids) if simple else [*self.conn.scalars(_rough(self.terms, where))]
            where = among(chosen)
        rows = self.conn.execute(sa.select(*COLUMNS).where(where)).all()
        if not rows:
            return []
        few = Few(drafted(rows, self._forms()), self.counts, size(self.conn))
        request = replace(self.request, offset=0, limit=BEST)
        return [replace(one, whole=shown is not None) for one in few.rank(self.node, request)]

    def _likely(self, ids: Sequence[int] | None) -> list[int]:
        """Of those that match (`ids`, where they are named), BEST that hold the terms in the likeliest ways:
        one way after the other, the newest of each. To add up what each term is worth in each article would
        read all that hold any."""
        chosen: list[int] = []
        for lexemes in self._ways():
            if ids is None:
                where = self.holding(lexemes)
            else:
                where = among(ids) & (holds(lexemes) if lexemes else sa.true())
            fresh = _once(sa.select(texts.c.article).where(where, outside(chosen)))
            newest = sa.select(fresh.c.article).order_by(fresh.c.article.desc())
            chosen += self.conn.scalars(newest.limit(BEST - len(chosen)))
            if len(chosen) == BEST:
                break
        return chosen

    def _ways(self) -> Iterator[list[str]]:
        """What an article may hold of the query beside its words, the likeliest answer first; the last is
        nothing."""
        words = [term for term in self.worth if " " not in term]
        pairs = [term for term in self.terms if " " in term]
        title = [f"^{word}" for word in words]
        rarest = next(iter(self.terms))
        few = self.counts[rarest] <= UNPACKED
        if pairs:
            yield title + pairs
            yield pairs + _heavy(pairs, 2)
        yield title
        yield _heavy(words, 2)
        if pairs:
            yield pairs + _heavy(words, 1)
            yield pairs
        if few:
            yield _heavy([rarest], 2)
        yield _heavy(words, 1)
        if few:
            yield _heavy([rarest], 1)
        yield []

    @property
    def terms(self) -> dict[str, float]:
        """The rarest terms of the query with what each is worth, the rarest first."""
        return dict(list(self.worth.items())[:RAREST])

    @cached_property
    def worth(self) -> dict[str, float]:
        """All of them."""
        if self.node is None:
            return {}
        factors = {
            fold(term): factor
            for text in ranking.texts(self.node)
            for term, factor in ranking.parts(analysis.exact(text))
        }
        whole = size(self.conn)
        worth = {
            term: factor * idf(whole, self.counts[term])
            for term, factor in factors.items()
            if term in self.counts
        }
        return dict(sorted(worth.items(), key=lambda one: -one[1]))

    @cached_property
    def counts(self) -> dict[str, int]:
        """In how many articles the query's terms stand, as far as they do."""
        return counted(self.conn, self._named())

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
        if words is None or not self.terms:
            return None
        hits = _hits(self.terms)
        holding = sa.select(hits.c.article).group_by(hits.c.article)
        holding = holding.having(sa.func.sum(hits.c.worth) >= LEAST_SHARE * sum(self.terms.values()))
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
    on 10,000 articles. Nor does compiling a search's many small branches pay, and what matches shall have room."""
    for setting in ("enable_seqscan = off", "enable_nestloop = off", "jit = off", "work_mem = '64MB'"):
        conn.execute(sa.text(f"SET LOCAL {setting}"))


def _without_alternatives(node: Node) -> bool:
    if isinstance(node, And):
        return all(map(_without_alternatives, node.parts))
    return not isinstance(node, Or)


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


def _outside(where: Condition, totals: Totals) -> Condition:
    """All others."""
    if totals.ids is not None:
        return outside(totals.ids)
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
