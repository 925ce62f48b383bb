"""Deciding, without doing: which entries are one article, which pages to ask for, when to ask again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from digest.collect.memory import Memory, said, short
from digest.model import Entry, Source
from digest.storage.articles import Known

_LEAST = datetime.min.replace(tzinfo=UTC)
# An article of these last days is looked at again for corrections, so long after it was last asked for.
CORRECTED_WITHIN = timedelta(days=7)
LOOKED_AT_AGAIN = timedelta(hours=20)
# Waits before a page that could not be had is tried again, by how often it was tried; then it is let be.
_WAITS = (
    timedelta(0),
    timedelta(0),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=2),
)
MOST_TRIES = 12
# A page that was gone is asked for again this often while its entry stays: feeds run ahead of their pages.
TRIES_OF_GONE = 3


@dataclass(frozen=True, slots=True)
class Found:
    """What one source said in this run."""

    source: Source
    entries: tuple[Entry, ...]
    memory: Memory | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page to ask for: a new article's, or (`known`) one to be looked at again."""

    url: str
    source: Source
    entry: Entry
    known: Known | None = None


def chosen(source: Source, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries that an editor wants of a source: by its patterns, each address once, at most `limit`."""
    wanted: dict[str, Entry] = {}
    for entry in newest_first(entries) if source.kind == "feed" else entries:
        if entry.url not in wanted and _fits(source, entry.url):
            wanted[entry.url] = entry
        if len(wanted) == source.limit:
            break
    return tuple(wanted.values())


def _fits(source: Source, url: str) -> bool:
    if source.include and not any(re.search(pattern, url) for pattern in source.include):
        return False
    return not any(re.search(pattern, url) for pattern in source.exclude)


def newest_first(entries: Sequence[Entry]) -> list[Entry]:
    """Entries by date where all have one, else in the order of their page."""
    if all(entry.published for entry in entries):
        return sorted(entries, key=lambda entry: entry.published or _LEAST, reverse=True)
    return list(entries)


def merge(found: Sequence[Found]) -> dict[str, Wanted]:
    """Entries of all sources by address: the first source names the article, each field is the first that is said."""
    merged: dict[str, Wanted] = {}
    for one in found:
        for entry in one.entries:
            earlier = merged.get(entry.url)
            if earlier is None:
                merged[entry.url] = Wanted(entry.url, one.source, entry)
            else:
                merged[entry.url] = replace(earlier, entry=_joined(earlier.entry, entry))
    return merged


def _joined(first: Entry, second: Entry) -> Entry:
    dated = first if first.published or not second.published else second
    return replace(
        first,
        title=first.title or second.title,
        lead=first.lead or second.lead,
        author=first.author or second.author,
        html=first.html or second.html,
        published=dated.published,
        published_raw=dated.published_raw,
    )


def corrected(found: Sequence[Found]) -> set[str]:
    """Addresses of which a source now says something else than it said in its last run."""
    changed = set()
    for one in found:
        before = one.memory.seen if one.memory else {}
        changed |= {
            e.url
            for e in one.entries
            if before.get(short(e.url), said(e)) not in (said(e),) and not _gone(before, e)
        }
    return changed


def _gone(seen: Mapping[str, str], entry: Entry) -> bool:
    return seen.get(short(entry.url), "").startswith("-")


def given_up(found: Sequence[Found]) -> set[str]:
    """Addresses whose page was gone as often as we ask."""
    return {
        entry.url
        for one in found if one.memory
        for entry in one.entries if _tries_of_gone(one.memory, entry) >= TRIES_OF_GONE
    }  # fmt: skip


def _tries_of_gone(memory: Memory, entry: Entry) -> int:
    mark = memory.seen.get(short(entry.url), "")
    return int(mark[1:]) if mark.startswith("-") else 0


def wanted(
    merged: Mapping[str, Wanted],
    known: Mapping[str, Known],
    changed: set[str],
    skipped: set[str],
    now: datetime,
) -> list[Wanted]:
    """The pages to ask for, hosts in turn: what is new, what failed and is due, what may have been corrected."""
    chosen = []
    for url, want in merged.items():
        have = known.get(url)
        if have is None:
            if url not in skipped:
                chosen.append(want)
        elif have.state != "takedown" and _again(have, want.entry, url in changed, now):
            chosen.append(replace(want, known=have))
    return chosen


def _again(have: Known, entry: Entry, changed: bool, now: datetime) -> bool:
    ahead = have.fetched > now  # the clock was wrong then, and with it the moment to come back
    if have.text == "none":
        return have.next_try is not None and (have.next_try <= now or ahead)
    if changed:
        return True
    recent = entry.published is not None and now - entry.published <= CORRECTED_WITHIN
    return recent and (ahead or now - have.fetched >= LOOKED_AT_AGAIN)


def next_try(tries: int, now: datetime) -> datetime | None:
    """When a page that could not be had for the `tries`-th time is asked for again; None: no more."""
    if tries >= MOST_TRIES:
        return None
    return now + _WAITS[min(tries, len(_WAITS) - 1)]


def marked_gone(memory: Memory | None, seen: dict[str, str], gone: set[str]) -> dict[str, str]:
    """The entries seen, with those whose page was gone marked by how often that was found."""
    before = memory.seen if memory else {}
    marked = dict(seen)
    for key in seen:
        earlier = before.get(key, "")
        times = int(earlier[1:]) if earlier.startswith("-") else 0
        if key in gone:
            marked[key] = f"-{times + 1}"
        elif times:
            marked[key] = earlier
    return marked
