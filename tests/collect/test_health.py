from datetime import timedelta

from loopback_outlet import NOW

from digest.collect.health import judge, longest_likely
from digest.storage.sources import Health

DAY = timedelta(days=1)


def daily(days, last=NOW):
    return tuple(last - DAY * n for n in reversed(range(days)))


def health(new_dates, last_success=NOW, **more):
    return Health(
        last_try=last_success, last_success=last_success, last_new=new_dates[-1], new_dates=new_dates, **more
    )


def test_a_source_never_asked_is_new():
    assert judge(None, NOW).state == "new"


def test_a_daily_source_that_brings_news_is_well():
    assert judge(health(daily(20)), NOW).state == "ok"


def test_a_daily_source_silent_for_a_fortnight_raises_an_alarm():
    judged = judge(health(daily(20, NOW - 14 * DAY)), NOW)
    assert judged.state == "silent"
    assert "14 ngày" in judged.alarm


def test_a_weekly_journal_may_be_silent_for_a_fortnight():
    weekly = tuple(NOW - 14 * DAY - 7 * DAY * n for n in reversed(range(10)))
    assert judge(health(weekly), NOW).state == "ok"


def test_time_in_which_nobody_asked_is_no_silence():
    last = NOW - 60 * DAY
    assert judge(health(daily(20, last), last_success=last), NOW).state == "ok"


def test_failures_in_a_row_are_said_with_their_reason():
    judged = judge(health(daily(20), failures=3, reason="không kết nối được tới máy chủ"), NOW + 2 * DAY)
    assert judged.state == "failing"
    assert "3" in judged.alarm and "không kết nối được" in judged.alarm


def test_little_is_likely_before_a_rhythm_is_known():
    assert longest_likely(daily(3)) == timedelta(days=21)
