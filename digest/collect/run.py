"""Collecting as a whole: entry points asked, pages planned, fetched, read and kept; what failed is said, never fatal."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from digest.collect import apply as keeping
from digest.collect import memory as memories
from digest.collect import plan, urls
from digest.collect.apply import Outcome
from digest.collect.ask import Asking
from digest.collect.fetch import Client
from digest.collect.harvest import harvest
from digest.collect.plan import Found, Wanted
from digest.collect.robots import Robots
from digest.collect.walk import ROBOTS_KNOWN_FOR, Asker, Walked, walk
from digest.collect.workers import Workers
from digest.model import Config, Entry, Failure, Progress, Source
from digest.storage import articles, sources
from digest.storage.engine import Archive
from digest.wording import _

# What one run may take: seconds, and bytes after unpacking. What is left over is the next run's.
LONGEST, MOST_BYTES = 3 * 3600.0, 3_000_000_000
# Pages from which reading them in other processes pays.
MANY = 40


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What one source brought."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Collected:
    """What a run brought; `failed` holds entry points and (page=True) single pages."""

    new: int
    updated: int
    unchanged: int
    failed: tuple[Failure, ...]
    warnings: tuple[str, ...] = ()
    per_source: dict[str, SourceReport] = field(default_factory=dict)


def collect(
    archive: Archive,
    config: Config,
    *,
    sources: Sequence[Source],
    now: Callable[[], datetime],
    progress: Progress,
) -> Collected:
    """Asks these sources and archives what is new; safe to kill and to run again."""
    return asyncio.run(_Run(archive, config, sources, now, progress).whole())


class _Run:
    """One run: its tools and its tallies."""

    def __init__(
        self,
        archive: Archive,
        config: Config,
        sources: Sequence[Source],
        now: Callable[[], datetime],
        progress: Progress,
    ) -> None:
        self._archive, self._config, self._sources = archive, config, tuple(sources)
        self._now, self._progress = now, progress
        self._failed: list[Failure] = []
        self._counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._gone: set[str] = set()
        self._begun, self._left = time.monotonic(), 0

    async def whole(self) -> Collected:
        async with Client(self._config.fetch, self._config.site) as client:
            workers = Workers()
            try:
                asker = Asker(client, Robots(client), workers, self._now)
                walked = await self._walk(asker)
                wanted, known = self._plan(walked)
                workers.busy = len(wanted) >= MANY
                await self._fetch(asker, wanted)
                self._finish(walked)
            finally:
                await workers.close()
        return self._report(walked, known)

    async def _walk(self, asker: Asker) -> list[Walked]:
        self._progress.stage(_("Hỏi các nguồn tin"), len(self._sources))
        with self._archive.reading() as conn:
            remembered = {s.id: memories.recall(sources.memory(conn, s.id), s) for s in self._sources}
            health = sources.health(conn)
        recently = self._now() - ROBOTS_KNOWN_FOR

        async def one(source: Source) -> Walked:
            last = health[source.id].last_success if source.id in health else None
            known = remembered[source.id] is not None and last is not None and last >= recently
            walked = await walk(asker, source, remembered[source.id], robots_known=known)
            self._progress.advance(note=source.outlet)
            return walked

        return list(await asyncio.gather(*(one(source) for source in self._sources)))

    def _plan(self, walked: Sequence[Walked]) -> tuple[list[Wanted], int]:
        """The pages to ask for, and how many articles that entry points name are known already."""
        now = self._now()
        found = [Found(w.source, w.entries, w.before) for w in walked if w.entries]
        merged = plan.merge(found)
        with self._archive.reading() as conn:
            known = articles.known(conn, list(merged))
            waiting = self._waiting(articles.retry_due(conn, now), set(merged), conn)
        wanted = plan.wanted(merged, known, plan.corrected(found), plan.given_up(found), now)
        asked = {want.url for want in wanted}
        quiet = {memories.short(url) for url in known if url not in asked}
        for one in walked:
            if one.unchanged and one.before:
                quiet |= {key for key, said in one.before.seen.items() if not said.startswith("-")}
        quiet -= {memories.short(want.url) for want in waiting}
        return _in_turn([*wanted, *waiting]), len(quiet)

    def _waiting(self, due: Iterable[articles.Known], named: set[str], conn: object) -> list[Wanted]:
        """Articles of these sources whose page could not be had earlier and is to be tried again."""
        mine = {source.id: source for source in self._sources}
        found = []
        for have in due:
            if have.url in named:
                continue
            article = articles.get(conn, have.id)  # type: ignore[arg-type]
            if article is not None and article.source in mine:
                said = article.content
                entry = Entry(
                    have.url,
                    said.title,
                    said.dateline + said.lead,
                    said.author,
                    said.published,
                    said.published_raw,
                )
                found.append(Wanted(have.url, mine[article.source], entry, have))
        return found

    async def _fetch(self, asker: Asker, wanted: Sequence[Wanted]) -> None:
        """Asks for the pages with a few more hands than connections are allowed; outcomes are kept as they come."""
        self._progress.stage(_("Lấy bài"), len(wanted))
        asking = Asking(asker, self._config.fetch.keep_html)

        async def ask(want: Wanted) -> Outcome:
            outcome = await asking.ask(want)
            self._progress.advance(note=want.source.outlet)
            return outcome

        self._left = await harvest(
            wanted,
            hands=2 * self._config.fetch.concurrency,
            ask=ask,
            keep=self._keep,
            spent=lambda: time.monotonic() - self._begun > LONGEST or asker.client.received > MOST_BYTES,
        )

    def _keep(self, outcomes: list[Outcome]) -> None:
        with self._archive.writing() as conn:
            results = keeping.apply(conn, outcomes)
        for outcome, result in zip(outcomes, results, strict=True):
            self._counts[outcome.wanted.source.id][result] += 1
            if outcome.failure is not None:
                self._failed.append(outcome.failure)
                self._counts[outcome.wanted.source.id]["failed"] += 1
            if outcome.kind == "gone":
                self._gone.add(memories.short(outcome.wanted.url))

    def _finish(self, walked: Sequence[Walked]) -> None:
        """Remembers entry points only now that all of their entries are dealt with: a killed run reads them anew."""
        when = self._now()
        with self._archive.writing() as conn:
            for one in walked:
                if one.failure:
                    self._failed.append(one.failure)
                if one.memory and not one.unchanged and not self._left:
                    seen = plan.marked_gone(one.before, dict(one.memory.seen), self._gone)
                    self._remember(conn, one, seen)
                new = self._counts[one.source.id]["new"]
                reason = one.failure.reason if one.failure else ""
                sources.record(conn, one.source.id, when, one.failure is None, new, reason)

    def _remember(self, conn: object, one: Walked, seen: dict[str, str]) -> None:
        assert one.memory is not None
        hoped = any(said.startswith("-") and int(said[1:]) < plan.TRIES_OF_GONE for said in seen.values())
        memory = memories.Memory(
            "" if hoped else one.memory.etag, "" if hoped else one.memory.last_modified, one.memory.moved,
            "" if hoped else one.memory.body, seen,
        )  # fmt: skip
        sources.remember(conn, one.source.id, memories.pack(memory, one.source))  # type: ignore[arg-type]

    def _report(self, walked: Sequence[Walked], known: int) -> Collected:
        totals = {
            name: sum(c[name] for c in self._counts.values()) for name in ("new", "updated", "unchanged")
        }
        order = {source.id: place for place, source in enumerate(self._sources)}
        failed = sorted(self._failed, key=lambda f: (f.page, order.get(f.source, 0), f.url))
        per_source = {
            one.source.id: SourceReport(**{n: self._counts[one.source.id][n] for n in SourceReport.__slots__})
            for one in walked
        }
        warnings = (
            (_("Hết hạn mức của một lượt, còn {n} bài để lượt sau", n=self._left),) if self._left else ()
        )
        return Collected(
            totals["new"],
            totals["updated"],
            totals["unchanged"] + known,
            tuple(failed),
            warnings,
            per_source=per_source,
        )


def _in_turn(wanted: Sequence[Wanted]) -> list[Wanted]:
    """One of each host in turn, so that no host's delay holds up the others."""
    hosts: dict[str, deque[Wanted]] = {}
    for want in wanted:
        hosts.setdefault(urls.host(want.url), deque()).append(want)
    order: list[Wanted] = []
    while hosts:
        for host in list(hosts):
            order.append(hosts[host].popleft())
            if not hosts[host]:
                del hosts[host]
    return order
