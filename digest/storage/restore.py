"""Restoring a backup into an empty folder: everything is verified before anything is put in place."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from digest.errors import StorageError, UsageError
from digest.storage import bundle, editions, locked, verify
from digest.storage.bundle import ARCHIVE, KEY, LOCKED, SOURCES, Manifest, Member
from digest.storage.engine import Archive
from digest.wording import _
from digest.workspace import Workspace, atomic_write

STAGING = ".restoring"
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back; `recipients`: lists put back, `locked_left`: some are inside but stayed locked."""

    manifest: Manifest
    recipients: int
    locked_left: bool


def restore(source: Path, workspace: Workspace, *, passphrase: str | None = None) -> Restored:
    """Puts a backup into a missing or empty home folder; the search index is then made again by the caller.

    Hash by hash, and the archive whole, before anything is put in place. StorageError for a file
    that is damaged, hostile or newer than this program; UsageError for a folder that is not empty.
    """
    _refuse_full(workspace.home)
    staging = workspace.home / STAGING
    existed = workspace.home.exists()
    try:
        with _opened(source) as zipped:
            manifest = bundle.read_manifest(zipped, str(source))
            bundle.refuse_hostile(zipped, manifest, str(source), source.stat().st_size)
            _refuse_without_room(workspace.home, sum(member.size for member in manifest.files))
            shutil.rmtree(staging, ignore_errors=True)
            staging.mkdir(parents=True)
            for member in manifest.files:
                _extract(zipped, member, staging, str(source))
        restored = _checked(staging, manifest, passphrase, str(source))
        _put_in_place(staging, workspace)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        if not existed:
            with contextlib.suppress(OSError):  # not empty: something is in place already, and stays
                workspace.home.rmdir()
        raise
    shutil.rmtree(staging, ignore_errors=True)
    return restored


def _refuse_full(home: Path) -> None:
    names = {path.name for path in home.iterdir()} if home.exists() else set()
    # What an interrupted restore left is ours to clear; the lock is whoever's who runs us.
    if names and STAGING not in names and any(not name.endswith(".lock") for name in names):
        raise UsageError(
            _("Thư mục này không trống"), str(home), _("Khôi phục vào một thư mục mới hoặc trống")
        )


def _refuse_without_room(home: Path, needed: int) -> None:
    place = next(folder for folder in (home, *home.absolute().parents) if folder.exists())
    free = shutil.disk_usage(place).free
    if free < needed:
        raise StorageError(
            _("Đĩa không đủ chỗ: cần {needed} MB, còn {free} MB", needed=needed >> 20, free=free >> 20),
            str(home),
        )


@contextlib.contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        zipped = zipfile.ZipFile(source)
    except FileNotFoundError as error:
        raise UsageError(_("Không có tệp này"), str(source)) from error
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise bundle.damaged(str(source)) from error
    with zipped:
        yield zipped


def _extract(zipped: zipfile.ZipFile, member: Member, staging: Path, where: str) -> None:
    target = staging.joinpath(*member.path.split("/"))
    target.parent.mkdir(parents=True, exist_ok=True)
    sha, left = hashlib.sha256(), member.size
    try:
        with zipped.open(member.path) as stream, target.open("xb") as out:
            while piece := stream.read(min(CHUNK, left + 1)):
                left -= len(piece)
                if left < 0:
                    break
                sha.update(piece)
                out.write(piece)
    except bundle.UNREADABLE as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EACCES, errno.EROFS):
            raise StorageError(_("Không ghi được ({reason})", reason=error.strerror), str(target)) from error
        raise bundle.damaged(where) from error
    if left != 0 or sha.hexdigest() != member.sha256:
        raise StorageError(
            _("Tệp {path} trong bản sao lưu không đúng mã băm", path=member.path),
            where,
            _("Dùng một bản sao lưu khác"),
        )


def _checked(staging: Path, manifest: Manifest, passphrase: str | None, where: str) -> Restored:
    """Checks what was unpacked as a workspace of its own, and unlocks the lists."""
    names = {member.path for member in manifest.files}
    if not {ARCHIVE, SOURCES, KEY} <= names:
        raise bundle.damaged(where)
    lists: dict[str, bytes] = {}
    if LOCKED in names and passphrase is not None:
        lists = locked.unlock((staging / LOCKED).read_bytes(), passphrase)
    wrong = [finding for finding in verify.archive_of(Workspace(staging)) if finding.serious]
    if wrong:
        raise StorageError(wrong[0].what, where, _("Dùng một bản sao lưu khác"))
    for path, data in lists.items():
        atomic_write(staging.joinpath(*path.split("/")), data)
    (staging / LOCKED).unlink(missing_ok=True)
    (staging / KEY).chmod(0o600)
    return Restored(manifest, len(lists), LOCKED in names and passphrase is None)


def _put_in_place(staging: Path, workspace: Workspace) -> None:
    """Moves all up into the home folder, sources.yaml last: with it the folder is a workspace."""
    _write_frozen(Workspace(staging))
    for folder in ("index", "output", "recipients"):
        (staging / folder).mkdir(exist_ok=True)
    names = sorted((path.name for path in staging.iterdir()), key=lambda name: (name == SOURCES, name))
    for name in names:
        target = workspace.home / name
        if target.is_dir():  # left by an interrupted restore
            shutil.rmtree(target)
        (staging / name).replace(target)


def _write_frozen(staged: Workspace) -> None:
    """The files of approved editions, which a backup holds inside the archive only."""
    archive = Archive.open(f"sqlite:///{staged.archive_path.as_posix()}")
    with contextlib.closing(archive), archive.reading() as conn:
        for edition in editions.list_all(conn):
            for file in edition.files:
                data = editions.file(conn, edition.id, file.format)
                if data is not None and bundle.safe([file.name]):
                    atomic_write(staged.edition_dir(edition.id) / file.name, data)
