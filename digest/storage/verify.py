"""Verifying a workspace: the database whole, references kept, what was frozen unchanged."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from digest.errors import DigestError
from digest.storage.engine import Archive
from digest.storage.schema import articles as a
from digest.storage.schema import counters
from digest.storage.schema import edition_files as f
from digest.storage.schema import edition_pins as p
from digest.storage.schema import editions as e
from digest.storage.schema import revisions as r
from digest.wording import _
from digest.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be; not `serious`: a hint, nothing is lost."""

    what: str
    where: str = ""
    fix: str = ""
    serious: bool = True


def verify(workspace: Workspace) -> list[Finding]:
    """All that is wrong with a workspace's archive, key and approved files (not its index)."""
    return [*_key(workspace), *archive_of(workspace, workspace.database_url()), *_files_on_disk(workspace)]


def archive_of(workspace: Workspace, url: str = "") -> list[Finding]:
    """All that is wrong with the archive alone; `url` names another than the home folder's own file."""
    restore = _("Khôi phục từ bản sao lưu gần nhất: digest admin restore")
    found: list[Finding] = []
    try:
        with contextlib.closing(
            Archive.open(url or f"sqlite:///{workspace.archive_path.as_posix()}")
        ) as archive:
            with archive.reading() as conn:
                for what in _database(conn) if archive.file else ():
                    found.append(Finding(what, str(archive.file), restore))
            if not found:
                with archive.reading() as conn:
                    found += [
                        Finding(what, where, restore) for what, where in (*_texts(conn), *_frozen(conn))
                    ]
    except DigestError as error:
        found.append(Finding(error.what, error.where, error.fix or restore))
    return found


def _database(conn: Connection) -> Iterator[str]:
    said = conn.exec_driver_sql("PRAGMA integrity_check(10)").scalars().all()
    if said != ["ok"]:
        yield _("Tệp kho bài đã hỏng ({said})", said=str(said[0])[:200])
        return
    dangling = conn.exec_driver_sql("PRAGMA foreign_key_check").all()
    if dangling:
        yield _("Kho bài có {count} dòng trỏ tới dòng không còn", count=len(dangling))


def _texts(conn: Connection) -> Iterator[tuple[str, str]]:
    newest = sa.exists().where((r.c.article == a.c.id) & (r.c.number == a.c.revision))
    for id in conn.scalars(sa.select(a.c.id).where(~newest).limit(20)):
        yield _("Bài {id} thiếu bản văn mới nhất", id=id), ""
    head = a.alias("head")
    lost = ~sa.exists().where(head.c.id == a.c.story)
    for id in conn.scalars(sa.select(a.c.id).where(lost).limit(20)):
        yield _("Bài {id} thuộc một nhóm tin không còn", id=id), ""
    greatest = conn.execute(sa.select(sa.func.coalesce(sa.func.max(a.c.changed), 0))).scalar_one()
    counted = conn.execute(sa.select(counters.c.value).where(counters.c.name == "changed")).scalar()
    if counted is None or counted < greatest:
        yield _("Bộ đếm thay đổi của kho bị lùi lại"), ""


def _frozen(conn: Connection) -> Iterator[tuple[str, str]]:
    for id, text, sha, sealed, count in conn.execute(
        sa.select(e.c.id, e.c.text, e.c.text_sha256, e.c.sealed, e.c.articles)
    ):
        if not sealed or hashlib.sha256(text.encode("utf-8")).hexdigest() != sha:
            yield _("Nội dung số đã duyệt không còn như khi duyệt"), id
        pinned = conn.execute(sa.select(sa.func.count()).select_from(p).where(p.c.edition == id)).scalar_one()
        if pinned < count:
            yield _("Số đã duyệt thiếu bài: {pinned}/{count}", pinned=pinned, count=count), id
    columns = (f.c.edition, f.c.name, f.c.sha256, f.c.size, f.c.data)
    for id, name, sha, size, data in conn.execution_options(yield_per=4).execute(sa.select(*columns)):
        if len(data) != size or hashlib.sha256(data).hexdigest() != sha:
            yield _("Tệp {name} của số đã duyệt không còn như khi duyệt", name=name), id


def _key(workspace: Workspace) -> Iterator[Finding]:
    if not workspace.setting("DIGEST_SECRET_KEY") and not workspace.key_path.exists():
        yield Finding(
            _("Chưa có khóa bí mật"),
            str(workspace.key_path),
            _("Khóa được tạo ở lần gửi thư đầu tiên"),
            serious=False,
        )
        return
    try:
        workspace.secret_key()
    except DigestError as error:
        yield Finding(error.what, error.where, error.fix)


def _files_on_disk(workspace: Workspace) -> Iterator[Finding]:
    """Files of approved editions that were changed on disk: a hint, the frozen ones are in the archive."""
    try:
        with contextlib.closing(Archive.open(workspace.database_url())) as archive, archive.reading() as conn:
            kept = conn.execute(sa.select(f.c.edition, f.c.name, f.c.sha256)).all()
    except DigestError:
        return  # told already by `archive_of`
    for id, name, sha in kept:
        path = workspace.edition_dir(id) / name
        if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() != sha:
            yield Finding(
                _("Tệp trên đĩa khác bản đã duyệt"),
                workspace.relative(path),
                _("Chạy digest approve {id} để lấy lại bản đã duyệt", id=id),
                serious=False,
            )
