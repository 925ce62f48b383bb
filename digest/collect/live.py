"""Looking without keeping: what would be stored of each source's newest articles, beside the page's own text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from digest.collect import plan
from digest.collect.apply import Outcome
from digest.collect.ask import Asking
from digest.collect.extract import blocks
from digest.collect.fetch import Client
from digest.collect.page import Page
from digest.collect.plan import Wanted
from digest.collect.robots import Robots
from digest.collect.walk import Asker, walk
from digest.collect.workers import Workers
from digest.model import Config, Content, Entry, Progress, Source
from digest.wording import _

NEWEST = 3
MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class Seen:
    """One article: as announced, as it would be stored (`text` full or none, `reason` why), and the page's lines."""

    entry: Entry
    content: Content | None
    text: str
    reason: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """One source: how many entries it named, its newest articles; `reason` says why it could not be had."""

    source: Source
    entries: int
    seen: tuple[Seen, ...] = ()
    reason: str = ""


def look(
    config: Config,
    sources: Sequence[Source],
    *,
    now: Callable[[], datetime],
    progress: Progress,
    newest: int = NEWEST,
) -> list[Look]:
    """Asks each source and its newest articles; nothing is stored, nothing remembered."""
    return asyncio.run(_look(config, sources, now, progress, newest))


async def _look(
    config: Config, sources: Sequence[Source], now: Callable[[], datetime], progress: Progress, newest: int
) -> list[Look]:
    progress.stage(_("Hỏi thử các nguồn"), len(sources))
    async with Client(config.fetch, config.site) as client:
        workers = Workers()
        asker = Asker(client, Robots(client), workers, now)

        async def one(source: Source) -> Look:
            found = await _one(asker, source, newest)
            progress.advance(note=source.outlet)
            return found

        try:
            return list(await asyncio.gather(*(one(source) for source in sources)))
        finally:
            await workers.close()


async def _one(asker: Asker, source: Source, newest: int) -> Look:
    walked = await walk(asker, source, None, robots_known=False)
    asking = Asking(asker, keep_html=True)
    entries = plan.newest_first(walked.entries)[:newest]
    outcomes = await asyncio.gather(*(asking.ask(Wanted(e.url, source, e)) for e in entries))
    seen = tuple(_seen(outcome) for outcome in outcomes)
    return Look(source, len(walked.entries), seen, walked.failure.reason if walked.failure else "")


def _seen(outcome: Outcome) -> Seen:
    reason = outcome.failure.reason if outcome.failure else ""
    lines: tuple[str, ...] = ()
    if outcome.html is not None:
        tree = Page(outcome.wanted.url, outcome.html).tree()
        lines = tuple(block.text for block in blocks.read(tree) if block.text)[:MOST_LINES]
    return Seen(outcome.wanted.entry, outcome.content, outcome.kind, reason, lines)
