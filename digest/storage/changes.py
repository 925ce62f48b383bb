"""The counter that only grows: each change of an article, its taggings or its story takes its next number."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from digest.storage.schema import articles, counters

_CHANGED = counters.c.name == "changed"
_GROWN = (
    sa.update(counters)
    .where(_CHANGED)
    .values(value=counters.c.value + sa.bindparam("how_many"))
    .returning(counters.c.value)
)
_NUMBERED = (
    sa.update(articles).where(articles.c.id == sa.bindparam("article")).values(changed=sa.bindparam("number"))
)


def take_turn(conn: Connection) -> None:
    """Waits for other writers, so that numbers become visible in the order they were given.

    Without it an index that has seen 7 could miss a 6 that is committed later. On SQLite the
    transaction itself is the turn; on PostgreSQL this row's lock is.
    """
    if conn.dialect.name != "sqlite":
        conn.execute(sa.select(counters.c.value).where(_CHANGED).with_for_update())


def next_number(conn: Connection, how_many: int = 1) -> int:
    """The last of the next `how_many` numbers."""
    return int(conn.execute(_GROWN, {"how_many": how_many}).scalar_one())


def touched(conn: Connection, article_ids: list[int]) -> None:
    """Notes that something beside the articles' own rows (a tagging, a story) changed."""
    ids = sorted(set(article_ids))
    if not ids:
        return
    take_turn(conn)
    first = next_number(conn, len(ids)) - len(ids) + 1
    rows = [{"article": id, "number": first + place} for place, id in enumerate(ids)]
    conn.execute(_NUMBERED, rows)
