"""The letter: one body as HTML and as text with the same words, small enough not to be clipped."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache

import css_inline

from digest.bulletin.render import captions, pages, txt
from digest.bulletin.render.tidy import safe_address, tidy
from digest.bulletin.view import View

MOST_BYTES = 90_000  # Gmail clips at about 102 KB
SHORTENED = "Thư đã rút gọn phần trích; cả số có trong tệp kèm theo và trên mạng."
# How many excerpt parts of an article stay, tried one after another until the letter is small enough.
_CUTS: tuple[int | None, ...] = (None, 1, 0)


def render(view: View) -> bytes:
    """The letter as editors look at it before sending: from the edition's publisher, to no one."""
    return render_email(view, _sender(view), view.letterhead.lines, web_url=view.link)[0].encode()


def render_eml(view: View) -> bytes:
    """The letter as a draft that a mail program opens, ready to be addressed and sent by hand."""
    html, text = render_email(view, _sender(view), view.letterhead.lines, web_url=view.link)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject(view)
    message["Date"] = datetime.combine(view.issued, time.min, UTC)
    message["X-Unsent"] = "1"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message.set_boundary(f"digest-{hashlib.sha256(html.encode()).hexdigest()[:32]}")
    return message.as_bytes()


def _sender(view: View) -> str:
    return view.publisher or view.site_name


def subject(view: View) -> str:
    """As in: Bản tin báo cáo viên số 12, tuần 16/11–22/11/2026."""
    week = "tuần " if view.kind == "weekly" else ""
    return f"{captions.title(view)}, {week}{captions.dates(view, '–')}"


def render_email(
    view: View,
    center_name: str,
    letterhead_lines: Sequence[str] = (),
    unsubscribe: str = "",
    attachment_note: str = "",
    web_url: str = "",
) -> tuple[str, str]:
    """The letter's HTML and text.

    `unsubscribe` is an https address that needs one click, or a mailto: address. `attachment_note` says
    what is attached ("bản in PDF, 412 KB."). `web_url` is the edition's public page. HTML above 90,000
    bytes loses excerpts (and says so), never titles, leads or notes.
    """
    view = tidy(view)
    around = _Around(
        tidy(center_name),
        tuple(tidy(line) for line in letterhead_lines),
        safe_address(unsubscribe),
        tidy(attachment_note),
        safe_address(web_url),
    )
    for cut in _CUTS:
        html = _html(view, cut, around)
        if len(html.encode()) < MOST_BYTES:
            break
    return html, _text(view, around)


@dataclass(frozen=True, slots=True)
class _Around:
    """What a center says around the edition."""

    center: str
    letterhead: tuple[str, ...]
    unsubscribe: str
    attached: str
    web_url: str


def _listed(view: View) -> str:
    """Whose list it is: "báo cáo viên, tuyên truyền viên", or the bulletin's."""
    return view.audience[:1].lower() + view.audience[1:] if view.audience else f"nhận {captions.title(view)}"


def _html(view: View, cut: int | None, around: _Around) -> str:
    filled = pages.fill(
        "letter.html",
        view=view,
        cut=cut,
        shortened="" if cut is None else SHORTENED,
        listed=_listed(view),
        one_click=around.unsubscribe.startswith("http"),
        around=around,
    )
    return _inliner().inline(filled)


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, minify_css=True)


def _text(view: View, around: _Around) -> str:
    head = [
        *around.letterhead,
        "",
        captions.title(view).upper(),
        f"{captions.span(view)}. {captions.volume(view)}.",
    ]
    box = [
        f"Kèm theo thư: {around.attached}" if around.attached else "",
        f"Đọc cả số trên mạng: {around.web_url}" if around.web_url else "",
    ]
    leave = f"Thôi nhận bản tin: {around.unsubscribe} hoặc trả lời thư này." if around.unsubscribe else ""
    foot = [
        "-- ",
        f"Đồng chí nhận thư này vì có tên trong danh sách {_listed(view)} của {around.center}.",
        leave or "Không muốn nhận bản tin nữa, xin trả lời thư này.",
        "Thư không có ảnh ẩn, không đếm lượt mở, không đổi đường dẫn.",
    ]
    blocks = ["\n".join(head), "\n".join(filter(None, box)), *txt.blocks(view), "\n".join(foot)]
    return "\n\n".join(filter(None, (block.strip("\n") for block in blocks))) + "\n"
