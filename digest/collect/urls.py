"""Addresses: the one form under which an article is known, and links made absolute."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, urljoin, urlsplit, urlunsplit

# Parameters that say how a reader came, not what is read.
_TRACKING = re.compile(
    r"^(utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|yclid|msclkid|mc_cid|mc_eid|igshid|zarsrc|zalo_\w+"
    r"|_ga|_gl|ref_src|ref_url|cmpid|at_(medium|campaign|custom\d))$",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SAFE_PATH = "/%:@!$&'()*+,;=~-._"
_SAFE_QUERY = _SAFE_PATH + "?"
LONGEST = 2000


def identity(url: str) -> str:
    """The address that an article is known by: no fragment, no tracking parameters, host in lower case.

    Raises ValueError where it is no http(s) address of a host.
    """
    return _rebuilt(url, _without_tracking)


def plain(url: str) -> str:
    """The same with every parameter kept: an address to be asked. Raises ValueError likewise."""
    return _rebuilt(url, lambda query: quote(query, safe=_SAFE_QUERY))


def _rebuilt(url: str, query: Callable[[str], str]) -> str:
    parts = urlsplit(url.strip())
    scheme, host = parts.scheme.lower(), _host(parts.hostname or "")
    if (
        scheme not in _DEFAULT_PORTS
        or not host
        or len(url) > LONGEST
        or re.search(r"[\s\x00-\x1f\\]", url.strip())
    ):
        raise ValueError(url)
    port = "" if parts.port in (None, _DEFAULT_PORTS[scheme]) else f":{parts.port}"
    netloc = (f"[{host}]" if ":" in host else host) + port
    path = quote(parts.path or "/", safe=_SAFE_PATH)
    return urlunsplit((scheme, netloc, path, query(parts.query), ""))


def _host(name: str) -> str:
    name = name.rstrip(".").lower()
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        raise ValueError(name) from None


def _without_tracking(query: str) -> str:
    if not query:
        return ""
    kept = [piece for piece in query.split("&") if piece and not _TRACKING.match(piece.partition("=")[0])]
    return quote("&".join(kept), safe=_SAFE_QUERY)


def absolute(base: str, link: str) -> str | None:
    """A link of a page as an article's address, or None where it leads to no web page."""
    try:
        return identity(urljoin(base, link.strip()))
    except ValueError:
        return None


def host(url: str) -> str:
    """Host and port of an address, as requests are counted by."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def site(url: str) -> str:
    """The host without "www.", by which pages are held to be of one outlet."""
    name = (urlsplit(url).hostname or "").lower()
    return name.removeprefix("www.")


def parameters(url: str) -> dict[str, str]:
    """The query of an address by name."""
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
