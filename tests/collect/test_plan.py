"""What is decided of pages before and after anything is fetched."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback_outlet import NOW

from digest.collect import memory as memories
from digest.collect import plan
from digest.collect.memory import Memory
from digest.collect.plan import Found, Wanted
from digest.model import Entry, Source
from digest.storage.articles import Known

FIRST, SECOND = (Source(id, "Báo Thử", "feed", f"https://bao.example/{id}") for id in ("mot", "hai"))
ENTRY = Entry("https://bao.example/tin-1.html", "Tiêu đề", published=NOW - timedelta(hours=5))


def known(**changes):
    have = Known(7, ENTRY.url, 1, "full", "live", "", "", NOW, 0, None, "x")
    return replace(have, **changes)


def wanted(have, *, changed=False, now=NOW, skipped=frozenset()):
    merged = {ENTRY.url: Wanted(ENTRY.url, FIRST, ENTRY)}
    table = {ENTRY.url: have} if have else {}
    return plan.wanted(merged, table, {ENTRY.url} if changed else set(), set(skipped), now)


def test_an_article_of_two_sources_is_one_under_the_first():
    merged = plan.merge(
        [Found(FIRST, (Entry("u", "Từ một"),)), Found(SECOND, (Entry("u", "Từ hai", "Sapô"),))]
    )
    assert merged["u"].source == FIRST
    assert (merged["u"].entry.title, merged["u"].entry.lead) == ("Từ một", "Sapô")


def test_include_exclude_and_limit_choose_entries():
    source = replace(FIRST, include=("/xay-dung-dang/",), exclude=("video",), limit=2)
    urls = [
        "/xay-dung-dang/1",
        "/the-thao/2",
        "/xay-dung-dang/video/3",
        "/xay-dung-dang/1",
        "/xay-dung-dang/4",
        "/xay-dung-dang/5",
    ]
    assert [e.url for e in plan.chosen(source, [Entry(url) for url in urls])] == [
        "/xay-dung-dang/1",
        "/xay-dung-dang/4",
    ]


def test_of_a_dated_feed_the_newest_are_looked_at():
    entries = [Entry(str(n), published=NOW - timedelta(days=n)) for n in (3, 1, 2)]
    assert [e.url for e in plan.chosen(replace(FIRST, limit=2), entries)] == ["1", "2"]


def test_a_new_article_is_asked_for_and_a_known_one_is_not():
    assert len(wanted(None)) == 1
    assert wanted(known()) == []


def test_a_page_that_was_gone_thrice_is_let_be():
    assert wanted(None, skipped={ENTRY.url}) == []


def test_what_could_not_be_had_is_asked_for_when_its_time_has_come():
    assert wanted(known(text="none", next_try=NOW))
    assert not wanted(known(text="none", next_try=NOW + timedelta(minutes=1)))
    assert not wanted(known(text="none", next_try=None))


def test_a_known_article_is_looked_at_again_when_its_entry_changed_or_its_first_days_pass():
    assert wanted(known(), changed=True)
    assert wanted(known(), now=NOW + timedelta(hours=21))
    assert not wanted(known(), now=NOW + timedelta(days=9))
    assert not wanted(known(state="takedown"), changed=True)


def test_waits_grow_and_end():
    waits = [plan.next_try(tries, NOW) for tries in range(plan.MOST_TRIES + 1)]
    assert waits[0] == NOW and waits[-1] is None
    assert waits[:-1] == sorted(waits[:-1])


def test_memory_survives_being_stored():
    memory = Memory(
        '"e1"', "Fri, 20 Nov 2026 01:00:00 GMT", "https://bao.example/moi", "abc", memories.seen([ENTRY])
    )
    assert memories.recall(memories.pack(memory, FIRST), FIRST) == memory


@pytest.mark.parametrize(
    "change", [{"url": "https://bao.example/khac"}, {"limit": 9}, {"include": ("/a/",)}, {"kind": "listing"}]
)
def test_a_source_that_an_editor_changed_is_asked_anew(change):
    stored = memories.pack(Memory("e", body="b"), FIRST)
    assert memories.recall(stored, replace(FIRST, **change)) is None


def test_a_changed_word_in_an_entry_is_noticed():
    before = Memory(seen=memories.seen([ENTRY]))
    assert plan.corrected([Found(FIRST, (ENTRY,), before)]) == set()
    assert plan.corrected([Found(FIRST, (replace(ENTRY, title="Tiêu đề đã sửa"),), before)]) == {ENTRY.url}


def test_pages_gone_are_counted_per_run():
    seen = memories.seen([ENTRY])
    key = memories.short(ENTRY.url)
    once = plan.marked_gone(None, seen, {key})
    twice = plan.marked_gone(Memory(seen=once), seen, {key})
    assert (once[key], twice[key]) == ("-1", "-2")
    assert plan.given_up([Found(FIRST, (ENTRY,), Memory(seen={key: "-3"}))]) == {ENTRY.url}
    assert plan.corrected([Found(FIRST, (ENTRY,), Memory(seen=once))]) == set()


entries = st.builds(
    Entry, st.sampled_from("abcd"), st.sampled_from(["", "T1", "T2"]), st.sampled_from(["", "L"])
)


@given(st.lists(entries, max_size=6), st.lists(entries, max_size=6))
def test_merging_names_each_address_once_and_loses_nothing_said(one, two):
    merged = plan.merge([Found(FIRST, tuple(one)), Found(SECOND, tuple(two))])
    assert set(merged) == {entry.url for entry in (*one, *two)}
    for url, want in merged.items():
        assert bool(want.entry.title) == any(e.title for e in (*one, *two) if e.url == url)


def test_what_was_fetched_in_the_future_is_looked_at_when_the_clock_is_right_again():
    future = NOW + timedelta(days=900)
    failed = known(text="none", fetched=future, next_try=future + timedelta(hours=1))
    assert wanted(failed) and wanted(known(fetched=future))
    assert not wanted(replace(failed, next_try=None))  # given up
    assert not wanted(replace(failed, fetched=NOW, next_try=NOW + timedelta(hours=1)))
