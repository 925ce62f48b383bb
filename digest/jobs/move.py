"""Carrying a workspace's archive over to another database, and saying that nothing was left behind."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack, closing

from digest.errors import UsageError
from digest.jobs.session import Session
from digest.storage import carry
from digest.storage.carry import Carried
from digest.storage.engine import Archive
from digest.wording import _


def move(session: Session, url: str) -> Mapping[str, Carried]:
    """Copies the archive into the empty database at `url`; rows and hash of every table, equal in both.

    The caller holds the workspace; sendings are waited out too, so that no letter's result is missed.
    The old archive stays as it is, and in use until DIGEST_DATABASE_URL names the new one.
    """
    with ExitStack() as held:
        for center in session.config.centers:
            held.enter_context(session.workspace.lock(_("chuyển kho bài"), f"send-{center.id}"))
        target = held.enter_context(closing(Archive.open(url)))
        if target.url == session.archive.url:
            raise UsageError(_("Kho bài đang ở chính cơ sở dữ liệu này"), target.url.render_as_string())
        return carry.move(session.archive, target)
