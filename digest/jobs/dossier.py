"""Editions that no calendar asks for: dossiers on a topic, outlines for speakers, correction slips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from digest.bulletin.draft import draft as draft_of
from digest.bulletin.draft import remember
from digest.bulletin.edition import Edition, Section, parse, write
from digest.bulletin.outline import outline
from digest.clock import Period
from digest.errors import UsageError
from digest.jobs.drafting import draft, suggestions
from digest.jobs.edition import (
    EditionReport,
    archived,
    aside_note,
    place,
    read,
    refuse_approved,
    refuse_faults,
    report,
)
from digest.jobs.series import dossier, outlines, series
from digest.jobs.session import Session
from digest.model import ApprovedEdition, Article
from digest.storage import editions
from digest.wording import _

TO_WRITE = "Viết ở đây: số trên in gì, và đúng là gì."  # an edition's own words are Vietnamese in any locale


def draft_dossier(session: Session, topic_id: str, span: Period, *, anew: bool = False) -> EditionReport:
    """An edition on one topic over a span of days, as `chuyen-de-<topic>/<span>`."""
    bulletin = dossier(session, topic_id)
    here = place(session, f"{bulletin.id}/{span.name}")
    refuse_approved(session, here.id)
    if here.touched() and not anew:
        return draft(session, bulletin, span)
    aside = here.keep_aside()
    selection = suggestions(session, bulletin, span)
    made = replace(draft_of(selection, bulletin, span), title=bulletin.name, kind="dossier")
    changed = here.write_suggested(write(made), selection)
    notes = (aside_note(session, aside),) if aside else ()
    return replace(report(session, here), changed=changed, notes=notes)


def draft_outline(session: Session, edition_id: str, *, anew: bool = False) -> EditionReport:
    """An outline for speakers of an edition, approved or not, as `de-cuong-<bulletin>/<period>`."""
    base = place(session, edition_id)
    with session.archive.reading() as conn:
        approved = editions.get(conn, edition_id)
    if approved:
        edition = parse(approved.text, edition_id)
    else:
        found = read(session, base)
        refuse_faults(session, base, found)
        edition = found.edition
    if edition.kind in ("outline", "slip"):
        raise UsageError(
            _("Chỉ soạn đề cương được từ một số bản tin hay chuyên đề"),
            edition_id,
            _("Ví dụ: {id}", id="bao-cao-vien/2026-W47"),
        )
    bulletin = outlines(series(session, edition_id))
    here = place(session, f"{bulletin.id}/{edition_id.partition('/')[2]}")
    refuse_approved(session, here.id)
    if here.touched() and not anew:
        return report(
            session, here, left_alone=_("có người đã sửa, không soạn đè; --anew để soạn lại từ đầu")
        )
    aside = here.keep_aside()
    text = write(outline(edition, here.id, bulletin.name, archived(session, edition.pins).revisions))
    changed = here.write(text, remember(text))
    notes = (aside_note(session, aside),) if aside else ()
    return replace(report(session, here), changed=changed, notes=notes)


def draft_slip(session: Session, edition_id: str) -> EditionReport:
    """A correction slip for an approved edition: what its outlets corrected since stands there to begin with."""
    with session.archive.reading() as conn:
        corrected = editions.get(conn, edition_id)
        before = editions.slips(conn, edition_id)
    if corrected is None or corrected.corrects:
        raise UsageError(
            _("Chỉ đính chính được một số đã duyệt"), edition_id, _("Số chưa duyệt thì sửa thẳng edition.md")
        )
    here = place(session, f"{edition_id}-dc{len(before) + 1}")
    if here.exists():
        return report(session, here, left_alone=_("tờ đính chính này đã có bản nháp"))
    text = write(_slip(session, corrected, here.id))
    here.write(text, remember(text))
    return report(session, here)


def _slip(session: Session, corrected: ApprovedEdition, slip_id: str) -> Edition:
    original = parse(corrected.text, corrected.id)
    newer = _corrected_since(session, corrected.pins)
    sections = []
    for section in original.sections:
        items = tuple(
            replace(item, revision=newer[item.article].revision.number,
                    headline=newer[item.article].content.title, parts=())
            for item in section.items
            if item.article in newer
        )  # fmt: skip
        if items:
            sections.append(Section(section.name, items=items))
    return Edition(
        id=slip_id,
        title=f"Đính chính {corrected.title}",
        first=corrected.first,
        last=corrected.last,
        kind="slip",
        corrects=corrected.id,
        foreword=TO_WRITE,
        sections=tuple(sections),
    )


def _corrected_since(session: Session, pins: Sequence[tuple[int, int]]) -> dict[int, Article]:
    found = archived(session, pins)
    return {
        article_id: found.articles[article_id]
        for article_id, number in pins
        if found.articles[article_id].revision.number > number
    }
