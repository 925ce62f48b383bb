"""The audit log: who did what at the desk, and when; only ever added to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from digest.storage.schema import audit as a


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing done. `action` is a word of the code; `subject` what it was done to."""

    at: datetime
    who: str
    action: str
    subject: str
    detail: Mapping[str, Any]


def note(
    conn: Connection,
    *,
    at: datetime,
    who: str,
    action: str,
    subject: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Adds one line; never a password, never a recipient's address."""
    conn.execute(
        sa.insert(a).values(at=at, who=who, action=action, subject=subject, detail=dict(detail or {}))
    )


def recent(conn: Connection, n: int, before: int | None = None) -> list[tuple[int, Deed]]:
    """The last n lines with their numbers, the newest first; `before` a number, for paging."""
    query = sa.select(a).order_by(a.c.id.desc()).limit(n)
    if before is not None:
        query = query.where(a.c.id < before)
    return [
        (row.id, Deed(row.at, row.who, row.action, row.subject, row.detail)) for row in conn.execute(query)
    ]


def hands(conn: Connection, action: str, subject: str) -> set[str]:
    """Everyone who did this to that."""
    return set(conn.scalars(sa.select(a.c.who).where((a.c.action == action) & (a.c.subject == subject))))
