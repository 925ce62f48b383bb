"""What the edition will look like: as a page, as a letter, and as pictures of the printed pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort

from digest.bulletin.render import RENDERERS
from digest.bulletin.view import View
from digest.errors import FileFaults
from digest.jobs import edition as job
from digest.web.desk.board import view_of, working
from digest.web.desk.door import needs
from digest.web.desk.rooms import session_here
from digest.web.pictures import pages as pictures

pages = Blueprint("preview", __name__, url_prefix="/bien-tap/so")
POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "frame-ancestors 'self'"
)


def _view(bulletin: str, period: str) -> View:
    session, edition_id = session_here(), f"{bulletin}/{period}"
    desk = working(session, edition_id)
    if not desk.here.exists():
        abort(404)
    try:
        return view_of(session, job.read(session, desk.here))
    except FileFaults:
        abort(404)


@pages.get("/<bulletin>/<period>/xem/<mode>.html")
@needs("editor", "approver")
def page(bulletin: str, period: str, mode: str) -> Any:
    """The draft as the web page or the letter that readers get; shut in a sandbox."""
    if mode not in ("mang", "thu"):
        abort(404)
    data = RENDERERS["html" if mode == "mang" else "email"].render(_view(bulletin, period))
    answer = Response(data, content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@pages.get("/<bulletin>/<period>/trang/<int:number>.png")
@needs("editor", "approver")
def picture(bulletin: str, period: str, number: int) -> Any:
    """One printed page."""
    made = pictures(_view(bulletin, period))
    if not 1 <= number <= len(made):
        abort(404)
    return Response(made[number - 1], content_type="image/png")
