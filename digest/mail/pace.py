"""How fast a center may send: at most so many letters a minute, an hour, a day; pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """The provider's limits; 0: none. They hold over any 60 seconds, 60 minutes and 24 hours."""

    minute: int = 0
    hour: int = 0
    day: int = 0

    def windows(self) -> tuple[tuple[int, timedelta], ...]:
        """(letters, span) of the limits that are set, the shortest span first."""
        spans = (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))
        pairs = zip((self.minute, self.hour, self.day), spans, strict=True)
        return tuple((most, span) for most, span in pairs if most > 0)


NO_LIMITS = Limits()


class Pace:
    """Remembers attempts as far back as the limits reach; begun with those of earlier runs."""

    def __init__(self, limits: Limits, earlier: Iterable[datetime] = ()) -> None:
        self._windows = limits.windows()
        self._longest = max((most for most, _span in self._windows), default=0)
        self._past = deque(sorted(earlier), maxlen=self._longest or None)
        if not self._windows:
            self._past.clear()

    def note(self, when: datetime) -> None:
        """One more attempt."""
        if self._windows:
            self._past.append(when)

    def free_at(self, now: datetime) -> datetime:
        """The moment the next attempt is allowed: `now`, or later."""
        at = now
        for most, span in self._windows:
            if len(self._past) >= most:
                at = max(at, self._past[-most] + span)
        return at


class Steady:
    """A clock that is never behind what was waited for, even if it is set back or stands still in a rehearsal."""

    def __init__(self, now: Callable[[], datetime], sleep: Callable[[float], None]) -> None:
        self._now, self._sleep = now, sleep
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        """The present instant."""
        return self._now() + self._ahead

    def wait(self, until: datetime) -> None:
        """Sleeps till then; afterwards it is not earlier."""
        self._sleep(max(0.0, (until - self()).total_seconds()))
        self._ahead += max(timedelta(0), until - self())


def reach(limits: Limits) -> timedelta:
    """How far back earlier attempts count."""
    return max((span for _most, span in limits.windows()), default=timedelta(0))
