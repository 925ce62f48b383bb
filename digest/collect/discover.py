"""From any page of an outlet to entry points worth having: its feeds, its news sitemap, or the page as a listing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from digest.collect import urls
from digest.collect.answers import FetchError
from digest.collect.extract import stated
from digest.collect.fetch import Client
from digest.collect.kinds import KINDS, Unreadable
from digest.collect.page import Element, Page
from digest.errors import DigestError, UsageError
from digest.model import Config, Source
from digest.text.normalise import clean, fold
from digest.wording import _

# Candidates that are asked, and entries from which a page counts as a listing.
MOST_CANDIDATES = 8
LEAST_ENTRIES = 5
_FEED_TYPES = re.compile(r"application/(rss|atom|rdf|feed)\+(xml|json)|application/json", re.IGNORECASE)
_FEED_LINK = re.compile(
    r"(\.rss|/rss/|/rss/?$|/rss\.|/feed/?$|/feeds?/|\.atom|rss\.xml|feed\.xml)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry point that was asked and answered; `newest` is the headline of its first entry."""

    source: Source
    entries: int
    newest: str

    def yaml(self) -> str:
        """A source to paste into sources.yaml."""
        source = self.source
        return (
            f"  - id: {source.id}\n    outlet: {_quoted(source.outlet)}\n    kind: {source.kind}\n"
            f"    url: {_quoted(source.url)}\n"
        )


def propose(config: Config, url: str, *, now: Callable[[], datetime]) -> list[Proposal]:
    """Entry points found from a page, the best first; DigestError where the page can't be had or has none."""
    try:
        asked = urls.plain(url if "//" in url else f"https://{url}")
    except ValueError:
        raise UsageError(_("“{url}” không phải địa chỉ trang web", url=url)) from None
    found = asyncio.run(_propose(config, asked, now))
    if not found:
        raise DigestError(
            _("Không thấy nguồn tin nào ở trang này"),
            url,
            _("Thử địa chỉ của một chuyên mục hoặc trang RSS của báo"),
        )
    return found


async def _propose(config: Config, url: str, now: Callable[[], datetime]) -> list[Proposal]:
    async with Client(config.fetch, config.site) as client:
        page = await _page(client, url, now)
        if isinstance(page, FetchError):
            raise DigestError(page.reason, url)
        itself = _read(page, "feed", "") or _read(page, "sitemap", "")
        if itself:
            return [itself]
        tree = page.tree()
        outlet = _outlet(tree, page.url)
        candidates = list(dict.fromkeys(_candidates(tree, page.url)))[:MOST_CANDIDATES]
        found = await _feeds(client, candidates, outlet, now)
        sitemaps = await _sitemaps(client, page.url, now)
        found += [_read(one, "sitemap", outlet) for one in sitemaps]
        found.append(_read(page, "listing", outlet))
    return [one for one in found if one is not None]


async def _feeds(
    client: Client, candidates: list[str], outlet: str, now: Callable[[], datetime]
) -> list[Proposal | None]:
    """The feeds among the candidates, and those that a page of feeds among them lists."""
    asked = await asyncio.gather(*(_page(client, one, now) for one in candidates))
    pages = [page for page in asked if isinstance(page, Page)]
    found = [_read(page, "feed", outlet) for page in pages]
    lists = [page for page, proposal in zip(pages, found, strict=True) if proposal is None]
    listed = [url for page in lists for url in _candidates(page.tree(), page.url) if url not in candidates]
    more = await asyncio.gather(
        *(_page(client, one, now) for one in list(dict.fromkeys(listed))[:MOST_CANDIDATES])
    )
    return found + [_read(page, "feed", outlet) for page in more if isinstance(page, Page)]


async def _page(client: Client, url: str, now: Callable[[], datetime]) -> Page | FetchError:
    try:
        answer = await client.get(url)
    except FetchError as error:
        return error
    return Page(answer.url, answer.body, answer.charset, answer.content_type, now())


def _candidates(tree: Element, base: str) -> Iterable[str]:
    """Feeds that a page declares, then links that look like feeds."""
    for node in tree.iter("link"):
        declared = "alternate" in (node.get("rel") or "").lower() and _FEED_TYPES.search(
            node.get("type") or ""
        )
        if declared and (url := urls.absolute(base, node.get("href") or "")):
            yield url
    for node in tree.iter("a"):
        url = urls.absolute(base, node.get("href") or "") if node.get("href") else None
        if url and url != base and urls.site(url) == urls.site(base) and _FEED_LINK.search(url):
            yield url


async def _sitemaps(client: Client, base: str, now: Callable[[], datetime]) -> list[Page]:
    """News sitemaps that robots.txt names (RFC 9309 leaves the line to sitemaps.org)."""
    parts = urlsplit(base)
    robots = await _page(client, f"{parts.scheme}://{parts.netloc}/robots.txt", now)
    if isinstance(robots, FetchError):
        return []
    lines = re.findall(r"(?im)^\s*sitemap\s*:\s*(\S+)", robots.body[:200_000].decode("utf-8", "replace"))
    named = [url for line in lines if "news" in line.lower() and (url := urls.absolute(base, line))]
    pages = [await _page(client, url, now) for url in named[:2]]
    return [page for page in pages if isinstance(page, Page)]


def _read(page: Page, kind: str, outlet: str) -> Proposal | None:
    outlet = outlet or urls.site(page.url)
    source = Source(_name(page.url, kind), outlet, kind, page.url)
    try:
        entries = KINDS[kind].read(page, source).entries
    except Unreadable:
        return None
    if not entries or (kind == "listing" and len(entries) < LEAST_ENTRIES):
        return None
    return Proposal(source, len(entries), entries[0].title)


def _outlet(tree: Element, url: str) -> str:
    said = stated.read(tree)
    name = next(iter(said.publishers), "") or clean(re.split(r"\s[-–|]\s", said.window_title)[-1])
    return name[:80] or urls.site(url)


def _name(url: str, kind: str) -> str:
    """An id made of the host's own word and the last telling part of the path."""
    parts = urlsplit(url)
    host = re.sub(r"\.(com|org|gov|net|edu)?\.?(vn|com|org|net)$", "", urls.site(url))
    path = re.sub(r"\.(rss|xml|html?|atom|aspx)$|-\d+$", "", parts.path.rstrip("/").rpartition("/")[2])
    words = re.findall(r"[a-z0-9]+", fold(f"{host} {re.sub(r'-[0-9]+$', '', path)}"))
    return "-".join(words)[:60].strip("-") or kind


def _quoted(text: str) -> str:
    """A YAML scalar that is read back as the same text."""
    return "'" + text.replace("'", "''") + "'"
