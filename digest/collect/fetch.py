"""The HTTP client: bounded, polite, honest; redirects followed by hand, every address checked as it is connected to."""

from __future__ import annotations

import asyncio
import email.utils
import random
import ssl
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import aiohttp

from digest import __version__
from digest.collect import addresses, unpacking, urls
from digest.collect.answers import Answer, FetchError, charset
from digest.collect.pace import Pace
from digest.model import FetchSettings, Site
from digest.wording import _

MOST_REDIRECTS = 10
# Tries of one address in one run, and how long a Retry-After may hold that up.
TRIES = 3
LONGEST_WAIT = 30.0
# Seconds before the second try, doubled for the third, each half to one and a half times so long.
BACKOFF = 0.5
_PERMANENT, _TEMPORARY = (301, 308), (302, 303, 307)


def user_agent(site: Site) -> str:
    """Who asks, and where to complain."""
    contact = site.url if site.url.isascii() else ""
    return f"digest/{__version__} (+{contact})" if contact else f"digest/{__version__}"


class Client:
    """Asks for addresses; use it as `async with Client(...) as client`."""

    def __init__(
        self,
        settings: FetchSettings,
        site: Site,
        *,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._settings, self._site = settings, site
        self._chance = chance
        self._gate = addresses.Gate(settings.allow_private)
        self.pace = Pace(settings.concurrency, settings.per_host, settings.delay)
        self._session: aiohttp.ClientSession | None = None
        self.requests = self.received = 0

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            limit=self._settings.concurrency, limit_per_host=self._settings.per_host,
            socket_factory=self._gate.open_socket, ttl_dns_cache=60,
        )  # fmt: skip
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.CookieJar(unsafe=True),  # hosts that are bare IP addresses, on loopback
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=self._settings.timeout),
            headers={
                "User-Agent": user_agent(self._site),
                "Accept-Encoding": unpacking.ACCEPTED,
                "Accept-Language": "vi,en;q=0.5",
            },
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    async def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Answer:
        """The answer for an address, tried again in this run where that may help; FetchError otherwise."""
        conditions = _conditions(etag, last_modified)
        for attempt in range(1, TRIES + 1):
            host = urls.host(url)
            if self.pace.down(host):
                raise FetchError(
                    "breaker", _("{host} liên tiếp không trả lời, tạm dừng hỏi trong lượt này", host=host)
                )
            try:
                answer = await self._follow(url, conditions)
            except FetchError as error:
                last = not error.passing or attempt == TRIES or (error.wait or 0) > LONGEST_WAIT
                # A host that does not answer costs a time limit each time; one that answers "busy" costs little.
                if error.kind in ("network", "name", "timeout") or (last and error.kind == "server"):
                    self.pace.went(host, False)
                if last:
                    raise
                await self._rest(host, attempt, error.wait)
            else:
                self.pace.went(host, True)
                return answer
        raise AssertionError("unreachable")

    async def fetch_cookies(self, url: str) -> None:
        """Asks for the pages above an address, only for the cookies that a site sets on its first page."""
        parts = urlsplit(url)
        first = parts.path.strip("/").partition("/")[0]
        for path in dict.fromkeys((f"/{first}", "/")):
            try:
                await self.get(f"{parts.scheme}://{parts.netloc}{path}")
            except FetchError:
                continue

    async def _rest(self, host: str, attempt: int, wait: float | None) -> None:
        if wait is not None:
            self.pace.hold(host, wait)
            await asyncio.sleep(wait)
        else:
            await asyncio.sleep(BACKOFF * 2 ** (attempt - 1) * (0.5 + self._chance()))

    async def _follow(self, url: str, conditions: Mapping[str, str]) -> Answer:
        here, moved, permanent = url, "", True
        seen: dict[str, int] = {}
        for _hop in range(MOST_REDIRECTS + 1):
            answer, onward = await self._once(here, conditions)
            if answer is not None:
                return Answer(
                    url, here, answer.status, answer.body, answer.content_type, answer.charset,
                    answer.etag, answer.last_modified, moved,
                )  # fmt: skip
            status, location = onward
            permanent = permanent and status in _PERMANENT
            here = _redirected(here, location)
            moved = here if permanent else moved
            seen[here] = seen.get(here, 0) + 1
            if seen[here] > 2:  # once more is how a page sets its session cookie
                break
        raise FetchError("redirects", _("chuyển hướng vòng quanh, không tới trang nào"))

    async def _once(self, url: str, conditions: Mapping[str, str]) -> tuple[Answer | None, tuple[int, str]]:
        assert self._session is not None
        async with self.pace.turn(urls.host(url)):
            self.requests += 1
            try:
                async with self._session.get(url, headers=conditions, allow_redirects=False) as got:
                    if got.status in _PERMANENT + _TEMPORARY and got.headers.get("Location"):
                        return None, (got.status, got.headers["Location"])
                    _check_status(got)
                    return await self._read(url, got), (0, "")
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
                raise _explained(error, self._settings.timeout) from error

    async def _read(self, url: str, got: aiohttp.ClientResponse) -> Answer:
        body = b"" if got.status == 304 else await self._body(got)
        kind = got.headers.get("Content-Type", "")
        return Answer(
            url, url, got.status, body, kind, charset(kind),
            got.headers.get("ETag", ""), got.headers.get("Last-Modified", ""),
        )  # fmt: skip

    async def _body(self, got: aiohttp.ClientResponse) -> bytes:
        most = self._settings.max_bytes
        try:
            engine = unpacking.unpacker(got.headers.get("Content-Encoding", ""))
            out = bytearray()
            async for piece in got.content.iter_any():
                out += engine.feed(piece, most - len(out))
            if out:
                engine.finish()
        except unpacking.TooLarge:
            raise FetchError("large", _("trang lớn hơn {most} byte", most=most), again=False) from None
        except unpacking.Damaged as error:
            raise FetchError("broken", _("trang nén bị hỏng hoặc thiếu đoạn cuối")) from error
        self.received += len(out)
        return bytes(out)


def _conditions(etag: str, last_modified: str) -> dict[str, str]:
    made = {}
    if etag:
        made["If-None-Match"] = etag
    if last_modified:
        made["If-Modified-Since"] = last_modified
    return made


def _redirected(base: str, location: str) -> str:
    target = urljoin(base, location.strip())
    if urlsplit(target).scheme not in ("http", "https"):
        raise FetchError(
            "address", _("chuyển hướng tới nơi không phải trang web: {url}", url=target), again=False
        )
    try:
        return urls.plain(target)
    except ValueError:
        raise FetchError(
            "address", _("chuyển hướng tới địa chỉ sai: {url}", url=target), again=False
        ) from None


def _check_status(got: aiohttp.ClientResponse) -> None:
    status = got.status
    if status in (200, 203, 304):
        return
    if status in (404, 410):
        raise FetchError("gone", _("trang không còn (mã {status})", status=status), again=False)
    if status in (401, 403, 407, 451):
        raise FetchError("refused", _("máy chủ từ chối (mã {status})", status=status))
    if status in (408, 425, 429) or status >= 500:
        wait = _retry_after(got.headers.get("Retry-After", ""))
        raise FetchError("server", _("máy chủ đang bận hoặc lỗi (mã {status})", status=status), wait=wait)
    raise FetchError("refused", _("máy chủ trả lời mã {status}", status=status))


def _retry_after(value: str) -> float | None:
    """Seconds of a Retry-After header, a number or an HTTP date (RFC 9110, 10.2.3)."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError, IndexError):
        return None


def _explained(error: Exception, timeout: float) -> FetchError:
    """A failure of the network in words for editors."""
    refused = _refused(error)
    if refused is not None:
        return FetchError("address", _("không được kết nối: {why}", why=refused), again=False)
    if isinstance(error, TimeoutError):
        return FetchError("timeout", _("quá {seconds} giây không trả lời xong", seconds=f"{timeout:g}"))
    if isinstance(error, aiohttp.ClientConnectorCertificateError | ssl.SSLError | aiohttp.ClientSSLError):
        return FetchError("tls", _("chứng thư bảo mật của máy chủ không hợp lệ"))
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return FetchError("name", _("không tìm thấy máy chủ (tên miền)"))
    if isinstance(error, aiohttp.ClientConnectorError):
        return FetchError("network", _("không kết nối được tới máy chủ"))
    if isinstance(error, aiohttp.ClientPayloadError):
        return FetchError("broken", _("trang đến không đủ, thiếu đoạn cuối"))
    if isinstance(error, aiohttp.InvalidURL | ValueError):
        return FetchError("address", _("địa chỉ không đúng"), again=False)
    return FetchError("network", _("kết nối bị ngắt giữa chừng"))


def _refused(error: BaseException | None) -> addresses.AddressRefused | None:
    for _depth in range(6):
        if error is None or isinstance(error, addresses.AddressRefused):
            return error
        error = getattr(error, "os_error", None) or error.__cause__
    return None
