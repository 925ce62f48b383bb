"""Reading pages outside the event loop: small ones at once, many or large ones in processes of our own that can be stopped."""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import signal
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from digest.collect.answers import FetchError
from digest.collect.extract import Refused
from digest.collect.kinds import Unreadable
from digest.collect.page import Page
from digest.collect.serving import HEAD, LONGEST
from digest.wording import _

log = logging.getLogger(__name__)
T = TypeVar("T")
# Bytes from which a page goes to another process even in a small run: there it can be stopped.
LARGE = 150_000
# Seconds by the clock that reading one page may take on a busy machine; where computing time cannot be limited
# (`serving.LONGEST`: not on Windows), it alone stands between a hostile page and the run.
LONGEST_BY_CLOCK = 25.0 if hasattr(signal, "setitimer") else 9.0
MOST_PROCESSES = 4


class Workers:
    """Runs pure functions on pages. `busy=True`: so many pages wait that starting processes (0.4 s) pays."""

    def __init__(self) -> None:
        self.busy = False
        self._idle: asyncio.LifoQueue[_Process] = asyncio.LifoQueue()
        self._started = 0
        self._all: list[_Process] = []
        self._most = max(1, min(MOST_PROCESSES, os.cpu_count() or 1))

    async def run(self, size: int, function: Callable[..., T], *args: Any) -> T:
        """What the function gives or raises; FetchError where it takes too long or breaks its process."""
        if not self.busy and size < LARGE:
            return _called(function, args)
        process = await self._take()
        try:
            result = await asyncio.wait_for(process.call(function, args), LONGEST_BY_CLOCK)
        except (TimeoutError, EOFError, OSError, asyncio.IncompleteReadError):
            process.stop()
            self._started -= 1
            self._idle.put_nowait(_WAKE)
            raise FetchError(
                "broken", _("trang quá phức tạp, không đọc xong trong {n} giây", n=f"{LONGEST:g}")
            ) from None
        except asyncio.CancelledError:
            process.stop()  # its answer would be taken for the next page's
            raise
        self._idle.put_nowait(process)
        return _called(_given, (result,))  # type: ignore[no-any-return]

    async def _take(self) -> _Process:
        while True:
            if self._idle.empty() and self._started < self._most:
                self._started += 1
                process = _Process()
                await process.start()
                self._all.append(process)
                return process
            process = await self._idle.get()
            if process is not _WAKE:
                return process

    async def close(self) -> None:
        """Ends the processes."""
        for process in self._all:
            process.stop()
        for process in self._all:
            await process.ended()


def _given(result: Any) -> Any:
    """A result out of another process, or the error that it ended with, raised here."""
    if isinstance(result, BaseException):
        raise result
    return result


def _called(function: Callable[..., T], args: tuple[Any, ...]) -> T:
    """Errors that reading foresees pass; any other is a fault of ours with this page, and costs this page alone."""
    try:
        return function(*args)
    except (Unreadable, Refused):
        raise
    except Exception as error:
        log.exception("reading a page failed: %s", args[0].url if args and isinstance(args[0], Page) else "?")
        raise FetchError("broken", _("không đọc được trang ({name})", name=type(error).__name__)) from error


class _Process:
    """One Python process that answers calls over its standard streams, one at a time."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "digest.collect.serving",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip

    async def call(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        process = self._process
        assert process is not None and process.stdin is not None and process.stdout is not None
        data = pickle.dumps((function, args))
        process.stdin.write(HEAD.pack(len(data)) + data)
        await process.stdin.drain()
        (size,) = HEAD.unpack(await process.stdout.readexactly(HEAD.size))
        return pickle.loads(await process.stdout.readexactly(size))  # noqa: S301 (our own process)

    def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    async def ended(self) -> None:
        """Waits for the end of a stopped process; what it still had to say is read, or the pipe would hold it."""
        if self._process is not None:
            await self._process.communicate()


_WAKE = _Process()
