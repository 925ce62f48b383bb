"""Writes the mail ledger letter by letter; on SQLite without waiting for the disk each time."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

from digest.storage import deliveries
from digest.storage.deliveries import Step
from digest.storage.engine import BUSY_SECONDS, Archive, explained

_ADVANCE = (
    "UPDATE deliveries SET state = ?, changed = ?, detail = ?, not_before = ? WHERE id = ? AND state = ?"
)
_OFFER = (
    "UPDATE deliveries SET state = 'sending', changed = ?1, tried = ?1, tries = tries + 1, detail = '', "
    "not_before = NULL WHERE id = ?2 AND state = ?3 "
    "AND NOT EXISTS (SELECT 1 FROM suppressions WHERE suppressions.recipient = deliveries.recipient)"
)


class Pen:
    """Commits that outlive the process at once, and a power cut only after `Archive.writing` has committed.

    A commit that waits for the disk costs 0.4 to 4 ms, as much as the whole letter; this one 0.05.
    What a power cut may take is bounded by claims, see `digest.mail.books`. On PostgreSQL, whose
    server keeps every commit, `lasting` is true and nothing is gained or lost.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._own: sqlite3.Connection | None = None
        if archive.file is not None:
            self._own = sqlite3.connect(archive.file, timeout=BUSY_SECONDS, isolation_level=None)
            self._own.execute("PRAGMA foreign_keys = ON")
            self._own.execute("PRAGMA synchronous = NORMAL")
            # Copying the log into the database waits for the disk: every 800 letters rather than 200.
            self._own.execute("PRAGMA wal_autocheckpoint = 4000")

    @property
    def lasting(self) -> bool:
        """True where every commit outlives a power cut."""
        return self._own is None

    def write(self, steps: Sequence[Step], offer: tuple[int, str] | None, when: datetime) -> bool:
        """Commits steps, and that a delivery (id, state it was in) is being sent from now on.

        False when that delivery is no longer so or its recipient has been suppressed: nothing may
        be sent then. StorageError, with nothing written, when the disk refuses.
        """
        if self._own is None:
            with self._archive.writing() as conn:
                deliveries.take_steps(conn, steps)
                return offer is None or deliveries.offer(conn, *offer, when)
        try:
            return self._written(self._own, steps, offer, when)
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):  # after a full disk SQLite has rolled back by itself
                self._own.execute("ROLLBACK")
            raise explained(error, str(self._archive.file)) from error

    def _written(
        self, own: sqlite3.Connection, steps: Sequence[Step], offer: tuple[int, str] | None, when: datetime
    ) -> bool:
        own.execute("BEGIN IMMEDIATE")
        for step in steps:
            wait = _stamp(step.not_before) if step.not_before else None
            own.execute(_ADVANCE, (step.state, _stamp(step.when), step.detail, wait, step.id, step.was))
        taken = offer is None or own.execute(_OFFER, (_stamp(when), *offer)).rowcount == 1
        own.execute("COMMIT")
        return taken

    def close(self) -> None:
        """Gives the connection back."""
        if self._own is not None:
            self._own.close()


def _stamp(when: datetime) -> str:
    """As SQLAlchemy keeps an instant in SQLite."""
    utc = when if when.tzinfo is UTC else when.astimezone(UTC)
    return utc.isoformat(" ", "microseconds")[:26]
