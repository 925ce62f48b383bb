"""The home folder: its paths, settings and secrets, the writer lock, safe names, atomic writes."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import secrets
import threading
import time
import tomllib
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from digest import clock
from digest.errors import DigestError, Fault, FileFaults, LockedError, UsageError
from digest.wording import _

_EDITION = re.compile(r"([a-z0-9][a-z0-9-]{0,79})/([A-Za-z0-9][A-Za-z0-9_-]{0,79})")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_held = threading.local()  # lock path → how often this thread has entered it


@dataclass(frozen=True)
class Workspace:
    """One home folder; making the value reads and writes nothing."""

    home: Path

    @property
    def sources_path(self) -> Path:
        """What an editor edits."""
        return self.home / "sources.yaml"

    @property
    def settings_path(self) -> Path:
        """Settings and secrets of this machine; may be missing."""
        return self.home / "settings.toml"

    @property
    def key_path(self) -> Path:
        """The secret key made on first use."""
        return self.home / "secret.key"

    @property
    def archive_path(self) -> Path:
        """The SQLite archive (unless a database URL names another)."""
        return self.home / "archive.sqlite3"

    @property
    def index_dir(self) -> Path:
        """The search index, which can always be made again."""
        return self.home / "index"

    @property
    def output_dir(self) -> Path:
        """Drafts and rendered editions."""
        return self.home / "output"

    @property
    def recipients_dir(self) -> Path:
        """The centers' own lists of recipients."""
        return self.home / "recipients"

    @property
    def raw_dir(self) -> Path:
        """Crash reports and other raw matter for people who look after the program."""
        return self.home / "raw"

    def setting(self, name: str, default: str | None = None) -> str | None:
        """A setting such as "DIGEST_SMTP_URL": environment first, then settings.toml (`smtp_url`)."""
        given = os.environ.get(name)
        if given:
            return given
        return self._file_settings().get(name.removeprefix("DIGEST_").lower(), default)

    def setting_names(self) -> list[str]:
        """The names that settings.toml holds, in small letters."""
        return list(self._file_settings())

    def _file_settings(self) -> dict[str, str]:
        try:
            text = self.settings_path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                _("Không đọc được tệp thiết đặt ({reason})", reason=error), str(self.settings_path)
            ) from error
        return {key.lower(): _plain(value) for key, value in self._toml(text).items()}

    def _toml(self, text: str) -> dict[str, object]:
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            at = _AT.search(str(error))
            line, column = (int(at[1]), int(at[2])) if at else (0, 0)
            what = _("Dòng này không đúng cách viết TOML")
            fix = _('Mỗi dòng viết như: smtp_url = "smtp://…"')
            raise FileFaults(str(self.settings_path), [Fault(what, line, column, fix)]) from error

    def database_url(self) -> str:
        """Where the archive is: DIGEST_DATABASE_URL, or SQLite in the home folder."""
        return self.setting("DIGEST_DATABASE_URL") or f"sqlite:///{self.archive_path.as_posix()}"

    def secret_key(self) -> bytes:
        """The key of hashes, tokens and sessions; made on first use, readable by its owner alone."""
        given = self.setting("DIGEST_SECRET_KEY")
        if given:
            return _long_enough(given, "DIGEST_SECRET_KEY")
        if not self.key_path.exists():
            self._make_key()
        return _long_enough(self.key_path.read_text(encoding="ascii").strip(), str(self.key_path))

    def _make_key(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        from filelock import FileLock  # it loads asyncio, which reading commands need not wait for

        with FileLock(self.home / "secret.key.lock"):
            if not self.key_path.exists():  # another process may have been quicker
                atomic_write(self.key_path, f"{secrets.token_hex(32)}\n".encode("ascii"), mode=0o600)

    def smtp_url(self, center_id: str) -> str | None:
        """The mail server of a center: DIGEST_SMTP_URL_LE_CHAN, then DIGEST_SMTP_URL, else None."""
        return self.for_center("DIGEST_SMTP_URL", center_id)

    def for_center(self, name: str, center_id: str) -> str | None:
        """A setting that a center may have of its own: NAME_LE_CHAN, then NAME, else None."""
        own = f"{name}_{center_id.upper().replace('-', '_')}"
        return self.setting(own) or self.setting(name)

    def edition_dir(self, edition_id: str) -> Path:
        """The folder of an edition under output/; UsageError for an id that is none or unsafe."""
        found = _EDITION.fullmatch(edition_id)
        if not found or any(_RESERVED.fullmatch(part) for part in found.groups()):
            raise UsageError(
                _("“{id}” không phải mã của một số bản tin", id=edition_id),
                fix=_("Viết như bao-cao-vien/2026-W47"),
            )
        return self.output_dir / found[1] / found[2]

    def relative(self, path: Path) -> str:
        """A path as reports show it: from the home folder, with `/` on every system."""
        return Path(os.path.relpath(path, self.home)).as_posix()

    @contextmanager
    def lock(self, doing: str, name: str = "digest") -> Iterator[None]:
        """Holds the one writer lock (or another by name); LockedError says who has it.

        The same thread may enter again.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        key = str(self.home.resolve() / f"{name}.lock")
        depths: dict[str, int] = _held.__dict__.setdefault("depths", {})
        if depths.get(key):
            depths[key] += 1
            try:
                yield
            finally:
                depths[key] -= 1
            return
        with self._taken(key, doing):
            depths[key] = 1
            try:
                yield
            finally:
                depths[key] = 0

    @contextmanager
    def _taken(self, key: str, doing: str) -> Iterator[None]:
        from filelock import FileLock, Timeout

        lock, holder = FileLock(key), Path(f"{key[: -len('.lock')]}-holder.lock")
        try:
            # The holder's note may be a moment late or stale: the lock itself is what counts.
            lock.acquire(timeout=0.2)
        except Timeout:
            raise _locked(holder, self.home) from None
        try:
            note = {"pid": os.getpid(), "doing": doing, "since": clock.now().isoformat()}
            atomic_write(holder, json.dumps(note, ensure_ascii=False).encode("utf-8"))
            yield
        finally:
            with contextlib.suppress(OSError):  # a note left behind harms nobody: nobody holds the lock
                holder.unlink()
            lock.release()


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _long_enough(key: str, where: str) -> bytes:
    if len(key) < 16:
        raise UsageError(
            _("Khóa bí mật quá ngắn hoặc đã hỏng"),
            where,
            _("Khóa cần ít nhất 16 ký tự; nếu có bản sao lưu, hãy lấy lại tệp secret.key từ đó"),
        )
    return key.encode("utf-8")


def _locked(holder: Path, home: Path) -> LockedError:
    fix = _("Đợi việc đó xong rồi chạy lại")
    try:
        note = json.loads(holder.read_text(encoding="utf-8"))
        since = clock.local(datetime.fromisoformat(note["since"]))
        what = _(
            "Thư mục đang được dùng: {doing} (tiến trình {pid}) từ {since}",
            doing=note["doing"],
            pid=note["pid"],
            since=f"{since:%H:%M %d/%m/%Y}",
        )
    except (OSError, ValueError, KeyError, TypeError):
        what = _("Thư mục đang được một lần chạy khác dùng")
    return LockedError(what, str(home), fix)


def atomic_write(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Writes a whole file or nothing; DigestError says why it could not (a full disk, an open PDF)."""
    beside = path.with_name(f".{path.name[:60]}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_through(beside, data, mode)
        _replace(beside, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise _unwritten(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def _write_through(path: Path, data: bytes, mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, mode), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _replace(source: Path, target: Path) -> None:
    # On Windows a virus scanner or a viewer holds files open for moments: 2 seconds of patience.
    for pause in (0.01, 0.04, 0.1, 0.2, 0.4, 0.5, 0.75):
        try:
            source.replace(target)
            return
        except PermissionError:
            time.sleep(pause)
    source.replace(target)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows has no handle of a folder to sync
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritten(path: Path, error: OSError) -> DigestError:
    if error.errno == errno.ENOSPC:
        return DigestError(_("Đĩa đã đầy"), str(path), _("Dọn bớt đĩa rồi chạy lại; tệp cũ còn nguyên"))
    if isinstance(error, PermissionError):
        return DigestError(
            _("Không được phép ghi tệp này"),
            str(path),
            _("Nếu tệp đang mở trong một chương trình khác, hãy đóng lại rồi chạy lại"),
        )
    return DigestError(_("Không ghi được tệp ({reason})", reason=error.strerror or error), str(path))


def safe_name(text: str) -> str:
    """A file name out of any text: ASCII letters, digits, `-_.`; never empty, reserved or over 100 long."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", letters)
    name = re.sub(r"-{2,}", "-", name).strip("-._")[:100].rstrip("-._")
    if not name:
        return "khong-ten"
    return f"_{name}" if _RESERVED.fullmatch(name) else name
