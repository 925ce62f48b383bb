"""What stands before every request and after every answer: proxies, Host, sizes, rate, security headers."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import Response, request

Start = Callable[..., Any]
App = Callable[[dict[str, Any], Start], Iterable[bytes]]

LONGEST_ADDRESS = 10_000  # octets of path and query; a query of 1,000 Vietnamese letters takes up to 9,000
RATE = 240  # requests a minute and address, with bursts of a quarter

POLICY = (
    "default-src 'none'; style-src 'self'; font-src data:; img-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may ask and how fast. `proxies`: addresses whose X-Forwarded-* is believed."""

    hosts: frozenset[str] = frozenset()
    proxies: frozenset[str] = frozenset()
    per_minute: int = RATE
    burst: int = 60


def rules(site_url: str, hosts: str, proxies: str, per_minute: str) -> Rules:
    """The rules out of settings: comma-separated names and addresses; `per_minute` 0 turns the limit off."""
    names = {_name(one) for one in hosts.split(",") if one.strip()}
    own = urlsplit(site_url).hostname
    rate = int(per_minute) if per_minute.strip().isdecimal() else RATE
    return Rules(
        frozenset(names | ({own.lower()} if own else set())),
        frozenset(one.strip() for one in proxies.split(",") if one.strip()),
        rate,
        max(10, rate // 4),
    )


def _name(host: str) -> str:
    """A Host header without its port, in small letters."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[: host.find("]") + 1]
    return host.partition(":")[0]


def host_allowed(host: str, allowed: frozenset[str]) -> bool:
    """Whether a Host is ours, loopback, or a private address in digits, which no foreign name can fake."""
    name = _name(host)
    if not name or any(letter in name for letter in "/\\@ \t"):
        return False
    if name == "localhost" or name.endswith(".localhost") or name in allowed:
        return True
    try:
        address = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return address.is_loopback or address.is_private


PROBES = ("/healthz", "/readyz")
"""What balancers ask, often and some without a Host: how it stands, which is no secret."""


class Gate:
    """WSGI middleware: refuses before any work is done."""

    def __init__(self, app: App, ask: Callable[[], Rules]) -> None:
        self.app, self.ask = app, ask
        self.buckets = Buckets()

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Believes a trusted proxy, then checks Host, length and rate."""
        now = self.ask()
        forwarded = _believe(environ, now.proxies)
        host, path = environ.get("HTTP_HOST", ""), environ.get("PATH_INFO", "")
        probe = path in PROBES
        if not (host_allowed(host, now.hosts) or (probe and not host)):
            return _refuse(start, "400 Bad Request", "Máy chủ này không mang tên ấy. (Unknown host.)")
        # The API says itself, as a problem+json, that a query is too long; the server bounds the rest.
        if (
            not path.startswith("/api/")
            and len(path) + len(environ.get("QUERY_STRING", "")) > LONGEST_ADDRESS
        ):
            return _refuse(
                start, "414 URI Too Long", "Địa chỉ quá dài. Xin rút ngắn câu tìm. (Address too long.)"
            )
        peer = environ.get("REMOTE_ADDR", "")
        asked_by_proxy = probe and peer in now.proxies  # the balancer itself, for no reader
        limited = now.per_minute and not asked_by_proxy and (forwarded or not _is_loopback(peer))
        if limited and not self.buckets.take(peer, now.per_minute, now.burst):
            said = "Bạn mở trang nhanh quá. Xin đợi một phút rồi mở lại. (Too many requests.)"
            return _refuse(start, "429 Too Many Requests", said, [("Retry-After", "60")])
        return self.app(environ, start)


def _believe(environ: dict[str, Any], proxies: frozenset[str]) -> bool:
    """Takes the reader's address and scheme from a trusted proxy; from anyone else they are dropped."""
    trusted = environ.get("REMOTE_ADDR", "") in proxies
    address = environ.pop("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    scheme = environ.pop("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip().lower()
    environ.pop("HTTP_X_FORWARDED_HOST", None)
    if trusted and address:
        environ["REMOTE_ADDR"] = address[:45]
    if trusted and scheme in ("http", "https"):
        environ["wsgi.url_scheme"] = scheme
    return trusted


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == ""


def _refuse(
    start: Start, status: str, said: str, more: list[tuple[str, str]] | None = None
) -> Iterable[bytes]:
    data = said.encode("utf-8")
    head = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(data)))]
    start(status, [*head, *HEADERS.items(), *(more or [])])
    return [data]


@dataclass
class Buckets:
    """A token bucket an address (a /64 for IPv6), the least recently seen forgotten; kept in memory only."""

    most: int = 20_000
    clock: Callable[[], float] = time.monotonic
    _levels: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def take(self, address: str, per_minute: int, burst: int) -> bool:
        """Whether one more request is within the rate."""
        key, now = _neighbourhood(address), self.clock()
        with self._guard:
            level, seen = self._levels.pop(key, (float(burst), now))
            level = min(float(burst), level + (now - seen) * per_minute / 60)
            allowed = level >= 1
            self._levels[key] = (level - 1 if allowed else level, now)
            while len(self._levels) > self.most:
                self._levels.popitem(last=False)
        return allowed


def _neighbourhood(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:
        return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)).network_address)
    return address


def secured(answer: Response) -> Response:
    """The security headers, none of which overrides what a page says itself."""
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if request.scheme == "https":
        answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return answer


def validated(answer: Response) -> Response:
    """An ETag over the body of what may be kept, and 304 where the reader has it already."""
    plain = answer.status_code == 200 and request.method in ("GET", "HEAD") and not answer.direct_passthrough
    if not plain or "Set-Cookie" in answer.headers:
        return answer
    answer.headers.setdefault("Cache-Control", "no-cache")
    if answer.headers["Cache-Control"] == "no-store":
        return answer
    if "ETag" not in answer.headers:
        answer.add_etag(weak=True)  # the same page compressed and not
    answer.make_conditional(request)
    return answer
