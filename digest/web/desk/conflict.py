"""The file was edited outside: both versions side by side, a choice at each place, nothing overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request

from digest import clock
from digest.bulletin.check import check, errors
from digest.bulletin.edition import parse, write
from digest.bulletin.parts import Edition
from digest.errors import Fault, FileFaults, UsageError
from digest.jobs import edition as job
from digest.jobs.session import Session
from digest.web import links
from digest.web.desk import merging
from digest.web.desk.board import line_of, working
from digest.web.desk.door import needs, note
from digest.web.desk.rooms import session_here
from digest.web.desk.working import Waiting, Working
from digest.wording import _

pages = Blueprint("conflict", __name__, url_prefix="/bien-tap/so")


@dataclass(frozen=True, slots=True)
class Choice:
    """A place that differs with what is wrong on either side; a faulty side cannot be chosen."""

    place: merging.Place
    desk_fault: Fault | None
    file_fault: Fault | None


def _faults(session: Session, edition: Edition) -> Mapping[int, Fault]:
    """The first error of each article of a version."""
    read = parse(write(edition))
    found = job.archived(session, read.pins)
    article = line_of(read.items)
    made: dict[int, Fault] = {}
    for fault in errors(check(read, found.revisions)):
        made.setdefault(article(fault), fault)
    return made


def _choices(session: Session, desk: Edition, file: Edition) -> list[Choice]:
    mine, theirs = _faults(session, desk), _faults(session, file)
    made = []
    for place in merging.places(desk, file):
        judged = place.kind in ("excerpts", "extra-desk", "extra-file")
        desk_fault = mine.get(place.article) if judged and place.desk else None
        file_fault = theirs.get(place.article) if judged and place.file else None
        made.append(Choice(place, desk_fault, file_fault))
    return made


def _waiting(session: Session, edition_id: str) -> tuple[Working, Waiting]:
    desk = working(session, edition_id)
    waiting = desk.waiting() if desk.here.exists() else None
    if waiting is None:
        abort(404)
    return desk, waiting


@pages.get("/<bulletin>/<period>/khac-biet")
@needs("editor", "approver")
def show(bulletin: str, period: str) -> Any:
    """Both versions; where the file cannot be read, its faults and the way out."""
    session, edition_id = session_here(), f"{bulletin}/{period}"
    desk = working(session, edition_id)
    if not desk.here.exists() or desk.waiting() is None:
        return redirect(links.to(f"/bien-tap/so/{edition_id}"), 303)
    text, mark = desk.show()
    waiting = desk.waiting()
    assert waiting is not None
    file: Edition | None = None
    unreadable: tuple[Fault, ...] = ()
    try:
        file = parse(text, "edition.md")
    except FileFaults as faults:
        unreadable = faults.faults
    choices = _choices(session, parse(waiting.text), file) if file else []
    return render_template(
        "desk/conflict.html",
        id=edition_id,
        folder=session.workspace.relative(desk.here.folder),
        mark=mark,
        waiting=waiting,
        file_time=datetime.fromtimestamp(desk.here.path.stat().st_mtime, clock.ZONE),
        choices=choices,
        sections=list(dict.fromkeys(choice.place.section for choice in choices)),
        unreadable=unreadable,
        place="",
    )


@pages.post("/<bulletin>/<period>/khac-biet")
@needs("editor", "approver")
def settle(bulletin: str, period: str) -> Any:
    """Merges as chosen, or takes one whole; what was not chosen is kept beside."""
    session, edition_id = session_here(), f"{bulletin}/{period}"
    desk, waiting = _waiting(session, edition_id)
    way = request.form.get("cach", "")
    mark = request.form.get("moc", "")
    text = _text(session, desk, waiting, way)
    if not desk.settle(session, mark, text):
        return redirect(links.to(f"/bien-tap/so/{edition_id}/khac-biet"), 303)
    note("merge", edition_id, way=way)
    return redirect(links.to(f"/bien-tap/so/{edition_id}"), 303)


def _text(session: Session, desk: Working, waiting: Waiting, way: str) -> str | None:
    """The text that shall stand in the file; None for the file's own."""
    if way == "tep":
        return None
    if way == "ban":
        return waiting.text
    if way != "ghep":
        raise UsageError(_("Chưa chọn cách ghép"), fix=_("Chọn một trong ba nút"))
    mine, file = parse(waiting.text), parse(desk.here.text(), "edition.md")
    chosen: dict[str, str] = {}
    for choice in _choices(session, mine, file):
        side = request.form.get(f"c:{choice.place.key}", "desk")
        fault = choice.file_fault if side == "file" else choice.desk_fault
        if side not in ("desk", "file") or fault is not None:
            side = "desk" if side == "file" else "file"
        chosen[choice.place.key] = side
    return write(merging.merge(mine, file, chosen))
