"""The ledger's states, checked whole: nothing that may have been taken is ever offered again by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from digest.errors import UsageError
from digest.mail.ledger import BACK_OFF, Entry, Event, Forbidden, State, after, allowed, back_off, plan
from digest.mail.pace import Limits, Pace, reach
from digest.mail.server import server

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def test_only_planned_and_deferred_are_ever_offered():
    assert {state for state in State if Event.OFFER in allowed(state)} == {State.PLANNED, State.DEFERRED}


def test_sent_and_refused_are_final_and_unknown_waits_for_a_wish():
    assert allowed(State.SENT) == allowed(State.REFUSED) == frozenset()
    assert allowed(State.UNKNOWN) == {Event.RETRY}


def test_what_is_found_in_sending_is_unknown():
    assert after(State.SENDING, Event.FOUND) is after(State.SENDING, Event.SILENT) is State.UNKNOWN


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_every_step_is_allowed_or_forbidden(state, event):
    if event in allowed(state):
        assert after(state, event) in State
    else:
        with pytest.raises(Forbidden):
            after(state, event)


class Life(RuleBasedStateMachine):
    """Any history of one delivery: the letters a recipient can have got, at least and at most."""

    def __init__(self):
        super().__init__()
        self.state, self.surely, self.maybe, self.wishes = State.PLANNED, 0, 0, 0

    @rule(event=st.sampled_from(Event))
    def happen(self, event):
        if event not in allowed(self.state):
            return
        self.state = after(self.state, event)
        self.surely += event is Event.ACCEPTED
        self.maybe += event in (Event.SILENT, Event.FOUND)
        self.wishes += event is Event.RETRY

    @invariant()
    def never_twice(self):
        assert self.surely <= 1
        assert self.surely + self.maybe <= 1 + self.wishes


TestLife = Life.TestCase

names = st.sampled_from("abcdefgh")


@given(st.lists(names), st.dictionaries(names, st.sampled_from(State)), st.sets(names), st.booleans())
def test_a_plan_touches_each_once_and_sends_nothing_twice(listed, known, gone, retry):
    entries = {name: Entry(name, state) for name, state in known.items()}
    made = plan(listed, entries, gone, retry_unknown=retry)
    assert set(made.new) | set(made.new_suppressed) == set(listed) - set(known)
    assert not (set(made.new) | set(made.come_back) | set(made.retry)) & gone
    assert all(known[name] is State.SUPPRESSED for name in made.come_back)
    assert {name for name, state in known.items() if state is State.SENDING} == set(made.found)
    assert all(known[name] in (State.UNKNOWN, State.SENDING) for name in made.retry)
    assert bool(made.retry) <= retry
    claimed = {name: Entry(name, state, claimed=True) for name, state in known.items()}
    waiting = {
        name for name, state in known.items() if state in (State.PLANNED, State.DEFERRED, State.SENDING)
    }
    assert set(plan(listed, claimed, gone, retry_unknown=retry).found) == waiting
    for name in made.leave:
        after(known[name], Event.LEAVE)


def test_back_off_grows_and_ends():
    waits = [back_off(tries) for tries in range(1, len(BACK_OFF) + 1)]
    assert waits == sorted(waits) and sum(waits, timedelta()) > timedelta(hours=16)
    assert back_off(0) is None and back_off(len(BACK_OFF) + 1) is None


@given(
    st.builds(Limits, st.integers(0, 5), st.integers(0, 12), st.integers(0, 20)),
    st.lists(st.integers(0, 4000), max_size=40),
)
def test_no_window_ever_holds_more_than_its_limit(limits, gaps):
    pace, at, past = Pace(limits), NOW, []
    for gap in gaps:
        at = pace.free_at(at + timedelta(seconds=gap))
        pace.note(at)
        past.append(at)
    for most, span in limits.windows():
        assert all(sum(1 for one in past if end - span < one <= end) <= most for end in past)


def test_earlier_runs_count():
    limits = Limits(minute=2)
    earlier = [NOW - timedelta(seconds=50), NOW - timedelta(seconds=10)]
    assert Pace(limits, earlier).free_at(NOW) == NOW + timedelta(seconds=10)
    assert reach(limits) == timedelta(minutes=1) and reach(Limits()) == timedelta(0)
    assert Pace(Limits(), earlier).free_at(NOW) == NOW


def test_server_addresses():
    made = server("smtp://ban%40tin:m%C3%A3%3A1@smtp.example.vn?starttls=1")
    assert (made.host, made.port, made.security, made.user, made.password) == (
        "smtp.example.vn",
        587,
        "starttls",
        "ban@tin",
        "mã:1",
    )
    assert (server("smtps://smtp.example.vn").port, server("smtps://a.vn:8465").security) == (465, "tls")
    assert server("smtp://127.0.0.1:1025").security == "none" and server("smtp://[::1]:25").loopback
    assert "mã:1" not in repr(made)


@pytest.mark.parametrize(
    "url",
    [
        "smtp.example.vn:587",
        "http://smtp.example.vn",
        "smtp://",
        "smtp://bantin:mat-khau@smtp.example.vn:25",
        "smtp://bantin:mat-khau@a.vn:x",
        "smtp://a.vn?tls=1",
    ],
)
def test_server_addresses_that_are_none_or_would_show_a_password(url):
    with pytest.raises(UsageError) as wrong:
        server(url)
    assert "mat-khau@a" not in str(wrong.value) and "bantin" not in str(wrong.value)
