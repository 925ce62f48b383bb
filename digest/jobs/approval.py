"""Approving: an edition is numbered, built once more and frozen with its files."""

from __future__ import annotations

from dataclasses import replace

from digest import clock
from digest.bulletin.edition import Edition, write
from digest.errors import FileFaults, UsageError
from digest.jobs.dossier import TO_WRITE
from digest.jobs.drafts import Draft
from digest.jobs.edition import (
    EditionReport,
    Read,
    place,
    read,
    refuse_faults,
    render,
    restore_files,
    since_pinned,
    view_of,
)
from digest.jobs.series import series
from digest.jobs.session import Session
from digest.model import ApprovedEdition, EditionFile
from digest.storage import editions
from digest.wording import _


def approve(session: Session, edition_id: str, by: str = "") -> EditionReport:
    """Numbers and freezes an edition with its files; on an approved one it only puts the files back."""
    here = place(session, edition_id)
    with session.archive.reading() as conn:
        before = editions.get(conn, edition_id)
    if before is not None:
        return restore_files(session, before)
    found = read(session, here)
    refuse_faults(session, here, found)
    found = replace(found, edition=_without_prompt(found.edition))
    _refuse_empty(found.edition)
    frozen, files = _frozen(session, here, found, by)
    with session.archive.writing() as conn:
        approved = editions.approve(conn, frozen, files)
    report = restore_files(session, approved, approved_as=found.text)
    said = tuple(str(FileFaults(report.path, [fault])) for fault in found.faults)
    return replace(report, warnings=(*said, *since_pinned(found.archived)))


def _without_prompt(edition: Edition) -> Edition:
    """The edition without the line that asks an editor to write what was wrong: it is never printed for good."""
    lines = [line for line in edition.foreword.splitlines() if line.strip() != TO_WRITE]
    return replace(edition, foreword="\n".join(lines).strip()) if edition.corrects else edition


def empty(edition: Edition) -> bool:
    """Whether there is nothing to approve: no article, and in a slip no word on what was wrong either."""
    return not edition.items and not (edition.corrects and _without_prompt(edition).foreword)


def _refuse_empty(edition: Edition) -> None:
    """UsageError for an edition without an article, and for a slip that corrects nothing."""
    if not empty(edition):
        return
    if edition.corrects:
        raise UsageError(
            _("Tờ đính chính chưa nói sai gì, đúng là gì"),
            edition.id,
            _("Viết vào edition.md, thay dòng “{line}”", line=TO_WRITE),
        )
    raise UsageError(_("Số này chưa có bài nào"), edition.id, _("Thêm bài rồi hãy duyệt"))


def _frozen(session: Session, here: Draft, found: Read, by: str) -> tuple[ApprovedEdition, dict[str, bytes]]:
    edition, now = _numbered(session, found.edition), session.now()
    bulletin = series(session, here.id)
    view = view_of(session, edition, found.archived, built=clock.day(now), state="approved")
    files = render(view, bulletin.formats)
    kept = ApprovedEdition(
        id=here.id,
        bulletin=bulletin.id,
        number=edition.number or 0,
        title=view.title,
        first=edition.first,
        last=edition.last,
        text=write(edition),
        approved=now,
        approved_by=by,
        articles=len(view.items),
        minutes=view.minutes,
        pins=edition.pins,
        files=tuple(EditionFile(form, here.file_name(form), "", 0) for form in files),
        corrects=edition.corrects or None,
    )
    return kept, files


def _numbered(session: Session, edition: Edition) -> Edition:
    with session.archive.reading() as conn:
        if edition.corrects:
            corrected = editions.get(conn, edition.corrects)
            number = corrected.number if corrected else 0
        else:
            number = editions.next_number(conn, edition.bulletin, editions.year_of(edition.id))
    title = edition.title.replace("{number}", str(number))
    return replace(edition, number=number, title=title, issued=edition.issued or clock.day(session.now()))
