"""Section listings: which links of a page are its articles, what stands beside each, and the next page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from urllib.parse import urlsplit

from digest import selectors
from digest.collect import urls
from digest.collect.kinds import Reading, Unreadable
from digest.collect.page import Element, Page
from digest.model import Entry, Source
from digest.text.dates import parse_date
from digest.text.normalise import clean, fold
from digest.text.tokens import count_syllables
from digest.wording import _

# Anchors beyond this are not looked at: no section page has so many.
MOST_ANCHORS = 3000
# What a link's evidence must add up to, to be held an article's (see `_worth`).
ENOUGH = 3
LONGEST_TITLE = 500
_FURNITURE = frozenset({"nav", "header", "footer", "form"})
_FURNITURE_WORDS = re.compile(
    r"(^|[\s_-])(nav|navbar|menu|mainmenu|submenu|footer|breadcrumbs?|topbar|toolbar|pagination|paging|pager|login"
    r"|lang|social|share|tags?|banner|ads?|quangcao)([\s_-]|\d|$)",
    re.IGNORECASE,
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_NEXT_WORDS = re.compile(
    r"^(trang (sau|tiep|ke)( theo)?|tiep( theo)?|sau|ke tiep|xem them|next|older|cu hon|[>»›]+|→)( [>»›]+)?$"
)
_PAGE_IN_URL = re.compile(
    r"(?:[?&](?:page|p|trang|pageindex|paged|cur_page|currentpage)=|/(?:page|trang)[-/]?)(\d{1,4})",
    re.IGNORECASE,
)
_SUFFIXES = re.compile(r"\.(html?|aspx|vov|vnp|tpo|ldo|antd|epi|vtc|amp|shtml|php)$", re.IGNORECASE)
_FILES = re.compile(
    r"\.(jpe?g|png|gif|webp|svg|pdf|docx?|xlsx?|zip|rar|mp[34]|rss|xml|css|js)$", re.IGNORECASE
)
_COLLECTION = re.compile(
    r"[/-](tags?|topic|chu-de|tu-khoa|tac-gia|author|chuyen-muc|category)(?=[/\d]|$)", re.IGNORECASE
)
_DATE_CLASS = re.compile(r"time|date|ngay|publish", re.IGNORECASE)


@dataclass(slots=True)
class _Link:
    """All anchors of one address, taken together."""

    url: str
    title: str = ""
    heading: bool = False
    furniture: bool = True
    anchors: list[Element] = field(default_factory=list)


def read(page: Page, source: Source) -> Reading:
    """The articles of a section page in its order, and its next page if it names one."""
    tree = page.tree()
    anchors = _anchors(tree, source)
    if not anchors:
        raise Unreadable(_("trang mục không có liên kết nào tới bài viết"))
    base = _base(tree, page.url)
    links = _links(anchors, base)
    chosen = list(links.values()) if source.selectors.link else _articles(links, page.url)
    if not chosen and not _PAGE_IN_URL.search(page.url):
        raise Unreadable(_("không nhận ra bài nào trong trang mục; trang có thể đã đổi cách trình bày"))
    taken = {link.url for link in chosen}
    entries = tuple(_entry(link, taken, base, page, source) for link in chosen)
    return Reading(entries, _next_page(tree, base, page.url))


def _base(tree: Element, url: str) -> str:
    for node in tree.iter("base"):
        return urls.absolute(url, node.get("href", "")) or url
    return url


def _anchors(tree: Element, source: Source) -> list[Element]:
    if source.selectors.link:
        picked = selectors.pick(tree, source.selectors.link)
        return [a for node in picked for a in ([node] if node.tag == "a" else node.iter("a"))][:MOST_ANCHORS]
    found: list[Element] = []
    for node in tree.iter("a"):
        if len(found) == MOST_ANCHORS:
            break
        if node.get("href"):
            found.append(node)
    return found


def _links(anchors: list[Element], base: str) -> dict[str, _Link]:
    """Anchors gathered by address, in the order of the page; links to other outlets are left out."""
    links: dict[str, _Link] = {}
    for anchor in anchors:
        href = anchor.get("href", "").strip()
        url = None if href.startswith(("#", "javascript:")) else urls.absolute(base, href)
        if url is None or urls.site(url) != urls.site(base) or _FILES.search(urlsplit(url).path):
            continue
        link = links.setdefault(url, _Link(url))
        link.anchors.append(anchor)
        heading, label = _in_heading(anchor), _label(anchor)
        if label and heading and not link.heading:
            link.heading, link.title = True, label
        elif heading or not link.heading:
            link.title = _better(link.title, label)
        link.furniture &= _in_furniture(anchor)
    return links


def _label(anchor: Element) -> str:
    """What an anchor calls its article: its text, or its title where the text is cut or is a picture."""
    for child in anchor.iter(*_HEADINGS):
        return clean(child.text_content())[:LONGEST_TITLE]
    text, title = clean(anchor.text_content()), clean(anchor.get("title") or "")
    if title and (not text or (text.endswith(("...", "…")) and title.startswith(text.rstrip(".… ")))):
        return title[:LONGEST_TITLE]
    return text[:LONGEST_TITLE]


def _better(one: str, other: str) -> str:
    """Of two labels the likelier headline: the longer, but for one as long as a summary."""
    if not one or not other:
        return one or other
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    summary = count_syllables(longer) > 30 and count_syllables(shorter) >= 4
    return shorter if summary else longer


def _in_heading(anchor: Element) -> bool:
    above = anchor
    for _step in range(3):
        above = above.getparent()
        if above is None:
            return False
        if above.tag in _HEADINGS:
            return True
    return any(True for _child in anchor.iter(*_HEADINGS))


def _in_furniture(anchor: Element) -> bool:
    for depth, above in enumerate(anchor.iterancestors()):
        if depth > 8 or above.tag == "body":
            return False
        words = f"{above.get('class', '')} {above.get('id', '')}"
        if (above.tag in _FURNITURE and not _in_heading(anchor)) or _FURNITURE_WORDS.search(words):
            return True
    return False


def _articles(links: dict[str, _Link], page_url: str) -> list[_Link]:
    """The links held to be articles; where most of those carry a number, the ones without are sections."""
    chosen = [link for link in links.values() if _worth(link, page_url) >= ENOUGH]
    numbered = sum(_numbered(link.url) for link in chosen)
    if numbered < 0.6 * len(chosen):
        return chosen
    return [link for link in chosen if _numbered(link.url) or _worth(link, page_url) >= ENOUGH + 3]


def _numbered(url: str) -> bool:
    """An address with the number or the date that articles have."""
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rpartition("/")[2]
    return bool(re.search(r"\d{4,}", f"{last}?{parts.query}") or re.search(r"/\d{4}/\d{2}/", parts.path))


def _worth(link: _Link, page_url: str) -> int:
    """Evidence that a link leads to an article: its words, its address, where it stands."""
    if link.url == urls.absolute(page_url, "") or _PAGE_IN_URL.search(link.url):
        return -9
    syllables = count_syllables(link.title)
    path = urlsplit(link.url).path
    last = path.rstrip("/").rpartition("/")[2]
    worth = (syllables >= 5) + (syllables >= 8) + 2 * _numbered(link.url) + bool(_SUFFIXES.search(path))
    worth += link.heading + (last.count("-") >= 4) - 4 * link.furniture - 3 * bool(_COLLECTION.search(path))
    return worth if syllables >= 3 else -9


def _entry(link: _Link, taken: set[str], base: str, page: Page, source: Source) -> Entry:
    item = _item(link, taken, base)
    published, stated = _date(item, page.fetched, source.dates) if item is not None else (None, "")
    lead = _lead(item, link) if item is not None else ""
    return Entry(url=link.url, title=link.title, lead=lead, published=published, published_raw=stated)


def _item(link: _Link, taken: set[str], base: str) -> Element | None:
    """The widest element around a link that holds no other article's link."""
    best = None
    for anchor in link.anchors:
        node = anchor
        while (above := node.getparent()) is not None and above.tag not in ("body", "html"):
            if not _alone(above, link.url, taken, base):
                break
            node = above
        if best is None or len(node.text_content()) > len(best.text_content()):
            best = node
    return best


def _alone(node: Element, url: str, taken: set[str], base: str) -> bool:
    for count, anchor in enumerate(node.iter("a")):
        other = urls.absolute(base, anchor.get("href", "")) if anchor.get("href") else None
        if count > 20 or (other != url and other in taken):
            return False
    return True


def _date(item: Element, fetched: datetime | None, hint: str | None) -> tuple[datetime | None, str]:
    """The date that an item shows; the text that readers see counts before attributes meant for scripts."""
    shown = [n for n in item.iter() if isinstance(n.tag, str) and _dated(n)]
    for node in shown:
        text = clean(node.text_content())
        if text and len(text) <= 80 and (when := parse_date(text, hint=hint, fetched=fetched)):
            return when, text
    for node in shown:
        for name in ("datetime", "title", "data-time", "data-date"):
            stated = clean(node.get(name) or "")
            if stated and (when := parse_date(stated, hint=hint, fetched=fetched)):
                return when, stated[:100]
    return None, ""


def _dated(node: Element) -> bool:
    return node.tag == "time" or bool(_DATE_CLASS.search(f"{node.get('class', '')} {node.get('id', '')}"))


def _lead(item: Element, link: _Link) -> str:
    """The longest text of an item beside its headline, if it reads like a summary."""
    best = ""
    for node in item.iter("p", "div", "span", "h2", "h3", "h4", "dd", "td"):
        if any(True for _inner in node.iter("div", "p", "a", "h2", "h3", "ul")) and node.tag != "p":
            inner = [n for n in node.iter("div", "p", "a", "h2", "h3", "ul") if n is not node]
            if inner:
                continue
        text = clean(node.text_content())
        if len(text) > len(best) and text != link.title and not _dated(node):
            best = text
    return best if count_syllables(best) >= 8 else ""


def _next_page(tree: Element, base: str, url: str) -> tuple[str, ...]:
    """The page that follows: rel=next, a link that says so, or the number after this page's."""
    here = urls.absolute(url, "")
    for node in (*tree.iter("link"), *islice(tree.iter("a"), MOST_ANCHORS)):
        if "next" in (node.get("rel") or "").lower().split() and (found := _onward(base, node, here)):
            return (found,)
    current = int(match[1]) if (match := _PAGE_IN_URL.search(url)) else 1
    numbered = None
    for node in islice(tree.iter("a"), MOST_ANCHORS):
        found = _onward(base, node, here)
        if found is None:
            continue
        page = _PAGE_IN_URL.search(found)
        words = fold(clean(node.text_content() or node.get("title") or node.get("aria-label") or ""))
        if page and int(page[1]) == current + 1 and (numbered is None or words == str(current + 1)):
            numbered = found
        if _NEXT_WORDS.match(words) and page and int(page[1]) > current:
            return (found,)
    return (numbered,) if numbered else ()


def _onward(base: str, node: Element, here: str | None) -> str | None:
    found = urls.absolute(base, node.get("href") or "") if node.get("href") else None
    return found if found and found != here and urls.site(found) == urls.site(base) else None
