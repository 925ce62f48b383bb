"""What of an article goes into the index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from digest import clock
from digest.model import Article, Tagging
from digest.query import Doc


@dataclass(frozen=True, slots=True)
class Document:
    """One article as the index takes it; `day` in Việt Nam, None where unknown.

    `moment` orders by date: published, or first collected where that is unknown.
    """

    id: int
    story: int
    title: str
    lead: str
    body: tuple[str, ...]
    outlet: str
    topics: tuple[str, ...]
    day: date | None
    moment: datetime

    def doc(self) -> Doc:
        """The same for the reference meaning of a query."""
        return Doc(self.title, self.lead, self.body, frozenset(self.topics), self.outlet, self.day)


def document(article: Article, taggings: Iterable[Tagging] = ()) -> Document:
    """An article with its topics as the index takes it."""
    content = article.content
    return Document(
        id=article.id,
        story=article.story,
        title=content.title,
        lead=content.lead,
        body=(*content.paragraphs, *content.captions),
        outlet=article.outlet,
        topics=tuple(sorted({one.topic for one in taggings if one.article == article.id})),
        day=clock.day(content.published) if content.published else None,
        moment=content.published or article.collected,
    )
