"""Stories group articles; signatures are what they are found by."""

from datetime import UTC, datetime, timedelta

import pytest

from digest.model import Content
from digest.storage import articles, pages, stories

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def ids(writing):
    return [
        articles.save(
            writing,
            url=f"https://x.example/{n}",
            source="s",
            outlet="o",
            content=Content(str(n), published=NOW - timedelta(days=n)),
            fetched=NOW,
        ).id
        for n in range(4)
    ]


def grouped(conn, ids):
    return [articles.get(conn, id).story for id in ids]


def test_joining_moves_the_whole_group(writing, ids):
    a, b, c, d = ids
    stories.join(writing, b, a)
    stories.join(writing, d, c)
    stories.join(writing, d, b)
    assert grouped(writing, ids) == [a, a, a, a]
    stories.join(writing, a, d)
    assert grouped(writing, ids) == [a, a, a, a]


def test_members_come_earliest_first(writing, ids):
    stories.join(writing, ids[1], ids[0])
    found = stories.members(writing, [ids[0], ids[2]])
    assert [article.id for article in found[ids[0]]] == [ids[1], ids[0]]
    assert [article.id for article in found[ids[2]]] == [ids[2]]


def test_leaving_keeps_the_others_together(writing, ids):
    a, b, c, d = ids
    for other in (b, c):
        stories.join(writing, other, a)
    stories.leave(writing, a)
    assert grouped(writing, ids) == [a, b, b, d]
    stories.leave(writing, d)
    assert grouped(writing, ids) == [a, b, b, d]


def test_signatures_are_of_recent_live_articles(writing, ids):
    for id in ids:
        stories.save_signatures(writing, {id: bytes([id])})
    stories.save_signatures(writing, {ids[1]: b"new"})
    articles.mark(writing, ids[0], "gone", "404", NOW)
    assert stories.signatures(writing, NOW - timedelta(days=2), NOW + timedelta(days=9)) == [
        (ids[1], b"new"),
        (ids[2], bytes([ids[2]])),
    ]


def test_pages_are_packed_and_unpacked(writing, ids):
    html = "<p>Bến Thử</p>".encode() * 500
    pages.save(writing, ids[0], 1, b"old")
    pages.save(writing, ids[0], 1, html)
    assert pages.get(writing, ids[0], 1) == html
    assert pages.get(writing, ids[0], 2) is None


def test_headlines_are_of_live_articles_of_known_date_in_order(writing, ids):
    found = stories.headlines(writing, NOW - timedelta(days=30), NOW + timedelta(days=9))
    assert [one.id for one in found] == stories.by_date(writing, [one.id for one in found])
    assert all(one.title and one.published for one in found)
    articles.mark(writing, found[0].id, "gone", "404", NOW)
    later = stories.headlines(writing, NOW - timedelta(days=30), NOW + timedelta(days=9))
    assert [one.id for one in later] == [one.id for one in found[1:]]
