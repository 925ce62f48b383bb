"""Keeps the ledger while letters go out: one commit a letter, made before the server may have it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from digest.mail.boot import this_boot
from digest.mail.ledger import Event, State, after
from digest.mail.recipients import Person
from digest.storage import deliveries
from digest.storage.deliveries import Step
from digest.storage.engine import Archive
from digest.storage.pen import Pen

MOST_AHEAD = 512
# A block of claims should last about so long: what a power cut leaves unknown is what it spans.
SECONDS_AHEAD = 0.5


@dataclass(slots=True)
class Item:
    """One recipient in this run: the row of the ledger, and the person, who is known here alone."""

    id: int
    recipient: str
    person: Person
    state: State
    tries: int = 0
    not_before: datetime | None = None


class Books:
    """Writes each result together with the next offer, so that a killed process leaves one `sending`.

    These commits outlive the process, not a power cut: waiting for the disk at each would halve the
    speed. Before letters go out they are therefore claimed, some at a time, in a commit that does
    wait; what a later run on a rebooted machine finds claimed is unknown. How many at a time
    follows the speed, about half a second's: at a slow server it is one, and all is exact.
    """

    def __init__(self, archive: Archive, now: Callable[[], datetime]) -> None:
        self._archive, self._now = archive, now
        self._pen = Pen(archive)
        self._open: list[Step] = []
        self._claimed: set[int] = set()
        self._ahead, self._claimed_at = 1, time.monotonic()

    def offer(self, item: Item, ahead: Callable[[int], Iterable[Item]]) -> bool:
        """Commits that the item is being sent; False: it must not be, because it left or was taken.

        `ahead(n)`: up to n items that will follow soon.
        """
        target = after(item.state, Event.OFFER)
        if not self._pen.lasting and item.id not in self._claimed:
            self._claim(item, ahead)
        if not self._pen.write(self._open, (item.id, item.state.value), self._now()):
            self._open.clear()
            self._left(item)
            return False
        self._open.clear()
        item.state, item.tries = target, item.tries + 1
        return True

    def settle(
        self, item: Item, event: Event, *, detail: str = "", not_before: datetime | None = None
    ) -> None:
        """What became of the item; written with the next commit, or by `flush`."""
        state = after(item.state, event)
        self._open.append(Step(item.id, item.state.value, state.value, self._now(), detail, not_before))
        self._claimed.discard(item.id)
        item.state, item.not_before = state, not_before

    def flush(self) -> None:
        """Commits for good what is known, and takes claims back; before every wait and at the end."""
        if self._open or self._claimed:
            with self._archive.writing() as conn:
                deliveries.take_steps(conn, self._open)
                deliveries.unclaim(conn, self._claimed)
            self._open.clear()
            self._claimed.clear()

    def close(self) -> None:
        """Flushes and ends."""
        try:
            self.flush()
        finally:
            self._pen.close()

    def _claim(self, item: Item, ahead: Callable[[int], Iterable[Item]]) -> None:
        at = time.monotonic()
        quick = at - self._claimed_at < SECONDS_AHEAD
        self._ahead = min(MOST_AHEAD, self._ahead * 2) if quick else max(1, self._ahead // 2)
        ids = {item.id, *(other.id for other in ahead(self._ahead - 1))}
        with self._archive.writing() as conn:
            deliveries.take_steps(conn, self._open)
            deliveries.claim(conn, ids, this_boot())
        self._open.clear()
        self._claimed |= ids
        self._claimed_at = at

    def _left(self, item: Item) -> None:
        with self._archive.reading() as conn:
            left = bool(deliveries.suppressed(conn, [item.recipient]))
        if left:
            gone = after(item.state, Event.LEAVE)
            self._open.append(Step(item.id, item.state.value, gone.value, self._now(), "left"))
            item.state = gone
