"""How a center's letters leave: its mail server, its provider's limits, its signature."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from digest.errors import MailError, UsageError
from digest.jobs.session import Session
from digest.mail.pace import NO_LIMITS, Limits
from digest.mail.server import Server, server
from digest.model import Center
from digest.wording import _


def mail_server(session: Session, center: Center) -> Server:
    """The mail server of a center; MailError where no setting names one."""
    url = session.workspace.smtp_url(center.id)
    if not url:
        raise MailError(
            _("Chưa có địa chỉ máy chủ thư"),
            str(session.workspace.settings_path),
            _('Thêm dòng: smtp_url = "smtp://TÊN:MẬT_KHẨU@MÁY_CHỦ:587?starttls=1"'),
        )
    return server(url)


def limits(session: Session, center: Center) -> Limits:
    """The provider's limits: DIGEST_MAIL_PER_MINUTE, _PER_HOUR, _PER_DAY, for all or one center; none by default."""
    names = (f"DIGEST_MAIL_PER_{span}" for span in ("MINUTE", "HOUR", "DAY"))
    return Limits(*(_number(session, name, session.workspace.for_center(name, center.id)) for name in names))


def _number(session: Session, name: str, value: str | None) -> int:
    if value is None:
        return 0
    if not value.strip().isdecimal() or int(value) < 1:
        raise UsageError(
            _("{name} phải là một số nguyên dương", name=name), str(session.workspace.settings_path)
        )
    return int(value)


def sharing(session: Session, center: Center) -> set[str]:
    """The centers whose letters go through the same mailbox, and so count for its limits."""
    mine = session.workspace.smtp_url(center.id)
    return {one.id for one in session.config.centers if session.workspace.smtp_url(one.id) == mine}


def selector(session: Session, center: Center) -> str:
    """The name of the center's DKIM key in DNS (DIGEST_DKIM_SELECTOR), or nothing."""
    return session.workspace.for_center("DIGEST_DKIM_SELECTOR", center.id) or ""


def signer(session: Session, center: Center) -> Callable[[bytes], bytes] | None:
    """What signs a center's letters, where DIGEST_DKIM_KEY names a key; UsageError for half a setting."""
    key = session.workspace.for_center("DIGEST_DKIM_KEY", center.id)
    if not key:
        return None
    if not selector(session, center):
        raise UsageError(
            _("Có khóa DKIM nhưng chưa có tên khóa"),
            str(session.workspace.settings_path),
            _('Thêm dòng: dkim_selector = "TÊN_KHÓA", đúng như trong DNS: TÊN_KHÓA._domainkey.TÊN_MIỀN'),
        )
    from digest.mail.signing import signer as made

    return made(center.sender, selector(session, center), session.workspace.home / key)


@contextmanager
def alone(session: Session, center: Center) -> Iterator[None]:
    """One run a center at a time, and one a mailbox where its limits have to be kept; LockedError says who."""
    doing = _("gửi thư cho {center}", center=center.id)
    with session.workspace.lock(doing, f"send-{center.id}"):
        if limits(session, center) == NO_LIMITS:
            yield
            return
        url = session.workspace.smtp_url(center.id) or ""
        box = hashlib.sha256(url.encode("utf-8")).hexdigest()[:12]
        with session.workspace.lock(doing, f"mailbox-{box}"):
            yield
