"""The archive as JSON lines: export to other programs, import from them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from digest import clock
from digest.errors import Fault
from digest.jobs.index import bring_up
from digest.jobs.session import Session
from digest.model import Article, Content, Progress, Silent, Tagging
from digest.storage import articles, taggings
from digest.text.dates import parse_date
from digest.text.normalise import clean, nfc
from digest.wording import _

BATCH = 200


def export(session: Session) -> Iterator[dict[str, Any]]:
    """Every article as DESIGN's export shape, by id; what readers may see (`show`) plays no part."""
    with session.archive.reading() as conn:
        batch: list[Article] = []
        for article in articles.iterate(conn):
            batch.append(article)
            if len(batch) == BATCH:
                yield from _lines(batch, taggings.of(conn, [one.id for one in batch]))
                batch = []
        yield from _lines(batch, taggings.of(conn, [one.id for one in batch]))


def _lines(batch: Iterable[Article], tags: Mapping[int, list[Tagging]]) -> Iterator[dict[str, Any]]:
    for article in batch:
        if article.state != "takedown":
            yield line(article, tags.get(article.id, []))


def line(article: Article, tags: Iterable[Tagging]) -> dict[str, Any]:
    """One article in the export shape; times with the offset of Việt Nam."""
    content = article.content
    return {
        "id": article.id,
        "url": article.url,
        "source": article.source,
        "outlet": article.outlet,
        "dateline": content.dateline,
        "title": content.title,
        "lead": content.lead,
        "paragraphs": list(content.paragraphs),
        "captions": list(content.captions),
        "author": content.author,
        "published": clock.local(content.published).isoformat() if content.published else None,
        "collected": clock.local(article.collected).isoformat(),
        "story": article.story,
        "topics": [{"id": tag.topic, "score": round(tag.score, 3), "by": tag.by} for tag in tags],
        "revision": article.revision.number,
        "text": article.revision.text,
    }


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did; `faults` are lines that were left out, and why."""

    new: int
    updated: int
    unchanged: int
    faults: tuple[Fault, ...]


def import_lines(
    session: Session, lines: Iterable[str | bytes], progress: Progress | None = None
) -> ImportReport:
    """Takes lines of the export shape (url, title, paragraphs required); joins stories, tags and indexes.

    A line that is wrong is left out and reported; all others go in. Running it again changes nothing.
    """
    progress = progress or Silent()
    counts = {"new": 0, "updated": 0, "unchanged": 0}
    faults: list[Fault] = []
    progress.stage(_("Nhập bài"), 0)
    for batch in _batches(_rows(lines, faults)):
        with session.archive.writing() as conn:
            for row in batch:
                counts[_store(conn, row, session.now())] += 1
        progress.advance(len(batch))
    bring_up(session, progress)
    return ImportReport(counts["new"], counts["updated"], counts["unchanged"], tuple(faults))


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _rows(lines: Iterable[str | bytes], faults: list[Fault]) -> Iterator[dict[str, Any]]:
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except (ValueError, RecursionError):
            faults.append(Fault(_("Dòng này không phải JSON"), number))
            continue
        wrong = _wrong_with(row)
        if wrong:
            faults.append(Fault(wrong, number))
        else:
            yield row


def _wrong_with(row: object) -> str:
    if not isinstance(row, dict):
        return _("Mỗi dòng phải là một đối tượng JSON {{…}}")
    for key in ("url", "title"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            return _("Thiếu “{key}”", key=key)
    paragraphs = row.get("paragraphs")
    if not isinstance(paragraphs, list) or not all(isinstance(p, str) for p in paragraphs):
        return _("“paragraphs” phải là danh sách các đoạn văn")
    try:
        parts = urlsplit(row["url"])
    except ValueError:
        return _("“url” không phải một địa chỉ http(s)")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return _("“url” không phải một địa chỉ http(s)")
    return ""


def _store(conn: Any, row: dict[str, Any], now: datetime) -> str:
    collected = parse_date(_text(row, "collected")) or now
    published_raw = _text(row, "published")
    content = Content(
        title=clean(row["title"]),
        dateline=_text(row, "dateline"),
        lead=_text(row, "lead"),
        paragraphs=tuple(nfc(p).strip() for p in row["paragraphs"] if p.strip()),
        captions=tuple(clean(c) for c in row.get("captions") or () if isinstance(c, str)),
        author=_text(row, "author"),
        published=parse_date(published_raw) if published_raw else None,
        published_raw=published_raw,
    )
    url = row["url"].strip()
    saved = articles.save(
        conn,
        url=url,
        source=_text(row, "source") or "import",
        outlet=_text(row, "outlet") or (urlsplit(url).hostname or ""),
        content=content,
        fetched=collected,
        text="none" if row.get("text") == "none" else "full",
    )
    for tag in row.get("topics") or ():
        if isinstance(tag, dict) and tag.get("by") == "editor" and isinstance(tag.get("id"), str):
            taggings.set_editor(conn, saved.id, tag["id"], True, "import", now)
    return saved.outcome


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return clean(value) if isinstance(value, str) else ""
