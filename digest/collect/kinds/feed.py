"""Feeds: RSS 0.9 to 2.0, RDF, Atom, CDF and JSON Feed, well-formed or not."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import feedparser

from digest.collect import urls
from digest.collect.kinds import Reading, Unreadable
from digest.collect.page import Page, plain_text
from digest.model import Entry, Source
from digest.text.dates import parse_date
from digest.text.normalise import clean
from digest.wording import _

# A summary longer than this is the article itself.
LONGEST_LEAD = 1200
LONGEST_TITLE = 500
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_REFERENCE = re.compile(r"&#(x?)((?<=x)[0-9a-f]{1,8}|(?<=#)[0-9]{1,8});?", re.IGNORECASE)
# What every form of feed has at least one of; a web page that has none need not be read as one.
_FEED_TAG = re.compile(r"<(?:[\w.-]+:)?(?:rss|rdf|feed|channel|item|entry)\b", re.IGNORECASE)
# feedparser takes seconds over tags nested without end; unclosed <br> of ill-formed feeds count here too.
DEEPEST = 5000
_TAGS = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<(/?)[A-Za-z][^<>]*>", re.DOTALL)
# What an RSS link says beside its text ("uri='at://…'") would be taken for the link itself.
_LINK_BESIDE = re.compile(r"<link\s[^<>]*?\buri\s*=[^<>]*(?<!/)>(?=\s*https?:)", re.IGNORECASE)
_INLINE = re.compile(r"</?(a|b|br|em|font|i|img|p|small|span|strong|sub|sup|u)\b[^>]*>", re.IGNORECASE)


def read(page: Page, source: Source) -> Reading:
    """The entries of a feed in its own order; Unreadable where nothing of a feed is found."""
    text = page.text("xml")
    if text.lstrip()[:1] == "{":
        return Reading(tuple(_json_entries(text, page, source)))
    if not _FEED_TAG.search(text):
        raise Unreadable(_("trang này không phải nguồn cấp tin (RSS, Atom)"))
    parsed = _parsed(text)
    if not parsed.entries and not parsed.get("version"):
        raise Unreadable(_("trang này không phải nguồn cấp tin (RSS, Atom)"))
    base = urls.absolute(page.url, parsed.feed.get("link") or "") or page.url
    return Reading(tuple(entry for raw in parsed.entries if (entry := _entry(raw, base, page, source))))


def _parsed(text: str) -> Any:
    bare = _DOCTYPE.sub("", _DECLARATION.sub("", text, count=1), count=1)
    bare = _LINK_BESIDE.sub("<link>", _REFERENCE.sub(_no_surrogate, bare))
    if _depth(bare) > DEEPEST:
        raise Unreadable(_("nguồn cấp tin lồng nhau quá sâu"))
    return feedparser.parse(
        bare.encode("utf-8"),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _depth(text: str) -> int:
    """How deep its tags are nested at most, where none that is left open is counted out."""
    depth = deepest = 0
    for tag in _TAGS.finditer(text):
        if tag[1]:
            depth -= 1
        elif tag[1] is not None and not tag[0].endswith("/>"):
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def _no_surrogate(reference: re.Match[str]) -> str:
    """A numeric reference as it stands, but U+FFFD for half of a surrogate pair, which is no letter."""
    number = int(reference[2], 16) if reference[1] else int(reference[2])
    return "\ufffd" if 0xD800 <= number <= 0xDFFF else reference[0]


def _link(raw: Any, base: str) -> str | None:
    """The article's address: where FeedBurner keeps the outlet's own, then the item's links, then its id."""
    links = (one.get("href") for one in raw.get("links", ()) if one.get("rel", "alternate") == "alternate")
    for given in (raw.get("feedburner_origlink"), raw.get("link"), *links):
        if given and (url := urls.absolute(base, given)):
            return url
    named = str(raw.get("id") or "")
    return urls.absolute(base, named) if named.startswith(("http:", "https:")) else None


def _entry(raw: Any, base: str, page: Page, source: Source) -> Entry | None:
    url = _link(raw, base)
    if url is None:
        return None
    published, stated = _date(raw, page.fetched, source.dates)
    summary, html = _texts(raw)
    return Entry(
        url=url,
        title=_stated_title(raw),
        lead=summary,
        author=clean(plain_text(raw.get("author", "")))[:LONGEST_TITLE],
        published=published,
        published_raw=stated,
        html=html,
        updated_raw=clean(str(dict.get(raw, "updated") or ""))[:100],
    )


def _stated_title(raw: Any) -> str:
    """The title; one in XHTML keeps its markup, which there is no one's slip."""
    given = raw.get("title", "")
    if raw.get("title_detail", {}).get("type") == "application/xhtml+xml":
        return clean(given)[:LONGEST_TITLE]
    return _title(given)


def _title(given: str) -> str:
    return clean(plain_text(given) if _INLINE.search(given) or "&" in given else given)[:LONGEST_TITLE]


def _texts(raw: Any) -> tuple[str, str]:
    """The summary as a lead, and the whole text where the feed carries it."""
    contents = [part.get("value", "") for part in raw.get("content", ())]
    summary = raw.get("summary", "")
    whole = max(contents, key=len, default="")
    lead = clean(plain_text(summary))
    if len(lead) > LONGEST_LEAD:
        return "", whole if len(whole) > len(summary) else summary
    return lead, whole if whole != summary else ""


def _date(raw: Any, fetched: datetime | None, hint: str | None) -> tuple[datetime | None, str]:
    for name in ("published", "created", "updated"):
        stated = clean(str(dict.get(raw, name) or ""))
        if stated:
            return parse_date(stated, hint=hint, fetched=fetched), stated[:100]
    return None, ""


def _json_entries(text: str, page: Page, source: Source) -> list[Entry]:
    try:
        items = json.loads(text)["items"]
        return [
            entry for item in items if isinstance(item, dict) and (entry := _json_entry(item, page, source))
        ]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unreadable(_("trang này không phải nguồn cấp tin (JSON Feed)")) from None


def _json_entry(item: dict[str, Any], page: Page, source: Source) -> Entry | None:
    """One item of a JSON Feed (jsonfeed.org, version 1.1)."""
    url = urls.absolute(page.url, str(item.get("url") or item.get("external_url") or item.get("id") or ""))
    if url is None:
        return None
    stated = str(item.get("date_published") or item.get("date_modified") or "")[:100]
    authors = item.get("authors") or [item.get("author")]
    names = [str(author.get("name", "")) for author in authors if isinstance(author, dict)]
    return Entry(
        url=url,
        title=_title(str(item.get("title") or "")),
        lead=_json_lead(item),
        author=clean(", ".join(names)),
        published=parse_date(stated, hint=source.dates, fetched=page.fetched) if stated else None,
        published_raw=stated,
        html=str(item.get("content_html") or ""),
    )


def _json_lead(item: dict[str, Any]) -> str:
    """The summary, or a text without markup so short that it is one."""
    given = item.get("summary") or item.get("content_text") or ""
    text = clean(str(given))
    return text[:LONGEST_LEAD] if item.get("summary") or len(text) <= LONGEST_LEAD else ""
