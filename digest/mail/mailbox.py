"""The center's mailbox over IMAP: unseen mails are looked at, and only reports on our letters marked as seen."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from digest.errors import MailError, UsageError
from digest.mail.bounces import MAX_BYTES, Bounce, may_be_report, parse
from digest.wording import _

DAYS = 30  # reports come within five days; older mails are none of ours
MOST = 2000
AT_ONCE = 200
HEAD = "FROM RETURN-PATH CONTENT-TYPE"
_UID = re.compile(rb"\bUID (\d+)")
_MONTHS = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]  # IMAP dates know no locale


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where reports arrive; always over TLS (`imaps`), the folder INBOX unless the path says another."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    ca: str = ""


def mailbox(url: str) -> Mailbox:
    """The mailbox in a DIGEST_IMAP_URL; UsageError that never repeats the URL, which holds a password."""
    try:
        parts = urlsplit(url.strip())
        options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        if parts.scheme != "imaps" or not parts.hostname or not parts.username or set(options) - {"ca"}:
            raise ValueError
        port = parts.port or 993
    except ValueError:
        example = "imaps://tai-khoan:mat-khau@imap.example.vn"
        raise UsageError(
            _("Địa chỉ hộp thư đến không đúng"), "DIGEST_IMAP_URL", _("Viết như {example}", example=example)
        ) from None
    folder = unquote(parts.path.strip("/")) or "INBOX"
    password = unquote(parts.password or "")
    return Mailbox(parts.hostname, port, unquote(parts.username), password, folder, options.get("ca", ""))


def read(
    box: Mailbox, now: datetime, taken: Callable[[Bounce | None], object], *, timeout: float = 60.0
) -> int:
    """Hands what every unseen mail says to `taken`, None for one that is no report; how many it took.

    Those that it did not answer with None are marked as seen; other mails stay unseen, as people
    expect. MailError when the mailbox cannot be read.
    """
    context = ssl.create_default_context(cafile=box.ca or None)
    try:
        with imaplib.IMAP4_SSL(box.host, box.port, ssl_context=context, timeout=timeout) as imap:
            _log_in(imap, box)
            _wanted(imap.select(_quoted(box.folder)))
            suspects = set(_suspects(imap, unseen := _unseen(imap, now)))
            for _mail in range(len(unseen) - len(suspects)):
                taken(None)
            return sum(_look(imap, uid, taken) for uid in sorted(suspects, key=int))
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailError(
            _("Không đọc được hộp thư đến ({reason})", reason=type(error).__name__),
            f"{box.host}:{box.port}",
            _("Xem lại DIGEST_IMAP_URL và mật khẩu ứng dụng, hoặc lưu thư báo lỗi thành tệp .eml"),
        ) from error


def _log_in(imap: imaplib.IMAP4_SSL, box: Mailbox) -> None:
    if "AUTH=PLAIN" in imap.capabilities:
        imap.authenticate("PLAIN", lambda _asked: f"\0{box.user}\0{box.password}".encode())
    else:
        imap.login(box.user, box.password)


def _unseen(imap: imaplib.IMAP4_SSL, now: datetime) -> list[str]:
    since = now - timedelta(days=DAYS)
    day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
    found = _wanted(imap.uid("SEARCH", "UNSEEN", "SINCE", day))
    first = found[0] if found and isinstance(found[0], bytes) else b""
    return first.decode("ascii").split()[-MOST:]


def _suspects(imap: imaplib.IMAP4_SSL, uids: list[str]) -> list[str]:
    """Those of the mails whose head looks like a report's: only they are worth fetching whole."""
    found = []
    for at in range(0, len(uids), AT_ONCE):
        some = ",".join(uids[at : at + AT_ONCE])
        answer = _wanted(imap.uid("FETCH", some, f"(BODY.PEEK[HEADER.FIELDS ({HEAD})])"))
        for part, after in zip(answer, [*answer[1:], b""], strict=True):
            if isinstance(part, tuple) and may_be_report(part[1]):
                # Some servers say which mail it is only behind the literal.
                uid = _UID.search(part[0]) or _UID.search(after if isinstance(after, bytes) else b"")
                found += [uid[1].decode("ascii")] if uid else []
    return found


def _look(imap: imaplib.IMAP4_SSL, uid: str, taken: Callable[[Bounce | None], object]) -> bool:
    answer = _wanted(imap.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MAX_BYTES}>)"))
    raw = next((part[1] for part in answer if isinstance(part, tuple)), b"")
    if taken(parse(raw)) is None:
        return False
    _wanted(imap.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
    return True


def _wanted(answer: tuple[str, list[Any]]) -> list[Any]:
    code, data = answer
    if code != "OK":
        raise imaplib.IMAP4.error(code)
    return data


def _quoted(folder: str) -> str:
    safe = re.sub(r"[\x00-\x1f\x7f]", "", folder)
    return '"' + safe.replace("\\", "\\\\").replace('"', '\\"') + '"'
