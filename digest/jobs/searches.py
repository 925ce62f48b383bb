"""Saved searches as a use case: kept under a name, listed, run, dropped, told once a week."""

from __future__ import annotations

from dataclasses import replace

from digest import clock, query
from digest.errors import DigestError, UsageError
from digest.jobs.search import Asked
from digest.jobs.session import Session
from digest.search import find, saved
from digest.search.results import Result
from digest.search.saved import News
from digest.storage import articles, searches
from digest.storage.searches import SavedSearch
from digest.text.normalise import fold
from digest.wording import _
from digest.workspace import safe_name


def keep(session: Session, name: str, asked: Asked, *, by: str = "shell") -> SavedSearch:
    """Keeps a search under a name, in place of an earlier one of that name; what the archive holds
    already is no news. QueryError and UsageError for what cannot be searched."""
    name = " ".join(name.split())
    if not any(letter.isalnum() for letter in name):
        raise UsageError(_("Tìm kiếm muốn lưu phải có tên"), fix=_("Ví dụ: --save “Tôn giáo ở Bến Thử”"))
    if asked.query.strip():
        query.parse(asked.query, query.READER)
    for topic in asked.topics:
        session.topic(topic)
    filters = {
        "topic": saved.joined(asked.topics),
        "outlet": saved.joined(asked.outlets),
        "from": asked.first or "",
        "to": asked.last or "",
    }
    made = SavedSearch(
        id=safe_name(fold(name)).lower(),
        name=name,
        query=asked.query.strip(),
        created=session.now(),
        filters={key: value for key, value in filters.items() if value},
        created_by=by,
    )
    saved.request(made)  # UsageError for a day that is none
    with session.archive.writing() as conn:
        other = searches.get(conn, made.id)
        if other is not None and other.name != made.name:
            raise UsageError(
                _("Tên này trùng mã {id} với tìm kiếm “{name}” đã lưu", id=made.id, name=other.name),
                fix=_("Chọn tên khác, hoặc bỏ tìm kiếm kia trước"),
            )
        made = replace(made, seen=articles.newest(conn))
        searches.save(conn, made)
    return made


def listed(session: Session) -> list[SavedSearch]:
    """All saved searches."""
    with session.archive.reading() as conn:
        return searches.list_all(conn)


def get(session: Session, name: str) -> SavedSearch:
    """The saved search of that id or name; UsageError names those there are."""
    known = listed(session)
    for one in known:
        if name in (one.id, one.name):
            return one
    raise UsageError(
        _("Không có tìm kiếm nào được lưu với tên “{name}”", name=name),
        fix=_("Các tên đang có: {names}", names=", ".join(one.id for one in known) or _("(chưa có)")),
    )


def drop(session: Session, name: str) -> SavedSearch:
    """Forgets a saved search; the articles stay as they are."""
    found = get(session, name)
    with session.archive.writing() as conn:
        searches.remove(conn, found.id)
    return found


def run(session: Session, name: str, *, limit: int = 10, offset: int = 0) -> Result:
    """What a saved search finds now, the newest first, for an editor who may see all of an article."""
    request = saved.request(get(session, name), limit=limit)
    request = replace(request, offset=offset, today=clock.day(session.now()))
    return find.search(session.archive, session.workspace.index_dir, request)


def news(session: Session) -> tuple[list[News], tuple[str, ...]]:
    """What came for each saved search since the last weekly report, and what of it could not be asked."""
    try:
        found = saved.news(session.archive, session.workspace.index_dir)
    except DigestError as fault:
        return [], (_("Chưa xem được các tìm kiếm đã lưu: {why}", why=fault),)
    faults = (
        _("Tìm kiếm đã lưu “{name}” không dùng được nữa: {why}", name=one.saved.name, why=one.problem)
        for one in found
        if one.problem
    )
    return found, tuple(faults)


def told(session: Session, found: list[News]) -> None:
    """The weekly report has told this: the next one begins after it."""
    saved.tell(session.archive, found)
