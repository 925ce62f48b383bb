"""Drafting: writes edition.md out of suggestions, packs and documents, and adds to one that an editor began."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from digest import clock
from digest.bulletin.documents import SECTION
from digest.bulletin.draft import Memory, item, merge, put, remember
from digest.bulletin.draft import draft as draft_of
from digest.bulletin.edition import Edition, Item, Section, fingerprint, write
from digest.bulletin.minutes import speed_of
from digest.bulletin.reasons import mentions
from digest.bulletin.suggest import SHOWN, Selection, Suggestion, choose_excerpts, suggest
from digest.clock import Period
from digest.errors import UsageError
from digest.jobs.drafts import Draft
from digest.jobs.edition import (
    EditionReport,
    aside_note,
    build,
    place,
    refuse_approved,
    report,
    restore_files,
)
from digest.jobs.material import Pool, material, pool
from digest.jobs.monthly import pack
from digest.jobs.papers import MOST_ASKED, papers, wanted
from digest.jobs.session import Session
from digest.model import Bulletin
from digest.storage import articles, editions, taggings
from digest.wording import _


def suggestions(
    session: Session,
    bulletin: Bulletin,
    period: Period,
    candidates: Pool | None = None,
    taken: int = 0,
    further: int = SHOWN,
) -> Selection:
    """What the program would choose for a bulletin's period, with reasons; nothing is written.

    `taken`: syllables that the edition prints beside. `further`: how many next best to show a section.
    """
    found = candidates or pool(session, period)
    known = replace(material(session, bulletin, found, f"{bulletin.id}/{period.name}"), taken=taken)
    return suggest(bulletin, period, known, speed=speed_of(bulletin), further=further)


@dataclass(frozen=True, slots=True)
class Made:
    """A draft before it is written: its edition, what to remember of it, what to say."""

    edition: Edition
    selection: Selection | None
    notes: tuple[str, ...]


def made(
    session: Session,
    bulletin: Bulletin,
    period: Period,
    candidates: Pool | None = None,
    most: int | None = None,
) -> Made:
    """What the program would write for a bulletin's period; `most` new documents, else as it says itself."""
    found = papers(session, bulletin, period, candidates, most)
    rolled = pack(session, bulletin, period, found.syllables) if bulletin.rolls_up else None
    selection = None
    if rolled is not None:
        edition, notes = rolled.edition, rolled.notes
    else:
        selection = suggestions(session, bulletin, period, candidates, found.syllables, further=0)
        edition, notes = draft_of(selection, bulletin, period), _left_out(selection)
        if bulletin.rolls_up:
            notes = (_("Chưa có số nào được duyệt để gộp, nên chọn từ kho"), *notes)
    if found.table:
        told = Section(SECTION, found.table)
        at = next((n for n, one in enumerate(edition.sections) if not one.items), len(edition.sections))
        edition = replace(edition, sections=(*edition.sections[:at], told, *edition.sections[at:]))
    return Made(edition, selection, (*notes, *found.warnings))


def draft(
    session: Session,
    bulletin: Bulletin,
    period: Period,
    *,
    add: Sequence[int] = (),
    documents: bool = False,
    meeting: date | None = None,
    anew: bool = False,
    candidates: Pool | None = None,
) -> EditionReport:
    """Writes edition.md. One that an editor touched is only added to (`add`, `documents`) or kept aside (`anew`).

    `meeting`: the day to print beside the place.
    """
    here = place(session, f"{bulletin.id}/{period.name}")
    refuse_approved(session, here.id)
    if add or (documents and here.exists() and not anew):
        if meeting:
            raise UsageError(
                _("Ngày họp chỉ ghi được khi soạn mới"), here.id, _("Sửa thẳng dòng issued trong edition.md")
            )
        return _add(session, here, bulletin, add, period if documents else None)
    if here.touched() and not anew:
        return report(session, here, left_alone=_("có người đã sửa, không soạn đè; --add SỐ để thêm bài"))
    new = made(session, bulletin, period, candidates, bulletin.documents or MOST_ASKED if documents else None)
    aside = here.keep_aside()
    text = write(replace(new.edition, issued=meeting or new.edition.issued))
    changed = here.write(text, remember(text, new.selection))
    notes = (*new.notes, aside_note(session, aside)) if aside else new.notes
    return replace(report(session, here), changed=changed, notes=notes)


def _left_out(selection: Selection) -> tuple[str, ...]:
    count = len(selection.left_out)
    return (_("{count} bài không vào số này", count=count),) if count else ()


def _add(
    session: Session, here: Draft, bulletin: Bulletin, ids: Sequence[int], period: Period | None
) -> EditionReport:
    """Adds articles by number, each to the section that suits it best, and a period's new documents."""
    additions: dict[str, list[Item]] = {}
    for article_id in ids:
        section, one = addition(session, bulletin, article_id)
        additions.setdefault(section, []).append(one)
    text, memory, was_touched = here.text(), here.memory(), here.touched()
    name = session.workspace.relative(here.path)
    merged = merge(text, additions, name)
    if period is not None:
        merged = put(merged, SECTION, wanted(session, bulletin, period, merged), name)
    written = memory.written if was_touched else fingerprint(merged)
    changed = here.write(merged, Memory(written, memory.suggested))
    return replace(report(session, here), changed=changed)


def addition(session: Session, bulletin: Bulletin, article_id: int) -> tuple[str, Item]:
    """(section name, item) for an article that an editor asks for; UsageError if it is not to be had."""
    with session.archive.reading() as conn:
        article = articles.get(conn, article_id)
        tags = taggings.of(conn, [article_id])[article_id]
    if article is None or article.state == "takedown":
        raise UsageError(
            _("Kho không có bài số {id}", id=article_id), fix=_("Tìm số bài bằng: digest search TỪ_KHÓA")
        )
    names = {topic.id: topic for topic in session.config.topics}
    sections = [topic for topic, _most in bulletin.sections]
    if not sections:
        raise UsageError(_("Bản tin “{name}” chưa có mục nào", name=bulletin.name), "sources.yaml")
    fitting = next((tag.topic for tag in tags if tag.topic in sections), sections[0])
    topic = names[fitting]
    terms = [mention.term for mention in mentions(article, topic)]
    return topic.name, item(Suggestion(article, fitting, 0.0, (), choose_excerpts(article, terms), 0, 0))


def draft_and_build(
    session: Session, bulletin: Bulletin, period: Period, candidates: Pool | None = None
) -> EditionReport:
    """What the weekly run does for one bulletin; an approved or touched edition is left alone, and told."""
    here = place(session, f"{bulletin.id}/{period.name}")
    with session.archive.reading() as conn:
        approved = editions.get(conn, here.id)
    if approved is not None:
        return restore_files(session, approved)
    if here.touched():
        changed = datetime.fromtimestamp(here.path.stat().st_mtime, clock.ZONE)
        return report(
            session, here, left_alone=_("có người đã sửa lúc {when}", when=f"{changed:%H:%M %d/%m}")
        )
    drafted = draft(session, bulletin, period, candidates=candidates)
    built = build(session, here.id)
    return replace(built, changed=drafted.changed or built.changed, notes=drafted.notes)
