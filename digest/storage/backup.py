"""Backing a workspace up into one file, while everything else runs."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from digest import __version__
from digest.errors import StorageError, UsageError
from digest.storage import articles, bundle, carry, locked
from digest.storage.bundle import ABBREVIATIONS, ARCHIVE, KEY, LOCKED, MANIFEST, SOURCES, Manifest, Member
from digest.storage.engine import Archive
from digest.storage.schema import HEAD
from digest.storage.schema import edition_files as f
from digest.storage.schema import editions as e
from digest.wording import _
from digest.workspace import Workspace

CHUNK = 1 << 20


def backup(
    workspace: Workspace,
    archive: Archive,
    target: Path,
    *,
    when: datetime,
    recipients: Sequence[Path] = (),
    passphrase: str | None = None,
) -> Manifest:
    """Writes archive, sources.yaml, drafts and the ledger's key into `target`, whole or not at all.

    `recipients` (lists in the home folder) are taken only when named, and only with a passphrase.
    The files of approved editions are inside the archive already. No lock is needed. A file that
    stands at `target` is replaced only if it is a backup itself (UsageError).
    """
    if recipients and passphrase is None:
        raise UsageError(
            _("Sao lưu danh sách người nhận thì cần mật khẩu"), fix=_("Thêm --with-recipients và mật khẩu")
        )
    _refuse_overwriting(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    token = secrets.token_hex(4)
    beside, copy = (target.with_name(f".{target.name}.{token}.{end}") for end in ("tmp", "sqlite3"))
    try:
        lists = locked.lock(_lists(workspace, recipients), passphrase) if recipients and passphrase else None
        manifest = _write(workspace, archive, beside, copy, when, lists)
        beside.replace(target)
    except OSError as error:
        raise StorageError(
            _("Không ghi được bản sao lưu ({reason})", reason=error.strerror or error), str(target)
        ) from error
    finally:
        for leftover in (beside, copy):
            leftover.unlink(missing_ok=True)
    return manifest


def _refuse_overwriting(target: Path) -> None:
    if not target.exists():
        return
    with contextlib.suppress(OSError, zipfile.BadZipFile, StorageError), zipfile.ZipFile(target) as old:
        bundle.read_manifest(old, str(target))
        return
    raise UsageError(_("Đã có một tệp khác ở đó, không ghi đè"), str(target), _("Chọn tên tệp khác"))


def _write(
    workspace: Workspace, archive: Archive, beside: Path, copy: Path, when: datetime, lists: bytes | None
) -> Manifest:
    carry.copy_of(archive, copy)
    with contextlib.closing(_opened(copy)) as frozen, frozen.reading() as conn:
        counted = articles.count(conn)
        approved = conn.execute(sa.select(sa.func.count()).select_from(e)).scalar_one()
        known = set(conn.execute(sa.select(f.c.name, f.c.sha256)).all())
    with zipfile.ZipFile(beside, "x", zipfile.ZIP_DEFLATED, compresslevel=6) as made:
        members = [_put(made, ARCHIVE, copy)]
        members.append(_put_bytes(made, SOURCES, workspace.sources_path.read_bytes()))
        own = workspace.home / ABBREVIATIONS
        if own.exists():
            members.append(_put_bytes(made, ABBREVIATIONS, own.read_bytes()))
        members.append(_put_bytes(made, KEY, workspace.secret_key() + b"\n"))
        members += _put_drafts(made, workspace, {(name, sha) for name, sha in known})
        if lists is not None:
            members.append(_put_bytes(made, LOCKED, lists))
        manifest = Manifest(__version__, when.isoformat(), HEAD, counted, int(approved), tuple(members))
        made.writestr(_info(MANIFEST), manifest.dumps())
    with beside.open("rb+") as written:
        os.fsync(written.fileno())
    return manifest


def _opened(copy: Path) -> Archive:
    return Archive.open(f"sqlite:///{copy.as_posix()}")


def _info(path: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _put(made: zipfile.ZipFile, path: str, source: Path) -> Member:
    sha, size = hashlib.sha256(), 0
    with source.open("rb") as stream, made.open(_info(path), "w", force_zip64=True) as out:
        while piece := stream.read(CHUNK):
            out.write(piece)
            sha.update(piece)
            size += len(piece)
    return Member(path, size, sha.hexdigest())


def _put_bytes(made: zipfile.ZipFile, path: str, data: bytes) -> Member:
    made.writestr(_info(path), data)
    return Member(path, len(data), hashlib.sha256(data).hexdigest())


def _put_drafts(
    made: zipfile.ZipFile, workspace: Workspace, frozen: set[tuple[str, str]]
) -> Iterator[Member]:
    for path in sorted(workspace.output_dir.glob("*/*/*")):
        name = workspace.relative(path)
        if not path.is_file() or path.is_symlink() or not bundle.allowed(name) or name.endswith(".tmp"):
            continue
        with contextlib.suppress(FileNotFoundError):  # replaced or removed while we looked
            data = path.read_bytes()
            if (path.name, hashlib.sha256(data).hexdigest()) not in frozen:
                yield _put_bytes(made, name, data)


def _lists(workspace: Workspace, recipients: Sequence[Path]) -> dict[str, bytes]:
    found = {}
    for path in recipients:
        name = workspace.relative(path)
        if not locked.is_list(name):
            raise UsageError(
                _("Danh sách này nằm ngoài thư mục làm việc"), str(path), _("Chuyển nó vào recipients/")
            )
        found[name] = path.read_bytes()
    return found
