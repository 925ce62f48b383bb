"""Which articles are on which topics: by rule, and by editors, whose word outlives retagging."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from digest.model import Tagging
from digest.storage import changes
from digest.storage.engine import chunks
from digest.storage.schema import articles as a
from digest.storage.schema import taggings as t

# Made once: building a statement anew costs as much as running it.
_BY_RULE = (t.c.article == sa.bindparam("asked")) & (t.c.by == "rule")
_RULES, _NO_RULES, _ADDED = sa.select(t).where(_BY_RULE), sa.delete(t).where(_BY_RULE), sa.insert(t)


def replace_rule(conn: Connection, article: int, taggings: Sequence[Tagging]) -> None:
    """The rules' taggings of an article become these; editors' rows stay as they are."""
    here = {"asked": article}
    old = {row.topic: (row.score, row.why) for row in conn.execute(_RULES, here)}
    new = {tagging.topic: (tagging.score, tagging.why) for tagging in taggings if tagging.by == "rule"}
    if old == new:
        return
    if old:
        conn.execute(_NO_RULES, here)
    rows = [
        {"article": article, "topic": topic, "by": "rule", "present": True, "score": score, "why": why}
        for topic, (score, why) in new.items()
    ]
    if rows:
        conn.execute(_ADDED, rows)
    changes.touched(conn, [article])


def set_editor(conn: Connection, article: int, topic: str, present: bool, who: str, when: datetime) -> None:
    """An editor puts an article on a topic or takes it off; the last word stands, whatever the rules say."""
    here = (t.c.article == article) & (t.c.topic == topic) & (t.c.by == "editor")
    old = conn.execute(sa.select(t.c.present).where(here)).scalar()
    if old is present:
        return
    conn.execute(sa.delete(t).where(here))
    row = {"article": article, "topic": topic, "by": "editor", "present": present, "score": 1.0}
    conn.execute(sa.insert(t).values(**row, who=who, decided=when))
    changes.touched(conn, [article])


def clear_editor(conn: Connection, article: int, topic: str) -> None:
    """Takes an editor's word back: the rules decide again."""
    here = (t.c.article == article) & (t.c.topic == topic) & (t.c.by == "editor")
    if conn.execute(sa.delete(t).where(here)).rowcount:
        changes.touched(conn, [article])


def _effective() -> sa.Select[tuple[int, str, float, str, str]]:
    said = t.alias("said")
    editor = sa.exists().where(
        (said.c.article == t.c.article) & (said.c.topic == t.c.topic) & (said.c.by == "editor")
    )
    stands = (t.c.by == "editor") | ~editor
    return sa.select(t.c.article, t.c.topic, t.c.score, t.c.by, t.c.why).where(t.c.present & stands)


_ASKED: sa.BindParameter[Collection[int]] = sa.bindparam("ids", expanding=True)
_OF = _effective().where(t.c.article.in_(_ASKED)).order_by(t.c.by, t.c.score.desc(), t.c.topic)


def of(conn: Connection, ids: Collection[int]) -> dict[int, list[Tagging]]:
    """The taggings that stand, by article: editors' word first, best score first within a kind."""
    found: dict[int, list[Tagging]] = {id: [] for id in ids}
    for some in chunks(list(ids)):
        for row in conn.execute(_OF, {"ids": some}):
            found[row.article].append(Tagging(row.article, row.topic, row.score, row.by, row.why))
    return found


def counts(conn: Connection, since: datetime | None = None) -> dict[str, int]:
    """How many live articles stand on each topic; with `since`, only those first collected from then on."""
    asked = sa.select(a.c.id).where(a.c.state == "live")
    if since is not None:
        asked = asked.where(a.c.collected >= since)
    standing = _effective().where(t.c.article.in_(asked)).subquery()
    query = sa.select(standing.c.topic, sa.func.count()).group_by(standing.c.topic)
    return dict(conn.execute(query).all())


def by_rule(conn: Connection, topic: str) -> list[int]:
    """The articles that stand on a topic by rule alone, the newest first."""
    standing = _effective().where((t.c.topic == topic) & (t.c.by == "rule")).subquery()
    return list(conn.scalars(sa.select(standing.c.article).order_by(standing.c.article.desc())))


def corrections(conn: Connection) -> list[tuple[int, str, bool]]:
    """Editors' corrections, the newest first: (article, topic, put on or taken off)."""
    query = sa.select(t.c.article, t.c.topic, t.c.present).where(t.c.by == "editor")
    return [(row.article, row.topic, row.present) for row in conn.execute(query.order_by(t.c.decided.desc()))]
