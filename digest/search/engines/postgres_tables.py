"""The search tables of the PostgreSQL engine: derived, made again at will, a generation beside the one in use.

Each generation is a schema of its own. `digest_search.current` names the one that is searched: readers ask
for it in their own moment of the database, and a generation that went out of use stays until the next run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Connection

from digest.search import analysis, generations
from digest.search.engines.postgres_terms import number
from digest.storage.engine import Archive, chunks

SCHEMA = "digest_search"
GENERATION = "generation"
"""Stands for the generation's schema in these tables; see `looking`."""
LAYOUT = 3
"""Counts up with every change of these tables."""

current = sa.Table("current", sa.MetaData(schema=SCHEMA), sa.Column("name", sa.Text, nullable=False))
metadata = sa.MetaData(schema=GENERATION)
stamp = sa.Table(
    "stamp",
    metadata,
    sa.Column("analysis", sa.Integer, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("articles", sa.Integer, nullable=False),  # counting them would take a look at every row
    sa.Column("upto", sa.BigInteger),  # while it is being filled: up to which change, without indexes
)
texts = sa.Table(
    "texts",
    metadata,
    sa.Column("article", sa.BigInteger, nullable=False),
    sa.Column("story", sa.BigInteger, nullable=False),
    sa.Column("day", sa.Integer),
    sa.Column("minute", sa.Integer, nullable=False),
    sa.Column("outlet", sa.Text, nullable=False),
    sa.Column("topics", ARRAY(sa.Text), nullable=False),
    # Apart, so that three connections index them at once.
    sa.Column("terms", ARRAY(sa.BigInteger), nullable=False),
    sa.Column("accented", ARRAY(sa.BigInteger), nullable=False),
    sa.Column("heavier", ARRAY(sa.BigInteger), nullable=False),
    sa.Column("exact", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False),
)
ARRAYS = (texts.c.terms, texts.c.accented, texts.c.heavier)
WRITTEN = tuple(one for one in texts.c if one.name not in {array.name for array in ARRAYS})
"""What of an article is read; the numbers are for the indexes, and dear to bring over."""
counts = sa.Table(
    "counts",
    metadata,
    sa.Column("term", sa.BigInteger, nullable=False),
    sa.Column("articles", sa.Integer, nullable=False),
)
parts = sa.Table("parts", metadata, *(sa.Column(one.name, one.type, nullable=False) for one in counts.c))
"""While a generation is being filled: counts over some of its articles each."""
INDEXES = (
    *((sa.Index(f"ix_texts_{one.name}", one, postgresql_using="gin"),) for one in ARRAYS),
    (
        sa.Index("ix_texts_article", texts.c.article, unique=True),
        sa.Index("ix_texts_minute", texts.c.minute),
        sa.Index("ix_texts_story", texts.c.story, texts.c.article),
        sa.Index("ix_texts_day", texts.c.day),
        sa.Index("ix_texts_outlet", texts.c.outlet),
        sa.Index("ix_texts_topics", texts.c.topics, postgresql_using="gin"),
    ),
    (sa.Index("ix_counts_term", counts.c.term, unique=True),),
)
"""In groups that may be made at the same time."""


# --- generations --------------------------------------------------------------------------------


def looking(conn: Connection, name: str) -> Connection:
    """The connection, for which these tables are those of that generation."""
    return conn.execution_options(schema_translate_map={GENERATION: name})


def at(conn: Connection) -> Connection:
    """The connection, looking at the generation in use; SearchError without one."""
    name = in_use(conn)
    if name is None:
        raise generations.missing()
    return looking(conn, name)


def in_use(conn: Connection) -> str | None:
    """The generation that is searched."""
    if not _exists(conn, f"{SCHEMA}.current"):
        return None
    name = conn.scalar(sa.select(current.c.name))
    return name if name is not None and _exists(conn, f"{name}.stamp") else None


def unfinished(conn: Connection, last: int) -> str | None:
    """The newest generation that an interrupted run left half filled and that can be gone on with, now that
    the archive's last change is `last`."""
    for name in reversed(_all(conn)):
        if name != in_use(conn) and _exists(conn, f"{name}.stamp"):
            row = conn.execute(sa.select(stamp), **_in(name)).first()
            if row is not None and row.analysis == _version() and 0 < (row.upto or 0) <= last:
                return name
    return None


def begin(conn: Connection, upto: int) -> str:
    """A new generation, empty and without indexes, to be filled up to a change of the archive."""
    name = f"{SCHEMA}_{1 + max((_turn(one) for one in _all(conn)), default=0)}"
    conn.execute(sa.text(f"CREATE SCHEMA {name}"))
    looking(conn, name)
    for table in (stamp, texts, counts, parts):
        conn.execute(sa.schema.CreateTable(table))
    for column in ARRAYS:  # numbers at random: to compress them would be for nothing
        conn.execute(sa.text(f"ALTER TABLE {name}.texts ALTER {column.name} SET STORAGE EXTERNAL"))
    # Numbers and texts apart from what is counted and sorted by, which is then read in an eighth of the pages.
    conn.execute(sa.text(f"ALTER TABLE {name}.texts SET (toast_tuple_target = 320)"))
    conn.execute(sa.insert(stamp).values(analysis=_version(), seq=0, articles=0, upto=upto))
    return name


def use(conn: Connection, name: str) -> None:
    """From now on that generation, filled and indexed, is the one that is searched."""
    if not _exists(conn, f"{SCHEMA}.current"):
        conn.execute(sa.text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))  # an older layout's tables
        conn.execute(sa.text(f"CREATE SCHEMA {SCHEMA}"))
        conn.execute(sa.schema.CreateTable(current))
    conn.execute(sa.delete(current))
    conn.execute(sa.insert(current).values(name=name))
    articles = sa.select(sa.func.count()).select_from(texts).scalar_subquery()
    conn.execute(sa.update(stamp).values(upto=None, articles=articles), **_in(name))
    conn.execute(sa.text(f"DROP TABLE {name}.parts"))


def drop_others(conn: Connection, *kept: str | None) -> None:
    """Away with what is no longer in use; waits for those who still read it."""
    for name in _all(conn):
        if name not in kept:
            conn.execute(sa.text(f"DROP SCHEMA {name} CASCADE"))


def make(conn: Connection) -> None:
    """An empty generation, in use."""
    name = begin(conn, 0)
    for group in INDEXES:
        for index in group:
            conn.execute(sa.schema.CreateIndex(index))
    use(conn, name)


def present(conn: Connection) -> int | None:
    """Up to which change the tables know the archive; None where they must be made (again). The connection
    looks at them then."""
    name = in_use(conn)
    if name is None:
        return None
    row = looking(conn, name).execute(sa.select(stamp.c.analysis, stamp.c.seq)).first()
    return int(row.seq) if row is not None and row.analysis == _version() else None


def _version() -> int:
    return 1000 * LAYOUT + analysis.VERSION


def _in(name: str) -> dict[str, Any]:
    return {"execution_options": {"schema_translate_map": {GENERATION: name}}}


def _exists(conn: Connection, table: str) -> bool:
    return conn.scalar(sa.select(sa.func.to_regclass(table))) is not None


def _all(conn: Connection) -> list[str]:
    """Every generation there is, the newest last."""
    found = conn.scalars(
        sa.text("SELECT nspname FROM pg_namespace WHERE nspname ~ :named"), {"named": f"^{SCHEMA}_[0-9]+$"}
    )
    return sorted(found, key=_turn)


def _turn(name: str) -> int:
    return int(name.rpartition("_")[2])


# --- what they hold -----------------------------------------------------------------------------


def size(conn: Connection) -> int:
    """How many articles the tables hold."""
    return int(conn.execute(sa.select(stamp.c.articles)).scalar_one())


def row(conn: Connection, article: int) -> sa.Row[Any] | None:
    """What the tables hold of an article."""
    return at(conn).execute(sa.select(*WRITTEN).where(texts.c.article == article)).first()


def counted(conn: Connection, terms: Iterable[str]) -> dict[str, int]:
    """In how many articles terms stand (see `postgres_terms.number`); those in none are left out."""
    by_number = {number(term): term for term in terms}
    known: dict[str, int] = {}
    for some in chunks(list(by_number)):
        found = sa.select(counts.c.term, counts.c.articles).where(counts.c.term.in_(some))
        known |= {by_number[row.term]: row.articles for row in conn.execute(found) if row.articles > 0}
    return known


class Counts:
    """In how many articles terms stand, asked of the tables."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        with archive.reading() as conn:
            self.articles = size(at(conn))

    def counts(self, field: str, terms: Sequence[str]) -> list[int]:
        """For terms of the field "text" (folded) or "exact" (with accents)."""
        mark = "=" if field == "exact" else ""
        with self._archive.reading() as conn:
            known = counted(at(conn), [mark + term for term in terms])
        return [known.get(mark + term, 0) for term in terms]
