"""What a person may ask: no more letters, or to be forgotten; the archive knows keyed hashes alone."""

from __future__ import annotations

from pathlib import Path

from digest.errors import UsageError
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


def take_bounces(session: Session, folder: Path) -> bounces.Taken:
    """Reads reports of letters that came back; hard ones suppress their recipient in every list."""
    return bounces.take(session.archive, bounces.read_folder(folder), session.now())


def _key(session: Session, address: str) -> str:
    try:
        return Hasher(session.workspace.secret_key())(parse(address))
    except BadAddress as wrong:
        raise UsageError(
            _("Địa chỉ không dùng được: {reason}", reason=wrong), fix=_("Viết như ten@example.vn")
        ) from wrong
