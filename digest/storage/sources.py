"""What is remembered of each source: its validators, its health, and the rhythm of its news."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from digest.storage.schema import sources as s

RHYTHM = 60  # so many times of new articles are kept: enough for a rhythm, little to read


@dataclass(frozen=True, slots=True)
class EntryMemory:
    """What the last good answer of an entry point said; `redirected_to` is a permanent move."""

    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    redirected_to: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """How a source fares; `failures` in a row, `new_dates` when new articles came, oldest first."""

    last_try: datetime | None = None
    last_success: datetime | None = None
    last_new: datetime | None = None
    failures: int = 0
    reason: str = ""
    new_dates: tuple[datetime, ...] = field(default=())


def memory(conn: Connection, source_id: str) -> EntryMemory | None:
    """What is remembered of an entry point, None before its first good answer."""
    columns = (s.c.etag, s.c.last_modified, s.c.body_hash, s.c.redirected_to)
    row = conn.execute(sa.select(*columns).where(s.c.id == source_id)).first()
    return EntryMemory(*row) if row else None


def remember(conn: Connection, source_id: str, memory: EntryMemory) -> None:
    """Keeps what an entry point's good answer said, in place of what was kept."""
    _ensure(conn, source_id)
    new = {
        "etag": memory.etag,
        "last_modified": memory.last_modified,
        "body_hash": memory.body_hash,
        "redirected_to": memory.redirected_to,
    }
    conn.execute(sa.update(s).where(s.c.id == source_id).values(**new))


def record(conn: Connection, source_id: str, when: datetime, ok: bool, new: int, reason: str = "") -> None:
    """Notes one try: whether the entry point answered, and how many new articles it brought."""
    _ensure(conn, source_id)
    row = conn.execute(sa.select(s.c.failures, s.c.new_dates).where(s.c.id == source_id)).one()
    noted: dict[str, object] = {"last_try": when, "reason": "" if ok else reason}
    noted["failures"] = 0 if ok else row.failures + 1
    if ok:
        noted["last_success"] = when
    if new:
        noted["last_new"] = when
        noted["new_dates"] = [*row.new_dates, when.isoformat()][-RHYTHM:]
    conn.execute(sa.update(s).where(s.c.id == source_id).values(**noted))


def health(conn: Connection) -> dict[str, Health]:
    """How each source that was ever tried fares, by id."""
    return {row.id: _health(row) for row in conn.execute(sa.select(s))}


def _health(row: Row[Any]) -> Health:
    return Health(
        last_try=row.last_try,
        last_success=row.last_success,
        last_new=row.last_new,
        failures=row.failures,
        reason=row.reason,
        new_dates=tuple(datetime.fromisoformat(text) for text in row.new_dates),
    )


def _ensure(conn: Connection, source_id: str) -> None:
    if conn.execute(sa.select(s.c.id).where(s.c.id == source_id)).first() is None:
        conn.execute(sa.insert(s).values(id=source_id, new_dates=[]))
