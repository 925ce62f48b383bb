"""Reading kept pages again: better extraction makes new revisions of what the archive already has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from digest.collect.extract import Refused, extract
from digest.collect.page import Page
from digest.model import Article, Config, Content, Entry, Failure, Progress, Source
from digest.storage import articles, pages
from digest.storage.engine import Archive
from digest.wording import _

BATCH = 50


@dataclass(frozen=True, slots=True)
class Reextracted:
    """How many pages were read again, how many articles have a new revision by it, and what failed."""

    read: int
    updated: int
    without_page: int
    failed: tuple[Failure, ...] = ()


def reextract(
    archive: Archive, config: Config, *, sources: Sequence[Source] = (), progress: Progress
) -> Reextracted:
    """Reads the kept page of every article (of these sources, if given) again; safe to repeat and to interrupt."""
    named = {source.id: source for source in (sources or config.sources)}
    with archive.reading() as conn:
        ids = [article.id for article in articles.iterate(conn) if _meant(article, named)]
    progress.stage(_("Đọc lại các trang đã giữ"), len(ids))
    counts: Counter[str] = Counter()
    failed: list[Failure] = []
    for start in range(0, len(ids), BATCH):
        with archive.reading() as conn:
            batch = list(articles.get_many(conn, ids[start : start + BATCH]).values())
            kept = {a.id: pages.get(conn, a.id, a.revision.number) for a in batch}
        done = [_again(article, named[article.source], kept[article.id]) for article in batch]
        with archive.writing() as conn:
            for article, outcome in zip(batch, done, strict=True):
                counts[_keep(conn, article, outcome, kept[article.id])] += 1
                failed += [outcome] if isinstance(outcome, Failure) else []
        progress.advance(len(batch))
    read = len(ids) - counts["no page"]
    return Reextracted(read, counts["updated"], counts["no page"], tuple(failed))


def _meant(article: Article, named: Mapping[str, Source]) -> bool:
    return article.source in named and article.state == "live" and article.revision.text == "full"


def _again(article: Article, source: Source, html: bytes | None) -> Content | Failure | None:
    """What its page yields now; what the entry point once said of it stands in the archived content."""
    if html is None:
        return None
    said = article.content
    entry = Entry(article.url, said.title, said.lead, said.author, said.published, said.published_raw)
    page = Page(article.url, html, None, "text/html", article.revision.fetched)
    try:
        content = extract(page, entry, source)
    except Refused as refused:
        return Failure(source.id, article.url, refused.reason, page=True)
    if not content.paragraphs:
        return Failure(source.id, article.url, _("không thấy nội dung bài trong trang đã giữ"), page=True)
    return content


def _keep(conn: Connection, article: Article, outcome: Content | Failure | None, html: bytes | None) -> str:
    """Saves better words as a new revision of the same fetch; nothing is saved where nothing is better."""
    if outcome is None or html is None:
        return "no page"
    if isinstance(outcome, Failure):
        return "failed"
    known = articles.known(conn, [article.url])[article.url]
    if known.revision != article.revision.number:
        return "unchanged"  # collected anew meanwhile
    saved = articles.save(
        conn,
        url=article.url,
        source=article.source,
        outlet=article.outlet,
        content=outcome,
        fetched=known.fetched,
        etag=known.etag,
        last_modified=known.last_modified,
    )
    if saved.outcome == "updated":
        pages.save(conn, article.id, saved.revision, html)
    return saved.outcome
