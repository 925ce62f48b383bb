"""The index as a whole: brought up to the archive, made again, asked for its state. Writers only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import Connection

from digest.errors import SearchError
from digest.model import Article, Progress, Silent
from digest.search import analysis, generations
from digest.search.document import Document, document
from digest.search.opened import Index
from digest.search.writer import Writer
from digest.storage import articles, taggings
from digest.storage.engine import Archive
from digest.wording import _

__all__ = ["Index", "IndexState", "Synced", "rebuild", "state", "sync", "update"]

BATCH = 500


@dataclass(frozen=True, slots=True)
class IndexState:
    """What the index says of itself; `ok` False: missing, damaged or of another analysis (`problem`)."""

    generation: str
    articles: int
    seq: int
    analysis_version: int
    ok: bool
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Synced:
    """What `sync` did: articles written and removed, whether the index was made again, and why."""

    indexed: int
    removed: int
    rebuilt: bool
    reason: str = ""


def state(index_dir: Path) -> IndexState:
    """The state of the index, whatever it is; never raises for a bad one."""
    try:
        index = Index.open(index_dir)
    except SearchError as error:
        return IndexState("", 0, 0, analysis.VERSION, False, str(error))
    return IndexState(index.name, index.articles, int(index.stamp["seq"]), analysis.VERSION, True)


def sync(archive: Archive, index_dir: Path, progress: Progress | None = None, anew: bool = False) -> Synced:
    """Brings the index up to the archive; made again where it is missing, damaged or of another analysis.

    The caller holds the workspace lock. Memory is bounded: articles are read in batches, segments
    written as they fill. Articles taken down leave the index; those that are gone at the outlet stay.
    """
    progress = progress or Silent()
    with archive.reading() as conn:
        newest = articles.last_change(conn)
        reason = _("theo yêu cầu") if anew else _why_again(index_dir, newest)
        if reason:
            progress.stage(_("Lập chỉ mục"), articles.count(conn))
            shown = (one for one in articles.iterate(conn, BATCH) if one.state != "takedown")
            count = rebuild(index_dir, _documents(conn, shown, progress), newest)
            return Synced(count, 0, True, reason)
        seq = int(generations.stamp(generations.current(index_dir))["seq"])
        if seq == newest:
            return Synced(0, 0, False)
        return _catch_up(conn, index_dir, seq, newest, progress)


def _why_again(index_dir: Path, newest: int) -> str:
    """Why the index cannot be brought up and must be made again; "" if it can."""
    try:
        folder = generations.current(index_dir)
        generations.check_contents(folder, generations.stamp(folder)["files"])
        if int(Index.open(index_dir).stamp["seq"]) > newest:
            return _("kho bài đã được khôi phục về trước")
    except SearchError as error:
        return str(error)
    return ""


def _catch_up(conn: Connection, index_dir: Path, seq: int, newest: int, progress: Progress) -> Synced:
    changed = list(_changed(conn, seq))
    progress.stage(_("Lập chỉ mục"), len(changed))
    removed = [one for one, state in changed if state == "takedown"]
    shown = [one for one, state in changed if state != "takedown"]
    found = (article for ids in _batches(shown) for article in articles.get_many(conn, ids).values())
    update(index_dir, _documents(conn, found, progress), [*removed, *shown], newest)
    return Synced(len(shown), len(removed), False)


def _changed(conn: Connection, seq: int) -> Iterator[tuple[int, str]]:
    while some := articles.changed_after(conn, seq, BATCH):
        yield from ((one.id, one.state) for one in some)
        seq = some[-1].changed


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[at : at + BATCH] for at in range(0, len(ids), BATCH))


def _documents(conn: Connection, found: Iterable[Article], progress: Progress) -> Iterator[Document]:
    batch: list[Article] = []
    for article in found:
        batch.append(article)
        if len(batch) == BATCH:
            yield from _made(conn, batch, progress)
            batch = []
    yield from _made(conn, batch, progress)


def _made(conn: Connection, batch: Sequence[Article], progress: Progress) -> Iterator[Document]:
    tags = taggings.of(conn, [one.id for one in batch])
    for article in batch:
        yield document(article, tags.get(article.id, ()))
    progress.advance(len(batch))


def rebuild(index_dir: Path, documents: Iterable[Document], seq: int) -> int:
    """Makes the index again as a new generation; the number of its articles."""
    with Writer(index_dir, None) as writer:
        for one in documents:
            writer.add(one)
        return writer.publish(seq)


def update(index_dir: Path, documents: Iterable[Document], removed: Iterable[int], seq: int) -> int:
    """A new generation with these documents in place of what it had of them, and without `removed`."""
    with Writer(index_dir, generations.current(index_dir)) as writer:
        writer.remove(removed)
        for one in documents:
            writer.add(one)
        return writer.publish(seq)
