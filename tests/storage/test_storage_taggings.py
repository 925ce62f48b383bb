"""Taggings by rule come and go; an editor's word outlives them."""

from datetime import UTC, datetime

import pytest

from digest.model import Content, Tagging
from digest.storage import articles, taggings

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def ids(writing):
    return [
        articles.save(
            writing,
            url=f"https://x.example/{n}",
            source="s",
            outlet="o",
            content=Content(str(n)),
            fetched=NOW,
        ).id
        for n in range(3)
    ]


def rule(article, topic, score=1.0):
    return Tagging(article, topic, score, "rule", f"{topic} ×2")


def topics(conn, article):
    return [(tagging.topic, tagging.by) for tagging in taggings.of(conn, [article])[article]]


def test_rules_replace_rules(writing, ids):
    taggings.replace_rule(writing, ids[0], [rule(ids[0], "ton-giao", 2.0), rule(ids[0], "dan-toc", 3.0)])
    assert taggings.of(writing, ids)[ids[0]] == [rule(ids[0], "dan-toc", 3.0), rule(ids[0], "ton-giao", 2.0)]
    taggings.replace_rule(writing, ids[0], [rule(ids[0], "ton-giao")])
    assert topics(writing, ids[0]) == [("ton-giao", "rule")]


def test_an_editors_removal_outlives_retagging(writing, ids):
    taggings.replace_rule(writing, ids[0], [rule(ids[0], "ton-giao")])
    taggings.set_editor(writing, ids[0], "ton-giao", False, "thoa", NOW)
    assert topics(writing, ids[0]) == []
    taggings.replace_rule(writing, ids[0], [rule(ids[0], "ton-giao", 9.0)])
    assert topics(writing, ids[0]) == []
    taggings.clear_editor(writing, ids[0], "ton-giao")
    assert topics(writing, ids[0]) == [("ton-giao", "rule")]


def test_an_editors_tagging_outlives_retagging_and_stands_once(writing, ids):
    taggings.set_editor(writing, ids[0], "dan-toc", True, "thoa", NOW)
    taggings.replace_rule(writing, ids[0], [rule(ids[0], "dan-toc")])
    assert topics(writing, ids[0]) == [("dan-toc", "editor")]
    taggings.set_editor(writing, ids[0], "dan-toc", False, "miên", NOW)
    assert topics(writing, ids[0]) == []
    assert taggings.corrections(writing) == [(ids[0], "dan-toc", False)]


def test_only_a_real_difference_counts_as_a_change(writing, ids):
    taggings.replace_rule(writing, ids[0], [rule(ids[0], "ton-giao")])
    seen = articles.last_change(writing)
    taggings.replace_rule(writing, ids[0], [rule(ids[0], "ton-giao")])
    assert articles.last_change(writing) == seen
    taggings.replace_rule(writing, ids[0], [rule(ids[0], "ton-giao", 1.5)])
    taggings.set_editor(writing, ids[1], "ton-giao", True, "thoa", NOW)
    taggings.set_editor(writing, ids[1], "ton-giao", True, "thoa", NOW)
    assert [article.id for article in articles.changed_after(writing, seen)] == ids[:2]
    assert articles.last_change(writing) == seen + 2


def test_counts_are_of_live_articles_and_of_what_stands(writing, ids):
    for id in ids:
        taggings.replace_rule(writing, id, [rule(id, "ton-giao")])
    taggings.set_editor(writing, ids[0], "ton-giao", False, "thoa", NOW)
    articles.mark(writing, ids[1], "takedown", "", NOW)
    assert taggings.counts(writing) == {"ton-giao": 1}
    assert taggings.counts(writing, since=NOW.replace(hour=4)) == {}
