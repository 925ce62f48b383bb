"""The search tables of the PostgreSQL engine, in a schema of their own: derived, made again at will."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR, insert
from sqlalchemy.engine import Connection

from digest.search import analysis
from digest.search.document import Document
from digest.storage.engine import Archive, chunks
from digest.text.normalise import fold

SCHEMA = "digest_search"
LEVELS = (90, 140, 185)
"""Weights (1 to 255) from which a term is also kept as a heavier one: enough to choose whom to rank."""
MOST_TERMS = 20_000
"""Terms of one article at the most; a tsvector takes a megabyte."""

metadata = sa.MetaData(schema=SCHEMA)
stamp = sa.Table(
    "stamp",
    metadata,
    sa.Column("analysis", sa.Integer, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
)
texts = sa.Table(
    "texts",
    metadata,
    sa.Column("article", sa.BigInteger, primary_key=True),
    sa.Column("story", sa.BigInteger, nullable=False),
    sa.Column("day", sa.Integer),
    sa.Column("minute", sa.Integer, nullable=False, index=True),
    sa.Column("outlet", sa.Text, nullable=False),
    sa.Column("topics", ARRAY(sa.Text), nullable=False),
    sa.Column("terms", TSVECTOR, nullable=False),
    sa.Column("exact", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False),
    sa.Index("ix_texts_terms", "terms", postgresql_using="gin"),
)
counts = sa.Table(
    "counts",
    metadata,
    sa.Column("term", sa.Text, primary_key=True),
    sa.Column("articles", sa.Integer, nullable=False),
)


def make(conn: Connection) -> None:
    """Makes the tables, empty, in place of any there were."""
    conn.execute(sa.text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
    conn.execute(sa.text(f"CREATE SCHEMA {SCHEMA}"))
    metadata.create_all(conn)
    conn.execute(sa.insert(stamp).values(analysis=analysis.VERSION, seq=0))


def present(conn: Connection) -> int | None:
    """Up to which change the tables know the archive; None where they must be made (again)."""
    found = conn.execute(
        sa.text("SELECT 1 FROM information_schema.tables WHERE table_schema = :s AND table_name = 'stamp'"),
        {"s": SCHEMA},
    ).first()
    if found is None:
        return None
    row = conn.execute(sa.select(stamp.c.analysis, stamp.c.seq)).first()
    return int(row.seq) if row is not None and row.analysis == analysis.VERSION else None


def size(conn: Connection) -> int:
    """How many articles the tables hold."""
    return int(conn.execute(sa.select(sa.func.count()).select_from(texts)).scalar_one())


def row(conn: Connection, article: int) -> sa.Row[Any] | None:
    """What the tables hold of an article."""
    return conn.execute(sa.select(texts).where(texts.c.article == article)).first()


class Counts:
    """In how many articles terms stand, asked of the tables."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        with archive.reading() as conn:
            self.articles = size(conn)

    def counts(self, field: str, terms: Sequence[str]) -> list[int]:
        """For terms of the field "text" (folded) or "exact" (with accents)."""
        mark = "=" if field == "exact" else ""
        known: dict[str, int] = {}
        with self._archive.reading() as conn:
            for some in chunks([mark + term for term in dict.fromkeys(terms)]):
                found = sa.select(counts.c.term, counts.c.articles).where(counts.c.term.in_(some))
                known |= {row.term: row.articles for row in conn.execute(found)}
        return [known.get(mark + term, 0) for term in terms]


def put(conn: Connection, documents: Sequence[Document], removed: Iterable[int], seq: int) -> None:
    """These documents in place of what was there of them, without `removed`; known up to `seq` then."""
    gone = sorted({*removed, *(one.id for one in documents)})
    lost = conn.execute(
        sa.delete(texts).where(texts.c.article.in_(gone)).returning(sa.func.tsvector_to_array(texts.c.terms))
    )
    change: Counter[str] = Counter()
    for (terms,) in lost:
        change.subtract(term for term in terms if "~" not in term)
    rows = []
    for one in documents:
        terms = lexemes(one)
        change.update(term for term in terms if "~" not in term)
        rows.append(_row(one, terms))
    if rows:
        conn.execute(_INSERT, rows)
    _count(conn, change)
    conn.execute(sa.update(stamp).values(seq=seq))


_INSERT = sa.insert(texts).values(
    **{one.name: sa.bindparam(f"the_{one.name}") for one in texts.c if one.name != "terms"},
    terms=sa.func.array_to_tsvector(sa.bindparam("the_terms", type_=ARRAY(sa.Text))),
)


def _row(one: Document, terms: list[str]) -> dict[str, object]:
    fields = [analysis.exact(text) for text in (one.title, one.lead, *one.body)]
    exact = "\n".join("".join(f" {token} " for token in tokens) for tokens in fields)
    return {
        "the_article": one.id,
        "the_story": one.story,
        "the_day": one.day.toordinal() if one.day else None,
        "the_minute": int(one.moment.timestamp()) // 60,
        "the_outlet": one.outlet,
        "the_topics": list(one.topics),
        "the_terms": terms,
        "the_exact": exact,
        "the_folded": fold(exact),
    }


def _count(conn: Connection, change: Counter[str]) -> None:
    """Adds to the counts of terms, in the terms' order so that two writers never wait for each other.

    The terms go over as two arrays: as so many parameters they took two thirds of all indexing."""
    terms = sorted(term for term, by in change.items() if by)
    if terms:
        conn.execute(_ADD, {"the_terms": terms, "the_changes": [change[term] for term in terms]})


def _adding() -> sa.Executable:
    given = (
        sa.func.unnest(
            sa.bindparam("the_terms", type_=ARRAY(sa.Text)),
            sa.bindparam("the_changes", type_=ARRAY(sa.Integer)),
        )
        .table_valued("term", "articles")
        .render_derived()
    )
    adding = insert(counts).from_select(["term", "articles"], sa.select(given.c.term, given.c.articles))
    return adding.on_conflict_do_update(
        index_elements=[counts.c.term], set_={"articles": counts.c.articles + adding.excluded.articles}
    )


_ADD = _adding()


def tidy(conn: Connection) -> None:
    """After many changes: what waits beside the index goes into it, and the planner learns the tables' sizes."""
    conn.execute(sa.select(sa.func.gin_clean_pending_list(f"{SCHEMA}.ix_texts_terms")))
    for table in (texts, counts):
        conn.execute(sa.text(f"ANALYZE {SCHEMA}.{table.name}"))


def lexemes(one: Document) -> list[str]:
    """Syllables and pairs folded, the same with accents after "=", the headline's after "^"; a folded term
    of great weight again with "~1" to "~3"."""
    fields = [analysis.exact(text) for text in (one.title, one.lead, *one.body)]
    exact: set[str] = set()
    folded: Counter[str] = Counter()
    length = 0
    for place, tokens in enumerate(fields):
        worth = (analysis.TITLE, analysis.LEAD)[place] if place < 2 else analysis.BODY
        plain = [fold(token) for token in tokens]
        length += worth * len(tokens)
        for term in (*plain, *(f"{a} {b}" for a, b in pairwise(plain))):
            folded[term] += worth
        exact.update(f"={term}" for term in (*tokens, *(f"{a} {b}" for a, b in pairwise(tokens))))
    norm = analysis.K1 * (1 - analysis.B + analysis.B * length / analysis.USUAL)
    heavy = [f"{term}~{level}" for term, count in folded.items() for level in _levels(count, norm)]
    title = {f"^{fold(token)}" for token in fields[0]}
    return sorted([*list(folded)[:MOST_TERMS], *heavy[:MOST_TERMS], *sorted(exact)[:MOST_TERMS], *title])


def _levels(count: int, norm: float) -> Iterable[int]:
    weight = 255 * count / (count + norm)
    return (level for level, least in enumerate(LEVELS, 1) if weight >= least)
