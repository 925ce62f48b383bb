"""Asking one entry point: its page, the pages that go on, and whether anything changed since the last run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.collect import memory as memories
from digest.collect import plan
from digest.collect.answers import Answer, FetchError
from digest.collect.fetch import Client
from digest.collect.kinds import KINDS, Reading, Unreadable
from digest.collect.memory import Memory
from digest.collect.page import Page
from digest.collect.robots import Robots
from digest.collect.workers import Workers
from digest.model import Entry, Failure, Source
from digest.wording import _

MOST_PAGES = 20
ROBOTS_KNOWN_FOR = timedelta(hours=24)


@dataclass(slots=True)
class Walked:
    """What became of one entry point. `memory` is what to remember once all of its entries are dealt with."""

    source: Source
    entries: tuple[Entry, ...] = ()
    before: Memory | None = None
    memory: Memory | None = None
    unchanged: bool = False
    failure: Failure | None = None


@dataclass(slots=True)
class Asker:
    """What walking needs of the run."""

    client: Client
    robots: Robots
    workers: Workers
    now: Callable[[], datetime]


async def walk(asker: Asker, source: Source, before: Memory | None, *, robots_known: bool) -> Walked:
    """Asks an entry point; a failure is part of the result, never raised."""
    walked = Walked(source, before=before)
    try:
        if not robots_known:
            await asker.robots.check(source.url)
        answer = await _ask(asker.client, source, before)
        if answer.unchanged or (before and before.body == memories.body_key(answer)):
            walked.unchanged, walked.memory = True, before
        else:
            await _read(asker, walked, answer)
    except (FetchError, Unreadable) as error:
        reason = error.reason if isinstance(error, FetchError) else str(error)
        walked.failure = Failure(source.id, source.url, reason)
    return walked


async def _ask(client: Client, source: Source, before: Memory | None) -> Answer:
    if before is None:
        return await _with_session(client, source.url)
    if before.moved:
        try:
            return await client.get(before.moved, etag=before.etag, last_modified=before.last_modified)
        except FetchError as error:
            if error.kind not in ("gone", "refused", "redirects"):
                raise
            return await _with_session(client, source.url)
    return await _with_session(client, source.url, before)


async def _with_session(client: Client, url: str, before: Memory | None = None) -> Answer:
    """Asks; where that leads in circles, once more with the cookies that the site's other pages set."""
    etag, modified = (before.etag, before.last_modified) if before else ("", "")
    try:
        return await client.get(url, etag=etag, last_modified=modified)
    except FetchError as error:
        if error.kind != "redirects":
            raise
    await client.fetch_cookies(url)
    return await client.get(url, etag=etag, last_modified=modified)


async def _read(asker: Asker, walked: Walked, answer: Answer) -> None:
    source, before = walked.source, walked.before
    page = Page(answer.url, answer.body, answer.charset, answer.content_type, asker.now())
    reading = await _reading(asker, page, source)
    entries, whole = await _onward(asker, walked, reading)
    walked.entries = plan.chosen(source, entries)
    moved = answer.moved or (before.moved if before and answer.asked == before.moved else "")
    if whole:
        walked.memory = Memory(
            answer.etag, answer.last_modified, moved, memories.body_key(answer), memories.seen(walked.entries)
        )


async def _reading(asker: Asker, page: Page, source: Source) -> Reading:
    return await asker.workers.run(len(page.body), KINDS[source.kind].read, page, source)


async def _onward(asker: Asker, walked: Walked, first: Reading) -> tuple[list[Entry], bool]:
    """The entries of the first page and of those that go on; whether all that should be read could be."""
    source = walked.source
    entries, waiting, asked = list(first.entries), list(first.more), {source.url}
    known = walked.before.seen if walked.before else {}
    new = not first.entries or _any_new(first, known)
    while waiting and new and len(asked) < MOST_PAGES and len(plan.chosen(source, entries)) < source.limit:
        url = waiting.pop(0)
        if url in asked:
            continue
        asked.add(url)
        try:
            answer = await asker.client.get(url)
            page = Page(answer.url, answer.body, answer.charset, answer.content_type, asker.now())
            reading = await _reading(asker, page, source)
        except (FetchError, Unreadable) as error:
            if isinstance(error, FetchError) and error.kind != "gone":
                walked.failure = Failure(source.id, url, _("trang tiếp của mục: {why}", why=error.reason))
                return entries, False
            continue
        held = {entry.url for entry in entries}
        fresh = [entry for entry in reading.entries if entry.url not in held]
        entries += fresh
        new = bool(fresh) and _any_new(Reading(tuple(fresh)), known)
        waiting += [more for more in reading.more if more not in asked]
    return entries, True


def _any_new(reading: Reading, known: object) -> bool:
    seen = known if isinstance(known, dict) else {}
    return any(memories.short(entry.url) not in seen for entry in reading.entries)
