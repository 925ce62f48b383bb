"""Around the desk: its first page, taggings corrected, the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request

from digest import clock
from digest.clock import Period
from digest.jobs import drafting
from digest.jobs import edition as job
from digest.jobs import index as indexing
from digest.jobs.edition import EditionReport
from digest.jobs.material import drafts
from digest.jobs.session import Session
from digest.model import ApprovedEdition, Bulletin
from digest.storage import articles, audit, deliveries, editions, taggings
from digest.web import links
from digest.web.desk.door import needs, note
from digest.web.desk.working import held
from digest.web.shelf import shelf
from digest.wording import _

pages = Blueprint("rooms", __name__, url_prefix="/bien-tap")


def session_here() -> Session:
    """A job's session over what this process has open already."""
    here = shelf()
    return Session(here.workspace, here.words.config, here.archive, clock.now)


@dataclass(frozen=True, slots=True)
class Series:
    """A bulletin with its present period and how its drafts stand."""

    bulletin: Bulletin
    period: Period
    present: EditionReport | None
    others: tuple[EditionReport, ...]
    approved: tuple[ApprovedEdition, ...]


@pages.get("/")
@needs()
def home() -> Any:
    """Every bulletin: what is due, what is begun, what is approved."""
    session = session_here()
    with session.archive.reading() as conn:
        frozen = editions.list_all(conn)
        sent = deliveries.summaries(conn)
    series = [_series(session, bulletin, frozen) for bulletin in session.config.bulletins]
    return render_template(
        "desk/home.html", series=series, sent=sent, centers=session.config.centers, place=""
    )


def _series(session: Session, bulletin: Bulletin, frozen: list[ApprovedEdition]) -> Series:
    period = job.current_period(bulletin, session.now())
    done = {one.id for one in frozen}
    begun = [job.report(session, one) for one in drafts(session, bulletin.id) if one.id not in done]
    name = f"{bulletin.id}/{period.name}"
    return Series(
        bulletin,
        period,
        next((one for one in begun if one.id == name), None),
        tuple(one for one in begun if one.id != name),
        tuple(one for one in frozen if one.bulletin == bulletin.id)[:3],
    )


@pages.post("/soan")
@needs("editor", "approver")
def draft() -> Any:
    """A first draft of the suggestions; what an editor has begun is left alone."""
    session = session_here()
    bulletin = session.bulletin(request.form.get("bulletin", ""))
    period = clock.period(request.form.get("period", ""))
    with held(session):
        made = drafting.draft(session, bulletin, period)
    note("draft", made.id)
    return redirect(links.to(f"/bien-tap/so/{made.id}"), 303)


@pages.get("/bai/<int:number>")
@needs("editor", "approver")
def tags(number: int) -> Any:
    """An article's topics, to be corrected."""
    with shelf().reading() as conn:
        found = articles.get(conn, number) if number < 2**53 else None
        if found is None:
            abort(404)
        marks = {tag.topic: tag for tag in taggings.of(conn, [number])[number]}
    return render_template(
        "desk/tags.html", article=found, marks=marks, topics=shelf().words.config.topics, place=""
    )


@pages.post("/bai/<int:number>")
@needs("editor", "approver")
def correct(number: int) -> Any:
    """Puts the article on the ticked topics and takes it off the others; the index follows."""
    session, wanted = session_here(), set(request.form.getlist("topic"))
    with held(session):
        with session.archive.writing() as conn:
            if articles.get(conn, number) is None:
                abort(404)
            present = {tag.topic for tag in taggings.of(conn, [number])[number]}
            for topic in session.config.topics:
                if (topic.id in wanted) != (topic.id in present):
                    on = topic.id in wanted
                    taggings.set_editor(conn, number, topic.id, on, g.account.login, session.now())
        indexing.sync(session, _Silent())
    note("tags", str(number), topics=sorted(wanted))
    return redirect(links.to(f"/bai/{number}"), 303)


class _Silent:
    """A Progress that nobody watches."""

    def stage(self, name: str, total: int) -> None:
        """Nothing to show."""

    def advance(self, steps: int = 1, note: str = "") -> None:
        """Nothing to show."""


@pages.get("/nhat-ky")
@needs("approver")
def log() -> Any:
    """Who did what, newest first."""
    before = request.args.get("truoc", "")
    with shelf().reading() as conn:
        rows = audit.recent(conn, 100, int(before) if before.isdecimal() and len(before) < 16 else None)
    return render_template("desk/log.html", rows=rows, names=deeds(), place="")


def deeds() -> dict[str, str]:
    """What the audit log's words mean."""
    return {
        "login": _("đăng nhập"),
        "login-failed": _("đăng nhập không được"),
        "logout": _("đăng xuất"),
        "look": _("hỏi thử nguồn"),
        "draft": _("soạn nháp"),
        "step": _("sửa"),
        "conflict": _("gặp tệp sửa ngoài"),
        "merge": _("ghép hai bản"),
        "build": _("dựng"),
        "approve": _("duyệt"),
        "send": _("gửi"),
        "tags": _("sửa chủ đề"),
        "user-made": _("tạo tài khoản"),
        "user-changed": _("đổi tài khoản"),
        "user-shut": _("khóa tài khoản"),
        "user-opened": _("mở tài khoản"),
    }
