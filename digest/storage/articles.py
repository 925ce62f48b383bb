"""Articles and their revisions: saved once, corrected by new revisions, never overwritten."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from digest.model import Article, Content, Revision
from digest.storage import changes
from digest.storage.engine import chunks
from digest.storage.schema import articles as a
from digest.storage.schema import revisions as r
from digest.text.normalise import clean, nfc


@dataclass(frozen=True, slots=True)
class Known:
    """What collecting must know of an article before it asks for the page again."""

    id: int
    url: str
    revision: int
    text: str
    state: str
    etag: str
    last_modified: str
    fetched: datetime
    tries: int
    next_try: datetime | None
    content_hash: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What `save` did. `outcome`: new | updated | unchanged."""

    id: int
    outcome: str
    revision: int


def content_hash(content: Content) -> str:
    """One key for the words of a content: NFC, white space folded; the date to the minute."""
    words = [clean(text) for text in (content.title, content.dateline, content.lead, content.author)]
    date = content.published.strftime("%Y-%m-%dT%H:%M") if content.published else ""
    lists = [[clean(text) for text in texts] for texts in (content.paragraphs, content.captions)]
    made = json.dumps([words, date, lists], ensure_ascii=False)
    return hashlib.sha256(made.encode("utf-8", "surrogatepass")).hexdigest()[:32]


_KNOWN = (
    a.c.id, a.c.url, a.c.revision, a.c.text, a.c.state, a.c.etag, a.c.last_modified,
    a.c.fetched, a.c.tries, a.c.next_try, a.c.content_hash,
)  # fmt: skip


def known(conn: Connection, urls: Collection[str]) -> dict[str, Known]:
    """Those of the URLs that the archive has, by URL."""
    found: dict[str, Known] = {}
    for some in chunks(list(urls)):
        for row in conn.execute(sa.select(*_KNOWN).where(a.c.url.in_(some))):
            found[row.url] = Known(*row)
    return found


def retry_due(conn: Connection, now: datetime) -> list[Known]:
    """Articles without text whose next try has come, the longest waiting first."""
    due = (a.c.text == "none") & (a.c.next_try <= now) & (a.c.state == "live")
    return [Known(*row) for row in conn.execute(sa.select(*_KNOWN).where(due).order_by(a.c.next_try))]


def save(
    conn: Connection,
    *,
    url: str,
    source: str,
    outlet: str,
    content: Content,
    fetched: datetime,
    text: str = "full",
    reason: str = "",
    etag: str = "",
    last_modified: str = "",
    next_try: datetime | None = None,
) -> Saved:
    """Stores what one fetch gave; saying it again changes nothing.

    New words make the next revision. `text` "none" (the page could not be had: `reason`, `next_try`)
    never replaces a "full" one; a "full" one after a "none" is the next revision.
    """
    changes.take_turn(conn)
    old: Any = conn.execute(sa.select(*_KNOWN).where(a.c.url == url)).first()
    page = {"fetched": fetched, "etag": etag, "last_modified": last_modified, "next_try": next_try}
    if old is None:
        return _insert(conn, url, source, outlet, content, text, reason, page)
    if text == "none" and old.text == "full":
        return Saved(old.id, "unchanged", old.revision)
    page["tries"] = old.tries + 1 if text == "none" else 0
    digest = content_hash(content)
    if digest == old.content_hash and text == old.text:
        return _seen_again(conn, old, page, text, reason)
    return _revise(conn, old, content, digest, text, reason, page)


# Made once: building a statement anew costs as much as running it (580 against 1,600 articles a second).
_NEW_ARTICLE = sa.insert(a).returning(a.c.id)
_OWN_STORY = sa.update(a).where(a.c.id == sa.bindparam("made")).values(story=sa.bindparam("made"))
_NEW_REVISION = sa.insert(r)


def _insert(
    conn: Connection,
    url: str,
    source: str,
    outlet: str,
    content: Content,
    text: str,
    reason: str,
    page: dict[str, Any],
) -> Saved:
    row = {
        "url": url,
        "source": source,
        "outlet": outlet,
        "collected": page["fetched"],
        "dated": content.published or page["fetched"],
        "content_hash": content_hash(content),
        "text": text,
        "changed": changes.next_number(conn),
        "tries": 1 if text == "none" else 0,
        "needs_tags": True,
        "needs_story": True,
        **page,
    }
    made = conn.execute(_NEW_ARTICLE, row).scalar_one()
    conn.execute(_OWN_STORY, {"made": made})
    _add_revision(conn, made, 1, content, page["fetched"], text, reason)
    return Saved(made, "new", 1)


def _seen_again(conn: Connection, old: Any, page: dict[str, Any], text: str, reason: str) -> Saved:
    back = old.state == "gone" and text == "full"
    if back:
        page |= {"state": "live", "state_reason": "", "changed": changes.next_number(conn)}
    conn.execute(sa.update(a).where(a.c.id == old.id).values(**page))
    if text == "none":
        here = (r.c.article == old.id) & (r.c.number == old.revision)
        conn.execute(sa.update(r).where(here).values(reason=reason))
    return Saved(old.id, "updated" if back else "unchanged", old.revision)


def _revise(
    conn: Connection,
    old: Any,
    content: Content,
    digest: str,
    text: str,
    reason: str,
    page: dict[str, Any],
) -> Saved:
    number = old.revision + 1
    _add_revision(conn, old.id, number, content, page["fetched"], text, reason)
    fresh = {"state": "live", "state_reason": ""} if old.state == "gone" and text == "full" else {}
    row = sa.update(a).where(a.c.id == old.id)
    conn.execute(
        row.values(
            revision=number,
            content_hash=digest,
            text=text,
            dated=content.published or a.c.collected,
            changed=changes.next_number(conn),
            needs_tags=True,
            needs_story=True,
            **page,
            **fresh,
        )
    )
    return Saved(old.id, "updated", number)


def _add_revision(
    conn: Connection, article: int, number: int, content: Content, fetched: datetime, text: str, reason: str
) -> None:
    row = {
        "article": article,
        "number": number,
        "title": nfc(content.title),
        "dateline": nfc(content.dateline),
        "lead": nfc(content.lead),
        "paragraphs": [nfc(one) for one in content.paragraphs],
        "captions": [nfc(one) for one in content.captions],
        "author": nfc(content.author),
        "published": content.published,
        "published_raw": content.published_raw,
        "flags": list(content.flags),
        "fetched": fetched,
        "text": text,
        "reason": reason,
    }
    conn.execute(_NEW_REVISION, row)


def touch(conn: Connection, id: int, *, fetched: datetime, etag: str = "", last_modified: str = "") -> None:
    """The page was asked again and had not changed (304); empty validators keep the old ones."""
    stated = {"fetched": fetched, "etag": etag, "last_modified": last_modified}
    conn.execute(sa.update(a).where(a.c.id == id).values(**{k: v for k, v in stated.items() if v}))


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
        found |= {article.id: article for article in select(conn, a.c.id.in_(some))}
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


def last_change(conn: Connection) -> int:
    """The newest number of a change, 0 for an empty archive."""
    return conn.execute(sa.select(sa.func.max(a.c.changed))).scalar() or 0


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
    """Articles whose newest revision has no signature yet (see `stories.save_signature`), by id."""
    return list(conn.scalars(sa.select(a.c.id).where(a.c.needs_story).order_by(a.c.id)))


def untagged(conn: Connection) -> list[int]:
    """Articles whose newest revision has not been tagged yet, by id."""
    return list(conn.scalars(sa.select(a.c.id).where(a.c.needs_tags).order_by(a.c.id)))


def mark_tagged(conn: Connection, id: int, revision: int) -> None:
    """This revision has been tagged; a newer one that came meanwhile still waits."""
    here = (a.c.id == id) & (a.c.revision == revision)
    conn.execute(sa.update(a).where(here).values(needs_tags=False))


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
