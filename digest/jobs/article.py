"""One article as people look it up: text, revisions, topics with reasons, its story's other outlets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from digest import clock
from digest.errors import UsageError
from digest.jobs.exchange import line
from digest.jobs.session import Session
from digest.model import Article, Revision, Tagging
from digest.search import similar
from digest.search.results import Hit
from digest.storage import articles, stories, taggings
from digest.wording import _


@dataclass(frozen=True, slots=True)
class Looked:
    """An article with all that the archive knows of it."""

    article: Article
    revisions: tuple[Revision, ...]
    taggings: tuple[Tagging, ...]
    others: tuple[Article, ...]

    @property
    def day(self) -> date | None:
        """The day of publication in Việt Nam, None if unknown."""
        published = self.article.content.published
        return clock.day(published) if published else None


def look_up(session: Session, article_id: int) -> Looked:
    """The article of that number; UsageError if the archive has none or it was taken down."""
    with session.archive.reading() as conn:
        article = articles.get(conn, article_id)
        if article is None or article.state == "takedown":
            raise UsageError(
                _("Kho không có bài số {id}", id=article_id),
                fix=_("Tìm số của bài bằng: digest search TỪ_KHÓA"),
            )
        members = stories.members(conn, [article.story]).get(article.story, [])
        return Looked(
            article,
            tuple(articles.revisions(conn, article_id)),
            tuple(taggings.of(conn, [article_id]).get(article_id, [])),
            tuple(other for other in members if other.id != article_id and other.state == "live"),
        )


def like(session: Session, article_id: int, limit: int = 5) -> tuple[Hit, ...]:
    """Articles that are about the same things, its own story apart; SearchError without a sound index."""
    return similar.like(session.archive, session.workspace.index_dir, article_id, limit=limit)


def shape(found: Looked) -> dict[str, Any]:
    """The export shape, with reasons of topics, revisions and the story's other articles beside."""
    made = line(found.article, found.taggings)
    made["topics"] = [
        {"id": tag.topic, "score": round(tag.score, 3), "by": tag.by, "why": tag.why}
        for tag in found.taggings
    ]
    made["state"] = found.article.state
    made["flags"] = list(found.article.content.flags)
    made["reason"] = found.article.revision.reason
    made["revisions"] = [
        {"number": one.number, "fetched": clock.local(one.fetched).isoformat(), "title": one.content.title}
        for one in found.revisions
    ]
    made["also_in"] = [{"id": one.id, "outlet": one.outlet, "url": one.url} for one in found.others]
    return made
