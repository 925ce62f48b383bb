"""Backup, restore and verification of a whole workspace."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from digest.errors import DigestError
from digest.jobs.index import sync
from digest.jobs.session import Session, must_be_made, opened
from digest.model import Progress, Silent
from digest.search import serving
from digest.storage import articles
from digest.storage import backup as keeping
from digest.storage import restore as restoring
from digest.storage import verify as checking
from digest.storage.bundle import Manifest
from digest.storage.verify import Finding
from digest.wording import _
from digest.workspace import Workspace


def backup(session: Session, target: Path, passphrase: str | None = None) -> Manifest:
    """Everything into one file; the lists of recipients only with a passphrase that encrypts them."""
    lists = [session.workspace.home / center.recipients for center in session.config.centers]
    wanted = [path for path in dict.fromkeys(lists) if path.exists()] if passphrase else []
    return keeping.backup(
        session.workspace,
        session.archive,
        target,
        when=session.now(),
        recipients=wanted,
        passphrase=passphrase if wanted else None,
    )


def restore(
    workspace: Workspace, source: Path, passphrase: str | None, progress: Progress | None = None
) -> int:
    """A backup into a missing or empty folder, its index made again; the number of articles."""
    restoring.restore(source, workspace, passphrase=passphrase)
    with opened(workspace, doing=_("khôi phục")) as session:
        sync(session, progress or Silent())
        return serving.state(session.archive, workspace.index_dir).articles


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of a workspace found; `serious`: something is lost or changed."""

    findings: tuple[Finding, ...]

    @property
    def serious(self) -> bool:
        """Whether anything is worse than a hint."""
        return any(finding.serious for finding in self.findings)


def verify(workspace: Workspace) -> Verified:
    """The archive, its frozen hashes, the files beside it, sources.yaml, and the index against the archive."""
    if not workspace.archive_path.exists() and not workspace.setting("DIGEST_DATABASE_URL"):
        must_be_made(workspace)
    found = list(checking.verify(workspace))
    try:
        with opened(workspace) as session, session.archive.reading() as conn:
            newest = articles.last_change(conn)
            state = serving.state(session.archive, workspace.index_dir)
    except DigestError as error:
        known = any(finding.where == error.where for finding in found)
        return Verified(
            (*found, *(() if known else (Finding(error.what or str(error), error.where, error.fix),)))
        )
    remake = _("Lập lại bằng: digest admin reindex")
    if not state.ok:
        found.append(Finding(_("Chưa có mục lục tìm kiếm dùng được"), "index", remake, serious=False))
    elif state.seq < newest:
        found.append(Finding(_("Mục lục tìm kiếm chậm hơn kho bài"), "index", remake, serious=False))
    return Verified(tuple(found))
