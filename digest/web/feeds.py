"""What programs subscribe to: Atom feeds, OpenSearch, sitemap, robots.txt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from flask import Blueprint, Response, abort, request

from digest import clock
from digest.errors import QueryError
from digest.model import ApprovedEdition, Article
from digest.search import saved
from digest.search.results import Result
from digest.storage import editions, lists, searches
from digest.storage.lists import Filter
from digest.text.normalise import clean
from digest.web import asked as asking
from digest.web import links
from digest.web.reader.browse import outlet_of
from digest.web.reader.editions import downloads, series_of
from digest.web.reader.search import ask
from digest.web.shelf import Words, shelf
from digest.web.shown import instant, short_day
from digest.wording import _

pages = Blueprint("feeds", __name__)
ENTRIES = 30
PER_SITEMAP = 5_000
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed; `path` is our page, `original` the outlet's."""

    path: str
    title: str
    updated: datetime
    published: datetime | None
    author: str
    summary: str
    original: str = ""
    enclosures: tuple[tuple[str, str, int], ...] = ()


def base() -> str:
    """The site's public address, or the one it was asked at."""
    return shelf().words.config.site.url.rstrip("/") or request.host_url.rstrip("/")


def _text(text: str) -> str:
    return escape(clean(text))


def _attribute(text: str) -> str:
    return quoteattr(clean(text))


def atom(title: str, page: str, entries: Iterable[Entry]) -> Response:
    """An Atom feed (RFC 4287) of at most `ENTRIES` entries; `page` is the page it belongs to."""
    root, found = base(), list(entries)
    updated = max((one.updated for one in found), default=datetime(2000, 1, 1, tzinfo=clock.ZONE))
    itself = root + request.path + links.own_query()
    lines = [
        HEAD + '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="vi">',
        f"<title>{_text(title)}</title>",
        f"<id>{_text(itself)}</id>",
        f'<link rel="self" type="application/atom+xml" href={_attribute(itself)}/>',
        f'<link rel="alternate" type="text/html" href={_attribute(root + page)}/>',
        f"<updated>{instant(updated)}</updated>",
        f"<author><name>{_text(shelf().words.config.site.name)}</name></author>",
        *(line for one in found for line in _entry(one, root)),
        "</feed>\n",
    ]
    return Response("\n".join(lines), content_type="application/atom+xml; charset=utf-8")


def _entry(one: Entry, root: str) -> Iterator[str]:
    yield "<entry>"
    yield f"<title>{_text(one.title)}</title>"
    yield f"<id>{_text(root + one.path)}</id>"
    yield f'<link rel="alternate" type="text/html" href={_attribute(root + one.path)}/>'
    if one.original:
        yield f'<link rel="via" type="text/html" href={_attribute(one.original)}/>'
    for url, kind, size in one.enclosures:
        yield f'<link rel="enclosure" type={_attribute(kind)} length="{size}" href={_attribute(root + url)}/>'
    yield f"<updated>{instant(one.updated)}</updated>"
    if one.published:
        yield f"<published>{instant(one.published)}</published>"
    yield f"<author><name>{_text(one.author)}</name></author>"
    if one.summary:
        yield f'<summary type="text">{_text(one.summary)}</summary>'
    yield "</entry>"


def of_article(article: Article, words: Words) -> Entry:
    """An article's entry; its lead only where readers may see it."""
    content = article.content
    return Entry(
        links.article(article.id),
        content.title,
        article.revision.fetched,
        content.published,
        article.outlet,
        "" if words.show(article.source) == "link" else content.lead,
        article.url,
    )


def of_edition(edition: ApprovedEdition) -> Entry:
    """An approved edition's entry, its files as enclosures."""
    said = _("{count} bài, {minutes} phút đọc", count=edition.articles, minutes=edition.minutes)
    return Entry(
        links.edition(edition.id),
        edition.title,
        edition.approved,
        edition.approved,
        shelf().words.config.site.name,
        f"{short_day(edition.first)} – {short_day(edition.last)}: {said}",
        "",
        tuple((file.url, file.type, file.size) for file in downloads(edition)),
    )


def _of_filter(title: str, page: str, wanted: Filter) -> Response:
    here = shelf()
    with here.reading() as conn:
        found = lists.page(conn, wanted, limit=ENTRIES)
    return atom(title, page, (of_article(one, here.words) for one in found))


@pages.get("/atom/moi.xml")
def everything() -> Response:
    """The newest articles of the whole archive."""
    return _of_filter(shelf().words.config.site.name, "/", Filter())


@pages.get("/atom/chu-de/<name>.xml")
def topic(name: str) -> Response:
    """The newest articles on a topic."""
    known = shelf().words.topics
    if name not in known:
        abort(404)
    return _of_filter(known[name].name, links.topic(name), Filter(topic=name))


@pages.get("/atom/bao-dai/<slug>.xml")
def outlet(slug: str) -> Response:
    """The newest articles of an outlet."""
    name = outlet_of(slug)
    return _of_filter(name, f"/bao-dai/{slug}", Filter(outlet=name))


@pages.get("/atom/ban-tin/<series>.xml")
def bulletin(series: str) -> Response:
    """The newest approved editions of a series."""
    here = shelf()
    with here.reading() as conn:
        found = [one for one in editions.list_all(conn) if series_of(one, here.words) == series]
    if not found and series not in here.words.bulletins:
        abort(404)
    name = here.words.bulletins[series].name if series in here.words.bulletins else series
    return atom(name, links.series(series), (of_edition(one) for one in found[:ENTRIES]))


@pages.get("/atom/tim.xml")
def saved_search() -> Response:
    """A search that someone keeps an eye on: what is newest of it."""
    here, asked = shelf(), asking.read(request.args)
    if asked.empty:
        return everything()
    try:
        result = ask(here, asked.with_(sort="newest"), ENTRIES)
    except QueryError:
        abort(400)
    title = _("Tìm “{query}”", query=asked.query) if asked.query else here.words.config.site.name
    return _of_hits(title, asked, result)


def _of_hits(title: str, asked: asking.Asked, result: Result) -> Response:
    """Hits that hold all that was asked: a part of it is no news to whoever keeps an eye on it."""
    here = shelf()
    return atom(title, asked.url, (of_article(hit.article, here.words) for hit in result.hits if hit.whole))


@pages.get("/atom/da-luu/<name>.xml")
def named_search(name: str) -> Response:
    """A search that editors saved under a name."""
    here = shelf()
    with here.reading() as conn:
        kept = searches.get(conn, name)
    if kept is None:
        abort(404)
    wanted = saved.request(kept)
    asked = asking.Asked(wanted.query, wanted.topics, wanted.outlets, "", wanted.first, wanted.last, "newest")
    try:
        return _of_hits(kept.name, asked, ask(here, asked, ENTRIES))
    except QueryError:
        abort(404)


@pages.get("/opensearch.xml")
def opensearch() -> Response:
    """How a browser searches here (OpenSearch 1.1)."""
    root, name = base(), shelf().words.config.site.name
    kinds = (
        ("text/html", "/?q="),
        ("application/json", "/api/v1/search?q="),
        ("application/atom+xml", "/atom/tim.xml?q="),
    )
    urls = "".join(
        f"<Url type={_attribute(kind)} template={_attribute(f'{root}{path}{{searchTerms}}')}/>\n"
        for kind, path in kinds
    )
    purpose = _text(_("Tìm trong kho bài"))
    body = (
        f'{HEAD}<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{_text(name[:16])}</ShortName>\n<LongName>{_text(name[:48])}</LongName>\n"
        f"<Description>{purpose}</Description>\n"
        f"<InputEncoding>UTF-8</InputEncoding>\n{urls}</OpenSearchDescription>\n"
    )
    return Response(body, content_type="application/opensearchdescription+xml; charset=utf-8")


@pages.get("/robots.txt")
def robots() -> Response:
    """Pages may be indexed; searches and pages under a reader's wishes not, they are endless."""
    body = f"User-agent: *\nDisallow: /?\nDisallow: /~\nDisallow: /api/\n\nSitemap: {base()}/sitemap.xml\n"
    return Response(body, content_type="text/plain; charset=utf-8")


@pages.get("/sitemap.xml")
def sitemap() -> Response:
    """The index of sitemaps: fixed pages and editions, then articles in pieces of `PER_SITEMAP`."""
    with shelf().reading() as conn:
        pieces = -(-lists.count(conn, Filter()) // PER_SITEMAP)
    root = base()
    places = [f"{root}/sitemap-trang.xml", *(f"{root}/sitemap-bai-{n}.xml" for n in range(1, pieces + 1))]
    inner = "".join(f"<sitemap><loc>{_text(place)}</loc></sitemap>\n" for place in places)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return Response(
        f'{HEAD}<sitemapindex xmlns="{space}">\n{inner}</sitemapindex>\n',
        content_type="application/xml; charset=utf-8",
    )


@pages.get("/sitemap-trang.xml")
def sitemap_pages() -> Response:
    """Fixed pages, topics, outlets, editions."""
    here = shelf()
    with here.reading() as conn:
        known = [links.edition(one.id) for one in editions.list_all(conn)]
        outlets = [links.outlet(one.name) for one in lists.outlets(conn)]
    topics = [links.topic(topic) for topic in here.words.topics]
    fixed = ["/", "/chu-de", "/bao-dai", "/ban-tin", "/lich", "/cach-tim", "/gioi-thieu"]
    return _urlset((path, None) for path in [*fixed, *topics, *outlets, *known])


@pages.get("/sitemap-bai-<int:piece>.xml")
def sitemap_articles(piece: int) -> Response:
    """One piece of the articles, the oldest first so that pieces stay as they are."""
    if not 1 <= piece <= 10_000:
        abort(404)
    with shelf().reading() as conn:
        found = lists.places(conn, limit=PER_SITEMAP, offset=(piece - 1) * PER_SITEMAP)
    if not found:
        abort(404)
    return _urlset((links.article(number), fetched) for number, fetched in found)


def _urlset(places: Iterable[tuple[str, datetime | None]]) -> Response:
    root = base()
    inner = "".join(
        f"<url><loc>{_text(root + path)}</loc>{f'<lastmod>{instant(when)}</lastmod>' if when else ''}</url>\n"
        for path, when in places
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return Response(
        f'{HEAD}<urlset xmlns="{space}">\n{inner}</urlset>\n', content_type="application/xml; charset=utf-8"
    )
