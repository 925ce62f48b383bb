"""Correction slips that are still to be sent to those who got the faulty words."""

from __future__ import annotations

from dataclasses import dataclass

from digest.jobs.session import Session
from digest.mail.agenda import REACHED
from digest.storage import deliveries, editions


@dataclass(frozen=True, slots=True)
class Owed:
    """A correction slip that a center has not sent (to its end) to those who got the edition."""

    slip: str
    edition: str
    center: str
    people: int


def slips_owed(session: Session) -> list[Owed]:
    """Approved correction slips that centers still owe to people who got what they correct."""
    owed = []
    with session.archive.reading() as conn:
        sent = {(one.edition, one.center): one for one in deliveries.summaries(conn)}
        for (edition, center), begun in sent.items():
            for slip in editions.slips(conn, edition):
                told = sent.get((slip.id, center))
                people = deliveries.unreached_by(conn, told, begun.id, REACHED)
                if people:
                    owed.append(Owed(slip.id, edition, center, people))
    return owed
