"""A short letter to the editor from the program itself: what needs a look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from uuid import uuid4

from digest.clock import local
from digest.errors import MailError
from digest.mail.address import Address
from digest.mail.encoding import address_header, bare_header, quoted_printable, text_header
from digest.mail.reply import Outcome
from digest.mail.server import Server
from digest.mail.smtp import Connection
from digest.wording import _


def compose(sender: Address, to: Address, subject: str, text: str, when: datetime) -> bytes:
    """The letter, in plain text."""
    return b"".join(
        (
            bare_header("Date", format_datetime(local(when))),
            bare_header("Message-ID", f"<{uuid4().hex}@{sender.domain}>"),
            address_header("From", sender, sender.name),
            address_header("To", to),
            text_header("Subject", subject),
            bare_header("Auto-Submitted", "auto-generated"),
            bare_header("MIME-Version", "1.0"),
            bare_header("Content-Type", "text/plain; charset=utf-8"),
            bare_header("Content-Transfer-Encoding", "quoted-printable"),
            b"\r\n",
            quoted_printable(text),
            b"\r\n",
        )
    )


def deliver(
    server: Server, sender: Address, to: Address, letter: bytes, sign: Callable[[bytes], bytes] | None = None
) -> None:
    """Hands the letter in; MailError when it was not taken."""
    with Connection(server) as connection:
        connection.open()
        reply = connection.offer(sender, to, sign(letter) if sign is not None else letter)
    if reply.outcome is not Outcome.ACCEPTED:
        raise MailError(_("Máy chủ thư không nhận thư báo (mã {codes})", codes=reply.detail), server.place)
