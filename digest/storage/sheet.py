"""All that one article's page needs, in as few questions as can be: the statements are made once."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from digest.model import Article, Tagging
from digest.storage import articles as articles_room
from digest.storage.schema import articles as a
from digest.storage.schema import edition_pins as p
from digest.storage.schema import editions as e
from digest.storage.schema import revisions as r
from digest.storage.schema import taggings as t


@dataclass(frozen=True, slots=True)
class Sheet:
    """An article with its taggings, its story's other articles, and the editions that hold it (id, title).

    `mark` is as `mark()` gives it.
    """

    article: Article
    taggings: tuple[Tagging, ...]
    others: tuple[Article, ...]
    editions: tuple[tuple[str, str], ...]
    mark: tuple[int, int]


_ID: sa.BindParameter[int] = sa.bindparam("id", type_=sa.BigInteger)
_mates = a.alias("mates")
_story = _mates.c.story == a.c.story
_others = sa.select(sa.func.count()).select_from(_mates).where(_story).scalar_subquery()
_newest = sa.select(sa.func.max(_mates.c.changed)).where(_story).scalar_subquery()
_pinned = sa.select(sa.func.count()).select_from(p).where(p.c.article == a.c.id).scalar_subquery()
_COLUMNS = (a.c.id, a.c.url, a.c.source, a.c.outlet, a.c.collected, a.c.story, a.c.state, a.c.changed)
_FIRST = (
    sa.select(*_COLUMNS, r, _others.label("mates"), _newest.label("newest"), _pinned.label("pinned"))
    .join(r, (r.c.article == a.c.id) & (r.c.number == a.c.revision))
    .where(a.c.id == _ID)
)
_TAGS = sa.select(t).where(t.c.article == _ID)
_HOLDING = (
    sa.select(e.c.id, e.c.title)
    .join(p, p.c.edition == e.c.id)
    .where(p.c.article == _ID)
    .order_by(e.c.approved.desc())
    .limit(3)
)
_PINS = sa.select(sa.func.count()).select_from(p).where(p.c.article == _ID).scalar_subquery()
_MARK = sa.select(sa.func.max(_mates.c.changed), _PINS).where(
    _mates.c.story == sa.select(a.c.story).where(a.c.id == _ID).scalar_subquery()
)


def read(conn: Connection, id: int) -> Sheet | None:
    """The sheet of an article, None if there is none."""
    row = conn.execute(_FIRST, {"id": id}).first()
    if row is None:
        return None
    article = articles_room._article(row)
    others: list[Article] = []
    if row.mates > 1:
        others = articles_room.select(conn, a.c.story == article.story, a.c.dated, a.c.id)
    holding = conn.execute(_HOLDING, {"id": id}).all() if row.pinned else []
    return Sheet(
        article,
        _standing(conn, id),
        tuple(one for one in others if one.id != id and one.state != "takedown"),
        tuple((one.id, one.title) for one in holding),
        (row.newest, row.pinned),
    )


def _standing(conn: Connection, id: int) -> tuple[Tagging, ...]:
    """The taggings that stand: an editor's word on a topic instead of the rules'."""
    rows = conn.execute(_TAGS, {"id": id}).all()
    said = {row.topic for row in rows if row.by == "editor"}
    standing = [row for row in rows if row.present and (row.by == "editor" or row.topic not in said)]
    standing.sort(key=lambda row: (row.by, -row.score, row.topic))
    return tuple(Tagging(row.article, row.topic, row.score, row.by, row.why) for row in standing)


def mark(conn: Connection, id: int) -> tuple[int, int]:
    """What differs after every change of the article, its story, or the editions that hold it."""
    row = conn.execute(_MARK, {"id": id}).one()
    return row[0] or 0, row[1]
