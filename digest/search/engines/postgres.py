"""The PostgreSQL engine: tokens and pairs under GIN, for archives beyond one machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Connection

from digest.query import And, Dated, Field, Node, Not, Or, Phrase, Title, Word, Words, is_accented, spaced
from digest.query.match import same_outlet
from digest.search import analysis, ranking
from digest.search.document import Document
from digest.search.engines import Found, Ranked
from digest.search.engines.blocks import LEAST_SHARE, Blocks, Wanted, soft
from digest.search.engines.postgres_tables import WRITTEN, at, counted, size, texts
from digest.search.engines.postgres_terms import LEVELS, number
from digest.search.facets import MOST
from digest.search.opened import Index
from digest.search.ranking import idf
from digest.search.results import Facets, Request
from digest.search.topics import in_memory
from digest.storage.engine import Archive
from digest.text.normalise import fold

BEST = 200
"""So many articles are chosen by the database and then ranked by the one function that ranks them all."""
RAREST = 10
"""Terms by which they are chosen."""

Condition = sa.ColumnElement[bool]


class Postgres:
    """Answers out of the search tables; what ranks the best is the other engine's own code."""

    name = "postgresql"

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def find(self, node: Node | None, request: Request) -> Found:
        """Answers a request, as every engine does."""
        with self.archive.reading() as conn:
            asked = Asked(at(conn), node, request)
            total, stories = asked.totals(asked.whole)
            shown, ranked = asked.whole, asked.page(asked.whole, True)
            enough = total >= request.offset + request.limit
            if not enough and (request.sort == "relevance" or not total):
                partly = asked.partly()
                if partly is not None:
                    further = asked.page(partly & _outside(asked.whole), False)
                    seen = {one.story for one in ranked}
                    ranked += [one for one in further if one.story not in seen]
                    if not total:
                        shown, (total, stories) = partly, asked.totals(partly)
            page = asked.with_others(ranked[request.offset : request.offset + request.limit])
            facets = asked.facets(shown) if request.facets else Facets()
            newest = int(conn.scalar(sa.select(sa.func.max(texts.c.article))) or 0)
            return Found(total, stories, page, lambda: facets, bool(ranked and ranked[0].whole), newest)


class Asked:
    """One question within one moment of the database."""

    def __init__(self, conn: Connection, node: Node | None, request: Request) -> None:
        self.conn, self.node, self.request = conn, node, request
        _by_index(conn)
        self.allowed = self._allowed()
        self.whole: Condition = self.allowed & (sa.true() if node is None else self.condition(node))

    # --- what matches ---------------------------------------------------------------------------

    @cached_property
    def outlets(self) -> list[str]:
        """The outlets' names, as the archive has them."""
        return list(self.conn.scalars(sa.select(texts.c.outlet).distinct()))

    def _allowed(self) -> Condition:
        request = self.request
        parts: list[Condition] = [sa.true()]
        if request.upto:
            parts.append(texts.c.article <= request.upto)
        if request.after:
            parts.append(texts.c.article > request.after)
        if request.first or request.last:
            parts.append(self.condition(Dated(request.first, request.last)))
        if request.topics:
            parts.append(sa.or_(*(texts.c.topics.contains([topic]) for topic in request.topics)))
        if request.outlets:
            parts.append(texts.c.outlet.in_(request.outlets))
        return sa.and_(*parts)

    def condition(self, node: Node) -> Condition:
        """A query as SQL; its meaning is `digest.query.matches`."""
        if isinstance(node, And):
            return sa.and_(*(self.condition(part) for part in node.parts))
        if isinstance(node, Or):
            return sa.or_(*(self.condition(part) for part in node.parts))
        if isinstance(node, Not):
            return sa.not_(self.condition(node.part))
        if isinstance(node, Words):
            return sa.and_(*(_word(word) for word in node.words))
        if isinstance(node, Phrase):
            return _phrase(node.text, is_accented(node.text))
        if isinstance(node, Title):
            return _title(node)
        if isinstance(node, Dated):
            return _dated(node)
        return self._field(node)

    def _field(self, node: Field) -> Condition:
        if node.name == "topic":
            return texts.c.topics.contains([node.value.lower()])
        return texts.c.outlet.in_([one for one in self.outlets if same_outlet(node.value, one)])

    def totals(self, where: Condition) -> tuple[int, int]:
        """Articles and stories that match."""
        both = sa.select(sa.func.count(), sa.func.count(texts.c.story.distinct())).where(where)
        row = self.conn.execute(both).one()
        return int(row[0]), int(row[1])

    # --- in which order ---------------------------------------------------------------------------

    def page(self, where: Condition, whole: bool) -> list[Ranked]:
        """The best article of each story, from the first to the last of the page asked for."""
        needed = self.request.offset + self.request.limit
        ranked = self._best(where, whole) if self.request.sort == "relevance" else []
        if len(ranked) < needed:  # what holds none of the terms, or was not among the best
            ranked += self._by_date(where, whole, needed, [one.story for one in ranked])
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

    def _best(self, where: Condition, whole: bool) -> list[Ranked]:
        """The BEST by a rough score out of the index alone, then ranked by the one function for all."""
        terms = self._terms()
        if not terms:
            return []
        chosen = list(self.conn.scalars(_rough(terms, where)))
        rows = self.conn.execute(sa.select(*WRITTEN).where(texts.c.article.in_(chosen))).all()
        if not rows or self.node is None:
            return []
        known = counted(self.conn, self._named())
        few = Few([_document(row) for row in rows], known, self._size())
        request = replace(self.request, offset=0, limit=BEST)
        return [replace(one, whole=whole) for one in few.rank(self.node, request)]

    def _terms(self) -> dict[str, float]:
        """The rarest terms of the query with what each is worth."""
        if self.node is None:
            return {}
        factors = {
            fold(term): factor
            for text in ranking.texts(self.node)
            for term, factor in ranking.parts(analysis.exact(text))
        }
        size = self._size()
        found = counted(self.conn, factors)
        worth = {term: factors[term] * idf(size, articles) for term, articles in found.items()}
        return dict(sorted(worth.items(), key=lambda one: -one[1])[:RAREST])

    def _named(self) -> list[str]:
        """All terms whose counts the ranking asks for."""
        runs = [analysis.exact(text) for text in ranking.texts(self.node)] if self.node is not None else []
        exact = [term for run in runs for term, _factor in ranking.parts(run)]
        return [*(fold(term) for term in exact), *(f"={term}" for term in exact)]

    def _size(self) -> int:
        return size(self.conn)

    def partly(self) -> Condition | None:
        """Where plain words were asked for: a good share of them by idf, and all else."""
        words, others = soft(self.node)
        terms = self._terms()
        if words is None or not terms:
            return None
        hits = _hits(terms)
        holding = sa.select(hits.c.article).group_by(hits.c.article)
        holding = holding.having(sa.func.sum(hits.c.worth) >= LEAST_SHARE * sum(terms.values()))
        matching = (self.condition(other) for other in others)
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

    def facets(self, where: Condition) -> Facets:
        """Counts by topic, outlet and month."""
        topic = sa.func.unnest(texts.c.topics).label("value")
        start = sa.literal(datetime(1, 1, 1, tzinfo=UTC).date())
        month = sa.func.to_char(start + texts.c.day - 1, "YYYY-MM").label("value")
        months = self._counted(month, where & texts.c.day.is_not(None))
        return Facets(
            self._counted(topic, where),
            self._counted(texts.c.outlet.label("value"), where),
            tuple(sorted(months, reverse=True)),
        )

    def _counted(self, value: sa.ColumnElement[str], where: Condition) -> tuple[tuple[str, int], ...]:
        inner = sa.select(value).where(where).subquery()
        number = sa.func.count()
        rows = sa.select(inner.c.value, number).group_by(inner.c.value).order_by(number.desc(), inner.c.value)
        return tuple((row[0], int(row[1])) for row in self.conn.execute(rows.limit(MOST)))


class Few(Blocks):
    """The best few in an index of their own, weighed by the counts of the whole archive."""

    def __init__(self, documents: Sequence[Document], known: dict[str, int], size: int) -> None:
        index = in_memory(documents)
        super().__init__(Counted(index, known, size))

    def rank(self, node: Node, request: Request) -> list[Ranked]:
        """All of them, ranked: whether they match was decided before."""
        group = self.group(Wanted(self.index, node), self.index.alive, True, request)
        return list(self.page([group], request))


class Counted(Index):
    """An index that says of its terms how often they stand in the whole archive."""

    def __init__(self, index: Index, known: dict[str, int], size: int) -> None:
        super().__init__(index.parts, [()], index.words, index.stamp, index.name)
        self.known, self.articles = known, size

    def counts(self, field: str, terms: Sequence[str]) -> list[int]:
        """In how many articles of the archive each term stands."""
        mark = "=" if field == "exact" else ""
        return [self.known.get(mark + term, 0) for term in terms]


def _by_index(conn: Connection) -> None:
    """For this transaction. The planner knows not what unpacking an article's terms costs, so it would
    rather read all of them than ask the index, or look each match up in every branch: a hundred times slower
    on 10,000 articles. Nor does compiling a search's many small branches pay."""
    for setting in ("enable_seqscan", "enable_nestloop", "jit"):
        conn.execute(sa.text(f"SET LOCAL {setting} = off"))


def _document(row: sa.Row[Any]) -> Document:
    title, lead, *body = row.exact.split("\n")
    moment = datetime.fromtimestamp(row.minute * 60, UTC)
    day = None if row.day is None else datetime.fromordinal(row.day).date()
    return Document(
        row.article, row.story, title, lead, tuple(body), row.outlet, tuple(row.topics), day, moment
    )


def _rough(terms: dict[str, float], where: Condition) -> sa.Select[tuple[int]]:
    """The BEST of those that match, by the sum of what their terms are worth at their level of weight."""
    matching = (
        sa.select(texts.c.article)
        .where(where)
        .cte("matching")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    hits = _hits({lexeme: part for term, worth in terms.items() for lexeme, part in _steps(term, worth)})
    score = sa.func.sum(hits.c.worth)
    chosen = sa.select(matching.c.article).join(hits, hits.c.article == matching.c.article)
    return chosen.group_by(matching.c.article).order_by(score.desc(), matching.c.article.desc()).limit(BEST)


def _steps(term: str, worth: float) -> Iterator[tuple[str, float]]:
    """A term is worth half to be there, and the rest by how heavy it is."""
    yield term, worth / 2
    for level in range(1, 1 + len(LEVELS)):
        yield f"{term}~{level}", worth / 2 / len(LEVELS)


def _hits(worth: Mapping[str, float]) -> sa.Subquery:
    """(article, story, worth) for each lexeme that an article holds: out of the index, no text is unpacked."""
    branches = [
        sa.select(texts.c.article, texts.c.story, sa.literal(value).label("worth")).where(_holds([lexeme]))
        for lexeme, value in worth.items()
    ]
    return sa.union_all(*branches).subquery()


def _outside(where: Condition) -> Condition:
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


def _holds(lexemes: Iterable[str]) -> Condition:
    """All of these terms (see `postgres_terms.number`); nothing holds all of none."""
    wanted: dict[str, list[int]] = {}
    for lexeme in lexemes:
        wanted.setdefault(_column(lexeme), []).append(number(lexeme))
    holding = [
        texts.c[name].contains(sa.literal(numbers, ARRAY(sa.BigInteger))) for name, numbers in wanted.items()
    ]
    return sa.and_(*holding) if holding else sa.false()


def _column(lexeme: str) -> str:
    if lexeme.startswith("="):
        return "accented"
    return "heavier" if lexeme.startswith("^") or "~" in lexeme else "terms"


def _word(word: Word) -> Condition:
    tokens = analysis.folded(word.text)
    ways = [_holds(tokens) if word.loose or len(tokens) == 1 else _phrase(word.text, False)]
    return sa.or_(*ways, *(_phrase(other, False) for other in word.other))


def _phrase(text: str, accented: bool) -> Condition:
    tokens = analysis.exact(text) if accented else analysis.folded(text)
    mark = "=" if accented else ""
    terms = [f"{mark}{one} {two}" for one, two in pairwise(tokens)] or [mark + token for token in tokens]
    if len(tokens) < 3:
        return _holds(terms)
    column = texts.c.exact if accented else texts.c.folded
    return _holds(terms) & (sa.func.strpos(column, spaced(" ".join(tokens))) > 0)


def _title(node: Title) -> Condition:
    phrase = isinstance(node.inner, Phrase)
    typed = [node.inner.text] if isinstance(node.inner, Phrase) else [word.text for word in node.inner.words]
    parts: list[Condition] = []
    for text in typed:
        accented = phrase and is_accented(text)
        tokens = analysis.exact(text) if accented else analysis.folded(text)
        headline = sa.func.split_part(texts.c.exact if accented else texts.c.folded, "\n", 1)
        parts.append(_holds([f"^{fold(token)}" for token in tokens]))
        parts.append(sa.func.strpos(headline, spaced(" ".join(tokens))) > 0)
    return sa.and_(*parts)


def _dated(node: Dated) -> Condition:
    parts: list[Condition] = [texts.c.day.is_not(None)]
    if node.first:
        parts.append(texts.c.day >= node.first.toordinal())
    if node.last:
        parts.append(texts.c.day <= node.last.toordinal())
    return sa.and_(*parts)
