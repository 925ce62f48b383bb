"""One letter: built once for an edition and a center, then made each recipient's own in microseconds."""

from __future__ import annotations

import hashlib
import hmac
import html as markup
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from digest.clock import local
from digest.errors import UsageError
from digest.mail.address import Address, BadAddress, Hasher, derived_key, parse
from digest.mail.encoding import (
    address_header,
    bare_header,
    base64_lines,
    file_name,
    list_header,
    quoted_printable,
    quoted_value,
    text_header,
)
from digest.mail.recipients import MAX_NAME, Person
from digest.mail.unsubscribe import Tokens, mail_link, web_link
from digest.wording import _

# What the twins hold in the places that differ by recipient: a URL, so that it survives in an href.
LINK = "https://thoi-nhan.invalid/"
NAME = "%%nguoi-nhan%%"
_SLOTS = re.compile(f"({re.escape(LINK)}|{re.escape(NAME)})")
_SOFT = b"=\r\n"
_LONGEST = Person(Address("a" * 64, "b" * 253), "\U0001f5de" * MAX_NAME, 0)
_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with the letter; `kind` is its media type."""

    name: str
    kind: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What all recipients get. `text` and `html` are twins, with LINK and NAME where they differ.

    `sender` and `reply_to` are as in sources.yaml: `Tên <a@b.vn>`. Without `site_url` one leaves by
    mail. `draft`: for Outlook to open as a letter not yet sent.
    """

    edition: str
    center: str
    sender: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    reply_to: str = ""
    site_url: str = ""
    list_name: str = ""
    draft: bool = False


class Template:
    """A letter with all that recipients share encoded once; `size` bounds the bytes of each copy."""

    def __init__(self, letter: Letter, secret: bytes) -> None:
        self.letter = letter
        self.sender = sender_address(letter.sender)
        self.reply_to = sender_address(letter.reply_to) if letter.reply_to else self.sender
        self.hash = Hasher(secret)
        self._tokens = Tokens(secret)
        self._ids = derived_key(secret, "message ids")
        self._by_mail = mail_link(self.reply_to)
        self._head = self._shared_headers()
        self._body = tuple(self._parts())
        self.size = len(self.compose(_LONGEST, datetime(2000, 1, 1, tzinfo=UTC)))

    def message_id(self, recipient: str) -> str:
        """Keyed and lasting: a letter sent again by an editor's wish has the same (RFC 5322, 3.6.4)."""
        said = f"{self.letter.edition}\0{self.letter.center}\0{recipient}"
        return f"<{hmac.digest(self._ids, said.encode(), 'sha256').hex()[:32]}@{self.sender.domain}>"

    def leave_link(self, recipient: str) -> str:
        """Where this recipient leaves: our web view, or a letter to the center."""
        if not self.letter.site_url:
            return self._by_mail
        return web_link(self.letter.site_url, self._tokens.make(self.letter.center, recipient))

    def compose(self, person: Person, when: datetime, recipient: str = "") -> bytes:
        """The whole letter to one person, CRLF line ends, 7-bit (but for a UTF-8 address).

        `recipient`: the hash of the person's address, if it is known already.
        """
        recipient = recipient or self.hash(person.address)
        link = self.leave_link(recipient)
        values = _values(link, person.name or _("quý vị"))
        own = (
            bare_header("Date", format_datetime(local(when))),
            bare_header("Message-ID", self.message_id(recipient)),
            address_header("To", person.address, person.name),
            list_header("List-Unsubscribe", link),
        )
        body = (piece if isinstance(piece, bytes) else values[piece] for piece in self._body)
        return b"".join((*own, self._head, *body))

    def _shared_headers(self) -> bytes:
        letter = self.letter
        series = re.sub(r"[^a-z0-9-]", "-", letter.edition.partition("/")[0].lower()) or "ban-tin"
        list_id = f"{series}.{letter.center}.{self.sender.domain}"
        # One-click wants https (RFC 8058, 3.1).
        one_click = letter.site_url.startswith("https://")
        return b"".join(
            (
                address_header("From", self.sender, self.sender.name),
                address_header("Reply-To", self.reply_to, self.reply_to.name),
                text_header("Subject", letter.subject),
                bare_header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click") if one_click else b"",
                list_header("List-ID", list_id, letter.list_name),
                list_header("List-Help", letter.site_url or self._by_mail.partition("?")[0]),
                bare_header("Auto-Submitted", "auto-generated"),
                bare_header("X-Unsent", "1") if letter.draft else b"",
                bare_header("Content-Language", "vi"),
                bare_header("MIME-Version", "1.0"),
            )
        )

    def _parts(self) -> list[bytes | str]:
        letter = self.letter
        mark = hashlib.sha256(f"{letter.edition} {letter.center}".encode()).hexdigest()[:24]
        twins = [
            *_boundary(f"=_twins-{mark}", "alternative"),
            *_text_part(f"=_twins-{mark}", "plain", letter.text),
            *_text_part(f"=_twins-{mark}", "html", letter.html),
            f"--=_twins-{mark}--\r\n".encode(),
        ]
        if not letter.attachments:
            return _joined(twins)
        whole = [*_boundary(f"=_whole-{mark}", "mixed"), f"--=_whole-{mark}\r\n".encode(), *twins]
        for attachment in letter.attachments:
            whole.append(_attached(f"=_whole-{mark}", attachment))
        return _joined([*whole, f"--=_whole-{mark}--\r\n".encode()])


def compose(letter: Letter, person: Person, when: datetime, secret: bytes) -> bytes:
    """One letter to one person; for many, make a Template once."""
    return Template(letter, secret).compose(person, when)


def sender_address(said: str) -> Address:
    """The address letters come from or are answered to; UsageError when sources.yaml has none."""
    try:
        found = parse(said)
    except BadAddress as wrong:
        raise UsageError(
            _("Địa chỉ người gửi không dùng được: {reason}", reason=wrong),
            "sources.yaml",
            _("Viết như: sender: 'Trung tâm chính trị <bantin@example.vn>'"),
        ) from wrong
    if found.needs_utf8:
        raise UsageError(_("Địa chỉ người gửi chỉ được có chữ không dấu trước @"), "sources.yaml")
    return found


def _values(link: str, name: str) -> dict[str, bytes]:
    said = {f"plain {LINK}": link, f"plain {NAME}": name}
    said |= {f"html {LINK}": markup.escape(link), f"html {NAME}": markup.escape(name)}
    return {slot: quoted_value(value) + _SOFT for slot, value in said.items()}


# A boundary with "=_" cannot occur in quoted-printable or base64 (RFC 2045, 6.7).
def _boundary(mark: str, kind: str) -> tuple[bytes]:
    return (f'Content-Type: multipart/{kind};\r\n boundary="{mark}"\r\n\r\n'.encode("ascii"),)


def _text_part(mark: str, kind: str, text: str) -> list[bytes | str]:
    head = (
        f"--{mark}\r\nContent-Type: text/{kind}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    pieces: list[bytes | str] = [head.encode("ascii")]
    for piece in _SLOTS.split(text):
        if piece in (LINK, NAME):
            pieces.append(f"{kind} {piece}")
        elif piece:
            pieces.append(quoted_printable(piece) + _SOFT)
    return [*pieces, b"\r\n"]


def _attached(mark: str, attachment: Attachment) -> bytes:
    if not _TYPE.fullmatch(attachment.kind):
        raise ValueError(attachment.kind)
    head = (
        f"--{mark}\r\nContent-Type: {attachment.kind}\r\nContent-Transfer-Encoding: base64\r\n"
        "Content-Disposition: attachment;\r\n "
    )
    return head.encode("ascii") + file_name(attachment.name) + b"\r\n\r\n" + base64_lines(attachment.data)


def _joined(pieces: list[bytes | str]) -> list[bytes | str]:
    """Neighbouring bytes made one, so that a copy is few pieces."""
    out: list[bytes | str] = []
    for piece in pieces:
        if out and isinstance(piece, bytes) and isinstance(out[-1], bytes):
            out[-1] += piece
        else:
            out.append(piece)
    return out
