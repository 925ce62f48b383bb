"""Bringing the PostgreSQL engine's tables up to the archive in the same database."""

from __future__ import annotations

from digest.model import Progress, Silent
from digest.search.document import document
from digest.search.engines import postgres_tables as tables
from digest.storage import articles, taggings
from digest.storage.engine import Archive
from digest.wording import _

BATCH = 250
MANY = 500
"""Changes after which the tables are tidied at once, not when the database comes to it."""


def sync(archive: Archive, progress: Progress | None = None, anew: bool = False) -> int:
    """Brings the tables up, batch by batch, made again where missing or of another analysis; how many
    articles were written or removed. Interrupted, it goes on where it was; safe to run twice."""
    progress = progress or Silent()
    with archive.writing() as conn:
        seq = None if anew else tables.present(conn)
        if seq is None or seq > articles.last_change(conn):
            tables.make(conn)
            seq = 0
    progress.stage(_("Lập chỉ mục"), 0)
    done = 0
    while True:
        with archive.writing() as conn:
            some = articles.changed_after(conn, seq, BATCH)
            if not some:
                if done >= MANY:
                    tables.tidy(conn)
                return done
            shown = [one for one in some if one.state != "takedown"]
            tags = taggings.of(conn, [one.id for one in shown])
            documents = [document(one, tags.get(one.id, ())) for one in shown]
            seq = some[-1].changed
            tables.put(conn, documents, [one.id for one in some], seq)
        done += len(some)
        progress.advance(len(some))
