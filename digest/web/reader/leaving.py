"""Leaving a list: the page behind a letter's link, and the one-click POST of mail programs (RFC 8058)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request

from digest import clock
from digest.mail.unsubscribe import PATH, Tokens, leave
from digest.web.shelf import shelf

pages = Blueprint("leaving", __name__)


@pages.route(f"{PATH}/<token>", methods=["GET", "POST"])
def leaving(token: str) -> Any:
    """GET asks, since programs that look at links must unsubscribe nobody; POST leaves, without cookie or log-in."""
    here = shelf()
    secret = here.workspace.secret_key()
    if request.method == "POST":
        left = leave(here.archive, secret, token, clock.now())
    else:
        left = Tokens(secret).read(token)
    if left is None:
        abort(404)
    names = {center.id: center.name for center in here.words.config.centers}
    return render_template(
        "leaving.html", done=request.method == "POST", center=names.get(left.center, left.center), place=PATH
    )
