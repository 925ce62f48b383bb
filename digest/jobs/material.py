"""What suggesting an edition needs out of the archive and of earlier editions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from digest import clock
from digest.bulletin.draft import MEMORY, habits, recall
from digest.bulletin.edition import parse
from digest.bulletin.suggest import REACH, Habit, Material
from digest.clock import Period
from digest.errors import UsageError
from digest.jobs.drafts import Draft
from digest.jobs.session import Session
from digest.model import Article, Bulletin, Tagging
from digest.storage import articles, editions, stories, taggings


@dataclass(frozen=True, slots=True)
class Pool:
    """The candidates of a period with their taggings and stories; the same for all bulletins.

    `read`: all articles of the period, those without a topic too: any may speak of a new document.
    """

    period: Period
    articles: Sequence[Article]
    taggings: Mapping[int, Sequence[Tagging]]
    stories: Mapping[int, Sequence[Article]]
    read: Sequence[Article] = ()


def pool(session: Session, period: Period) -> Pool:
    """Reads the candidates of a period once, for however many bulletins."""
    with session.archive.reading() as conn:
        found = articles.between(conn, period.start - REACH, period.end)
        tags = taggings.of(conn, [article.id for article in found])
        tagged = [article for article in found if tags.get(article.id)]
        return Pool(period, tagged, tags, stories.members(conn, {article.story for article in tagged}), found)


def material(session: Session, bulletin: Bulletin, candidates: Pool, edition_id: str) -> Material:
    """The pool as one bulletin sees it: without what its earlier editions have, with its editors' habits."""
    return Material(
        articles=candidates.articles,
        taggings=candidates.taggings,
        stories=candidates.stories,
        used=used(session, bulletin, candidates.period, edition_id),
        sources=session.config.sources,
        topics=session.config.topics,
        habits=_habits(session, bulletin),
    )


def used(session: Session, bulletin: Bulletin, period: Period, edition_id: str) -> dict[int, str]:
    """Article → the other edition of this bulletin that has it: approved ones, and earlier drafts."""
    found: dict[int, str] = {}
    for draft in drafts(session, bulletin.id):
        if draft.id != edition_id and _before(draft.id, period):
            found |= dict.fromkeys(draft.pinned(), draft.id)
    with session.archive.reading() as conn:
        approved = editions.list_all(conn, bulletin.id)
    for edition in reversed(approved):  # what only a table cites is pinned, but was not told
        if edition.id != edition_id:
            found |= {item.article: edition.id for item in parse(edition.text, edition.id).items}
    return found


def drafts(session: Session, bulletin_id: str) -> list[Draft]:
    """The editions of a bulletin under output/, by name of period."""
    folder = session.workspace.output_dir / bulletin_id
    if not folder.is_dir():
        return []
    return [
        draft
        for child in sorted(folder.iterdir())
        if child.is_dir() and (draft := Draft(f"{bulletin_id}/{child.name}", child)).exists()
    ]


def _before(edition_id: str, period: Period) -> bool:
    try:
        return clock.period(edition_id.partition("/")[2]).first < period.first
    except UsageError:
        return False  # a correction slip, or a folder that is no edition's


def _habits(session: Session, bulletin: Bulletin) -> dict[str, Habit]:
    with session.archive.reading() as conn:
        approved = editions.list_all(conn, bulletin.id)
    counted = []
    for edition in approved:
        path = session.workspace.edition_dir(edition.id) / MEMORY
        if path.exists():
            memory = recall(path.read_text(encoding="utf-8"))
            counted.append(
                (memory.suggested or {}, [item.article for item in parse(edition.text, edition.id).items])
            )
    return habits(counted)
