"""What a host's robots.txt allows us, asked once a run and kept to (RFC 9309)."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from protego import Protego

from digest.collect import urls
from digest.collect.answers import FetchError
from digest.collect.fetch import Client
from digest.wording import _

AGENT = "digest"
LONGEST_DELAY = 30.0
LARGEST = 500_000
_ALL = Protego.parse("")


class Robots:
    """The rules of each host, read when its first page is wanted."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._rules: dict[str, asyncio.Task[Protego | FetchError]] = {}

    async def check(self, url: str) -> None:
        """Raises FetchError where the host forbids the address, or can't be asked."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.create_task(self._read(origin))
        rules = await self._rules[origin]
        if isinstance(rules, FetchError):
            raise rules
        if not rules.can_fetch(url, AGENT):
            raise FetchError(
                "robots", _("robots.txt của trang không cho phép chương trình tự động lấy trang này")
            )

    async def _read(self, origin: str) -> Protego | FetchError:
        try:
            answer = await self._client.get(f"{origin}/robots.txt")
        except FetchError as error:
            if error.kind in ("gone", "refused", "redirects"):
                return _ALL  # "unavailable" allows all (RFC 9309, 2.3.1.3)
            return error
        rules = Protego.parse(answer.body[:LARGEST].decode("utf-8", "replace"))
        delay = rules.crawl_delay(AGENT)
        if delay:
            self._client.pace.slow_down(urls.host(origin), min(float(delay), LONGEST_DELAY))
        return rules
