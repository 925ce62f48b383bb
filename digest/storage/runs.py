"""Runs of the program's jobs: when, how they ended, and their reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from digest.storage.schema import runs as r


@dataclass(frozen=True, slots=True)
class Run:
    """One run; `finished` and `code` are None while it goes on or when it was killed."""

    id: int
    kind: str
    started: datetime
    finished: datetime | None
    code: int | None
    report: Mapping[str, Any]


def start(conn: Connection, kind: str, when: datetime) -> int:
    """Notes that a run began; its id."""
    row = sa.insert(r).values(kind=kind, started=when, report={})
    return int(conn.execute(row.returning(r.c.id)).scalar_one())


def finish(conn: Connection, id: int, when: datetime, code: int, report: Mapping[str, Any]) -> None:
    """Notes how a run ended; `code` as the command line's exit codes."""
    conn.execute(sa.update(r).where(r.c.id == id).values(finished=when, code=code, report=dict(report)))


def recent(conn: Connection, n: int, kind: str | None = None) -> list[Run]:
    """The last n runs, or those of one kind, the newest first."""
    query = sa.select(r.c.id, r.c.kind, r.c.started, r.c.finished, r.c.code, r.c.report)
    if kind is not None:
        query = query.where(r.c.kind == kind)
    return [Run(*row) for row in conn.execute(query.order_by(r.c.id.desc()).limit(n))]


def last_of_each(conn: Connection) -> list[Run]:
    """The last run of each kind, by kind."""
    newest = sa.select(sa.func.max(r.c.id)).group_by(r.c.kind)
    columns = (r.c.id, r.c.kind, r.c.started, r.c.finished, r.c.code, r.c.report)
    return [
        Run(*row) for row in conn.execute(sa.select(*columns).where(r.c.id.in_(newest)).order_by(r.c.kind))
    ]


def begun_since(conn: Connection, kind: str, since: datetime) -> list[Run]:
    """The runs of a kind that began at `since` or later, the newest first."""
    columns = (r.c.id, r.c.kind, r.c.started, r.c.finished, r.c.code, r.c.report)
    here = (r.c.kind == kind) & (r.c.started >= since)
    return [Run(*row) for row in conn.execute(sa.select(*columns).where(here).order_by(r.c.id.desc()))]
