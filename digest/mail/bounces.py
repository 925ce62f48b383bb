"""Letters that came back: delivery reports (RFC 3464) read and put beside the ledger; hard ones end in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from enum import Enum
from pathlib import Path

from digest.errors import UsageError
from digest.storage import deliveries
from digest.storage.engine import Archive
from digest.wording import _

MAX_BYTES = 1_000_000  # a report holds at most our headers, or the whole letter behind what we need
_ID = re.compile(r"<[0-9a-f]{32}@[A-Za-z0-9.-]{1,255}>")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_REFUSED = re.compile(r"\b5[0-9][0-9]\b")
_POSTMAN = re.compile(r"mailer-daemon|postmaster|mail delivery|microsoftexchange", re.IGNORECASE)
# Codes that speak of the mailbox itself (RFC 3463, and those of Exchange): it is not there any more.
_HARD = re.compile(r"5\.1\.(0|1|2|3|6|10)|5\.2\.1|5\.4\.4")


class Kind(Enum):
    """What a report says of one letter."""

    HARD = "hard"  # no such mailbox: nothing more is sent to it
    SOFT = "soft"  # full, too large, refused as spam, delayed for good: counted
    NONE = "none"  # delivered, relayed, only delayed so far: nothing


@dataclass(frozen=True, slots=True)
class Bounce:
    """One report about one of our letters, known by the letter's Message-ID; never an address."""

    message_id: str
    kind: Kind
    status: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What reading reports has led to: letters by kind, and mails that are no reports on ours."""

    hard: int = 0
    soft: int = 0
    known: int = 0
    others: int = 0


def parse(raw: bytes) -> Bounce | None:
    """The report in a mail; None when it is none, or not on a letter of ours.

    A letter is recognised by its keyed Message-ID alone, which only its recipient and the servers
    between have seen: nobody can have others suppressed by an invented report.
    """
    mail = message_from_bytes(raw[:MAX_BYTES])
    report = _part(mail, "message/delivery-status")
    if report is None:
        return _without_form(mail, raw)
    message_id = _original_id(mail)
    if message_id is None:
        return None
    action, status = _said(report)
    return Bounce(message_id, _kind(action, status), status)


def may_be_report(head: bytes) -> bool:
    """Whether a mail with this head is worth a look: From, Return-Path and Content-Type suffice."""
    mail = message_from_bytes(head)
    # Gateways wrap reports into mixed mails.
    return mail.get_content_type() in ("multipart/report", "multipart/mixed") or _by_postman(mail)


def _by_postman(mail: Message) -> bool:
    """Sent by a mail server rather than by a person."""
    from_whom, back_to = str(mail.get("from", "")), str(mail.get("return-path", "")).strip()
    return back_to == "<>" or _POSTMAN.search(from_whom) is not None


def _part(mail: Message, kind: str) -> Message | None:
    return next((part for part in mail.walk() if part.get_content_type() == kind), None)


def _original_id(mail: Message) -> str | None:
    """The Message-ID of the letter that came back, from the copy of it or of its headers."""
    for part in list(mail.walk())[1:]:
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            inside = part.as_bytes().partition(b"\n\n")[2]
            found = _ID.search(inside.decode("ascii", "replace"))
            if found:
                return found[0].lower()
    return None


def _said(report: Message) -> tuple[str, str]:
    """(action, status) of the first recipient that a report speaks of."""
    groups = report.get_payload()
    for group in groups if isinstance(groups, list) else []:
        if not isinstance(group, Message) or "action" not in group:
            continue
        status = _STATUS.search(str(group.get("status", "")))
        told = _STATUS.search(str(group.get("diagnostic-code", "")))
        # Some servers say 5.0.0 where the reason stands in the other server's own words.
        vague = status is None or status[1].endswith(".0.0")
        best = told if vague and told else status
        return str(group["action"]).strip().lower(), best[1] if best else ""
    return "", ""


def _kind(action: str, status: str) -> Kind:
    if action != "failed":
        return Kind.NONE
    return Kind.HARD if _HARD.fullmatch(status) else Kind.SOFT


def _without_form(mail: Message, raw: bytes) -> Bounce | None:
    """Old servers write free text around our headers: soft, unless a code in it is clear."""
    if not _by_postman(mail):
        return None
    # The head is left out: an absent reader's automatic reply names our letter there.
    text = re.sub(r"\r\n?", "\n", raw[:MAX_BYTES].decode("utf-8", "replace")).partition("\n\n")[2]
    found = _ID.search(text)
    status = _STATUS.search(text[: found.start()]) if found else None
    if found is None or (status is None and not _REFUSED.search(text[: found.start()])):
        return None
    code = status[1] if status else ""
    return Bounce(found[0].lower(), _kind("failed", code), code)


class Tally:
    """Notes reports one by one, and counts what they led to."""

    def __init__(self, archive: Archive, when: datetime) -> None:
        self.archive, self.when, self.taken = archive, when, Taken()

    def note(self, bounce: Bounce | None) -> bool | None:
        """Whether it is new; None when it is no report on a letter of ours."""
        new = None
        if bounce is not None:
            new = False if bounce.kind is Kind.NONE else note(self.archive, bounce, self.when)
        told = self.taken
        if new is None:
            self.taken = replace(told, others=told.others + 1)
        elif not new:
            self.taken = replace(told, known=told.known + 1)
        elif bounce is not None and bounce.kind is Kind.HARD:
            self.taken = replace(told, hard=told.hard + 1)
        else:
            self.taken = replace(told, soft=told.soft + 1)
        return new


def take(archive: Archive, mails: Iterable[bytes], when: datetime) -> Taken:
    """Notes the reports: hard ones suppress the recipient in every list, soft ones are counted."""
    tally = Tally(archive, when)
    for raw in mails:
        tally.note(parse(raw))
    return tally.taken


def note(archive: Archive, bounce: Bounce, when: datetime) -> bool | None:
    """Notes one report: whether it is new; None when no letter of ours has that Message-ID."""
    hard = bounce.kind is Kind.HARD
    with archive.writing() as conn:
        delivery = deliveries.by_message_id(conn, bounce.message_id)
        if delivery is None:
            return None
        new = deliveries.bounced(
            conn, delivery.recipient, bounce.message_id, hard=hard, detail=bounce.status, when=when
        )
        if new and hard:
            deliveries.suppress(conn, delivery.recipient, "bounce", when)
        return new


def read_folder(folder: Path) -> list[bytes]:
    """The mails saved as .eml files in a folder; UsageError if there is no such folder."""
    if not folder.is_dir():
        raise UsageError(
            _("Không có thư mục này"), str(folder), _("Lưu các thư báo lỗi thành tệp .eml vào một thư mục")
        )
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".eml" and path.is_file())
    return [_head(path) for path in files]


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES)
