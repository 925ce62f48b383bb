"""Weeks, months and periods as an editor in Hải Phòng counts them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import clock
from digest.errors import UsageError


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


def test_a_week_has_seven_days_from_monday():
    week = clock.week("2026-W47")
    assert (week.first, week.last) == (date(2026, 11, 16), date(2026, 11, 22))
    assert str(week) == "2026-11-16/2026-11-22"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-24T08:00", "2026-W47"),  # a Tuesday: still the week before
        ("2026-11-25T23:59", "2026-W47"),
        ("2026-11-26T00:00", "2026-W48"),  # from Thursday on the current one
        ("2026-11-29T23:59", "2026-W48"),
        ("2027-01-01T09:00", "2026-W53"),
    ],
)
def test_weekly_means_the_current_week_from_thursday_on(moment, expected):
    assert clock.working_week(at(moment)).name == expected


def test_weeks_are_cut_in_vietnam_not_in_utc():
    # 18:30 UTC on Wednesday is Thursday in Việt Nam.
    assert clock.working_week(datetime(2026, 11, 25, 18, 30, tzinfo=UTC)).name == "2026-W48"


def test_a_period_ends_at_the_next_midnight():
    week = clock.week("2026-W47")
    assert week.start == datetime(2026, 11, 15, 17, tzinfo=UTC)
    assert week.end == datetime(2026, 11, 22, 17, tzinfo=UTC)


def test_a_month_is_due_in_the_week_of_its_last_day():
    assert clock.month_due(clock.week("2026-W49")).name == "2026-11"  # holds Monday 30 November
    assert clock.month_due(clock.week("2026-W48")) is None
    assert clock.month_due(clock.week("2026-W53")).name == "2026-12"


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_every_month_is_due_exactly_once(day):
    month = clock.month(f"{day:%Y-%m}")
    weeks = {clock.week_of(month.last).name}
    assert clock.month_due(clock.week_of(month.last)) == month
    for near in (month.last.replace(day=1), month.last.replace(day=15)):
        due = clock.month_due(clock.week_of(near))
        assert due != month or clock.week_of(near).name in weeks


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_periods_are_read_back_from_their_names(day):
    for period in (clock.week_of(day), clock.month(f"{day:%Y-%m}"), clock.days(day, day)):
        assert clock.period(period.name) == period


@pytest.mark.parametrize(
    "name", ["2026-W54", "2026-W00", "2026-47", "tuần này", "", "2026-13", "2026-11-31_2026-12-01"]
)
def test_what_is_no_period_is_said_with_an_example(name):
    with pytest.raises(UsageError) as error:
        clock.period(name)
    assert "2026-" in str(error.value)


def test_now_can_be_set_for_rehearsals(monkeypatch):
    monkeypatch.setenv("DIGEST_NOW", "2026-11-24T10:47")
    assert clock.now() == datetime(2026, 11, 24, 3, 47, tzinfo=UTC)


def test_days_are_read_both_ways():
    assert clock.iso_day("24/11/2026") == clock.iso_day("2026-11-24") == date(2026, 11, 24)
    with pytest.raises(UsageError):
        clock.iso_day("31/02/2026")
