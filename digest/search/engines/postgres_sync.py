"""Bringing the PostgreSQL engine's tables up to the archive in the same database."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from digest.model import Article, Progress, Silent
from digest.search.document import Document, document
from digest.search.engines import postgres_copy as copying
from digest.search.engines import postgres_filling as filling
from digest.search.engines import postgres_tables as tables
from digest.search.engines.postgres_terms import Numbers, Vocabulary
from digest.storage import articles, taggings
from digest.storage.engine import Archive
from digest.wording import _

TURN = 7160_2026
"""Our number among PostgreSQL's advisory locks: one run at a time, on whichever machine."""
BATCH = 1000
MANY = 500
"""Changes after which the tables are tidied at once, not when the database comes to it."""
KEPT = 8
"""Batches of a filling that are committed together: their terms are counted as one, in some 200 MB."""
MOST_CHANGED = 5000
"""More changes than this, and than half of what is there, are made as a new generation: that is quicker."""


def sync(archive: Archive, progress: Progress | None = None, anew: bool = False) -> int:
    """Brings the tables up, batch by batch, made anew where missing, of another analysis or mostly out of
    date; how many articles were written or removed. Readers have the old tables until the new ones are whole.
    Interrupted, it goes on where it was; safe to run twice."""
    progress = progress or Silent()
    progress.stage(_("Lập chỉ mục"), 0)
    with archive.writing() as turn:
        turn.execute(sa.select(sa.func.pg_advisory_xact_lock(TURN)))
        with archive.writing() as conn:
            name = _to_fill(conn, anew)
        if name is None:
            return _catch_up(archive, progress)
        done = _fill(archive, name, progress)
        _make_indexes(archive, name)
        with archive.writing() as conn:
            tables.use(conn, name)
        return done + _catch_up(archive, progress)


def _to_fill(conn: Connection, anew: bool) -> str | None:
    """The generation that has to be filled, begun or gone on with; None where the one in use will do."""
    last = articles.last_change(conn)
    old, half = tables.in_use(conn), None if anew else tables.unfinished(conn, last)
    tables.drop_others(conn, old, half)
    if half is not None:
        return half
    seq = None if anew else tables.present(conn)
    if seq is not None and seq <= last:
        changed = articles.count_changed_after(conn, seq)
        if changed <= max(MOST_CHANGED, tables.size(conn) // 2):
            return None
    return tables.begin(conn, last)


def _documents(conn: Connection, some: Sequence[Article]) -> list[Document]:
    shown = [one for one in some if one.state != "takedown"]
    tags = taggings.of(conn, [one.id for one in shown])
    return [document(one, tags.get(one.id, ())) for one in shown]


def _catch_up(archive: Archive, progress: Progress) -> int:
    """What changed since, one batch after the other into the tables in use."""
    done = 0
    while True:
        with archive.writing() as conn:
            seq = tables.present(conn) or 0
            some = articles.changed_after(conn, seq, BATCH)
            if len(some) >= MANY:
                filling.gather(conn)
            if some:
                filling.put(conn, _documents(conn, some), [one.id for one in some], some[-1].changed)
            if done + len(some) >= MANY:
                filling.tidy(conn, measured=not some)
            if not some:
                return done
        done += len(some)
        progress.advance(len(some))


# --- a whole generation -------------------------------------------------------------------------


def _fill(archive: Archive, name: str, progress: Progress) -> int:
    """All articles up to the change that the generation was begun at: no index is kept up meanwhile."""
    known = Vocabulary()
    done = 0
    while True:
        with archive.writing() as conn:
            some = _fill_some(tables.looking(conn, name), known, progress)
        if not some:
            return done
        done += some


def _fill_some(conn: Connection, known: Vocabulary, progress: Progress) -> int:
    """Batches for one commit: articles with their counts, and up to where; how many there were."""
    seq, upto = conn.execute(sa.select(tables.stamp.c.seq, tables.stamp.c.upto)).one()
    found: list[tuple[Numbers, Numbers]] = []
    done = 0
    while len(found) < KEPT:
        some = [one for one in articles.changed_after(conn, seq, BATCH) if one.changed <= upto]
        if not some:
            break
        found.append(filling.fill(conn, _documents(conn, some), known))
        seq = some[-1].changed
        done += len(some)
        progress.advance(len(some))
    if found:
        copying.copy(conn, tables.parts, [copying.counted(*_together(found))])
        conn.execute(sa.update(tables.stamp).values(seq=seq))
    return done


def _together(found: Sequence[tuple[Numbers, Numbers]]) -> tuple[Numbers, Numbers]:
    """Several counts of terms as one."""
    terms, places = np.unique(np.concatenate([one[0] for one in found]), return_inverse=True)
    articles = np.bincount(places, np.concatenate([one[1] for one in found]), len(terms))
    return terms, articles.astype(np.int64)


def _make_indexes(archive: Archive, name: str) -> None:
    """The counts and all indexes, each group in a connection of its own."""

    def make(group: Sequence[sa.Index]) -> None:
        with archive.writing() as conn:
            filling.index(tables.looking(conn, name), group)

    with ThreadPoolExecutor(len(tables.INDEXES)) as at_once:
        list(at_once.map(make, tables.INDEXES))
    with archive.writing() as conn:
        filling.measure(conn, name)
