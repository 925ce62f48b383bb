"""The mail ledger: dispatches, their deliveries by keyed hash, suppressions and bounces; never an address."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from digest.storage import changes
from digest.storage.engine import chunks
from digest.storage.schema import bounces as b
from digest.storage.schema import deliveries as d
from digest.storage.schema import dispatches as p
from digest.storage.schema import suppressions as s

STATES = ("planned", "sending", "sent", "refused", "unknown", "deferred", "suppressed")
SHOWN_STATES = tuple(state for state in STATES if state != "sending")


CLAIMED = "claimed "  # in `detail`: may have been sent since, if the machine stopped meanwhile


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One sending of an edition by a center.

    `counts`: state → deliveries, but `planned` counts all recipients it was ever planned for, and
    `waiting` those whose turn has not come.
    """

    id: int
    edition: str
    center: str
    created: datetime
    subject: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One recipient of a dispatch; `recipient` is a keyed hash, `tried` the last attempt."""

    id: int
    dispatch: int
    recipient: str
    state: str
    tries: int
    not_before: datetime | None
    tried: datetime | None
    changed: datetime
    detail: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Step:
    """One delivery from a state to the next, as the mail room's ledger allows it."""

    id: int
    was: str
    state: str
    when: datetime
    detail: str = ""
    not_before: datetime | None = None


def open_dispatch(conn: Connection, edition: str, center: str, when: datetime, subject: str = "") -> Dispatch:
    """The dispatch of an approved edition by a center, begun if there is none yet."""
    changes.take_turn(conn)
    found = dispatch(conn, edition, center)
    if found is None:
        conn.execute(sa.insert(p).values(edition=edition, center=center, created=when, subject=subject))
        found = dispatch(conn, edition, center)
    assert found is not None
    return found


def dispatch(conn: Connection, edition: str, center: str) -> Dispatch | None:
    """The dispatch of an edition by a center, if one was begun."""
    found = _dispatches(conn, (p.c.edition == edition) & (p.c.center == center))
    return found[0] if found else None


def summaries(conn: Connection, edition: str | None = None) -> list[Dispatch]:
    """All dispatches, or one edition's, the newest first."""
    return _dispatches(conn, sa.true() if edition is None else p.c.edition == edition)


def _dispatches(conn: Connection, where: sa.ColumnElement[bool]) -> list[Dispatch]:
    counts: dict[int, dict[str, int]] = {}
    grouped = sa.select(d.c.dispatch, d.c.state, sa.func.count()).join(p, p.c.id == d.c.dispatch)
    for id, state, number in conn.execute(grouped.where(where).group_by(d.c.dispatch, d.c.state)):
        of = counts.setdefault(id, {"planned": 0})
        of["planned"] += number
        if state != "planned":
            of[state] = number
        else:
            of["waiting"] = number
    rows = conn.execute(sa.select(p).where(where).order_by(p.c.id.desc()))
    return [
        Dispatch(row.id, row.edition, row.center, row.created, row.subject, counts.get(row.id, {}))
        for row in rows
    ]


def totals(conn: Connection) -> dict[str, int]:
    """State → deliveries of all dispatches."""
    query = sa.select(d.c.state, sa.func.count()).group_by(d.c.state)
    return {row[0]: row[1] for row in conn.execute(query)}


def plan(conn: Connection, dispatch_id: int, recipients: Iterable[tuple[str, str]], when: datetime) -> int:
    """Adds (recipient hash, message id) pairs that the dispatch lacks as planned; how many were added."""
    changes.take_turn(conn)
    have = set(conn.scalars(sa.select(d.c.recipient).where(d.c.dispatch == dispatch_id)))
    rows = [
        {"dispatch": dispatch_id, "recipient": recipient, "message_id": message_id, "changed": when}
        for recipient, message_id in dict(recipients).items()
        if recipient not in have
    ]
    if rows:
        conn.execute(sa.insert(d), rows)
    return len(rows)


def in_states(conn: Connection, dispatch_id: int, states: Collection[str]) -> list[Delivery]:
    """The deliveries of a dispatch in these states, in the order they were planned."""
    here = (d.c.dispatch == dispatch_id) & d.c.state.in_(states)
    return [_delivery(row) for row in conn.execute(sa.select(d).where(here).order_by(d.c.id))]


def unreached_by(conn: Connection, slip: Dispatch | None, dispatch_id: int, states: Collection[str]) -> int:
    """How many deliveries of a dispatch in these states a correction slip's dispatch has yet to reach.

    Once the slip was begun, only those count that came after: others may have left the list before.
    """
    left = sa.exists().where(s.c.recipient == d.c.recipient)  # these get no slip either
    query = sa.select(sa.func.count()).where((d.c.dispatch == dispatch_id) & d.c.state.in_(states) & ~left)
    if slip is not None:
        told = sa.select(d.c.recipient).where(d.c.dispatch == slip.id)
        query = query.where(d.c.recipient.not_in(told) & (d.c.changed >= slip.created))
    waiting = slip.counts.get("waiting", 0) + slip.counts.get("deferred", 0) if slip else 0
    return int(conn.execute(query).scalar_one()) + waiting


def all_of(conn: Connection, dispatch_id: int) -> list[Delivery]:
    """Every delivery of a dispatch, in the order they were planned."""
    return in_states(conn, dispatch_id, STATES)


def due(conn: Connection, dispatch_id: int, now: datetime, limit: int | None = None) -> list[Delivery]:
    """Deliveries that may be sent now: planned ones, and deferred ones whose time has come."""
    waited = (d.c.state == "deferred") & (d.c.not_before.is_(None) | (d.c.not_before <= now))
    here = (d.c.dispatch == dispatch_id) & ((d.c.state == "planned") | waited)
    return [_delivery(row) for row in conn.execute(sa.select(d).where(here).order_by(d.c.id).limit(limit))]


def set_state(
    conn: Connection,
    ids: Collection[int],
    state: str,
    when: datetime,
    *,
    detail: str = "",
    not_before: datetime | None = None,
    tried: bool = False,
) -> None:
    """Moves deliveries to a state; `tried` counts an attempt at that moment (the state machine decides)."""
    if state not in STATES:
        raise ValueError(state)
    new: dict[str, Any] = {"state": state, "changed": when, "detail": detail, "not_before": not_before}
    if tried:
        new |= {"tried": when, "tries": d.c.tries + 1}
    for some in chunks(list(ids)):
        conn.execute(sa.update(d).where(d.c.id.in_(some)).values(**new))


_ADVANCE = (
    sa.update(d)
    .where((d.c.id == sa.bindparam("delivery")) & (d.c.state == sa.bindparam("was")))
    .values(
        state=sa.bindparam("now_is"),
        changed=sa.bindparam("at"),
        detail=sa.bindparam("said"),
        not_before=sa.bindparam("wait"),
    )
)
# Somebody who leaves while a long run goes on is not written to any more.
_OFFER = _ADVANCE.where(~sa.exists().where(s.c.recipient == d.c.recipient)).values(
    tried=sa.bindparam("at"), tries=d.c.tries + 1
)


def offer(conn: Connection, id: int, was: str, when: datetime) -> bool:
    """Moves one delivery to `sending` and counts the try; False when it is not in state `was` any
    more or its recipient has been suppressed meanwhile, and then nothing may be sent.
    """
    values = {"delivery": id, "was": was, "now_is": "sending", "at": when, "said": "", "wait": None}
    return conn.execute(_OFFER, values).rowcount == 1


def take_steps(conn: Connection, steps: Iterable[Step]) -> None:
    """Moves deliveries from the states they were in; one that is there no more is left alone."""
    for step in steps:
        values = {"delivery": step.id, "was": step.was, "now_is": step.state, "at": step.when}
        conn.execute(_ADVANCE, values | {"said": step.detail, "wait": step.not_before})


def claim(conn: Connection, ids: Collection[int], mark: str) -> None:
    """Notes on deliveries that wait that they may be sent from now on; `mark` names this boot of the machine.

    What `Pen` writes afterwards may not outlive a power cut, this does (see `digest.mail.books`).
    """
    for some in chunks(list(ids)):
        waiting = d.c.id.in_(some) & d.c.state.in_(("planned", "deferred"))
        conn.execute(sa.update(d).where(waiting).values(detail=CLAIMED + mark))


def unclaim(conn: Connection, ids: Collection[int]) -> None:
    """Takes such notes back."""
    for some in chunks(list(ids)):
        claimed = d.c.id.in_(some) & d.c.detail.startswith(CLAIMED)
        conn.execute(sa.update(d).where(claimed).values(detail=""))


def tried_since(conn: Connection, centers: Collection[str], since: datetime) -> list[datetime]:
    """When deliveries of these centers were last attempted, from `since` on, oldest first.

    Centers that share a mailbox share its limits; rates outlive restarts this way.
    """
    query = sa.select(d.c.tried).join(p, p.c.id == d.c.dispatch)
    here = p.c.center.in_(list(centers)) & (d.c.tried >= since)
    return list(conn.scalars(query.where(here).order_by(d.c.tried)))


def by_message_id(conn: Connection, message_id: str) -> Delivery | None:
    """The delivery that a bounce speaks of."""
    row = conn.execute(sa.select(d).where(d.c.message_id == message_id)).first()
    return _delivery(row) if row else None


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        dispatch=row.dispatch,
        recipient=row.recipient,
        state=row.state,
        tries=row.tries,
        not_before=row.not_before,
        tried=row.tried,
        changed=row.changed,
        detail=row.detail,
        message_id=row.message_id,
    )


# --- those who get nothing more ---------------------------------------------------------------


def suppress(conn: Connection, recipient: str, reason: str, when: datetime) -> bool:
    """This recipient gets nothing more, whoever's list names them; whether that is new."""
    changes.take_turn(conn)
    if conn.execute(sa.select(s.c.recipient).where(s.c.recipient == recipient)).first():
        return False
    conn.execute(sa.insert(s).values(recipient=recipient, reason=reason, since=when))
    return True


def unsuppress(conn: Connection, recipient: str) -> bool:
    """This recipient may be written to again; whether they were suppressed."""
    return bool(conn.execute(sa.delete(s).where(s.c.recipient == recipient)).rowcount)


def suppressed(conn: Connection, recipients: Collection[str]) -> dict[str, str]:
    """Those of the recipients that are suppressed, with the reason."""
    found: dict[str, str] = {}
    for some in chunks(list(recipients)):
        query = sa.select(s.c.recipient, s.c.reason).where(s.c.recipient.in_(some))
        found |= {row.recipient: row.reason for row in conn.execute(query)}
    return found


def forget(conn: Connection, recipient: str) -> int:
    """Removes every trace of a recipient, suppression included; how many rows went."""
    tables = ((d, d.c.recipient), (b, b.c.recipient), (s, s.c.recipient))
    return sum(conn.execute(sa.delete(table).where(key == recipient)).rowcount for table, key in tables)


def bounced(
    conn: Connection, recipient: str, message_id: str, *, hard: bool, detail: str, when: datetime
) -> bool:
    """Notes a bounce once for each message; whether it is new."""
    changes.take_turn(conn)
    here = (b.c.recipient == recipient) & (b.c.message_id == message_id)
    if conn.execute(sa.select(b.c.recipient).where(here)).first():
        return False
    row = {"recipient": recipient, "message_id": message_id, "hard": hard, "detail": detail, "seen": when}
    conn.execute(sa.insert(b).values(**row))
    return True


def soft_bounces(conn: Connection, recipient: str) -> int:
    """How many messages to a recipient have bounced softly."""
    here = (b.c.recipient == recipient) & ~b.c.hard
    return int(conn.execute(sa.select(sa.func.count()).select_from(b).where(here)).scalar_one())
