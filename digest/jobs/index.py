"""After articles came or changed: stories joined, topics tagged, the index brought up to the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digest.collect import stories as collect_stories
from digest.jobs.session import Session
from digest.model import Article, Progress, Silent, Tagging
from digest.search import serving, topics
from digest.search.index import IndexState
from digest.storage import articles, taggings
from digest.wording import _

BATCH = 200


def bring_up(session: Session, progress: Progress | None = None) -> int:
    """Everything derived, brought up to what the archive holds; the number of articles newly tagged.

    Each step takes up whatever an interrupted run left behind, so it can be called at any time.
    """
    progress = progress or Silent()
    join_stories(session, progress)
    tagged = tag_new(session, progress)
    sync(session, progress)
    return tagged


def join_stories(session: Session, progress: Progress) -> None:
    """Joins into stories whatever has no signature yet."""
    with session.archive.reading() as conn:
        waiting = articles.unsigned(conn)
    progress.stage(_("Gộp tin trùng"), len(waiting))
    collect_stories.group(session.archive, waiting)
    progress.advance(len(waiting))


def tag_new(session: Session, progress: Progress) -> int:
    """Tags each revision that no run has tagged yet."""
    with session.archive.reading() as conn:
        waiting = articles.untagged(conn)
    progress.stage(_("Gắn chủ đề"), len(waiting))
    for start in range(0, len(waiting), BATCH):
        batch = waiting[start : start + BATCH]
        with session.archive.reading() as conn:
            found = list(articles.get_many(conn, batch).values())
        made = topics.tag(session.config.topics, session.config.sources, found)
        _store(session, found, made)
        progress.advance(len(batch))
    return len(waiting)


def _store(session: Session, found: Sequence[Article], made: Sequence[Tagging]) -> None:
    by_article: dict[int, list[Tagging]] = {article.id: [] for article in found}
    for tagging in made:
        by_article[tagging.article].append(tagging)
    with session.archive.writing() as conn:
        for article in found:
            taggings.replace_rule(conn, article.id, by_article[article.id])
            articles.mark_tagged(conn, article.id, article.revision.number)


def sync(session: Session, progress: Progress) -> None:
    """Brings the search up to the archive; made again when missing, damaged or of another analysis."""
    serving.sync(session.archive, session.workspace.index_dir, progress)


@dataclass(frozen=True, slots=True)
class RetagReport:
    """What a changed set of topics adds and drops: per topic, the article ids; what editors decided stays
    as it is, so it is neither."""

    added: dict[str, tuple[int, ...]]
    dropped: dict[str, tuple[int, ...]]
    articles: int
    dry_run: bool


def retag(session: Session, *, dry_run: bool = False, progress: Progress | None = None) -> RetagReport:
    """Runs every topic's query over the whole archive again; editors' own taggings outlive it."""
    progress = progress or Silent()
    added: dict[str, list[int]] = {}
    dropped: dict[str, list[int]] = {}
    with session.archive.reading() as conn:
        ids = [article.id for article in articles.iterate(conn)]
        decided = {(article, topic) for article, topic, _present in taggings.corrections(conn)}
    progress.stage(_("Gắn lại chủ đề"), len(ids))
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        with session.archive.reading() as conn:
            found = list(articles.get_many(conn, batch).values())
            before = taggings.of(conn, batch)
        made = topics.tag(session.config.topics, session.config.sources, found)
        old = {(tag.article, tag.topic) for tags in before.values() for tag in tags if tag.by == "rule"}
        new = {(tag.article, tag.topic) for tag in made} - decided
        _note(added, new - old)
        _note(dropped, old - new)
        if not dry_run:
            _store(session, found, made)
        progress.advance(len(batch))
    if not dry_run:
        sync(session, progress)
    return RetagReport(_frozen(added), _frozen(dropped), len(ids), dry_run)


def _note(into: dict[str, list[int]], pairs: set[tuple[int, str]]) -> None:
    for article, topic in sorted(pairs):
        into.setdefault(topic, []).append(article)


def _frozen(lists: dict[str, list[int]]) -> dict[str, tuple[int, ...]]:
    return {topic: tuple(ids) for topic, ids in sorted(lists.items())}


def reindex(session: Session, progress: Progress | None = None) -> IndexState:
    """Makes the index again from the archive, as a new generation beside the one in use."""
    serving.sync(session.archive, session.workspace.index_dir, progress or Silent(), anew=True)
    return serving.state(session.archive, session.workspace.index_dir)
