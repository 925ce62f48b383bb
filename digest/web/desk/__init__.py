"""The desk: editors choose, order, quote, note, preview, build, approve and send; off unless asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, Response, g, request
from markupsafe import Markup

from digest import clock
from digest.web.desk import actions, board, conflict, door, posting, preview, rooms, sources
from digest.web.guards import Buckets
from digest.wording import _

POLICY = (
    "default-src 'none'; style-src 'self'; font-src data:; img-src 'self'; script-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def join(app: Flask) -> None:
    """Adds the desk to the application."""
    for room in (door, rooms, board, actions, conflict, preview, posting, sources):
        app.register_blueprint(room.pages)
    app.context_processor(_context)
    app.jinja_env.globals["token"] = _token
    app.jinja_env.filters["clock_only"] = _clock_only

    app.before_request(door.enter)
    app.extensions["digest.tries"] = Buckets()

    @app.after_request
    def private(answer: Response) -> Response:
        """Nothing of the desk is kept anywhere."""
        if request.path.startswith("/bien-tap"):
            answer.headers["Cache-Control"] = "no-store"
            answer.headers.setdefault("Content-Security-Policy", POLICY)
        return answer


def _context() -> dict[str, Any]:
    return {"account": g.get("account"), "state_names": _state_names()}


def _token() -> Markup:
    """The hidden field that every form of a session carries."""
    return Markup('<input type="hidden" name="csrf" value="{}">').format(door.csrf_token())


def _clock_only(when: datetime) -> str:
    return f"{clock.local(when):%H:%M}"


def _state_names() -> dict[str, str]:
    return {
        "planned": _("chờ gửi"),
        "sent": _("đã gửi"),
        "refused": _("bị từ chối"),
        "unknown": _("chưa rõ"),
        "deferred": _("sẽ thử lại"),
        "suppressed": _("đã thôi nhận"),
    }
