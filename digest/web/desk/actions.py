"""What the buttons of the board do: one step on the edition each, then back to the board."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request

from digest.bulletin.parts import Edition
from digest.errors import FileFaults, UsageError
from digest.jobs import approval, drafting
from digest.jobs import edition as job
from digest.jobs.series import series
from digest.jobs.session import Session
from digest.storage import articles
from digest.web import links
from digest.web.desk import moves
from digest.web.desk.board import why_not_approve, working
from digest.web.desk.door import needs, note
from digest.web.desk.rooms import session_here
from digest.web.desk.working import held
from digest.wording import _

pages = Blueprint("actions", __name__, url_prefix="/bien-tap/so")
Step = Callable[[Edition], Edition]
LONGEST_NOTE = 20_000


@pages.post("/<bulletin>/<period>/lam")
@needs("editor", "approver")
def act(bulletin: str, period: str) -> Any:
    """One step; where the file was changed outside meanwhile, to the page that shows both."""
    session, edition_id = session_here(), f"{bulletin}/{period}"
    job.refuse_approved(session, edition_id)
    desk = working(session, edition_id)
    if not desk.here.exists():
        abort(404)
    action, article = request.form.get("lam", ""), _article()
    saved = desk.step(
        session, request.form.get("moc", ""), _step(session, edition_id, action, article), g.account.login
    )
    note("step" if saved else "conflict", edition_id, step=action, article=article)
    if not saved:
        return redirect(links.to(f"/bien-tap/so/{edition_id}/khac-biet"), 303)
    return redirect(links.to(_back(edition_id, action, article)), 303)


def _article() -> int:
    given = request.form.get("bai", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else 0


def _back(edition_id: str, action: str, article: int) -> str:
    """The board as it was, at the article that was worked on."""
    kept = [(name, request.form.get(name, "")) for name in ("muc", "xem", "trang")]
    if action in ("trich", "ghi"):
        kept.append(("bai", str(article)))
    elif action not in ("bo", "them"):
        kept.append(("bai", request.form.get("mo", "")))
    where = f"#bai-{article}" if article and action != "bo" else ""
    return f"/bien-tap/so/{edition_id}" + links.search(kept).removeprefix("/") + where


def _step(session: Session, edition_id: str, action: str, article: int) -> Step:
    """What a button means; UsageError for one that there is not."""
    form = request.form
    if action == "them":
        return _adding(session, edition_id, article)
    if action == "trich":
        return _quoting(session, article, form.getlist("cau"))
    steps: dict[str, Step] = {
        "bo": lambda edition: moves.drop(edition, article),
        "len": lambda edition: moves.move(edition, article, -1),
        "xuong": lambda edition: moves.move(edition, article, 1),
        "keo": lambda edition: moves.put(edition, article, _place("section"), _place("place")),
        "ghi": lambda edition: moves.change(edition, article, lambda item: moves.note(item, _text("loi"))),
        "loi-dau": lambda edition: replace(edition, foreword=_text("loi")),
        "loi-muc": lambda edition: _section_note(edition, form.get("ten", ""), _text("loi")),
    }
    if action not in steps:
        raise UsageError(_("Không có nút này"), fix=_("Mở lại trang rồi làm lại"))
    return steps[action]


def _place(name: str) -> int:
    given = request.form.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 6 else 0


def _text(name: str) -> str:
    return request.form.get(name, "")[:LONGEST_NOTE]


def _section_note(edition: Edition, name: str, text: str) -> Edition:
    sections = tuple(
        replace(section, note=text) if section.name == name else section for section in edition.sections
    )
    return replace(edition, sections=sections)


def _adding(session: Session, edition_id: str, article: int) -> Step:
    bulletin = series(session, edition_id)
    name, item = drafting.addition(session, bulletin, article)
    wanted = request.form.get("vao", "")
    order = [session.topic(topic).name for topic, _most in bulletin.sections]
    return lambda edition: moves.add(edition, wanted if wanted in order else name, item, order)


def _quoting(session: Session, article: int, chosen: list[str]) -> Step:
    def quote(edition: Edition) -> Edition:
        found = moves.find(edition, article)
        if found is None:
            return edition
        item = edition.sections[found[0]].items[found[1]]
        with session.archive.reading() as conn:
            revision = articles.revision(conn, *item.pin)
        if revision is None:
            return edition
        return moves.change(edition, article, lambda one: moves.quote(revision.content, one, chosen))

    return quote


@pages.post("/<bulletin>/<period>/dung")
@needs("editor", "approver")
def build(bulletin: str, period: str) -> Any:
    """Checks letter by letter and renders every file."""
    session, edition_id = session_here(), f"{bulletin}/{period}"
    try:
        with held(session):
            job.build(session, edition_id)
    except FileFaults as faults:
        return _refused(edition_id, faults)
    note("build", edition_id)
    return redirect(links.to(f"/bien-tap/so/{edition_id}?xem=in"), 303)


@pages.post("/<bulletin>/<period>/duyet")
@needs("approver")
def approve(bulletin: str, period: str) -> Any:
    """Freezes the edition that this page showed; one that changed meanwhile is shown first."""
    session, edition_id = session_here(), f"{bulletin}/{period}"
    desk = working(session, edition_id)
    refusal = why_not_approve(session, edition_id, False, False)
    if refusal:
        raise UsageError(refusal)
    try:
        with held(session):
            if desk.waiting() is not None or desk.show()[1] != request.form.get("moc", ""):
                raise UsageError(_("Số báo đã khác lúc bạn mở trang"), fix=_("Xem lại bản mới rồi hãy duyệt"))
            approval.approve(session, edition_id, g.account.name)
    except FileFaults as faults:
        return _refused(edition_id, faults)
    note("approve", edition_id)
    return redirect(links.to(f"/bien-tap/gui/{edition_id}"), 303)


def _refused(edition_id: str, faults: FileFaults) -> Any:
    html = render_template("desk/faulty.html", id=edition_id, faults=faults.faults, text="", place="")
    return html, 409
