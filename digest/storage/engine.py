"""Opening the archive: connections, transactions and their settings, on SQLite or PostgreSQL."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url

from digest.errors import StorageError
from digest.storage import room, upgrade
from digest.storage.schema import HEAD
from digest.wording import _

BUSY_SECONDS = 30
POSTGRES: dict[str, Any] = {"prepare_threshold": None}
"""Statements are planned for their own values: a plan for any words reads all texts where two words name ten."""
_PLAIN_POSTGRES = ("postgres", "postgresql")
T = TypeVar("T")


class Archive:
    """One open archive, shared by the threads of a process; every process opens its own."""

    def __init__(self, url: URL, writer: Engine, reader: Engine) -> None:
        self.url = url
        self._writer, self._reader = writer, reader
        # SQLite's own waiting is by polling: among our threads a lock is fairer and quicker.
        self._turn: threading.Lock | None = threading.Lock() if url.get_backend_name() == "sqlite" else None

    @classmethod
    def open(cls, url: str, read_url: str | None = None) -> Archive:
        """Opens the archive, making or upgrading its schema; StorageError says why it cannot.

        `read_url` may name a read replica for `reading()`.
        """
        try:
            made = _url(url)
            reads = _url(read_url) if read_url else made
            archive = cls(made, _engine(made, "write"), _engine(reads, "read"))
        except (sa.exc.ArgumentError, ValueError) as error:
            raise StorageError(
                _("Địa chỉ cơ sở dữ liệu không đúng"), fix=_("Xem lại DIGEST_DATABASE_URL")
            ) from error
        except ModuleNotFoundError as error:
            raise StorageError(
                _("Chưa cài phần nối với cơ sở dữ liệu này ({module})", module=error.name),
                fix=_('Với PostgreSQL: pip install "psycopg[binary]"'),
            ) from error
        try:
            archive._prepare()
        except BaseException:
            archive.close()
            raise
        return archive

    @property
    def file(self) -> Path | None:
        """The database file of a SQLite archive, else None."""
        return _file(self.url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read-only connection that sees one moment of the archive from its first query to its end."""
        with self._told(), self._reader.connect() as conn, conn.begin():
            yield conn

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: committed at the end, rolled back by any exception; others wait for it."""
        with self._told(), self._in_turn(), self._writer.begin() as conn:
            yield conn

    def close(self) -> None:
        """Closes all connections; the archive cannot be used afterwards."""
        self._reader.dispose()
        self._writer.dispose()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=BUSY_SECONDS * 4):
            raise StorageError(_("Kho bài bận quá lâu"), str(self.file), _("Đợi một lát rồi chạy lại"))
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sa.exc.DBAPIError, sqlite3.Error) as error:
            raise explained(error, str(self.file or self.url.render_as_string())) from error

    def _prepare(self) -> None:
        path = self.file
        existed = path is not None and path.exists() and path.stat().st_size > 0
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._told():
                room.check_room(path)
                _use_wal(self._writer, path)
        with self.reading() as conn:
            at = upgrade.stamp(conn)
        if at == HEAD:
            return
        if existed and at is not None and path is not None:
            self._keep_copy(path, at)
        with self.writing() as conn:
            if upgrade.stamp(conn) != HEAD:  # another process may have been quicker
                upgrade.bring_up(conn)

    def _keep_copy(self, path: Path, at: str) -> None:
        """A copy of the archive as it was before an upgrade, beside it; a newer archive is left alone."""
        if at > HEAD:
            raise upgrade.newer(at)
        copy = path.with_name(f"{path.name}.before-{HEAD}")
        if not copy.exists():
            self.copy_to(copy)

    def copy_to(self, target: Path) -> None:
        """A whole copy of a SQLite archive as of one moment, while others read and write it."""
        if self.file is None:
            raise StorageError(_("Chỉ chép được kho bài SQLite"), fix=_("Với PostgreSQL hãy dùng pg_dump"))
        beside = target.with_name(f".{target.name}.tmp")
        with self._told():
            try:
                with closing(sqlite3.connect(self.file)) as source, closing(sqlite3.connect(beside)) as copy:
                    source.backup(copy)  # all pages in one step: a reader's snapshot, writers go on
                    copy.execute("PRAGMA journal_mode = DELETE")
                beside.replace(target)
            finally:
                beside.unlink(missing_ok=True)


def _url(text: str) -> URL:
    """An address as people write it: `postgres://` and `postgresql://` mean the one driver we know."""
    made = make_url(text)
    return made.set(drivername="postgresql+psycopg") if made.drivername in _PLAIN_POSTGRES else made


def _file(url: URL) -> Path | None:
    known = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return Path(str(url.database)) if known else None


def _engine(url: URL, mode: str) -> Engine:
    options: dict[str, Any] = {"json_serializer": _json, "pool_pre_ping": url.get_backend_name() != "sqlite"}
    if url.get_backend_name() != "sqlite":
        if mode == "read":
            options["execution_options"] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return sa.create_engine(url, pool_size=8, max_overflow=24, connect_args=POSTGRES, **options)
    if _file(url) is None:
        raise StorageError(
            _("Kho bài SQLite cần một tệp"), fix=_("Viết như sqlite:////duong/dan/archive.sqlite3")
        )
    connect = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = sa.create_engine(url, connect_args=connect, pool_size=8, max_overflow=56, **options)
    event.listen(engine, "connect", _reader_settings if mode == "read" else _writer_settings)
    event.listen(engine, "begin", _begin if mode == "read" else _begin_immediate)
    return engine


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _writer_settings(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, see _begin_immediate
    connection.execute("PRAGMA foreign_keys = ON")
    # FULL: a commit outlives a power cut. A letter's "sent" that vanished would be a letter sent twice.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -32768")


def _reader_settings(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA cache_size = -4096")


def _begin(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN")


def _begin_immediate(conn: Connection) -> None:
    # Read-then-write under a plain BEGIN fails at once with "database is locked", whatever the timeout.
    conn.exec_driver_sql("BEGIN IMMEDIATE")


def _use_wal(writer: Engine, path: Path) -> None:
    """Switches a new database to WAL; two processes that do so at once wait for each other."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        raw = writer.raw_connection()
        try:
            cursor = raw.cursor()
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("SELECT count(*) FROM sqlite_schema").fetchall()  # from here on memory is shared
            room.hold_room(path)
            return
        except Exception as error:
            # This one pragma does not wait for others' locks by itself.
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise sa.exc.OperationalError("PRAGMA journal_mode = WAL", None, error) from error
            time.sleep(0.05)
        finally:
            raw.close()


def explained(error: sa.exc.DBAPIError | sqlite3.Error, where: str) -> StorageError:
    """What the database said, in words for people."""
    said = str(error.orig if isinstance(error, sa.exc.DBAPIError) else error).strip()
    for clue, what, fix in _known_faults():
        if clue in said:
            return StorageError(what, where, fix)
    return StorageError(_("Kho bài báo lỗi: {said}", said=said), where, _("Chạy: digest admin verify"))


def _known_faults() -> tuple[tuple[str, str, str], ...]:
    whole = _("Kho bài còn nguyên như trước lần ghi này")
    return (
        ("disk is full", _("Đĩa đã đầy"), _("Dọn bớt đĩa rồi chạy lại; {whole}", whole=whole.lower())),
        ("disk I/O error", _("Đĩa không đọc hoặc ghi được"), _("Kiểm tra đĩa và chỗ trống rồi chạy lại")),
        ("database is locked", _("Kho bài đang bận vì một lần chạy khác"), _("Đợi một lát rồi chạy lại")),
        ("readonly", _("Kho bài chỉ cho đọc, không ghi được"), _("Xem lại quyền của tệp và thư mục")),
        ("unable to open", _("Không mở được tệp kho bài"), _("Xem lại đường dẫn và quyền của thư mục")),
        ("not a database", _("Tệp này không phải kho bài"), _("Khôi phục từ bản sao: digest admin restore")),
        ("malformed", _("Tệp kho bài đã hỏng"), _("Khôi phục từ bản sao: digest admin restore")),
        (
            "connection failed",
            _("Không nối được với máy chủ cơ sở dữ liệu"),
            _("Xem lại DIGEST_DATABASE_URL, mạng và máy chủ rồi chạy lại"),
        ),
        (
            "server closed the connection",
            _("Máy chủ cơ sở dữ liệu ngắt giữa chừng"),
            _("Chạy lại: việc đã ghi xong vẫn còn, việc dở sẽ được làm tiếp"),
        ),
        ("No space left", _("Đĩa của máy chủ cơ sở dữ liệu đã đầy"), _("Dọn bớt đĩa ở đó rồi chạy lại")),
        (
            "read-only transaction",
            _("Máy chủ cơ sở dữ liệu này chỉ cho đọc"),
            _("DIGEST_DATABASE_URL phải chỉ tới máy chủ chính, không phải bản sao"),
        ),
        (
            "edition does not change",
            _("Số bản tin đã duyệt thì không sửa được nữa"),
            _("Hãy làm một số đính chính"),
        ),
    )


def chunks(values: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    """Pieces of a long list: databases bound the number of values in one statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def utc(year: int, month: int, day: int) -> datetime:
    """A moment by its UTC date, for bounds that are always past or always to come."""
    return datetime(year, month, day, tzinfo=UTC)
