"""What a person may ask: no more letters, or to be forgotten; the archive knows keyed hashes alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from digest.errors import DigestError, UsageError
from digest.jobs.session import Session
from digest.mail import bounces
from digest.mail.address import BadAddress, Hasher, parse
from digest.storage import deliveries
from digest.wording import _


def suppress(session: Session, address: str, *, undo: bool = False) -> bool:
    """Stops letters to an address in every list (or lets them go again); whether that changed anything."""
    key = _key(session, address)
    with session.archive.writing() as conn:
        if undo:
            return deliveries.unsuppress(conn, key)
        return deliveries.suppress(conn, key, "editor", session.now())


def forget(session: Session, address: str) -> int:
    """Removes every trace of an address from the ledger; how many rows there were."""
    key = _key(session, address)
    with session.archive.writing() as conn:
        return deliveries.forget(conn, key)


@dataclass(frozen=True, slots=True)
class Emptied:
    """What one center's mailbox held, or why it could not be read."""

    center: str
    taken: bounces.Taken
    failure: DigestError | None = None


def take_bounces(session: Session, folder: Path) -> bounces.Taken:
    """Reads reports of letters that came back; hard ones suppress their recipient in every list."""
    return bounces.take(session.archive, bounces.read_folder(folder), session.now())


def read_mailboxes(session: Session, centers: Sequence[str] = ()) -> list[Emptied]:
    """The same from the mailboxes of the centers named, or of all that have one (DIGEST_IMAP_URL).

    Each mailbox is read once, and one that cannot be read stops no other.
    """
    chosen = [session.center(name) for name in centers] or list(session.config.centers)
    boxes: dict[str, str] = {}
    for center in chosen:
        url = session.workspace.for_center("DIGEST_IMAP_URL", center.id)
        if url:
            boxes.setdefault(url, center.id)
    if not boxes:
        raise UsageError(
            _("Chưa có địa chỉ hộp thư đến"),
            str(session.workspace.settings_path),
            _('Thêm dòng: imap_url = "imaps://TÊN:MẬT_KHẨU@MÁY_CHỦ", hoặc chỉ thư mục chứa các tệp .eml'),
        )
    return [_emptied(session, center, url) for url, center in boxes.items()]


def _emptied(session: Session, center: str, url: str) -> Emptied:
    from digest.mail import mailbox

    tally = bounces.Tally(session.archive, session.now())
    try:
        mailbox.read(mailbox.mailbox(url), session.now(), tally.note)
    except DigestError as failure:
        return Emptied(center, tally.taken, failure)
    return Emptied(center, tally.taken)


def _key(session: Session, address: str) -> str:
    try:
        return Hasher(session.workspace.secret_key())(parse(address))
    except BadAddress as wrong:
        raise UsageError(
            _("Địa chỉ không dùng được: {reason}", reason=wrong), fix=_("Viết như ten@example.vn")
        ) from wrong
