"""The mail ledger written letter by letter, and what claims leave behind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from digest.model import ApprovedEdition
from digest.storage import deliveries, editions
from digest.storage.deliveries import Step
from digest.storage.pen import Pen

NOW = datetime(2026, 11, 24, 3, 0, 0, 123456, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def planned(archive):
    """Three planned deliveries: their ids."""
    edition = ApprovedEdition(
        "ban-tin/2026-W47", "ban-tin", 0, "Số 1", date(2026, 11, 16), date(2026, 11, 22), "…", NOW
    )
    with archive.writing() as conn:
        editions.approve(conn, edition, {})
        dispatch = deliveries.open_dispatch(conn, edition.id, "dong-mau", NOW)
        deliveries.plan(conn, dispatch.id, [("a", "<1@x>"), ("b", "<2@x>"), ("c", "<3@x>")], NOW)
        return [row.id for row in deliveries.all_of(conn, dispatch.id)]


def rows(archive):
    with archive.reading() as conn:
        found = deliveries.dispatch(conn, "ban-tin/2026-W47", "dong-mau")
        return deliveries.all_of(conn, found.id)


@pytest.fixture
def pen(archive):
    made = Pen(archive)
    yield made
    made.close()


def test_a_step_and_an_offer_in_one(archive, planned, pen):
    one, two, _three = planned
    assert pen.write([], (one, "planned"), NOW)
    assert pen.write(
        [Step(one, "sending", "deferred", NOW, "450 4.2.0 rcpt", LATER)], (two, "planned"), LATER
    )
    first, second, third = rows(archive)
    assert (first.state, first.tries, first.tried, first.not_before) == ("deferred", 1, NOW, LATER)
    assert (first.detail, first.changed) == ("450 4.2.0 rcpt", NOW)
    assert (second.state, second.tried, third.state) == ("sending", LATER, "planned")


def test_what_is_not_as_expected_is_not_offered(archive, planned, pen):
    one, two, _three = planned
    with archive.writing() as conn:
        deliveries.suppress(conn, "b", "unsubscribe", NOW)
    assert pen.write([], (one, "planned"), NOW)
    assert not pen.write([], (one, "planned"), NOW)
    assert not pen.write([Step(one, "sending", "sent", NOW)], (two, "planned"), NOW)
    assert [row.state for row in rows(archive)] == ["sent", "planned", "planned"]
    assert not pen.write([Step(one, "sending", "refused", NOW)], (two, "planned"), NOW)
    assert rows(archive)[0].state == "sent"


def test_claims_are_noted_on_those_who_wait_and_taken_back(archive, planned, pen):
    assert pen.write([], (planned[0], "planned"), NOW)
    with archive.writing() as conn:
        deliveries.claim(conn, planned, "boot")
    assert [row.detail for row in rows(archive)] == ["", "claimed boot", "claimed boot"]
    with archive.writing() as conn:
        deliveries.unclaim(conn, planned)
    assert [row.detail for row in rows(archive)] == ["", "", ""]


def test_counts_of_a_dispatch_name_everyone_as_planned(archive, planned, pen):
    pen.write([], (planned[0], "planned"), NOW)
    pen.write([Step(planned[0], "sending", "sent", NOW)], None, NOW)
    with archive.reading() as conn:
        (found,) = deliveries.summaries(conn)
    assert dict(found.counts) == {"planned": 3, "waiting": 2, "sent": 1}
