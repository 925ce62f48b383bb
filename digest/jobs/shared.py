"""Collecting by several machines on one PostgreSQL: they share out the hosts, and no host is asked by two at once."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import sqlalchemy as sa

from digest.collect import run as collecting
from digest.errors import DigestError, StorageError, UsageError
from digest.jobs.collect import CollectReport
from digest.jobs.index import bring_up
from digest.jobs.session import Session
from digest.model import Failure, Progress, Silent, Source
from digest.storage import runs, sources
from digest.wording import _

if TYPE_CHECKING:
    from procrastinate import App

log = logging.getLogger("digest.shared")
# What another machine asked so lately is not asked again: machines start together, and end apart.
LATELY = timedelta(minutes=15)
AT_ONCE = 4  # hosts that one machine works on
# A machine that has not been heard of for so long is gone, and its hosts are another's.
HEARTBEAT, GONE = 2.0, 12.0  # seconds
QUEUE, TASK = "hosts", "digest.collect_host"
# Numbers of our own among PostgreSQL's advisory locks.
SETTING_UP, BRINGING_UP = 7_301_001, 7_301_002


def by_host(chosen: Sequence[Source]) -> dict[str, list[str]]:
    """Ids of the enabled sources under the host that each is asked at."""
    found: dict[str, list[str]] = defaultdict(list)
    for source in chosen:
        if source.enabled:
            found[urlsplit(source.url).hostname or source.id].append(source.id)
    return dict(found)


def collect(session: Session, progress: Progress | None = None) -> CollectReport:
    """Takes hosts off the common queue until it is empty; the report is of what this machine did."""
    if session.archive.url.get_backend_name() != "postgresql":
        raise UsageError(
            _("Nhiều máy chỉ cùng thu thập được khi kho bài ở PostgreSQL"),
            fix=_("Chuyển kho bằng: digest admin move --to ĐỊA_CHỈ"),
        )
    with session.archive.writing() as conn:
        run_id = runs.start(conn, "collect", session.now())
    shift = Shift(session, progress or Silent())
    shift.work()
    with _alone(session, BRINGING_UP):
        bring_up(session, progress)
    report = shift.report()
    with session.archive.writing() as conn:
        runs.finish(conn, run_id, session.now(), 3 if report.partly else 0, report.json())
    return report


class Shift:
    """What one machine does from when it begins until no host is left for it."""

    def __init__(self, session: Session, progress: Progress) -> None:
        self._session, self._progress = session, progress
        self._done: list[collecting.Collected] = []
        self._asked: set[str] = set()
        self._wrong: Exception | None = None
        self._lock = threading.Lock()

    def work(self) -> None:
        """Puts up the hosts that nobody asked lately, then takes what is there; DigestError if a job met one."""
        app = self._app()
        _set_up(self._session, app)
        from procrastinate.exceptions import ConnectorException

        try:
            asyncio.run(self._run(app))
        except (OSError, ConnectorException) as error:
            raise StorageError(
                _("Máy chủ cơ sở dữ liệu ngắt giữa chừng"),
                fix=_("Chạy lại: việc đã ghi xong vẫn còn, việc dở sẽ được làm tiếp"),
            ) from error
        if self._wrong:
            raise self._wrong

    def report(self) -> CollectReport:
        """Everything this machine's jobs brought, summed."""
        return CollectReport(
            sources=len(self._asked),
            new=sum(one.new for one in self._done),
            updated=sum(one.updated for one in self._done),
            unchanged=sum(one.unchanged for one in self._done),
            failed=tuple(failure for one in self._done for failure in one.failed),
            warnings=tuple(warning for one in self._done for warning in one.warnings),
        )

    def _app(self) -> App:
        try:
            from procrastinate import App, PsycopgConnector
            from psycopg.conninfo import make_conninfo
        except ModuleNotFoundError as error:
            raise UsageError(
                _("Máy này chưa cài hàng đợi công việc"), fix=_("pip install procrastinate")
            ) from error
        url = self._session.archive.url
        _none, words = url.get_dialect()().create_connect_args(
            url
        )  # several hosts are written otherwise there
        app = App(connector=PsycopgConnector(conninfo=make_conninfo(**words)))
        app.task(name=TASK, queue=QUEUE)(self.one_host)
        return app

    async def _run(self, app: App) -> None:
        async with app.open_async():
            await self._take_over(app)
            await self._put_up(app)
            await app.run_worker_async(
                queues=[QUEUE],
                wait=False,
                concurrency=AT_ONCE,
                delete_jobs="successful",
                install_signal_handlers=False,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=GONE,
            )

    async def _take_over(self, app: App) -> None:
        """Puts up again what machines that are gone had begun."""
        from procrastinate.exceptions import UniqueViolation
        from procrastinate.jobs import Status

        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=GONE):
            try:
                await app.job_manager.retry_job(job)
            except UniqueViolation:  # its host has been put up since; the old job must not stand in its way
                await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)

    async def _put_up(self, app: App) -> None:
        from procrastinate.exceptions import AlreadyEnqueued

        for host, ids in by_host(self._session.config.sources).items():
            if not self._lately(ids):
                try:
                    task = app.configure_task(TASK, queue=QUEUE, lock=host, queueing_lock=host)
                    await task.defer_async(host=host)
                except AlreadyEnqueued:
                    continue  # another machine has put it up

    def _lately(self, ids: Sequence[str]) -> bool:
        with self._session.archive.reading() as conn:
            known = sources.health(conn)
        now = self._session.now()  # a moment far ahead was set by a wrong clock, and says nothing
        tried = [known[id].last_try if id in known else None for id in ids]
        return all(one is not None and abs(now - one) < LATELY for one in tried)

    def one_host(self, host: str) -> None:
        """The job: collects the sources of one host, unless another machine has meanwhile."""
        ids = by_host(self._session.config.sources).get(host, [])
        if not ids or self._lately(ids):
            return
        try:
            done = collecting.collect(
                self._session.archive,
                self._session.config,
                sources=[self._session.source(id) for id in ids],
                now=self._session.now,
                progress=self._progress,
            )
        except DigestError as error:
            self._wrong = error
            raise
        except Exception as error:  # the queue would keep it to itself: this host is told as failed
            log.exception("%s could not be collected", host)
            why = _("sự cố chưa lường trước ({kind})", kind=type(error).__name__)
            done = collecting.Collected(0, 0, 0, tuple(Failure(id, "", why) for id in ids))
        with self._lock:
            self._done.append(done)
            self._asked.update(ids)


def _set_up(session: Session, app: App) -> None:
    """Makes the queue's tables where there are none yet, once, whoever comes first."""
    with _alone(session, SETTING_UP):
        with session.archive.reading() as conn:
            there = sa.inspect(conn).has_table("procrastinate_jobs")
        if not there:
            asyncio.run(_make_tables(app))


async def _make_tables(app: App) -> None:
    async with app.open_async():
        await app.schema_manager.apply_schema_async()


@contextmanager
def _alone(session: Session, number: int) -> Iterator[None]:
    """One machine at a time; the lock goes with the connection, so a killed machine holds nothing."""
    with session.archive.writing() as conn:
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
        yield
