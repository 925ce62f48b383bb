"""What a run has to do: the list as it is now compared with the ledger, changes noted, the rest queued."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.engine import Connection

from digest.mail.address import Hasher
from digest.mail.books import Item
from digest.mail.boot import same_boot, this_boot
from digest.mail.ledger import Entry, State, plan
from digest.mail.message import Template
from digest.mail.recipients import Person
from digest.storage import deliveries
from digest.storage.deliveries import Delivery
from digest.storage.engine import Archive

_OPEN = (State.PLANNED.value, State.DEFERRED.value)
REACHED = (State.SENT.value, State.SENDING.value, State.UNKNOWN.value)


def prepare(
    archive: Archive, template: Template, people: Sequence[Person], when: datetime, *, retry_unknown: bool
) -> list[Item]:
    """Opens or takes up the dispatch of the template's letter, in one transaction.

    Gives what is to be sent, now or when its time comes, in the order of the ledger.
    """
    letter = template.letter
    persons = {template.hash(person.address): person for person in people}
    with archive.writing() as conn:
        dispatch = deliveries.open_dispatch(conn, letter.edition, letter.center, when, letter.subject)
        known = _known(conn, dispatch.id)
        entries = {key: Entry(key, State(row.state), _lost(row.detail)) for key, row in known.items()}
        gone = deliveries.suppressed(conn, list(persons))
        wanted = plan(persons, entries, gone, retry_unknown=retry_unknown)
        new = [(key, template.message_id(key)) for key in persons if key not in known]
        if new:
            deliveries.plan(conn, dispatch.id, new, when)
            known = _known(conn, dispatch.id)
        leave, back = (*wanted.new_suppressed, *wanted.leave), (*wanted.come_back, *wanted.retry)
        _note(conn, wanted.found, known, State.UNKNOWN, "crash", when)
        _note(conn, leave, known, State.SUPPRESSED, "left", when)
        _note(conn, back, known, State.PLANNED, "", when)
        claimed = [row.id for row in known.values() if row.detail.startswith(deliveries.CLAIMED)]
        deliveries.unclaim(conn, claimed)
        if wanted.found or leave or back:
            known = _known(conn, dispatch.id)
    return [
        Item(
            row.id,
            row.recipient,
            persons[row.recipient],
            State(row.state),
            row.tries,
            row.not_before if row.changed <= when else None,  # put off when the clock was ahead: now
        )
        for row in known.values()
        if row.state in _OPEN
    ]


def who_got(
    archive: Archive, people: Sequence[Person], secret: bytes, edition: str, center: str
) -> tuple[Person, ...]:
    """Those of the list who got an edition, or may have: whom a correction slip of it concerns."""
    hashed = Hasher(secret)
    with archive.reading() as conn:
        begun = deliveries.dispatch(conn, edition, center)
        rows = deliveries.in_states(conn, begun.id, REACHED) if begun else []
    reached = {row.recipient for row in rows}
    return tuple(person for person in people if hashed(person.address) in reached)


def _known(conn: Connection, dispatch: int) -> dict[str, Delivery]:
    return {row.recipient: row for row in deliveries.all_of(conn, dispatch)}


def _lost(detail: str) -> bool:
    """Claimed before the machine stopped; in the same boot the ledger is exact."""
    claimed = detail.startswith(deliveries.CLAIMED)
    return claimed and not same_boot(detail.removeprefix(deliveries.CLAIMED), this_boot())


def _note(
    conn: Connection,
    keys: Collection[str],
    known: dict[str, Delivery],
    state: State,
    detail: str,
    when: datetime,
) -> None:
    deliveries.set_state(conn, [known[key].id for key in keys], state.value, when, detail=detail)
