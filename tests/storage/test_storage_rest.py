"""Sources' memory and health, runs, saved searches, the mail ledger."""

from datetime import UTC, date, datetime, timedelta

import pytest

from digest.model import ApprovedEdition
from digest.storage import deliveries, editions, runs, searches, sources

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def test_a_source_is_remembered(writing):
    assert sources.memory(writing, "a") is None
    said = sources.EntryMemory('"e"', "Tue", "hash", "https://moi.example.vn/rss")
    sources.remember(writing, "a", said)
    assert sources.memory(writing, "a") == said
    sources.remember(writing, "a", sources.EntryMemory())
    assert sources.memory(writing, "a") == sources.EntryMemory()


def test_health_counts_failures_in_a_row_and_keeps_the_rhythm(writing):
    sources.record(writing, "a", NOW, True, 3)
    sources.record(writing, "a", NOW + timedelta(days=1), True, 0)
    for day in (2, 3):
        sources.record(writing, "a", NOW + timedelta(days=day), False, 0, "máy chủ không trả lời")
    health = sources.health(writing)["a"]
    assert (health.failures, health.reason) == (2, "máy chủ không trả lời")
    assert health.last_try == NOW + timedelta(days=3)
    assert health.last_success == NOW + timedelta(days=1)
    assert (health.last_new, health.new_dates) == (NOW, (NOW,))
    sources.record(writing, "a", NOW + timedelta(days=4), True, 1)
    health = sources.health(writing)["a"]
    assert (health.failures, health.reason, len(health.new_dates)) == (0, "", 2)


def test_the_rhythm_is_bounded(writing):
    for n in range(sources.RHYTHM + 20):
        sources.record(writing, "a", NOW + timedelta(hours=n), True, 1)
    dates = sources.health(writing)["a"].new_dates
    assert len(dates) == sources.RHYTHM
    assert dates[-1] == NOW + timedelta(hours=sources.RHYTHM + 19)


def test_runs_and_what_a_killed_one_looks_like(writing):
    done, killed = runs.start(writing, "weekly", NOW), runs.start(writing, "collect", NOW)
    runs.finish(writing, done, NOW + timedelta(minutes=1), 3, {"new": 4, "lý do": "một nguồn lỗi"})
    recent = runs.recent(writing, 5)
    assert [(run.id, run.code, run.finished) for run in recent] == [
        (killed, None, None),
        (done, 3, NOW + timedelta(minutes=1)),
    ]
    assert recent[1].report == {"new": 4, "lý do": "một nguồn lỗi"}
    assert len(runs.recent(writing, 1)) == 1


def test_saved_searches(writing):
    search = searches.SavedSearch(
        "ton-giao-moi", "Tôn giáo", '"tôn giáo"', NOW, {"outlet": "Báo Sông Vân"}, "thoa"
    )
    searches.save(writing, search)
    searches.told(writing, search.id, 42)
    assert searches.get(writing, search.id).seen == 42
    searches.save(writing, search)
    assert searches.list_all(writing) == [search]
    assert searches.remove(writing, search.id) and not searches.remove(writing, search.id)


@pytest.fixture
def dispatch(writing):
    day = date(2026, 11, 16)
    editions.approve(writing, ApprovedEdition("b/2026-W47", "b", 0, "B", day, day, "", NOW), {})
    return deliveries.open_dispatch(writing, "b/2026-W47", "ben-thu", NOW, "Bản tin số 1")


def test_a_dispatch_is_begun_once(writing, dispatch):
    assert deliveries.open_dispatch(writing, "b/2026-W47", "ben-thu", NOW) == dispatch
    assert deliveries.dispatch(writing, "b/2026-W47", "ben-thu") == dispatch
    assert deliveries.dispatch(writing, "b/2026-W47", "khac") is None


def test_planning_again_adds_only_the_new(writing, dispatch):
    assert deliveries.plan(writing, dispatch.id, [("h1", "m1"), ("h2", "m2")], NOW) == 2
    assert deliveries.plan(writing, dispatch.id, [("h2", "m2"), ("h3", "m3"), ("h3", "m3")], NOW) == 1
    assert [one.recipient for one in deliveries.all_of(writing, dispatch.id)] == ["h1", "h2", "h3"]


def test_states_tries_and_what_is_due(writing, dispatch):
    deliveries.plan(writing, dispatch.id, [("h1", "m1"), ("h2", "m2"), ("h3", "m3")], NOW)
    one, two, three = (delivery.id for delivery in deliveries.due(writing, dispatch.id, NOW))
    deliveries.set_state(writing, [one], "sent", NOW, tried=True)
    later = NOW + timedelta(minutes=20)
    deliveries.set_state(writing, [two], "deferred", NOW, detail="451", not_before=later, tried=True)
    assert [one.id for one in deliveries.due(writing, dispatch.id, NOW)] == [three]
    due = deliveries.due(writing, dispatch.id, later)
    assert [(one.id, one.tries, one.detail) for one in due] == [(two, 1, "451"), (three, 0, "")]
    assert deliveries.tried_since(writing, ["ben-thu"], NOW) == [NOW, NOW]
    summary = deliveries.summaries(writing)[0]
    assert dict(summary.counts) == {"planned": 3, "waiting": 1, "sent": 1, "deferred": 1}
    assert deliveries.by_message_id(writing, "m1").state == "sent"
    with pytest.raises(ValueError, match="lost"):
        deliveries.set_state(writing, [one], "lost", NOW)


def test_suppressions_and_bounces(writing):
    assert deliveries.suppress(writing, "h1", "tự rời danh sách", NOW)
    assert not deliveries.suppress(writing, "h1", "lần nữa", NOW)
    assert deliveries.suppressed(writing, ["h1", "h2"]) == {"h1": "tự rời danh sách"}
    assert deliveries.bounced(writing, "h2", "m2", hard=False, detail="452", when=NOW)
    assert not deliveries.bounced(writing, "h2", "m2", hard=False, detail="452", when=NOW)
    assert deliveries.soft_bounces(writing, "h2") == 1
    assert deliveries.unsuppress(writing, "h1")
    assert deliveries.suppressed(writing, ["h1"]) == {}
