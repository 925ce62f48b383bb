"""The board of one edition: suggestions, the edition in order, preview and checks, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request

from digest import clock
from digest.bulletin import tables
from digest.bulletin.check import errors
from digest.bulletin.parts import Item
from digest.bulletin.suggest import Suggestion
from digest.bulletin.view import View, ViewItem
from digest.errors import Fault, FileFaults, UsageError
from digest.jobs import drafting
from digest.jobs import edition as job
from digest.jobs.approval import empty
from digest.jobs.series import series
from digest.jobs.session import Session
from digest.model import Bulletin
from digest.storage import audit, editions
from digest.web import links
from digest.web.desk import moves
from digest.web.desk.door import needs
from digest.web.desk.rooms import session_here
from digest.web.desk.working import Working
from digest.web.shown import short_day
from digest.wording import _

pages = Blueprint("board", __name__, url_prefix="/bien-tap/so")
MODES = ("mang", "in", "thu")


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggestion beside the edition."""

    suggestion: Suggestion
    chosen: bool
    over: int


@dataclass(frozen=True, slots=True)
class Row:
    """An article in the edition; `sentences` only where it is the one being worked on."""

    item: Item
    shown: ViewItem
    active: bool
    sentences: tuple[tuple[str, bool], ...] = ()

    @property
    def quoted(self) -> int:
        """How many excerpts it has."""
        return sum(1 for one in self.shown.excerpts if one)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A section of the edition with its rows."""

    name: str
    most: int
    note: str
    rows: tuple[Row, ...]


def working(session: Session, edition_id: str) -> Working:
    """The desk's hand on an edition; UsageError for an id that is none."""
    return Working(job.place(session, edition_id))


@pages.get("/<bulletin>/<period>")
@needs("editor", "approver")
def board(bulletin: str, period: str) -> Any:
    """The three columns; an approved edition, a conflict and a faulty file have pages of their own."""
    session, edition_id = session_here(), f"{bulletin}/{period}"
    with session.archive.reading() as conn:
        if editions.get(conn, edition_id) is not None:
            return redirect(links.to(f"/bien-tap/gui/{edition_id}"), 303)
    desk = working(session, edition_id)
    if not desk.here.exists():
        abort(404)
    if desk.waiting() is not None:
        return redirect(links.to(f"/bien-tap/so/{edition_id}/khac-biet"), 303)
    text, mark = desk.show()
    try:
        found = job.read(session, desk.here)
    except FileFaults as faults:
        return render_template("desk/faulty.html", id=edition_id, faults=faults.faults, text=text, place="")
    return render_template("desk/board.html", **_board(session, desk, found, mark), place="")


def _board(session: Session, desk: Working, found: job.Read, mark: str) -> dict[str, Any]:
    bulletin = series(session, desk.here.id)
    view = view_of(session, found)
    active = _number("bai")
    offers, section = _offers(session, bulletin, found, view, request.args.get("muc", ""))
    state = job.report(session, desk.here, found=found)
    faults = errors(found.faults)
    return {
        "id": desk.here.id,
        "bulletin": bulletin,
        "edition": found.edition,
        "view": view,
        "mark": mark,
        "shelves": _shelves(session, bulletin, found, view, active),
        "offers": offers,
        "section": section,
        "section_names": [session.topic(topic).name for topic, _most in bulletin.sections],
        "over": view.minutes - bulletin.minutes,
        "saved": datetime.fromtimestamp(desk.here.path.stat().st_mtime, clock.ZONE),
        "state": state,
        "faults": faults,
        "warnings": [fault for fault in found.faults if fault.warning],
        "news": job.since_pinned(found.archived),
        "excerpts": sum(1 for item in found.edition.items for one in item.excerpts if one.text),
        "mode": request.args.get("xem") if request.args.get("xem") in MODES else "in",
        "page": max(1, _number("trang") or 1),
        "active": active,
        "now": session.now(),
        "refusal": why_not_approve(session, desk.here.id, bool(faults), empty(found.edition)),
        "line_of": line_of(found.edition.items),
    }


def _number(name: str) -> int | None:
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else None


def view_of(session: Session, found: job.Read) -> View:
    """The draft as its renderings take it; items and cells whose revision the archive lacks are left out."""
    known = tuple(item for item in found.edition.items if item.pin in found.archived.revisions)
    edition = found.edition
    for item in edition.items:
        if item not in known:
            edition = moves.drop(edition, item.article)
    gone = {pin for pin in found.edition.pins if pin not in found.archived.revisions}
    sections = tuple(replace(one, note=tables.without(one.note, gone)) for one in edition.sections)
    edition = replace(edition, sections=sections)
    built: date = edition.last + timedelta(days=1)
    return job.view_of(session, edition, found.archived, built=built, state="draft")


def _shelves(
    session: Session, bulletin: Bulletin, found: job.Read, view: View, active: int | None
) -> tuple[Shelf, ...]:
    most = {session.topic(topic).name: count for topic, count in bulletin.sections}
    shown = {item.article: item for item in view.items}
    made = []
    for section in found.edition.sections:
        rows = tuple(
            _row(found, item, shown[item.article], item.article == active)
            for item in section.items
            if item.article in shown
        )
        made.append(Shelf(section.name, most.get(section.name, 0), section.note, rows))
    return tuple(made)


def _row(found: job.Read, item: Item, shown: ViewItem, active: bool) -> Row:
    if not active:
        return Row(item, shown, False)
    content = found.archived.revisions[item.pin].content
    return Row(item, shown, True, tuple(moves.offers(content, item)))


def _offers(
    session: Session, bulletin: Bulletin, found: job.Read, view: View, wanted: str
) -> tuple[list[Offer], str]:
    """The suggestions of one section, those in the edition already among them, and the section's name."""
    try:
        period = clock.period(found.edition.id.partition("/")[2])
        selection = drafting.suggestions(session, bulletin, period)
    except UsageError:  # a correction slip has no period of its own
        return [], ""
    sections = list(selection.sections)
    if not sections:
        return [], ""
    chosen = next((one for one in sections if one.name == wanted), sections[0])
    there = {item.article for item in found.edition.items}
    room = bulletin.minutes - view.minutes
    made = [
        Offer(one, one.article.id in there, max(0, one.minutes - room))
        for one in (*chosen.chosen, *chosen.further)
    ]
    return made, chosen.name


def why_not_approve(session: Session, edition_id: str, faulty: bool, nothing: bool) -> str:
    """Why the one at the desk may not approve now; "" if they may."""
    if g.account.role not in ("approver", "admin"):
        return _("Người có quyền duyệt sẽ duyệt số này")
    if nothing:
        return _("Số này chưa có bài nào")
    if faulty:
        return _("Còn chỗ khác bài gốc, sửa xong mới duyệt được")
    if (session.workspace.setting("DIGEST_TWO_HANDS", "") or "").lower() in ("1", "true", "yes"):
        with session.archive.reading() as conn:
            if g.account.login in audit.hands(conn, "step", edition_id):
                return _("Bạn đã sửa số này, người khác phải duyệt")
    return ""


def line_of(items: Sequence[Item]) -> Any:
    """From a fault to the article whose lines hold it, for a link; 0 for none."""
    lines = sorted((item.line, item.article) for item in items)

    def article(fault: Fault) -> int:
        before = [number for line, number in lines if line and line <= fault.line]
        return before[-1] if before else 0

    return article


def day_of(shown: ViewItem) -> str:
    """The day beside an article in the edition."""
    return short_day(shown.published) if shown.published else _("không rõ ngày")
