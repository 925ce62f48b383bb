"""Keeping what was collected: each outcome of a page written once, in small transactions, safe to repeat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from digest.collect import plan
from digest.collect.plan import Wanted
from digest.model import Content, Failure
from digest.storage import articles, pages
from digest.wording import _


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one wanted page.

    `kind`: full (content) | unchanged (304) | none (content is what was announced; `failure` says why)
    | gone | refused (marked secret: nothing of it is kept).
    """

    wanted: Wanted
    kind: str
    fetched: datetime
    content: Content | None = None
    failure: Failure | None = None
    etag: str = ""
    last_modified: str = ""
    html: bytes | None = None


def apply(conn: Connection, outcomes: Sequence[Outcome]) -> list[str]:
    """Writes outcomes in order; says of each: new | updated | unchanged | gone | refused."""
    return [_apply(conn, outcome) for outcome in outcomes]


def _apply(conn: Connection, outcome: Outcome) -> str:
    wanted, have = outcome.wanted, outcome.wanted.known
    if outcome.kind == "unchanged" and have is not None:
        articles.touch(
            conn, have.id, fetched=outcome.fetched, etag=outcome.etag, last_modified=outcome.last_modified
        )
        return "unchanged"
    if outcome.kind == "gone":
        return _gone(conn, outcome)
    if outcome.kind == "refused" or outcome.content is None:
        return "refused"
    return _save(conn, wanted, outcome, outcome.content)


def _gone(conn: Connection, outcome: Outcome) -> str:
    """An archived article whose page is gone was withdrawn; a page that never was there is not kept."""
    have = outcome.wanted.known
    if have is not None:
        articles.touch(conn, have.id, fetched=outcome.fetched)
        articles.mark(conn, have.id, "gone", _("trang báo đã gỡ bài"), outcome.fetched)
    return "gone"


def _save(conn: Connection, wanted: Wanted, outcome: Outcome, content: Content) -> str:
    full = outcome.kind == "full"
    tries = wanted.known.tries if wanted.known is not None and wanted.known.text == "none" else 0
    saved = articles.save(
        conn,
        url=wanted.url,
        source=wanted.source.id,
        outlet=wanted.source.outlet,
        content=content,
        fetched=outcome.fetched,
        text=outcome.kind,
        reason=outcome.failure.reason if outcome.failure and not full else "",
        etag=outcome.etag,
        last_modified=outcome.last_modified,
        next_try=None if full else plan.next_try(tries, outcome.fetched),
    )
    if full and outcome.html is not None and saved.outcome != "unchanged":
        pages.save(conn, saved.id, saved.revision, outcome.html)
    return saved.outcome
