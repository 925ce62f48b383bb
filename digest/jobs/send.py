"""Sending: an approved edition as letters of a center to its own recipients, and looking before that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from digest import clock
from digest.bulletin.edition import parse
from digest.bulletin.render import RENDERERS
from digest.bulletin.render.email import render_email, subject
from digest.bulletin.view import View
from digest.errors import Fault, MailError, UsageError
from digest.jobs.edition import archived, since_pinned, view_of
from digest.jobs.session import Session
from digest.mail import check, dispatch, recipients, rehearse
from digest.mail.message import LINK, Attachment, Letter
from digest.mail.pace import Limits
from digest.mail.server import Server, server
from digest.model import ApprovedEdition, Center, Progress
from digest.storage import editions
from digest.wording import _

ATTACHED = {"pdf": "bản in PDF", "pdf-large": "bản in PDF chữ to", "docx": "bản Word", "epub": "bản EPUB"}


@dataclass(frozen=True, slots=True)
class Ready:
    """What is to be sent: the letter with its file, the same with a link instead, the people."""

    edition: ApprovedEdition
    center: Center
    letter: Letter
    light: Letter
    people: Sequence[recipients.Person]
    faults: tuple[Fault, ...]
    warnings: tuple[str, ...]


def prepare(session: Session, edition_id: str, center_id: str, attach: str = "pdf") -> Ready:
    """The letters of one dispatch; UsageError for an edition that is not approved or not this center's."""
    center = session.center(center_id)
    with session.archive.reading() as conn:
        edition = editions.get(conn, edition_id)
    if edition is None:
        raise UsageError(
            _("Số này chưa được duyệt, nên chưa gửi được"),
            edition_id,
            _("Duyệt bằng: digest approve {id}", id=edition_id),
        )
    if center.bulletins and edition.bulletin not in center.bulletins:
        raise UsageError(
            _(
                "Trung tâm “{center}” không nhận bản tin “{bulletin}”",
                center=center.id,
                bulletin=edition.bulletin,
            ),
            "sources.yaml",
            _("Thêm tên bản tin vào mục bulletins của trung tâm, nếu cần gửi"),
        )
    found = archived(session, edition.pins)
    view = view_of(
        session, parse(edition.text, edition.id), found, built=clock.day(edition.approved), state="approved"
    )
    listed = recipients.read(session.workspace.home / center.recipients)
    attachments = _attachments(session, edition, attach)
    return Ready(
        edition,
        center,
        _letter(session, view, center, attachments),
        _letter(session, view, center, ()),
        listed.people,
        listed.faults,
        since_pinned(found),
    )


def _attachments(session: Session, edition: ApprovedEdition, form: str) -> tuple[Attachment, ...]:
    kept = next((file for file in edition.files if file.format == form), None)
    if form == "none" or (kept is None and form == "pdf"):
        return ()  # a bulletin that makes no PDF has nothing to attach by default
    with session.archive.reading() as conn:
        data = editions.file(conn, edition.id, form)
    if kept is None or data is None:
        made = ", ".join(file.format for file in edition.files)
        raise UsageError(
            _("Số này không có tệp {form}", form=form), edition.id, _("Đang có: {made}", made=made)
        )
    return (Attachment(kept.name, RENDERERS[form].media_type, data),)


def _letter(session: Session, view: View, center: Center, attachments: tuple[Attachment, ...]) -> Letter:
    note = "; ".join(_attached(one) for one in attachments)
    html, text = render_email(
        view, center.name, center.letterhead, LINK, f"{note}." if note else "", view.link
    )
    return Letter(
        edition=view.id,
        center=center.id,
        sender=center.sender,
        subject=subject(view),
        text=text,
        html=html,
        attachments=attachments,
        reply_to=center.reply_to,
        site_url=session.config.site.url,
        list_name=f"{view.name} – {center.name}",
    )


def _attached(attachment: Attachment) -> str:
    form = next((form for form, one in RENDERERS.items() if one.media_type == attachment.kind), "")
    size = max(1, round(len(attachment.data) / 1024))
    return f"{ATTACHED.get(form, attachment.name)}, {size} KB"


def preview(session: Session, ready: Ready) -> rehearse.Preview:
    """What would go to how many; nothing is written, nobody is asked."""
    return rehearse.preview(
        session.archive, ready.letter, ready.people, session.workspace.secret_key(), session.now()
    )


def send_test(session: Session, ready: Ready, address: str) -> None:
    """One letter to one address, outside the ledger."""
    rehearse.send_test(
        ready.letter,
        address,
        mail_server(session, ready.center),
        session.workspace.secret_key(),
        session.now(),
    )


def write_eml(session: Session, ready: Ready, folder: Path) -> list[Path]:
    """The letters as .eml files, for a center that sends with Outlook."""
    return rehearse.write_eml(
        session.archive, ready.letter, ready.people, folder, session.workspace.secret_key(), session.now()
    )


def send(
    session: Session, ready: Ready, *, retry_unknown: bool = False, progress: Progress | None = None
) -> dispatch.Report:
    """Sends what has not been sent; run again, it goes on where it ended. One run a center at a time."""
    sending = dispatch.Sending(
        letter=ready.letter,
        light=ready.light if ready.letter.attachments else None,
        people=ready.people,
        server=mail_server(session, ready.center),
        limits=limits(session),
        sharing=_sharing(session, ready.center),
        retry_unknown=retry_unknown,
    )
    with session.workspace.lock(_("gửi thư cho {center}", center=ready.center.id), f"send-{ready.center.id}"):
        return dispatch.run(
            session.archive, sending, session.workspace.secret_key(), now=session.now, progress=progress
        )


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


def limits(session: Session) -> Limits:
    """The provider's limits as settings say: DIGEST_MAIL_PER_MINUTE, _PER_HOUR, _PER_DAY; none by default."""
    return Limits(*(_number(session, f"DIGEST_MAIL_PER_{span}") for span in ("MINUTE", "HOUR", "DAY")))


def _number(session: Session, name: str) -> int:
    value = session.workspace.setting(name)
    if value is None:
        return 0
    if not value.strip().isdecimal() or int(value) < 1:
        raise UsageError(
            _("{name} phải là một số nguyên dương", name=name), str(session.workspace.settings_path)
        )
    return int(value)


def _sharing(session: Session, center: Center) -> set[str]:
    """The centers whose letters go through the same mailbox."""
    mine = session.workspace.smtp_url(center.id)
    return {one.id for one in session.config.centers if session.workspace.smtp_url(one.id) == mine}


def examine(session: Session, center_id: str) -> list[check.Finding]:
    """What a center can look at without sending: log-in, encryption, size limit, records of its domain."""
    center = session.center(center_id)
    url = session.workspace.smtp_url(center.id)
    return check.examine(center.sender, server(url) if url else None, now=session.now())
