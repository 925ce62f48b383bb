"""Which engine answers for an archive, and its tables or index: brought up, made again, asked how it stands."""

from __future__ import annotations

from pathlib import Path

from digest.errors import DigestError
from digest.model import Progress
from digest.search import analysis, index
from digest.search.index import IndexState, Synced
from digest.search.opened import opened
from digest.search.proposals import Counting
from digest.storage.engine import Archive
from digest.wording import _

WHOOSH, PLAIN, POSTGRES = "whoosh", "whoosh-plain", "postgresql"


def engine(archive: Archive) -> str:
    """An archive in PostgreSQL is searched there, so that any machine that reaches it can; else by Whoosh."""
    return POSTGRES if archive.url.get_backend_name() == POSTGRES else WHOOSH


def sync(archive: Archive, index_dir: Path, progress: Progress | None = None, anew: bool = False) -> Synced:
    """Brings what the archive's engine searches up to the archive; the caller holds the workspace lock."""
    if engine(archive) != POSTGRES:
        return index.sync(archive, index_dir, progress, anew)
    from digest.search.engines import postgres_sync

    return Synced(postgres_sync.sync(archive, progress, anew), 0, anew)


def state(archive: Archive, index_dir: Path) -> IndexState:
    """How it stands; never raises for one that is missing or damaged."""
    if engine(archive) != POSTGRES:
        return index.state(index_dir)
    from digest.search.engines import postgres_tables as tables

    try:
        with archive.reading() as conn:
            seq = tables.present(conn)
            count = tables.size(conn) if seq is not None else 0
    except DigestError as error:
        return IndexState("", 0, 0, analysis.VERSION, False, str(error))
    if seq is None:
        return IndexState("", 0, 0, analysis.VERSION, False, _("Chưa có chỉ mục tìm kiếm"))
    return IndexState(POSTGRES, count, seq, analysis.VERSION, True)


def counting(archive: Archive, index_dir: Path) -> Counting:
    """What knows in how many articles terms stand; SearchError without a sound index."""
    if engine(archive) != POSTGRES:
        return opened(index_dir)
    from digest.search.engines.postgres_tables import Counts

    return Counts(archive)
