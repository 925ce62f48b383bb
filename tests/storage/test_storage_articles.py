"""Articles are saved once, corrected by new revisions, and never lose a text they had."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.model import Content
from digest.storage import articles, stories

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
CONTENT = Content(
    title="Bến Thử mở lớp học tối",
    dateline="(ĐMO) - ",
    lead="Lớp học có 37 người.",
    paragraphs=("Đoạn một, có “ngoặc kép”.", "Đoạn hai."),
    captions=("Ảnh lớp học",),
    author="Hoài An",
    published=NOW - timedelta(days=2),
    published_raw="22/11/2026 10:00",
    flags=("short",),
)


def save(conn, n=1, content=CONTENT, **more):
    more.setdefault("fetched", NOW)
    return articles.save(
        conn, url=f"https://bao.example.vn/{n}", source="s", outlet="Báo", content=content, **more
    )


def test_what_was_saved_is_read_back_equal(writing):
    saved = save(writing)
    article = articles.get(writing, saved.id)
    assert (saved.outcome, saved.revision) == ("new", 1)
    assert article.content == CONTENT
    assert article.collected == NOW and article.collected.tzinfo is UTC
    assert article.story == article.id
    assert articles.by_url(writing, article.url) == article
    assert articles.revision(writing, saved.id, 1) == article.revision


def test_saving_again_changes_nothing(writing):
    first = save(writing)
    before = articles.get(writing, first.id)
    again = save(
        writing, content=replace(CONTENT, lead="Lớp  học có\u00a037 người."), fetched=NOW + timedelta(1)
    )
    assert (again.id, again.outcome) == (first.id, "unchanged")
    assert articles.get(writing, first.id) == before
    assert articles.known(writing, [before.url])[before.url].fetched == NOW + timedelta(1)


def test_a_correction_is_the_next_revision_and_the_old_one_stays(writing):
    id = save(writing).id
    corrected = replace(CONTENT, paragraphs=("Đoạn một đã sửa.", "Đoạn hai."))
    saved = save(writing, content=corrected, fetched=NOW + timedelta(hours=1))
    assert (saved.id, saved.outcome, saved.revision) == (id, "updated", 2)
    assert [one.content for one in articles.revisions(writing, id)] == [CONTENT, corrected]
    assert articles.get(writing, id).collected == NOW


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Khác"},
        {"lead": "Khác"},
        {"author": "Khác"},
        {"captions": ()},
        {"published": NOW},
        {"dateline": ""},
    ],
)
def test_every_word_and_the_date_count_as_a_correction(writing, change):
    save(writing)
    assert save(writing, content=replace(CONTENT, **change)).outcome == "updated"


def test_flags_and_the_way_a_date_is_written_do_not_count(writing):
    save(writing)
    assert (
        save(writing, content=replace(CONTENT, flags=(), published_raw="hai ngày trước")).outcome
        == "unchanged"
    )


def test_a_page_that_could_not_be_had_is_kept_and_tried_again(writing):
    stated = Content(title=CONTENT.title, lead=CONTENT.lead)
    id = save(writing, content=stated, text="none", reason="403", next_try=NOW + timedelta(hours=1)).id
    assert articles.retry_due(writing, NOW) == []
    assert articles.retry_due(writing, NOW - timedelta(days=900)) != []  # set by a clock that was wrong
    due = articles.retry_due(writing, NOW + timedelta(hours=1))
    assert [(known.id, known.tries, known.text) for known in due] == [(id, 1, "none")]
    save(writing, content=stated, text="none", reason="máy chủ bận", next_try=NOW + timedelta(hours=3))
    assert articles.get(writing, id).revision.reason == "máy chủ bận"
    assert articles.known(writing, [due[0].url])[due[0].url].tries == 2
    full = save(writing)
    assert (full.id, full.outcome, full.revision) == (id, "updated", 2)
    assert articles.retry_due(writing, NOW + timedelta(days=9)) == []
    assert articles.known(writing, [due[0].url])[due[0].url].tries == 0


def test_no_text_never_replaces_a_text(writing):
    id = save(writing).id
    assert save(writing, content=Content(title="Khác"), text="none", reason="403").outcome == "unchanged"
    assert articles.get(writing, id).content == CONTENT


def test_full_after_none_with_the_same_words_is_still_the_next_revision(writing):
    id = save(writing, text="none", reason="403").id
    assert save(writing).revision == 2
    assert articles.get(writing, id).revision.text == "full"


def test_texts_are_stored_nfc(writing):
    id = save(writing, content=replace(CONTENT, title=unicodedata.normalize("NFD", CONTENT.title))).id
    assert articles.get(writing, id).content.title == CONTENT.title
    assert save(writing).outcome == "unchanged"


def test_changed_grows_with_every_change_and_only_then(writing):
    one, two = save(writing, 1).id, save(writing, 2).id
    seen = articles.last_change(writing)
    assert [article.id for article in articles.changed_after(writing, 0)] == [one, two]
    save(writing, 1)
    assert articles.changed_after(writing, seen) == []
    articles.mark(writing, two, "takedown", "theo yêu cầu", NOW)
    articles.mark(writing, two, "takedown", "lần nữa", NOW)
    save(writing, 1, content=replace(CONTENT, title="Mới"))
    stories.join(writing, two, one)
    changed = articles.changed_after(writing, seen)
    assert [article.id for article in changed] == [one, two]
    assert articles.last_change(writing) == seen + 3
    assert articles.changed_after(writing, 0, limit=1) == changed[:1]


def test_between_takes_published_or_first_collected(writing):
    save(writing, 1, content=replace(CONTENT, published=NOW - timedelta(days=5)))
    save(writing, 2, content=replace(CONTENT, published=None))
    save(writing, 3, content=replace(CONTENT, published=NOW))
    gone = save(writing, 4, content=replace(CONTENT, published=None)).id
    articles.mark(writing, gone, "gone", "404", NOW)
    found = articles.between(writing, NOW - timedelta(days=1), NOW)
    assert [article.url[-1] for article in found] == []
    found = articles.between(writing, NOW - timedelta(days=1), NOW + timedelta(seconds=1))
    assert sorted(article.url[-1] for article in found) == ["2", "3"]


def test_what_comes_back_is_live_again_but_a_takedown_stays(writing):
    gone, down = save(writing, 1).id, save(writing, 2).id
    articles.mark(writing, gone, "gone", "404", NOW)
    articles.mark(writing, down, "takedown", "theo yêu cầu", NOW)
    assert save(writing, 1).outcome == "updated"
    assert save(writing, 2, content=replace(CONTENT, title="Sửa")).outcome == "updated"
    assert (articles.get(writing, gone).state, articles.get(writing, down).state) == ("live", "takedown")


def test_touch_keeps_validators_unless_new_ones_come(writing):
    id = save(writing, etag='"a"', last_modified="Tue").id
    articles.touch(writing, id, fetched=NOW + timedelta(1), etag='"b"')
    known = articles.known(writing, ["https://bao.example.vn/1"])["https://bao.example.vn/1"]
    assert (known.etag, known.last_modified, known.fetched) == ('"b"', "Tue", NOW + timedelta(1))


def test_many_at_once(writing):
    urls = [f"https://bao.example.vn/{n}" for n in range(603)]
    ids = [save(writing, n).id for n in range(603)]
    assert articles.count(writing) == 603
    assert [article.id for article in articles.iterate(writing, batch=100)] == ids
    assert list(articles.get_many(writing, list(reversed(ids)))) == list(reversed(ids))
    assert len(articles.known(writing, [*urls, "https://bao.example.vn/khac"])) == 603


def test_waiting_for_tags_and_stories(writing):
    id = save(writing).id
    assert articles.untagged(writing) == articles.unsigned(writing) == [id]
    articles.mark_tagged(writing, id, 1)
    stories.save_signatures(writing, {id: b""})
    assert articles.untagged(writing) == articles.unsigned(writing) == []
    save(writing, content=replace(CONTENT, title="Sửa"))
    articles.mark_tagged(writing, id, 1)
    assert articles.untagged(writing) == articles.unsigned(writing) == [id]


def test_statistics(writing):
    assert articles.statistics(writing) == articles.Statistics(0, 0, 0, None, None, 0)
    one, two = save(writing, 1).id, save(writing, 2, text="none", content=Content(title="x")).id
    stories.join(writing, two, one)
    assert articles.statistics(writing) == articles.Statistics(2, 1, 1, CONTENT.published, NOW, 3)


words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=40)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(title=words, lead=words, paragraphs=st.lists(words, max_size=4))
def test_any_words_survive_and_saving_is_idempotent(archive, title, lead, paragraphs):
    content = Content(title=title, lead=lead, paragraphs=tuple(paragraphs))
    with archive.writing() as conn:
        first = save(conn, 99, content=content)
        again = save(conn, 99, content=content)
        kept = articles.get(conn, first.id).content
    nfc = [unicodedata.normalize("NFC", text) for text in (title, lead, *paragraphs)]
    assert again.outcome == "unchanged"
    if first.outcome != "unchanged":
        assert [kept.title, kept.lead, *kept.paragraphs] == nfc
