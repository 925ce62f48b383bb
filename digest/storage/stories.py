"""Stories, groups of articles that report the same thing, and the signatures they are found by."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from digest.model import Article
from digest.storage import articles as articles_room
from digest.storage import changes
from digest.storage.engine import chunks
from digest.storage.schema import articles as a
from digest.storage.schema import revisions as r
from digest.storage.schema import signatures as s


def join(conn: Connection, article_id: int, story_id: int) -> None:
    """The article, and whatever is in one story with it, becomes part of another article's story."""
    changes.take_turn(conn)
    named = dict(conn.execute(sa.select(a.c.id, a.c.story).where(a.c.id.in_([article_id, story_id]))).all())
    source, target = named[article_id], named[story_id]
    if source == target:
        return
    moved = list(conn.scalars(sa.select(a.c.id).where(a.c.story == source)))
    conn.execute(sa.update(a).where(a.c.story == source).values(story=target))
    changes.touched(conn, moved)


def leave(conn: Connection, article_id: int) -> None:
    """The article becomes a story of its own; if it gave its story the name, the others take the next."""
    changes.take_turn(conn)
    story = conn.execute(sa.select(a.c.story).where(a.c.id == article_id)).scalar_one()
    others = list(conn.scalars(sa.select(a.c.id).where((a.c.story == story) & (a.c.id != article_id))))
    if not others:
        return
    conn.execute(sa.update(a).where(a.c.id == article_id).values(story=article_id))
    if story == article_id:
        conn.execute(sa.update(a).where(a.c.id.in_(others)).values(story=min(others)))
    changes.touched(conn, [article_id, *others])


def members(conn: Connection, story_ids: Collection[int]) -> dict[int, list[Article]]:
    """The articles of each story, the earliest first."""
    found: dict[int, list[Article]] = {id: [] for id in story_ids}
    for some in chunks(list(story_ids)):
        for article in articles_room.select(conn, a.c.story.in_(some), a.c.dated, a.c.id):
            found[article.story].append(article)
    return found


_FORGET = sa.delete(s).where(s.c.article == sa.bindparam("id"))
_KEEP = sa.insert(s)
_SKETCHED = sa.update(a).where(a.c.id == sa.bindparam("known")).values(needs_story=False)


def save_signatures(conn: Connection, made: Mapping[int, bytes]) -> None:
    """Keeps the sketches of articles' newest revisions, by article; b"" says that one has none (too short)."""
    if not made:
        return
    conn.execute(_FORGET, [{"id": id} for id in made])
    kept = [{"article": id, "sketch": sketch} for id, sketch in made.items() if sketch]
    if kept:
        conn.execute(_KEEP, kept)
    conn.execute(_SKETCHED, [{"known": id} for id in made])


def signatures(conn: Connection, since: datetime, until: datetime) -> list[tuple[int, bytes]]:
    """(article id, sketch) of live articles dated in [since, until], by id."""
    query = sa.select(s.c.article, s.c.sketch).join(a, a.c.id == s.c.article)
    about = (a.c.dated >= since) & (a.c.dated <= until) & (a.c.state == "live")
    return [(row.article, row.sketch) for row in conn.execute(query.where(about).order_by(a.c.id))]


def by_date(conn: Connection, ids: Sequence[int]) -> list[int]:
    """Those ids ordered by the articles' dates, so that a batch of them lies within little time."""
    dates: dict[int, datetime] = {}
    for some in chunks(ids):
        rows = conn.execute(sa.select(a.c.id, a.c.dated).where(a.c.id.in_(some)))
        dates |= {row.id: row.dated for row in rows}
    return sorted(dates, key=lambda id: (dates[id], id))


@dataclass(frozen=True, slots=True)
class Headline:
    """What is compared to find other reports of one event: no text, so that thousands are read at once."""

    id: int
    outlet: str
    published: datetime
    title: str
    lead: str


def headlines(conn: Connection, first: datetime, last: datetime) -> list[Headline]:
    """Live articles of known date in [first, last], by date."""
    query = sa.select(a.c.id, a.c.outlet, r.c.published, r.c.title, r.c.lead)
    newest = query.join(r, (r.c.article == a.c.id) & (r.c.number == a.c.revision))
    about = (a.c.dated >= first) & (a.c.dated <= last) & (a.c.state == "live") & r.c.published.is_not(None)
    rows = conn.execute(newest.where(about).order_by(a.c.dated, a.c.id))
    return [Headline(row.id, row.outlet, row.published, row.title, row.lead) for row in rows]
