"""Sending for several centers in one run: mailboxes side by side, and none held up by another's failure."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass

from digest.errors import DigestError
from digest.jobs.send import Ready, send
from digest.jobs.session import Session
from digest.mail import dispatch
from digest.model import Progress, Silent
from digest.wording import _

SIDE_BY_SIDE = 4  # mailboxes served at once; the ledger's writer is one


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one center's dispatch: a report, or why there is none."""

    center: str
    report: dispatch.Report | None = None
    failure: Exception | None = None


def send_all(
    session: Session,
    readies: Sequence[Ready],
    *,
    retry_unknown: bool = False,
    progress: Progress | None = None,
) -> list[Result]:
    """One result a center, in their order. Centers that share a mailbox go in turn, others side by side.

    A center that waits for its server, or whose server is gone, holds nobody else up; an unforeseen
    failure is raised when the others have ended. Interrupted, all stop after the letter they are at.
    """
    boxes: dict[str, list[Ready]] = {}
    for ready in readies:
        boxes.setdefault(session.workspace.smtp_url(ready.center.id) or "", []).append(ready)
    shared = _Shared(progress or Silent())
    progress = progress or Silent()
    progress.stage(_("Gửi thư"), sum(len(ready.people) for ready in readies))

    def one_box(some: list[Ready]) -> list[Result]:
        return [_result(session, ready, retry_unknown, shared) for ready in some if not shared.over.is_set()]

    with ThreadPoolExecutor(min(SIDE_BY_SIDE, max(1, len(boxes)))) as hands:
        futures = [hands.submit(copy_context().run, one_box, some) for some in boxes.values()]
        try:
            done = [result for future in futures for result in _of(future)]
        except BaseException:
            shared.over.set()
            hands.shutdown(wait=False, cancel_futures=True)
            raise
    for result in done:
        if result.failure is not None and not isinstance(result.failure, DigestError):
            raise result.failure
    places = {ready.center.id: at for at, ready in enumerate(readies)}
    return sorted(done, key=lambda result: places[result.center])


def _of(future: Future[list[Result]]) -> list[Result]:
    # Waiting in short steps: on Windows nothing else lets Ctrl+C through.
    while not future.done():
        time.sleep(0.05)
    return future.result()


def _result(session: Session, ready: Ready, retry_unknown: bool, shared: _Shared) -> Result:
    try:
        report = send(session, ready, retry_unknown=retry_unknown, progress=shared, sleep=shared.sleep)
    except Exception as failure:
        return Result(ready.center.id, failure=failure)
    return Result(ready.center.id, report)


class _Shared:
    """A Progress and a clock for several threads, which ends them all when one run is interrupted."""

    def __init__(self, told: Progress) -> None:
        self.told, self.over, self._lock = told, threading.Event(), threading.Lock()

    def stage(self, name: str, total: int) -> None:
        """The whole was announced already."""

    def advance(self, steps: int = 1, note: str = "") -> None:
        """One letter more, whoever's."""
        self._go_on()
        with self._lock:
            self.told.advance(steps, note)

    def sleep(self, seconds: float) -> None:
        """Waits, or ends at once."""
        self.over.wait(seconds)
        self._go_on()

    def _go_on(self) -> None:
        if self.over.is_set():
            raise KeyboardInterrupt
