"""What is remembered of an entry point between runs: its validators, and which entries it had, in which words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from digest.collect.answers import Answer
from digest.model import Entry, Source
from digest.storage.sources import EntryMemory
from digest.text.normalise import clean


@dataclass(frozen=True, slots=True)
class Memory:
    """`seen`: by key of an entry's address, the key of what was said of it; "-2" says that its page was gone, twice."""

    etag: str = ""
    last_modified: str = ""
    moved: str = ""
    body: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)


def short(text: str) -> str:
    """Ten letters that stand for a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def said(entry: Entry) -> str:
    """The key of what an entry point says of an article, to notice a correction."""
    return short(clean(f"{entry.title}\n{entry.lead}\n{entry.updated_raw or entry.published_raw}"))


def body_key(answer: Answer) -> str:
    """The key of an answer's bytes."""
    return hashlib.sha256(answer.body).hexdigest()[:20]


def recall(stored: EntryMemory | None, source: Source) -> Memory | None:
    """The memory of a source, unless it was made under another address or kind."""
    if stored is None:
        return None
    head, *pairs = stored.body_hash.split(" ")
    made_for, _sep, body = head.partition("/")
    if made_for != _key(source):
        return None
    seen = dict(pair.split(":", 1) for pair in pairs if ":" in pair)
    return Memory(stored.etag, stored.last_modified, stored.redirected_to, body, seen)


def pack(memory: Memory, source: Source) -> EntryMemory:
    """The memory as it is stored: one line, the source it was made for first."""
    pairs = (f"{url}:{said}" for url, said in memory.seen.items())
    line = " ".join([f"{_key(source)}/{memory.body}", *pairs])
    return EntryMemory(memory.etag, memory.last_modified, line, memory.moved)


def _key(source: Source) -> str:
    """Changes when an editor changes what decides which entries are looked at."""
    chosen = (
        source.kind,
        source.url,
        source.limit,
        source.include,
        source.exclude,
        source.selectors.link,
        source.dates,
    )
    return short(repr(chosen))


def seen(entries: Iterable[Entry]) -> dict[str, str]:
    """The entries by key."""
    return {short(entry.url): said(entry) for entry in entries}
