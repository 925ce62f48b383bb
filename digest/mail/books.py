"""Keeps the ledger while letters go out: one commit a letter, made before the server may have it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from digest.mail.ledger import Event, State, after
from digest.mail.recipients import Person
from digest.storage import deliveries
from digest.storage.engine import Archive


@dataclass(slots=True)
class Item:
    """One recipient in this run: the row of the ledger, and the person, who is known here alone."""

    id: int
    recipient: str
    person: Person
    state: State
    tries: int = 0
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    id: int
    was: State
    state: State
    when: datetime
    detail: str
    not_before: datetime | None


class Books:
    """Writes each result together with the next offer: one durable commit (0.4 ms) for each letter.

    A crash between two commits therefore leaves one delivery `sending`, which a later run reads as
    unknown: never two.
    """

    def __init__(self, archive: Archive, now: Callable[[], datetime]) -> None:
        self._archive, self._now = archive, now
        self._open: list[_Step] = []

    def offer(self, item: Item) -> bool:
        """Commits that the item is being sent; False: it must not be, because it left or was taken."""
        target, when = after(item.state, Event.OFFER), self._now()
        with self._archive.writing() as conn:
            self._write(conn)
            taken = deliveries.offer(conn, item.id, item.state.value, when)
            left = not taken and bool(deliveries.suppressed(conn, [item.recipient]))
            if left:
                gone = after(item.state, Event.LEAVE)
                deliveries.advance(conn, item.id, item.state.value, gone.value, when, detail="left")
        self._open.clear()
        if taken:
            item.state, item.tries = target, item.tries + 1
        return taken

    def settle(
        self, item: Item, event: Event, *, detail: str = "", not_before: datetime | None = None
    ) -> None:
        """What became of the item; written with the next commit, or by `flush`."""
        state = after(item.state, event)
        self._open.append(_Step(item.id, item.state, state, self._now(), detail, not_before))
        item.state, item.not_before = state, not_before

    def flush(self) -> None:
        """Commits what is known but not yet written; before every wait and at the end."""
        if self._open:
            with self._archive.writing() as conn:
                self._write(conn)
            self._open.clear()

    def _write(self, conn: Connection) -> None:
        for step in self._open:
            deliveries.advance(
                conn,
                step.id,
                step.was.value,
                step.state.value,
                step.when,
                detail=step.detail,
                not_before=step.not_before,
            )
