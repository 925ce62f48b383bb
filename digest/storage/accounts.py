"""Accounts of the desk and their sessions; passwords and tokens are kept as hashes only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from digest.storage.schema import sessions as s
from digest.storage.schema import users as u

ROLES = ("editor", "approver", "center", "admin")


@dataclass(frozen=True, slots=True)
class Account:
    """Who may sit at the desk. `center` is set for the role of that name."""

    login: str
    name: str
    role: str
    center: str
    password_hash: str
    active: bool
    failures: int
    locked_until: datetime | None
    created: datetime


def _account(row: Row[Any]) -> Account:
    return Account(
        row.login,
        row.name,
        row.role,
        row.center,
        row.password_hash,
        row.active,
        row.failures,
        row.locked_until,
        row.created,
    )


def get(conn: Connection, login: str) -> Account | None:
    """The account of that login."""
    row = conn.execute(sa.select(u).where(u.c.login == login)).first()
    return _account(row) if row else None


def list_all(conn: Connection) -> list[Account]:
    """All accounts by login."""
    return [_account(row) for row in conn.execute(sa.select(u).order_by(u.c.login))]


def put(
    conn: Connection, *, login: str, name: str, role: str, center: str, password_hash: str, when: datetime
) -> None:
    """Makes an account, or changes all of one; a changed password ends its sessions and its lock."""
    values: dict[str, Any] = {"name": name, "role": role, "center": center, "password_hash": password_hash}
    values |= {"active": True, "failures": 0, "locked_until": None}
    changed = conn.execute(sa.update(u).where(u.c.login == login).values(**values)).rowcount
    if not changed:
        conn.execute(sa.insert(u).values(login=login, created=when, **values))
    end_all(conn, login)


def set_active(conn: Connection, login: str, active: bool) -> bool:
    """Shuts an account or opens it again; False if there is none. Shutting ends its sessions."""
    if not active:
        end_all(conn, login)
    row = sa.update(u).where(u.c.login == login).values(active=active, failures=0, locked_until=None)
    return bool(conn.execute(row).rowcount)


def failed(conn: Connection, login: str, locked_until: datetime | None) -> None:
    """One more wrong password, and until when nobody may try again."""
    row = sa.update(u).where(u.c.login == login)
    conn.execute(row.values(failures=u.c.failures + 1, locked_until=locked_until))


def succeeded(conn: Connection, login: str) -> None:
    """A right password: earlier failures are forgotten."""
    conn.execute(sa.update(u).where(u.c.login == login).values(failures=0, locked_until=None))


# --- sessions -------------------------------------------------------------------------------


def begin(conn: Connection, *, token_hash: str, login: str, when: datetime, expires: datetime) -> None:
    """A new session; those that have ended are swept out."""
    conn.execute(sa.delete(s).where(s.c.expires <= when))
    conn.execute(
        sa.insert(s).values(token_hash=token_hash, login=login, created=when, seen=when, expires=expires)
    )


def who(conn: Connection, token_hash: str, now: datetime) -> tuple[Account, datetime] | None:
    """The active account of a living session, and when it was last seen."""
    query = sa.select(u, s.c.seen).join(s, s.c.login == u.c.login)
    alive = (s.c.token_hash == token_hash) & (s.c.expires > now) & u.c.active
    row = conn.execute(query.where(alive)).first()
    return (_account(row), row.seen) if row else None


def seen(conn: Connection, token_hash: str, when: datetime, expires: datetime) -> None:
    """The session was used; it may live on until then."""
    conn.execute(sa.update(s).where(s.c.token_hash == token_hash).values(seen=when, expires=expires))


def end(conn: Connection, token_hash: str) -> None:
    """Ends one session."""
    conn.execute(sa.delete(s).where(s.c.token_hash == token_hash))


def end_all(conn: Connection, login: str) -> None:
    """Ends every session of an account."""
    conn.execute(sa.delete(s).where(s.c.login == login))
