"""Sending from the desk: what would go to how many, sending, and how a dispatch stands."""

from __future__ import annotations

import logging
import threading
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request

from digest.errors import DigestError
from digest.jobs import send as job
from digest.jobs.series import sends
from digest.jobs.session import Session
from digest.model import ApprovedEdition, Center
from digest.storage import deliveries, editions
from digest.web import links
from digest.web.desk.door import needs, note
from digest.web.desk.rooms import session_here
from digest.web.reader.editions import downloads
from digest.wording import _, speak, spoken

pages = Blueprint("posting", __name__, url_prefix="/bien-tap/gui")
log = logging.getLogger("digest.web")
_running: dict[tuple[str, str], threading.Thread] = {}
_said: dict[tuple[str, str], str] = {}
_guard = threading.Lock()


def _centers(session: Session, edition: ApprovedEdition) -> list[Center]:
    """The centers that send this bulletin; somebody of a center sees their own."""
    found = [one for one in session.config.centers if sends(one, edition.bulletin)]
    own = g.account.center if g.account.role == "center" else ""
    return [one for one in found if not own or one.id == own]


def _edition(session: Session, edition_id: str) -> ApprovedEdition:
    with session.archive.reading() as conn:
        found = editions.get(conn, edition_id)
    if found is None:
        abort(404)
    return found


@pages.get("/<bulletin>/<period>")
@needs("editor", "approver", "center")
def look(bulletin: str, period: str) -> Any:
    """An approved edition: its files, its centers with their recipients, its dispatches."""
    session = session_here()
    edition = _edition(session, f"{bulletin}/{period}")
    with session.archive.reading() as conn:
        sent = {one.center: one for one in deliveries.summaries(conn) if one.edition == edition.id}
    rows = []
    busy = False
    for center in _centers(session, edition):
        going = running(edition.id, center.id)
        busy = busy or going
        rows.append(
            (
                center,
                _preview(session, edition.id, center),
                sent.get(center.id),
                going,
                _said.get((edition.id, center.id), ""),
            )
        )
    return render_template(
        "desk/send.html",
        edition=edition,
        files=downloads(edition),
        rows=rows,
        busy=busy,
        states=deliveries.SHOWN_STATES,
        may=g.account.role in ("approver", "center", "admin"),
        place="",
    )


def _preview(session: Session, edition_id: str, center: Center) -> tuple[int, str]:
    """(how many recipients, what stands in the way)."""
    try:
        ready = job.prepare(session, edition_id, center.id)
    except DigestError as fault:
        return 0, str(fault)
    return len(ready.people), ""


@pages.post("/<bulletin>/<period>")
@needs("approver", "center")
def send(bulletin: str, period: str) -> Any:
    """Begins sending, or goes on where it ended; the page shows how far it is."""
    session = session_here()
    edition = _edition(session, f"{bulletin}/{period}")
    center = next((one for one in _centers(session, edition) if one.id == request.form.get("center")), None)
    if center is None:
        abort(403)
    if request.form.get("chac") == "1":
        begin(session, edition.id, center.id, spoken())
        note("send", edition.id, center=center.id)
    return redirect(links.to(f"/bien-tap/gui/{edition.id}"), 303)


def running(edition_id: str, center_id: str) -> bool:
    """Whether this process is sending it now."""
    with _guard:
        thread = _running.get((edition_id, center_id))
        return thread is not None and thread.is_alive()


def begin(session: Session, edition_id: str, center_id: str, language: str) -> threading.Thread:
    """Sends in a thread of its own; one at a time for an edition and center."""
    key = (edition_id, center_id)
    with _guard:
        known = _running.get(key)
        if known is not None and known.is_alive():
            return known
        thread = threading.Thread(target=_run, args=(session, key, language), name="sending", daemon=False)
        _running[key] = thread
        _said.pop(key, None)
        thread.start()
    return thread


def _run(session: Session, key: tuple[str, str], language: str) -> None:
    speak(language)
    try:
        job.send(session, job.prepare(session, *key))
        _said[key] = _("Gửi xong.")
    except DigestError as fault:
        log.error("send %s %s: %s", *key, fault)
        _said[key] = str(fault)
