"""What a page states of itself for machines: JSON-LD, OpenGraph and other meta elements."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from digest.collect.page import Element
from digest.text.normalise import clean, fold

LONGEST = 2000
# A page's JSON-LD is walked no further than this: bombs are nested without end.
_MOST_NODES = 3000
_ARTICLE = re.compile(r"(Article|BlogPosting|Report|NewsItem|LiveBlogPosting)$")


@dataclass(slots=True)
class Stated:
    """Every statement kept as it is made, the more trustworthy first; nothing is decided here."""

    titles: list[str] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    modified: list[str] = field(default_factory=list)
    authors: list[list[str]] = field(default_factory=list)
    publishers: list[str] = field(default_factory=list)
    window_title: str = ""
    body: str = ""
    language: str = ""
    canonical: str = ""


_META: dict[str, tuple[str, ...]] = {
    "titles": ("og:title", "twitter:title", "dc.title", "title", "headline"),
    "leads": ("description", "og:description", "twitter:description", "dc.description", "sapo"),
    "dates": (
        "article:published_time", "og:published_time", "article:published", "datepublished", "pubdate",
        "publish-date", "publishdate", "published_time", "dc.date.issued", "dc.date", "dcterms.created", "date",
        "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime", "citation_publication_date",
        "article_date_original", "its_publication", "rnews:datepublished",
    ),
    "modified": ("article:modified_time", "og:updated_time", "lastmod", "datemodified", "dc.date.modified"),
    "publishers": ("og:site_name", "application-name", "article:publisher", "copyright", "dc.publisher"),
}  # fmt: skip


_AUTHORS = ("author", "dc.creator", "citation_author", "byl")


def read(tree: Element) -> Stated:
    """All that a tree states of its own article; JSON-LD comes before meta elements."""
    stated = Stated(language=clean(tree.get("lang") or tree.get("xml:lang") or ""))
    for node in tree.iter("title"):
        if node.getparent() is not None and node.getparent().tag != "svg":
            stated.window_title = clean(node.text_content())[:LONGEST]
            break
    for data in _of_this_page(list(_linked_data(tree)), tree, stated.window_title):
        _take_linked(stated, data)
    _take_meta(stated, tree)
    _take_microdata(stated, tree)
    return stated


def _of_this_page(found: list[dict[str, Any]], tree: Element, window: str) -> list[dict[str, Any]]:
    """Of several articles described, those whose headline the page bears too: others are teasers of other pages."""
    if len(found) < 2:
        return found
    borne = [window, *(node.get("content") or "" for node in tree.xpath("//meta[@property='og:title']"))]
    borne += [node.text_content() for node in tree.xpath("//h1")[:5]]
    said = fold(clean(" | ".join(borne)))
    fitting = [data for data in found if (name := _headline(data)) and fold(clean(name)) in said]
    return fitting or found


def _headline(data: dict[str, Any]) -> str:
    name = data.get("headline") or data.get("name")
    return html.unescape(name) if isinstance(name, str) else ""


def _add(values: list[str], given: object) -> None:
    """Keeps a text once; references left in it by careless templates are resolved."""
    text = clean(html.unescape(given))[:LONGEST] if isinstance(given, str) else ""
    if text and text not in values:
        values.append(text)


def _take_meta(stated: Stated, tree: Element) -> None:
    found: dict[str, list[str]] = {}
    for node in tree.iter("meta"):
        name = (node.get("property") or node.get("name") or node.get("itemprop") or "").strip().lower()
        if name and node.get("content"):
            found.setdefault(name, []).append(node.get("content"))
    for name in (*(name for name in found if name.endswith(":author")), *_AUTHORS):
        group: list[str] = []
        for value in found.get(name, ()):
            _add(group, value)
        stated.authors += [group] if group else []
    for kind, names in _META.items():
        for name in names:
            for value in found.get(name, ()):
                _add(getattr(stated, kind), value)
    for node in tree.iter("link"):
        if (node.get("rel") or "").lower() == "canonical" and node.get("href"):
            stated.canonical = node.get("href").strip()


def _take_microdata(stated: Stated, tree: Element) -> None:
    for node in tree.xpath("//*[@itemprop='datePublished' or @itemprop='dateModified'][not(self::meta)]"):
        kind = stated.dates if node.get("itemprop") == "datePublished" else stated.modified
        _add(kind, node.get("content") or node.get("datetime") or node.text_content())


def _linked_data(tree: Element) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects that describe an article."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        for node in _nodes(_loaded(script.text or "")):
            kinds = node.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(name, str) and _ARTICLE.search(name) for name in names):
                yield node


def _loaded(text: str) -> Any:
    """JSON as outlets write it: line breaks inside strings, comment marks around it, a stray semicolon."""
    bare = re.sub(
        r"^\s*(<!--|//<!\[CDATA\[|<!\[CDATA\[)|(-->|//\]\]>|\]\]>)\s*;?\s*$", "", text.strip()
    ).rstrip("; \n")
    for candidate in (bare, re.sub(r",\s*([}\]])", r"\1", bare)):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """All objects within, breadth first."""
    queue = [data]
    for count, node in enumerate(queue):
        if count > _MOST_NODES:
            return
        if isinstance(node, dict):
            yield node
            queue.extend(value for value in node.values() if isinstance(value, dict | list))
        elif isinstance(node, list):
            queue.extend(node)


def _names(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, str) and not name.startswith(("http:", "https:")):
            yield name


def _take_linked(stated: Stated, node: dict[str, Any]) -> None:
    _add(stated.titles, node.get("headline") or node.get("name"))
    _add(stated.leads, node.get("description"))
    _add(stated.dates, node.get("datePublished"))
    _add(stated.modified, node.get("dateModified"))
    people: list[str] = []
    for name in _names(node.get("author")):
        _add(people, name)
    stated.authors += [people] if people else []
    for name in _names(node.get("publisher")):
        _add(stated.publishers, name)
    body = node.get("articleBody")
    if isinstance(body, str) and len(body) > len(stated.body):
        stated.body = body
