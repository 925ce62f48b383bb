"""The states of a delivery and what may follow what; pure, so that it can be read and checked whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class State(StrEnum):
    """Where one delivery stands.

    `sending` is committed before the server may have the letter; whoever finds it later cannot
    know what became of it: `unknown`, which nothing but an editor's wish sends again.
    """

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    DEFERRED = "deferred"
    SUPPRESSED = "suppressed"


class Event(StrEnum):
    """What happens to a delivery."""

    OFFER = "offer"  # about to be handed to the server
    RETRY = "retry"  # the editors want an unknown one to be sent again
    ACCEPTED = "accepted"  # the server said 250 to the whole letter
    REFUSED = "refused"  # it said 5xx, or 4xx too often
    PUT_OFF = "put off"  # it said 4xx, or the connection broke before the letter's end
    SILENT = "silent"  # the connection broke after the letter's end: it may have been taken
    FOUND = "found"  # a later run finds it in `sending`, or claimed before the machine stopped
    LEAVE = "leave"  # unsubscribed, bounced, or taken off the list
    RETURN = "return"  # back on the list, and the suppression lifted


_AFTER: Mapping[State, Mapping[Event, State]] = {
    State.PLANNED: {
        Event.OFFER: State.SENDING,
        Event.LEAVE: State.SUPPRESSED,
        Event.FOUND: State.UNKNOWN,
    },
    State.DEFERRED: {
        Event.OFFER: State.SENDING,
        Event.LEAVE: State.SUPPRESSED,
        Event.FOUND: State.UNKNOWN,
    },
    State.UNKNOWN: {Event.RETRY: State.PLANNED},
    State.SUPPRESSED: {Event.RETURN: State.PLANNED},
    State.SENDING: {
        Event.ACCEPTED: State.SENT,
        Event.REFUSED: State.REFUSED,
        Event.PUT_OFF: State.DEFERRED,
        Event.SILENT: State.UNKNOWN,
        Event.FOUND: State.UNKNOWN,
    },
    State.SENT: {},
    State.REFUSED: {},
}


class Forbidden(ValueError):
    """A step that the ledger does not allow: a mistake in the program, not of people."""


def after(state: State, event: Event) -> State:
    """The state that follows; Forbidden when this cannot happen in this state."""
    try:
        return _AFTER[state][event]
    except KeyError:
        raise Forbidden(f"{event.value} in state {state.value}") from None


def allowed(state: State) -> frozenset[Event]:
    """What may happen next; nothing after sent and refused."""
    return frozenset(_AFTER[state])


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger keeps of one recipient (a keyed hash) in one dispatch.

    `claimed`: it was about to be sent when the machine stopped, and what followed may be lost.
    """

    recipient: str
    state: State
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run has to note before it sends: recipients by what happens to them."""

    new: tuple[str, ...] = ()
    new_suppressed: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()
    come_back: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    retry: tuple[str, ...] = ()


def plan(
    listed: Iterable[str], known: Mapping[str, Entry], suppressed: Collection[str], *, retry_unknown: bool
) -> Plan:
    """Compares the list as it is now with the ledger; the order of the list is kept."""
    order = tuple(dict.fromkeys(listed))
    on_list, gone = set(order), set(suppressed)
    open_ = [e for e in known.values() if e.state in (State.PLANNED, State.DEFERRED)]
    waiting = [e for e in open_ if not e.claimed]
    stopped = [e.recipient for e in open_ if e.claimed]
    found = (*(e.recipient for e in known.values() if e.state is State.SENDING), *stopped)
    lost = [e.recipient for e in known.values() if e.state is State.UNKNOWN]
    return Plan(
        new=tuple(r for r in order if r not in known and r not in gone),
        new_suppressed=tuple(r for r in order if r not in known and r in gone),
        leave=tuple(e.recipient for e in waiting if e.recipient in gone or e.recipient not in on_list),
        come_back=tuple(
            r for r in order if r in known and known[r].state is State.SUPPRESSED and r not in gone
        ),
        found=found,
        retry=tuple(r for r in (*lost, *found) if r in on_list and r not in gone) if retry_unknown else (),
    )


# Greylisting servers take a second try after 1-5 minutes; others want hours (RFC 5321, 4.5.4.1).
BACK_OFF = tuple(timedelta(minutes=m) for m in (5, 10, 20, 40, 80, 160, 240, 240, 240, 240))


def back_off(tries: int) -> timedelta | None:
    """How long to wait after so many tries that were put off; None: give up (after about 20 hours)."""
    return BACK_OFF[tries - 1] if 0 < tries <= len(BACK_OFF) else None
