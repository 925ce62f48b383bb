"""Filling the search tables of the PostgreSQL engine: a few articles in place of others, or a whole generation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.engine import Connection

from digest.search.document import Document
from digest.search.engines import postgres_copy as copying
from digest.search.engines.postgres_tables import ARRAYS, at, counts, in_use, parts, stamp, texts
from digest.search.engines.postgres_terms import Numbered, Numbers, Vocabulary, numbered


def put(conn: Connection, documents: Sequence[Document], removed: Iterable[int], seq: int) -> None:
    """These documents in place of what was there of them, without `removed`; known up to `seq` then."""
    at(conn)
    gone = sorted({*removed, *(one.id for one in documents)})
    lost = conn.execute(_LOST, {"gone": gone}).all()
    fewer = conn.execute(sa.delete(texts).where(texts.c.article.in_(gone))).rowcount
    terms, by = fill(conn, documents, Vocabulary())
    change = dict(zip(terms.tolist(), by.tolist(), strict=True))
    for term, articles in lost:
        change[term] = change.get(term, 0) - articles
    _count(conn, change)
    articles = stamp.c.articles + len(documents) - fewer
    conn.execute(sa.update(stamp).values(seq=seq, articles=articles))


_LOST = (
    sa.select(sa.func.unnest(texts.c.terms.op("||")(texts.c.accented)).label("term"), sa.func.count())
    .where(texts.c.article == sa.func.any(sa.bindparam("gone", type_=ARRAY(sa.BigInteger))))
    .group_by("term")
)


def fill(conn: Connection, documents: Sequence[Document], known: Vocabulary) -> tuple[Numbers, Numbers]:
    """Puts in documents that are not there yet; the terms that count, with in how many of them each stands."""
    found: list[Numbers] = [np.empty(0, np.int64)]

    def rows() -> Iterator[bytes]:
        for one in documents:  # the server takes one in while we number the next
            made = numbered(one, known)
            found.extend((made.terms, made.accented))
            yield _row(one, made)

    copying.copy(conn, texts, rows())
    terms, articles = np.unique(np.concatenate(found), return_counts=True)
    return terms, articles.astype(np.int64)


def _row(one: Document, made: Numbered) -> bytes:
    """In the order of the table's columns."""
    return copying.row(
        copying.bigint(one.id),
        copying.bigint(one.story),
        copying.integer(one.day.toordinal() if one.day else None),
        copying.integer(int(one.moment.timestamp()) // 60),
        copying.text(one.outlet),
        copying.texts(one.topics),
        *map(copying.bigints, (made.terms, made.accented, made.heavier)),
        copying.text(made.exact),
        copying.text(made.folded),
    )


def _count(conn: Connection, change: Mapping[int, int]) -> None:
    """Adds to the counts of terms, in the terms' order so that two writers never wait for each other.

    The terms go over as two arrays: as so many parameters they took two thirds of all indexing."""
    terms = sorted(term for term, by in change.items() if by)
    if terms:
        conn.execute(_ADD, {"the_terms": terms, "the_changes": [change[term] for term in terms]})


def _adding() -> sa.Executable:
    given = (
        sa.func.unnest(
            sa.bindparam("the_terms", type_=ARRAY(sa.BigInteger)),
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


# --- whole generations, and after many changes ------------------------------------------------------


def index(conn: Connection, group: Sequence[sa.Index]) -> None:
    """Makes indexes, and before theirs the counts; what an interrupted run has made already is left."""
    _with_memory(conn)
    for one in group:
        if one.table is counts:
            _sum_up(conn)
        conn.execute(sa.schema.CreateIndex(one, if_not_exists=True))


def _sum_up(conn: Connection) -> None:
    """The counts out of their parts; done again, the same."""
    conn.execute(sa.delete(counts))
    articles = sa.cast(sa.func.sum(parts.c.articles), sa.Integer)
    summed = sa.select(parts.c.term, articles).group_by(parts.c.term)
    conn.execute(sa.insert(counts).from_select(["term", "articles"], summed))


def gather(conn: Connection) -> None:
    """For this transaction: what comes waits beside the indexes until `tidy`, however much it is."""
    conn.execute(sa.text("SET LOCAL gin_pending_list_limit = '1GB'"))


def tidy(conn: Connection, measured: bool) -> None:
    """After many changes: what waits beside the indexes goes into them; then the planner learns the tables'
    sizes, if they are to be `measured`."""
    name = in_use(conn)
    _with_memory(conn)
    for column in ARRAYS:
        conn.execute(sa.select(sa.func.gin_clean_pending_list(f"{name}.ix_texts_{column.name}")))
    if measured and name is not None:
        measure(conn, name)


def measure(conn: Connection, name: str) -> None:
    """The planner learns the sizes of a generation's tables."""
    for table in (texts, counts):
        conn.execute(sa.text(f"ANALYZE {name}.{table.name}"))


def _with_memory(conn: Connection) -> None:
    """For this transaction: an index is made in pieces that fit, and more than the usual 64 MB is at hand."""
    for setting in ("maintenance_work_mem", "work_mem"):
        conn.execute(sa.text(f"SET LOCAL {setting} = '256MB'"))
