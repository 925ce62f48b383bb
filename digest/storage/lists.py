"""Lists of articles for readers, by topic, outlet and day with their counts; no text is searched here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from digest.model import Article
from digest.storage import articles as articles_room
from digest.storage.schema import articles as a
from digest.storage.schema import revisions as r
from digest.storage.schema import taggings as t

SHOWN = ("live", "gone")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles: of a topic, of an outlet, dated in [first, last)."""

    topic: str | None = None
    outlet: str | None = None
    first: datetime | None = None
    last: datetime | None = None


def _standing(topic: sa.ColumnElement[str] | str) -> sa.ScalarSelect[Any]:
    """Ids of the articles on a topic, editors' word before the rules'."""
    said = t.alias("said")
    editor = sa.exists().where(
        (said.c.article == t.c.article) & (said.c.topic == t.c.topic) & (said.c.by == "editor")
    )
    stands = t.c.present & ((t.c.by == "editor") | ~editor)
    return sa.select(t.c.article).where((t.c.topic == topic) & stands).scalar_subquery()


def _where(wanted: Filter) -> sa.ColumnElement[bool]:
    parts: list[sa.ColumnElement[bool]] = [a.c.state.in_(SHOWN)]
    if wanted.topic is not None:
        parts.append(a.c.id.in_(_standing(wanted.topic)))
    if wanted.outlet is not None:
        parts.append(a.c.outlet == wanted.outlet)
    if wanted.first is not None:
        parts.append(a.c.dated >= wanted.first)
    if wanted.last is not None:
        parts.append(a.c.dated < wanted.last)
    return sa.and_(*parts)


def page(
    conn: Connection, wanted: Filter, *, limit: int, offset: int = 0, oldest: bool = False
) -> list[Article]:
    """Articles by date (unknown dates by the day of collecting), the newest first unless `oldest`."""
    order = (a.c.dated.asc(), a.c.id.asc()) if oldest else (a.c.dated.desc(), a.c.id.desc())
    ids = list(
        conn.scalars(sa.select(a.c.id).where(_where(wanted)).order_by(*order).limit(limit).offset(offset))
    )
    return list(articles_room.get_many(conn, ids).values())


def after(
    conn: Connection, wanted: Filter, *, limit: int, beyond: tuple[datetime, int] | None = None
) -> list[tuple[datetime, Article]]:
    """(dated, article) newest first, from beyond a (dated, id): paging that new articles do not shift."""
    where = _where(wanted)
    if beyond is not None:
        when, last = beyond
        where &= (a.c.dated < when) | ((a.c.dated == when) & (a.c.id < last))
    order = (a.c.dated.desc(), a.c.id.desc())
    rows = conn.execute(sa.select(a.c.id, a.c.dated).where(where).order_by(*order).limit(limit)).all()
    found = articles_room.get_many(conn, [row.id for row in rows])
    return [(row.dated, found[row.id]) for row in rows]


def count(conn: Connection, wanted: Filter) -> int:
    """How many articles that are."""
    return conn.execute(sa.select(sa.func.count()).select_from(a).where(_where(wanted))).scalar_one()


def _cut(conn: Connection, form: str) -> sa.ColumnElement[str]:
    """The month or day in Việt Nam (UTC+7 all year, without summer time since 1979) of `dated`."""
    if conn.dialect.name == "sqlite":
        return sa.func.strftime("%Y-%m" if form == "month" else "%Y-%m-%d", a.c.dated, "+7 hours")
    pattern = "YYYY-MM" if form == "month" else "YYYY-MM-DD"
    return sa.func.to_char(sa.func.timezone("Asia/Ho_Chi_Minh", a.c.dated), pattern)


def by_month(conn: Connection, wanted: Filter) -> list[tuple[str, int]]:
    """("2026-11", how many), the newest month first."""
    month = _cut(conn, "month").label("month")
    query = sa.select(month, sa.func.count()).select_from(a).where(_where(wanted)).group_by(month)
    return sorted(conn.execute(query).all(), reverse=True)


def by_day(conn: Connection, wanted: Filter) -> dict[date, int]:
    """How many on each day that has any."""
    day = _cut(conn, "day").label("day")
    query = sa.select(day, sa.func.count()).select_from(a).where(_where(wanted)).group_by(day)
    return {date.fromisoformat(name): count for name, count in conn.execute(query)}


@dataclass(frozen=True, slots=True)
class Extent:
    """How many articles readers may see, and the dates of the first and the last."""

    articles: int
    first: datetime | None
    last: datetime | None


def extent(conn: Connection) -> Extent:
    """The archive from its first article to its last."""
    edge = sa.select(a.c.dated).where(a.c.state.in_(SHOWN)).limit(1)
    first, last = (conn.scalar(edge.order_by(order)) for order in (a.c.dated.asc(), a.c.dated.desc()))
    return Extent(count(conn, Filter()), first, last)


@dataclass(frozen=True, slots=True)
class Tally:
    """A topic or outlet in numbers: how many articles, and the date of the newest."""

    name: str
    count: int
    newest: datetime | None


def outlets(conn: Connection) -> list[Tally]:
    """Every outlet that has articles, the one with most first."""
    query = sa.select(a.c.outlet, sa.func.count().label("n"), sa.func.max(a.c.dated))
    query = query.where(a.c.state.in_(SHOWN)).group_by(a.c.outlet).order_by(sa.desc("n"), a.c.outlet)
    return [Tally(*row) for row in conn.execute(query)]


def topics(conn: Connection) -> dict[str, Tally]:
    """Every topic that has articles, by id."""
    said = t.alias("said")
    editor = sa.exists().where(
        (said.c.article == t.c.article) & (said.c.topic == t.c.topic) & (said.c.by == "editor")
    )
    query = (
        sa.select(t.c.topic, sa.func.count(), sa.func.max(a.c.dated))
        .join(a, a.c.id == t.c.article)
        .where(t.c.present & ((t.c.by == "editor") | ~editor) & a.c.state.in_(SHOWN))
        .group_by(t.c.topic)
    )
    return {row[0]: Tally(*row) for row in conn.execute(query)}


def headlines(conn: Connection, most: int) -> list[str]:
    """The headlines of the newest articles."""
    query = sa.select(r.c.title).join(a, (r.c.article == a.c.id) & (r.c.number == a.c.revision))
    return list(conn.scalars(query.where(a.c.state.in_(SHOWN)).order_by(a.c.dated.desc()).limit(most)))


def state_reason(conn: Connection, article: int) -> tuple[str, datetime | None]:
    """Why an article is gone or taken down, and since when."""
    row = conn.execute(sa.select(a.c.state_reason, a.c.state_since).where(a.c.id == article)).first()
    return (row.state_reason, row.state_since) if row else ("", None)


def places(conn: Connection, *, limit: int, offset: int) -> list[tuple[int, datetime]]:
    """(id, when last fetched) of articles by id, for a sitemap."""
    query = sa.select(a.c.id, a.c.fetched).where(a.c.state.in_(SHOWN)).order_by(a.c.id)
    return [(row.id, row.fetched) for row in conn.execute(query.limit(limit).offset(offset))]
