"""How fast a host is asked: so many at once, so far apart, and not at all while it is down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

# Failures in a row after which a host is left alone for the rest of the run.
TRIPPED = 5


@dataclass(slots=True)
class _Host:
    slots: asyncio.Semaphore
    delay: float
    next_start: float = 0.0
    failures: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Pace:
    """Holds every request back until its host's turn has come."""

    def __init__(
        self, concurrency: int, per_host: int, delay: float, clock: Callable[[], float] | None = None
    ) -> None:
        self._all = asyncio.Semaphore(max(1, concurrency))
        self._per_host, self._delay = max(1, per_host), delay
        self._hosts: dict[str, _Host] = {}
        self._clock = clock or (lambda: asyncio.get_running_loop().time())

    def _of(self, host: str) -> _Host:
        if host not in self._hosts:
            self._hosts[host] = _Host(asyncio.Semaphore(self._per_host), self._delay)
        return self._hosts[host]

    def slow_down(self, host: str, delay: float) -> None:
        """From now on at least `delay` seconds lie between two requests to the host (its Crawl-delay)."""
        known = self._of(host)
        known.delay = max(known.delay, delay)

    def hold(self, host: str, seconds: float) -> None:
        """Nothing more is asked of the host for so many seconds (its Retry-After)."""
        known = self._of(host)
        known.next_start = max(known.next_start, self._clock() + seconds)

    def down(self, host: str) -> bool:
        """The host failed so often in a row that it is left alone."""
        return self._of(host).failures >= TRIPPED

    def went(self, host: str, well: bool) -> None:
        """Counts how a request went: one that went well forgives earlier failures."""
        known = self._of(host)
        known.failures = 0 if well else known.failures + 1

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Waits for the host's turn and one of the run's connections, holds both meanwhile."""
        known = self._of(host)
        async with known.slots:
            async with known.turn:
                await asyncio.sleep(max(0.0, known.next_start - self._clock()))
                known.next_start = self._clock() + known.delay
            async with self._all:
                yield
