"""What the edition will look like: as a page, as a letter, and as pictures of the printed pages."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from functools import cache
from typing import Any

import typst
from flask import Blueprint, Response, abort

from digest.bulletin import tokens
from digest.bulletin.render import RENDERERS, pdf
from digest.bulletin.render.glyphs import plain
from digest.bulletin.view import View
from digest.errors import FileFaults
from digest.jobs import edition as job
from digest.web.desk.board import view_of, working
from digest.web.desk.door import needs
from digest.web.desk.rooms import session_here

pages = Blueprint("preview", __name__, url_prefix="/bien-tap/so")
DOTS = 110.0  # an inch: sharp enough to read on a screen
POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "frame-ancestors 'self'"
)
_kept: OrderedDict[View, tuple[bytes, ...]] = OrderedDict()
_guard = threading.Lock()


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


def pictures(view: View) -> tuple[bytes, ...]:
    """The printed pages as PNG; the last two editions looked at are kept."""
    with _guard:
        if view in _kept:
            _kept.move_to_end(view)
            return _kept[view]
        made = _drawn(view)
        _kept[view] = made
        while len(_kept) > 2:
            _kept.popitem(last=False)
        return made


def _drawn(view: View) -> tuple[bytes, ...]:
    template = pdf.HOME / "templates" / "edition.typ"
    compiler = typst.Compiler(template, root=template.parent, font_paths=_fonts())
    data = json.dumps(_plain(pdf.compile_data(view, tokens.PRINT)), ensure_ascii=False)
    made = compiler.compile(format="png", ppi=DOTS, sys_inputs={"data": data})
    pages_made = made if isinstance(made, list) else [made]
    return tuple(one for one in pages_made if one is not None)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[pdf.HOME / "fonts"]
    )


def _plain(value: Any) -> Any:
    """Every text without letters that the fonts lack; pictures and addresses stay."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {k: v if k in ("svg", "link", "href") else _plain(v) for k, v in value.items()}
    return value
