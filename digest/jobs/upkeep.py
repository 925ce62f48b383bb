"""Upkeep of single articles: taking one down, and letting it show again."""

from __future__ import annotations

from digest.errors import UsageError
from digest.jobs.index import sync
from digest.jobs.session import Session
from digest.model import Silent
from digest.storage import articles, editions
from digest.wording import _


def takedown(session: Session, article_id: int, reason: str, *, undo: bool = False) -> tuple[str, ...]:
    """Hides an article everywhere but in frozen files; the warnings name editions that hold it."""
    with session.archive.writing() as conn:
        if articles.get(conn, article_id) is None:
            raise UsageError(_("Kho không có bài số {id}", id=article_id))
        articles.mark(conn, article_id, "live" if undo else "takedown", reason, session.now())
        holding = [] if undo else editions.holding(conn, article_id)
    sync(session, Silent())
    return tuple(
        _("Số đã duyệt {edition} có bài này: tệp đã khóa không đổi; nếu cần, soạn tờ đính chính", edition=one)
        for one in holding
    )
