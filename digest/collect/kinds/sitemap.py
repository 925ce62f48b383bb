"""Sitemaps: lists of pages, news sitemaps and indexes of them, packed or not (sitemaps.org 0.9)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from lxml import etree

from digest.collect import unpacking, urls
from digest.collect.kinds import Reading, Unreadable
from digest.collect.page import Element, Page
from digest.model import Entry, Source
from digest.text.dates import parse_date
from digest.text.normalise import clean
from digest.wording import _

# An index may name thousands of sitemaps; the newest few hold what is new.
MOST_SITEMAPS = 5
MOST_BYTES = 50_000_000
_LEAST = datetime.min.replace(tzinfo=UTC)


def read(page: Page, source: Source) -> Reading:
    """The pages of a sitemap, newest first, or for an index the newest sitemaps it names."""
    text = _unpacked(page).text("xml")
    if not text.lstrip().startswith("<"):
        return _plain_list(text, page)
    root = _root(text)
    if root is None:
        raise Unreadable(_("trang này không phải sơ đồ trang (sitemap)"))
    name = etree.QName(root).localname.lower()
    if name == "sitemapindex":
        return Reading((), _newest_sitemaps(root, page))
    if name != "urlset":
        raise Unreadable(_("trang này không phải sơ đồ trang (sitemap)"))
    found = [entry for node in root if (entry := _entry(node, page, source))]
    found.sort(key=lambda pair: pair[0], reverse=True)
    return Reading(tuple(entry for _when, entry in found))


def _unpacked(page: Page) -> Page:
    if not page.body.startswith(b"\x1f\x8b"):
        return page
    engine = unpacking.Zlib()
    try:
        body = engine.feed(page.body, MOST_BYTES)
        engine.finish()
    except (unpacking.TooLarge, unpacking.Damaged):
        raise Unreadable(_("sơ đồ trang nén bị hỏng hoặc quá lớn")) from None
    return Page(page.url, body, page.charset, page.content_type, page.fetched)


def _root(text: str) -> Element | None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    bare = re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)
    return etree.fromstring(bare.encode("utf-8"), parser)


def _plain_list(text: str, page: Page) -> Reading:
    """One address a line (sitemaps.org, "Text file")."""
    found = [urls.absolute(page.url, line) for line in text.splitlines() if line.strip().startswith("http")]
    if not found:
        raise Unreadable(_("trang này không phải sơ đồ trang (sitemap)"))
    return Reading(tuple(Entry(url=url) for url in found if url))


def _fields(node: Element) -> dict[str, str]:
    """The texts below a <url> or <sitemap> by local name; the first of a name counts."""
    named: dict[str, str] = {}
    for child in node.iter():
        if isinstance(child.tag, str) and child.text and child.text.strip():
            named.setdefault(etree.QName(child).localname.lower(), clean(child.text))
    return named


def _entry(node: Element, page: Page, source: Source) -> tuple[datetime, Entry] | None:
    if not isinstance(node.tag, str):
        return None
    named = _fields(node)
    url = urls.absolute(page.url, named.get("loc", ""))
    if url is None or "loc" not in named:
        return None
    stated = named.get("publication_date", "")
    published = parse_date(stated, hint=source.dates, fetched=page.fetched) if stated else None
    changed = parse_date(named.get("lastmod", ""), fetched=page.fetched) if "lastmod" in named else None
    # "lastmod" says when the page changed, not when it was published: it only orders.
    entry = Entry(url=url, title=named.get("title", ""), published=published, published_raw=stated[:100])
    return published or changed or _LEAST, entry


def _newest_sitemaps(root: Element, page: Page) -> tuple[str, ...]:
    found = []
    for number, node in enumerate(root):
        named = _fields(node) if isinstance(node.tag, str) else {}
        url = urls.absolute(page.url, named.get("loc", ""))
        if url and "loc" in named:
            changed = parse_date(named["lastmod"], fetched=page.fetched) if "lastmod" in named else None
            news = bool(re.search(r"news|tin|article|post|bai", url.rpartition("/")[2]))
            found.append((changed or _LEAST, news, -number, url))
    return tuple(url for *_order, url in sorted(found, reverse=True)[:MOST_SITEMAPS])
