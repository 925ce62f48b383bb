"""Articles and their revisions, read in every way the program asks for them; saving is in `saving`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from digest.model import Article, Content, Revision
from digest.storage import changes
from digest.storage.engine import chunks
from digest.storage.saving import Known, Saved, content_hash, known, retry_due, save, touch
from digest.storage.schema import articles as a
from digest.storage.schema import revisions as r

__all__ = [
    "Known",
    "Saved",
    "Statistics",
    "between",
    "by_url",
    "changed_after",
    "content_hash",
    "count",
    "count_changed_after",
    "get",
    "get_many",
    "iterate",
    "known",
    "last_change",
    "latest_change",
    "mark",
    "mark_tagged",
    "newest",
    "retry_due",
    "revision",
    "revisions",
    "save",
    "select",
    "statistics",
    "touch",
    "unsigned",
    "untagged",
]


def mark(conn: Connection, id: int, state: str, reason: str, when: datetime) -> None:
    """Sets the state (live | gone | takedown) and why; the same state again changes nothing."""
    changes.take_turn(conn)
    other = (a.c.id == id) & (a.c.state != state)
    if conn.execute(sa.select(a.c.id).where(other)).first():
        new = {"state": state, "state_reason": reason, "state_since": when}
        conn.execute(sa.update(a).where(a.c.id == id).values(changed=changes.next_number(conn), **new))


# --- reading --------------------------------------------------------------------------------

_ARTICLE = (a.c.id, a.c.url, a.c.source, a.c.outlet, a.c.collected, a.c.story, a.c.state, a.c.changed)
_NEWEST = sa.select(*_ARTICLE, r).join(r, (r.c.article == a.c.id) & (r.c.number == a.c.revision))
_ASKED: sa.BindParameter[Collection[int]] = sa.bindparam("ids", expanding=True)
_MANY = _NEWEST.where(a.c.id.in_(_ASKED))


def _article(row: Row[Any]) -> Article:
    return Article(
        id=row.id,
        url=row.url,
        source=row.source,
        outlet=row.outlet,
        collected=row.collected,
        story=row.id if row.story is None else row.story,
        revision=_revision(row),
        state=row.state,
        changed=row.changed,
    )


def _revision(row: Row[Any]) -> Revision:
    content = Content(
        title=row.title,
        dateline=row.dateline,
        lead=row.lead,
        paragraphs=tuple(row.paragraphs),
        captions=tuple(row.captions),
        author=row.author,
        published=row.published,
        published_raw=row.published_raw,
        flags=tuple(row.flags),
    )
    return Revision(row.article, row.number, content, row.fetched, row.text, row.reason)


def select(
    conn: Connection, where: sa.ColumnElement[bool], *order: Any, limit: int | None = None
) -> list[Article]:
    """Articles that fulfil a condition on the table `articles`, for the files of this room."""
    return [_article(row) for row in conn.execute(_NEWEST.where(where).order_by(*order).limit(limit))]


def get(conn: Connection, id: int) -> Article | None:
    """The article of that id."""
    return get_many(conn, [id]).get(id)


def get_many(conn: Connection, ids: Collection[int]) -> dict[int, Article]:
    """Those of the articles that exist, by id, in the order asked."""
    found: dict[int, Article] = {}
    for some in chunks(list(ids)):
        found |= {row.id: _article(row) for row in conn.execute(_MANY, {"ids": some})}
    return {id: found[id] for id in ids if id in found}


def by_url(conn: Connection, url: str) -> Article | None:
    """The article at that address."""
    found = select(conn, a.c.url == url)
    return found[0] if found else None


def revision(conn: Connection, id: int, number: int) -> Revision | None:
    """One revision of an article."""
    row = conn.execute(sa.select(r).where((r.c.article == id) & (r.c.number == number))).first()
    return _revision(row) if row else None


def revisions(conn: Connection, id: int) -> list[Revision]:
    """All revisions of an article, the first first."""
    return [
        _revision(row) for row in conn.execute(sa.select(r).where(r.c.article == id).order_by(r.c.number))
    ]


def changed_after(conn: Connection, seq: int, limit: int = 500) -> list[Article]:
    """What changed after `seq`, the first change first; what was withdrawn or taken down is among it."""
    return select(conn, a.c.changed > seq, a.c.changed, limit=limit)


def count_changed_after(conn: Connection, seq: int) -> int:
    """How many articles changed after `seq`."""
    return conn.execute(sa.select(sa.func.count()).where(a.c.changed > seq)).scalar_one()


_LATEST = sa.select(sa.func.max(a.c.changed)).where(a.c.id.in_(_ASKED))


def latest_change(conn: Connection, ids: Collection[int]) -> int:
    """The newest number of a change of any of these articles (a few), 0 if there are none."""
    return int(conn.execute(_LATEST, {"ids": list(ids)}).scalar() or 0)


def last_change(conn: Connection) -> int:
    """The newest number of a change, 0 for an empty archive."""
    return conn.execute(sa.select(sa.func.max(a.c.changed))).scalar() or 0


def newest(conn: Connection) -> int:
    """The id of the article that came last, 0 without any."""
    return int(conn.execute(sa.select(sa.func.max(a.c.id))).scalar() or 0)


def count(conn: Connection) -> int:
    """How many articles there are, of any state."""
    return conn.execute(sa.select(sa.func.count()).select_from(a)).scalar_one()


def iterate(conn: Connection, batch: int = 500) -> Iterator[Article]:
    """All articles by id, read in batches."""
    last = 0
    while found := select(conn, a.c.id > last, a.c.id, limit=batch):
        yield from found
        last = found[-1].id


def between(conn: Connection, first: datetime, last: datetime) -> list[Article]:
    """Live articles published in [first, last), or of unknown date and first collected in it."""
    return select(conn, (a.c.dated >= first) & (a.c.dated < last) & (a.c.state == "live"), a.c.dated, a.c.id)


def unsigned(conn: Connection) -> list[int]:
    """Articles whose newest revision has no signature yet (see `stories.save_signatures`), by id."""
    return list(conn.scalars(sa.select(a.c.id).where(a.c.needs_story).order_by(a.c.id)))


def untagged(conn: Connection) -> list[int]:
    """Articles whose newest revision has not been tagged yet, by id."""
    return list(conn.scalars(sa.select(a.c.id).where(a.c.needs_tags).order_by(a.c.id)))


_HERE = (a.c.id == sa.bindparam("known")) & (a.c.revision == sa.bindparam("number"))
_TAGGED = sa.update(a).where(_HERE).values(needs_tags=False)


def mark_tagged(conn: Connection, id: int, revision: int) -> None:
    """This revision has been tagged; a newer one that came meanwhile still waits."""
    conn.execute(_TAGGED, {"known": id, "number": revision})


@dataclass(frozen=True, slots=True)
class Statistics:
    """The archive in numbers; `first` and `last` are the earliest and newest dates of articles."""

    articles: int
    without_text: int
    stories: int
    first: datetime | None
    last: datetime | None
    changed: int


def statistics(conn: Connection) -> Statistics:
    """The archive in numbers, over articles of any state."""
    columns: Sequence[Any] = (
        sa.func.count(),
        sa.func.count().filter(a.c.text == "none"),
        sa.func.count(sa.distinct(a.c.story)),
        sa.func.min(a.c.dated),
        sa.func.max(a.c.dated),
        sa.func.coalesce(sa.func.max(a.c.changed), 0),
    )
    return Statistics(*conn.execute(sa.select(*columns)).one())
