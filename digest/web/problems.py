"""Errors as readers see them: a page, or problem+json (RFC 9457) below /api/; nothing internal is told."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from digest import clock
from digest.errors import DigestError, QueryError, SearchError, UsageError
from digest.wording import _

log = logging.getLogger("digest.web")


def handle(app: Flask) -> None:
    """Gives every failure its page."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DigestError, _foreseen)
    app.register_error_handler(Exception, _unforeseen)


def wants_json() -> bool:
    """Whether the request is a program's."""
    return request.path.startswith("/api/")


def problem(status: int, detail: str, **more: Any) -> Response:
    """A problem+json answer; `more` are members of its own."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    answer = Response(json.dumps(body, ensure_ascii=False), status, content_type="application/problem+json")
    if status in (429, 503):
        answer.headers["Retry-After"] = "60"
    return answer


def page(
    status: int, title: str, said: list[str], code: str = "", ways: Sequence[tuple[str, str]] = ()
) -> Response:
    """An error page; `ways` on from it (address, name) stand before the usual ones."""
    html = render_template("problem.html", title=title, said=said, code=code, ways=ways, place="")
    answer = Response(html, status)
    if status in (429, 503):
        answer.headers["Retry-After"] = "60"
    return answer


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    if error.response is not None:  # a redirect or an answer made on purpose
        return error.response
    title, said = _words(status)
    answer = problem(status, said[0] if said else title) if wants_json() else page(status, title, said)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "www-authenticate"):
            answer.headers[name] = value
    return answer


def _words(status: int) -> tuple[str, list[str]]:
    known = {
        400: (
            _("Địa chỉ này chưa đúng"),
            _("Trang không hiểu phần sau dấu “?” của địa chỉ. Xin mở lại từ trang chủ."),
        ),
        403: (
            _("Bạn không được làm việc này"),
            _("Xin đăng nhập bằng tài khoản có quyền, hoặc hỏi người quản trị."),
        ),
        404: (_("Không có trang này"), _("Địa chỉ có thể gõ nhầm, hoặc trang đã đổi chỗ.")),
        405: (_("Không làm được cách này"), _("Trang này chỉ để xem.")),
        410: (
            _("Bài này đã được gỡ khỏi trang"),
            _("Trung tâm đã gỡ bài theo yêu cầu. Những bài khác vẫn còn."),
        ),
        413: (_("Gửi lên quá lớn"), _("Xin gửi ít hơn mỗi lần.")),
        414: (_("Địa chỉ quá dài"), _("Xin rút ngắn câu tìm.")),
        429: (_("Bạn mở trang nhanh quá"), _("Xin đợi một phút rồi mở lại.")),
    }
    title, said = known.get(status, (_("Có trục trặc"), _("Xin thử lại sau ít phút.")))
    return title, [said]


def incident() -> str:
    """A short name for an incident that a reader can tell over the telephone: T-1124-0907."""
    return f"T-{clock.local(clock.now()):%m%d-%H%M}"


def _foreseen(error: DigestError) -> Any:
    code = incident()
    if isinstance(error, QueryError):
        return problem(400, error.what, position=error.position, length=error.length)
    status = 400 if isinstance(error, UsageError) else 503
    log.error("%s %s: %s", code, request.path, error)
    if wants_json():
        return problem(status, error.what, code=code)
    if isinstance(error, SearchError):
        said = [_("Mục lục tìm kiếm đang được làm lại. Kho bài vẫn còn nguyên.")]
        return page(status, _("Tạm thời chưa tìm được"), said, code)
    return page(status, _("Tạm thời chưa mở được"), [f"{error.what}."], code)


def _unforeseen(error: Exception) -> Any:
    code = incident()
    log.error("%s %s", code, request.path, exc_info=error)
    if wants_json():
        return problem(500, _("Có sự cố chưa lường trước"), code=code)
    return page(
        500, _("Có sự cố chưa lường trước"), [_("Không có gì bị mất. Xin thử lại sau ít phút.")], code
    )
