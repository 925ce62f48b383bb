"""What is looked up often is found by an index, or a million articles would be read for one."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from digest.storage import articles, editions, stories, taggings
from digest.storage.engine import Archive

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

LOOKUPS = {
    "an article": lambda conn: articles.get(conn, 1),
    "an address": lambda conn: articles.by_url(conn, "https://x.example/1"),
    "what is known": lambda conn: articles.known(conn, ["https://x.example/1"]),
    "what changed": lambda conn: articles.changed_after(conn, 0),
    "the last change": lambda conn: articles.last_change(conn),
    "a week": lambda conn: articles.between(conn, NOW - timedelta(days=7), NOW),
    "what waits for tags": lambda conn: articles.untagged(conn),
    "what waits for a story": lambda conn: articles.unsigned(conn),
    "what to try again": lambda conn: articles.retry_due(conn, NOW),
    "stories": lambda conn: stories.members(conn, [1, 2]),
    "taggings": lambda conn: taggings.of(conn, [1, 2]),
    "new by topic": lambda conn: taggings.counts(conn, since=NOW),
    "revisions": lambda conn: articles.revisions(conn, 1),
    "editions that hold an article": lambda conn: editions.holding(conn, 1),
}


@pytest.mark.parametrize("name", LOOKUPS)
def test_no_table_is_read_whole(url, name):
    archive = Archive.open(url)
    said = []

    def note(conn, cursor, statement, parameters, context, many):
        if statement.lstrip().upper().startswith("SELECT"):
            said.append((statement, parameters))

    with archive.reading() as conn:
        sa.event.listen(conn, "before_cursor_execute", note)
        LOOKUPS[name](conn)
        sa.event.remove(conn, "before_cursor_execute", note)
        plans = [
            row.detail
            for statement, parameters in said
            for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(parameters))
        ]
    archive.close()
    assert plans
    # The partial indexes of what waits hold nothing else, so they are read whole.
    assert [step for step in plans if step.startswith("SCAN") and "ix_articles_needs_" not in step] == []
