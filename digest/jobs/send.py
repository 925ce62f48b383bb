"""Sending: an approved edition as letters of a center to its own recipients, and looking before that."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from digest import clock
from digest.bulletin.assemble import Archived
from digest.bulletin.edition import parse
from digest.bulletin.render import RENDERERS
from digest.bulletin.render.email import render_email, subject
from digest.bulletin.view import View
from digest.errors import DigestError, Fault, UsageError
from digest.jobs.edition import archived, since_pinned, view_of
from digest.jobs.outgoing import alone, limits, mail_server, selector, sharing, signer
from digest.jobs.series import sends
from digest.jobs.session import Session
from digest.mail import agenda, check, dispatch, recipients, rehearse
from digest.mail.message import LINK, Attachment, Letter, Template
from digest.mail.server import server
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


def prepare(
    session: Session, edition_id: str, center_id: str, attach: str = "pdf", *, everyone: bool = False
) -> Ready:
    """The letters of one dispatch; UsageError for an edition that is not approved, not this center's or
    withheld.

    A correction slip goes to those who got what it corrects, or with `everyone` to the whole list.
    """
    center = session.center(center_id)
    edition = _approved(session, edition_id)
    _refuse_other_bulletins(center, edition)
    found = archived(session, edition.pins)
    _refuse_withheld(edition, found)
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
        listed.people if everyone else _concerned(session, edition, center, listed.people),
        listed.faults,
        since_pinned(found),
    )


def _approved(session: Session, edition_id: str) -> ApprovedEdition:
    with session.archive.reading() as conn:
        edition = editions.get(conn, edition_id)
    if edition is None:
        raise UsageError(
            _("Số này chưa được duyệt, nên chưa gửi được"),
            edition_id,
            _("Duyệt bằng: digest approve {id}", id=edition_id),
        )
    return edition


def _refuse_other_bulletins(center: Center, edition: ApprovedEdition) -> None:
    if not sends(center, edition.bulletin):
        raise UsageError(
            _(
                "Trung tâm “{center}” không nhận bản tin “{bulletin}”",
                center=center.id,
                bulletin=edition.bulletin,
            ),
            "sources.yaml",
            _("Thêm tên bản tin vào mục bulletins của trung tâm, nếu cần gửi"),
        )


def _refuse_withheld(edition: ApprovedEdition, found: Archived) -> None:
    """An edition that prints an article taken down since: letter and frozen files have it still."""
    taken = [article for article in found.articles.values() if article.state == "takedown"]
    if taken:
        first = taken[0]
        raise UsageError(
            _(
                "Số này còn in bài {id} “{title}” đã bị gỡ ở kho này, nên không gửi nữa",
                id=first.id,
                title=first.content.title,
            ),
            edition.id,
            _("Soạn tờ đính chính rồi gửi tờ ấy: digest draft --corrects {id}", id=edition.id),
        )


def _concerned(
    session: Session, edition: ApprovedEdition, center: Center, people: Sequence[recipients.Person]
) -> Sequence[recipients.Person]:
    """Whom of the list an edition concerns: everybody, but a slip only those who got the faulty words."""
    if not edition.corrects:
        return people
    found = agenda.who_got(
        session.archive, people, session.workspace.secret_key(), edition.corrects, center.id
    )
    if not found:
        raise UsageError(
            _(
                "Sổ gửi không có ai ở trung tâm {center} đã nhận số {id}",
                center=center.id,
                id=edition.corrects,
            ),
            edition.id,
            _("Tờ đính chính chỉ gửi cho người đã nhận số ấy; cần gửi cho cả danh sách thì thêm --everyone"),
        )
    return found


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
        sign=signer(session, ready.center),
    )


def write_eml(session: Session, ready: Ready, folder: Path) -> list[Path]:
    """The letters as .eml files, for a center that sends with Outlook."""
    return rehearse.write_eml(
        session.archive, ready.letter, ready.people, folder, session.workspace.secret_key(), session.now()
    )


def send(
    session: Session,
    ready: Ready,
    *,
    retry_unknown: bool = False,
    progress: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> dispatch.Report:
    """Sends what has not been sent; run again, it goes on where it ended. One run a center at a time."""
    center = ready.center
    sending = dispatch.Sending(
        letter=ready.letter,
        light=ready.light if ready.letter.attachments else None,
        people=ready.people,
        server=mail_server(session, center),
        limits=limits(session, center),
        sharing=sharing(session, center),
        retry_unknown=retry_unknown,
        sign=signer(session, center),
    )
    with alone(session, center):
        return dispatch.run(
            session.archive,
            sending,
            session.workspace.secret_key(),
            now=session.now,
            sleep=sleep,
            progress=progress,
        )


def examine(session: Session, center_id: str) -> list[check.Finding]:
    """What a center can look at without sending: log-in, encryption, size limit, records of its domain."""
    center = session.center(center_id)
    url = session.workspace.smtp_url(center.id)
    return check.examine(
        center.sender,
        server(url) if url else None,
        now=session.now(),
        size=_usual_size(session, center),
        selector=selector(session, center),
    )


def _usual_size(session: Session, center: Center) -> int:
    """Bytes of a letter of the newest edition that the center may send; 0 while there is none."""
    with session.archive.reading() as conn:
        approved = [one for one in editions.list_all(conn) if not one.corrects]
    newest = next((one for one in approved if sends(center, one.bulletin)), None)
    if newest is None:
        return 0
    try:
        ready = prepare(session, newest.id, center.id)
    except DigestError:  # what is wrong with the list or the edition is said when it is to be sent
        return 0
    return Template(ready.letter, session.workspace.secret_key()).size
