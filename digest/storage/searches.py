"""Saved searches: named queries, and up to which article each has told what is new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from digest.storage import changes
from digest.storage.schema import searches as s


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A named query; `filters` as the search page's parameters, `seen` is the id of the latest article that it has told."""

    id: str
    name: str
    query: str
    created: datetime
    filters: Mapping[str, str] = field(default_factory=dict)
    created_by: str = ""
    seen: int = 0


def save(conn: Connection, search: SavedSearch) -> None:
    """Keeps a saved search, in place of an earlier one of that id."""
    changes.take_turn(conn)
    conn.execute(sa.delete(s).where(s.c.id == search.id))
    row = {"id": search.id, "name": search.name, "query": search.query, "created": search.created}
    rest = {"filters": dict(search.filters), "created_by": search.created_by, "seen": search.seen}
    conn.execute(sa.insert(s).values(**row, **rest))


def told(conn: Connection, id: str, seen: int) -> None:
    """The weekly report has told what is new up to this article."""
    conn.execute(sa.update(s).where(s.c.id == id).values(seen=seen))


def get(conn: Connection, id: str) -> SavedSearch | None:
    """The saved search of that id."""
    return next((search for search in list_all(conn) if search.id == id), None)


def list_all(conn: Connection) -> list[SavedSearch]:
    """All saved searches by id."""
    columns = (s.c.id, s.c.name, s.c.query, s.c.created, s.c.filters, s.c.created_by, s.c.seen)
    return [SavedSearch(*row) for row in conn.execute(sa.select(*columns).order_by(s.c.id))]


def remove(conn: Connection, id: str) -> bool:
    """Forgets a saved search; whether there was one."""
    return bool(conn.execute(sa.delete(s).where(s.c.id == id)).rowcount)
