"""Sources at the desk: how each fares, and what would be stored of it now, as `digest check --live` tells."""

from __future__ import annotations

import threading
from typing import Any

from flask import Blueprint, abort, render_template

from digest.collect import live
from digest.errors import LockedError
from digest.model import Silent
from digest.storage import sources as memory
from digest.web.desk.door import needs, note
from digest.web.desk.rooms import session_here
from digest.web.shelf import shelf
from digest.wording import _

pages = Blueprint("sources", __name__, url_prefix="/bien-tap/nguon")
_turn = threading.Lock()  # outlets are asked for one editor at a time


@pages.get("/")
@needs("editor", "approver")
def overview() -> Any:
    """Every source of sources.yaml, with its health."""
    here = shelf()
    with here.reading() as conn:
        known = memory.health(conn)
    rows = [(source, known.get(source.id)) for source in here.words.config.sources]
    return render_template("desk/sources.html", rows=rows, fault=here.config_fault, place="")


@pages.post("/<name>")
@needs("editor", "approver")
def look(name: str) -> Any:
    """Asks the source and its newest articles; nothing is stored."""
    session = session_here()
    source = shelf().words.sources.get(name)
    if source is None:
        abort(404)
    if not _turn.acquire(blocking=False):
        raise LockedError(_("Đang hỏi thử một nguồn khác"), fix=_("Đợi nửa phút rồi bấm lại"))
    try:
        found = live.look(session.config, [source], now=session.now, progress=Silent())[0]
    finally:
        _turn.release()
    note("look", name)
    return render_template("desk/look.html", look=found, source=source, place="")
