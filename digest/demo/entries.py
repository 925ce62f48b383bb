"""The ways into the demo's outlets: RSS, Atom, a listing with pages, a news sitemap, robots.txt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from email.utils import format_datetime
from html import escape

from digest import clock
from digest.demo.pieces import Outlet, Piece

PER_PAGE = 4  # so that even a small newsroom has pages to turn


def rss(outlet: Outlet, base: str, pieces: Sequence[Piece]) -> str:
    """RSS 2.0 with the lead in a CDATA description beside a picture, as most outlets write it."""
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>{base}{one.path}</link><guid>{base}{one.path}</guid>"
        f"<pubDate>{format_datetime(clock.local(one.published))}</pubDate>"
        f'<description><![CDATA[<a href="{base}{one.path}"><img src="{base}/anh/{one.slug}.jpg"></a>'
        f"{escape(one.lead)}]]></description></item>"
        for one in pieces
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>{outlet.name}</title><link>{base}/</link><description>Tin mới</description>"
        f"<language>vi</language>{items}</channel></rss>"
    )


def atom(outlet: Outlet, base: str, pieces: Sequence[Piece]) -> str:
    """Atom 1.0 in UTC, with authors."""
    entries = "".join(
        f"<entry><id>{base}{one.path}</id><title>{escape(one.title)}</title>"
        f'<link rel="alternate" href="{base}{one.path}"/><author><name>{escape(one.author)}</name></author>'
        f"<published>{one.published.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</published>"
        f"<updated>{one.published.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</updated>"
        f"<summary>{escape(one.lead)}</summary></entry>"
        for one in pieces
    )
    newest = max(one.published for one in pieces).astimezone(UTC)
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="vi">'
        f"<title>{outlet.name}</title><id>{base}/atom.xml</id>"
        f'<link rel="self" href="{base}/atom.xml"/>'
        f"<updated>{newest:%Y-%m-%dT%H:%M:%SZ}</updated>{entries}</feed>"
    )


def listing(outlet: Outlet, base: str, pieces: Sequence[Piece], number: int) -> str | None:
    """One page of a section listing; None behind the last."""
    shown = pieces[(number - 1) * PER_PAGE : number * PER_PAGE]
    if number < 1 or not shown:
        return None
    last = -(-len(pieces) // PER_PAGE)
    rows = "".join(
        f'<div class="item"><h3><a href="{one.path}">{escape(one.title)}</a></h3>'
        f'<span class="ngay">{clock.local(one.published):%d/%m/%Y}</span><p>{escape(one.lead)}</p></div>'
        for one in shown
    )
    pager = "".join(f'<a href="/tin-tuc?trang={n}">{n}</a> ' for n in range(1, last + 1))
    following = f'<a rel="next" href="/tin-tuc?trang={number + 1}">Trang sau</a>' if number < last else ""
    return (
        f'<html><head><meta charset="utf-8"><title>Tin tức - {outlet.name}</title></head><body>'
        f'<div class="menu"><a href="/">Trang chủ</a> <a href="/lien-he">Liên hệ</a></div>'
        f'<div class="list">{rows}</div><div class="pager">{pager}{following}</div></body></html>'
    )


def news_sitemap(outlet: Outlet, base: str, pieces: Sequence[Piece]) -> str:
    """A sitemap in Google's news dialect."""
    urls = "".join(
        f"<url><loc>{base}{one.path}</loc><news:news><news:publication><news:name>{outlet.name}</news:name>"
        f"<news:language>vi</news:language></news:publication>"
        f"<news:publication_date>{clock.local(one.published).isoformat()}</news:publication_date>"
        f"<news:title>{escape(one.title)}</news:title></news:news></url>"
        for one in pieces
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'
    )


def robots(base: str) -> str:
    """What crawlers are asked to leave alone."""
    return f"User-agent: *\nDisallow: /noi-bo/\n\nSitemap: {base}/sitemap-news.xml\n"
