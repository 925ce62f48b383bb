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
from digest.collect.extract.tables import BETWEEN
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


def parts(seen: Seen) -> list[tuple[str, str]]:
    """The page's own lines, each with what it would be stored as: title | lead | author | caption | text | "" (left out).

    What would be stored and stands in no line of the page (stated only for machines) comes first, marked "stated".
    """
    content = seen.content
    if content is None:
        return [("", line) for line in seen.lines]
    named = {content.dateline + content.lead: "lead", content.lead: "lead", content.title: "title"}
    named |= {content.author: "author"} | dict.fromkeys(content.captions, "caption")
    text = set(content.paragraphs)
    found = []
    for line in seen.lines:
        cell = any(line in row.split(BETWEEN) for row in text if BETWEEN in row)
        found.append(("text" if line in text or cell else named.get(line, ""), line))
    shown = {line for _part, line in found}
    stated = [value for value in (content.title, content.lead) if value and value not in shown]
    return [("stated", value) for value in stated if content.dateline + value not in shown] + found
