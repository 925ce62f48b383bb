"""The addresses of pages, in one place; all are relative to the site's root, without a reader's wishes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote, quote_plus

from flask import request

from digest.mail.unsubscribe import PATH as LEAVING
from digest.text.normalise import fold
from digest.workspace import safe_name


def to(path: str) -> str:
    """The address as this request's pages name it: the reader's wishes go along."""
    return f"{request.script_root}{path}"


def own_query() -> str:
    """The present address's query, "?" and all, in plain ASCII whatever a client sent; "" for none."""
    query = quote(request.query_string, safe="=&+%;,/?:@!$()*~-._")
    return f"?{query}" if query else ""


def without_key(path: str) -> str:
    """A path as logs may hold it: the key with which someone leaves a list is not in it."""
    before, leaving, _key = path.partition(f"{LEAVING}/")
    return f"{before}{leaving}…" if leaving else path


def article(number: int) -> str:
    """An article's page."""
    return f"/bai/{number}"


def short_article(number: int) -> str:
    """The same as printed beside QR codes."""
    return f"/b/{number}"


def revision(number: int, which: int) -> str:
    """An article as of one fetch."""
    return f"/bai/{number}/ban/{which}"


def differences(number: int, old: int, new: int) -> str:
    """What changed from one revision to another."""
    return f"/bai/{number}/khac-biet/{old}/{new}"


def topic(name: str) -> str:
    """A topic's page."""
    return f"/chu-de/{quote(name)}"


def outlet_slug(name: str) -> str:
    """What stands for an outlet in addresses: "Báo Sông Vân" → bao-song-van."""
    return safe_name(fold(name)).lower()


def outlet(name: str) -> str:
    """An outlet's page."""
    return f"/bao-dai/{outlet_slug(name)}"


def series(bulletin: str, year: int | None = None) -> str:
    """The numbers of a bulletin, of one year."""
    return f"/ban-tin/{quote(bulletin)}" + (f"?nam={year}" if year else "")


def edition(edition_id: str) -> str:
    """An approved edition."""
    return f"/ban-tin/{quote(edition_id)}"


def edition_file(edition_id: str, name: str) -> str:
    """One frozen file of an approved edition."""
    return f"/ban-tin/{quote(edition_id)}/tep/{quote(name)}"


def month(year: int, number: int) -> str:
    """The calendar of a month."""
    return f"/lich/{year:04d}-{number:02d}"


_quoted = lru_cache(maxsize=1024)(quote_plus)  # one page names the same query in forty addresses


def search(pairs: Iterable[tuple[str, str]] = ()) -> str:
    """The search page with these parameters."""
    query = "&".join(f"{name}={_quoted(value)}" for name, value in pairs if value)
    return f"/?{query}" if query else "/"


ALL = {
    "to": to,
    "article": article,
    "revision": revision,
    "differences": differences,
    "topic": topic,
    "outlet": outlet,
    "series": series,
    "edition": edition,
    "edition_file": edition_file,
    "month": month,
    "search": search,
}
