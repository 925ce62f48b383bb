"""Editions read, checked and built: facts come from the archive, words from edition.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from digest import clock
from digest.bulletin.assemble import Archived, assemble
from digest.bulletin.check import check, errors
from digest.bulletin.draft import Memory
from digest.bulletin.edition import Edition, fingerprint, parse, write
from digest.bulletin.minutes import speed_of
from digest.bulletin.render import RENDERERS
from digest.bulletin.view import View
from digest.clock import Period
from digest.errors import DigestError, Fault, FileFaults, UsageError
from digest.jobs.drafts import Draft
from digest.jobs.series import series
from digest.jobs.session import Session
from digest.model import ApprovedEdition, Bulletin
from digest.storage import articles, editions, stories
from digest.wording import _


@dataclass(frozen=True, slots=True)
class EditionReport:
    """One edition after a job. `state`: draft | built | approved; `path` and `files` relative to the home.

    `left_alone` says why nothing was done; `failed`: it could not be built; `changed`: a file was written.
    """

    id: str
    path: str
    state: str
    touched: bool
    articles: int
    minutes: int
    files: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    left_alone: str = ""
    failed: bool = False
    changed: bool = False

    def json(self) -> dict[str, Any]:
        """One of `editions` in the JSON contract."""
        return {
            "id": self.id,
            "path": self.path,
            "state": self.state,
            "touched": self.touched,
            "articles": self.articles,
            "minutes": self.minutes,
            "files": dict(self.files),
            "warnings": list(self.warnings),
        }


def place(session: Session, edition_id: str) -> Draft:
    """The folder of an edition."""
    return Draft(edition_id, session.workspace.edition_dir(edition_id))


def current_period(bulletin: Bulletin, now: datetime) -> Period:
    """The period that a bulletin is at: the working week, or its month."""
    week = clock.working_week(now)
    return clock.month(f"{week.last:%Y-%m}") if bulletin.cadence == "monthly" else week


def refuse_approved(session: Session, edition_id: str) -> None:
    """UsageError if the edition is approved: then it does not change any more."""
    with session.archive.reading() as conn:
        approved = editions.get(conn, edition_id)
    if approved is not None:
        raise UsageError(
            _("Số này đã duyệt ngày {day}, không đổi nữa", day=f"{clock.local(approved.approved):%d/%m/%Y}"),
            edition_id,
            _("Có gì sai thì soạn tờ đính chính: digest draft --corrects {id}", id=edition_id),
        )


# --- building ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Read:
    """An edition read from its file with what the archive has of it, and what is wrong with it."""

    edition: Edition
    text: str
    archived: Archived
    faults: tuple[Fault, ...]


def read(session: Session, here: Draft) -> Read:
    """Reads and checks edition.md; FileFaults if its form is wrong."""
    text = here.text()
    name = session.workspace.relative(here.path)
    edition = parse(text, name)
    if edition.id != here.id:
        what = _("Tệp nói đây là số {id}, mà lại nằm trong thư mục của {here}", id=edition.id, here=here.id)
        raise FileFaults(name, [Fault(what, 3, 1, _("Sửa dòng edition: cho đúng tên thư mục"))])
    found = archived(session, edition.pins)
    bulletin = series(session, here.id)
    faults = check(edition, found.revisions, (bulletin.name, bulletin.publisher, bulletin.audience))
    return Read(edition, text, found, tuple(faults))


def archived(session: Session, pins: Sequence[tuple[int, int]]) -> Archived:
    """The articles, pinned revisions and stories of an edition."""
    with session.archive.reading() as conn:
        found = articles.get_many(conn, [article for article, _revision in pins])
        pinned = {pin: one for pin in pins if (one := articles.revision(conn, *pin)) is not None}
        return Archived(found, pinned, stories.members(conn, {one.story for one in found.values()}))


def view_of(session: Session, edition: Edition, found: Archived, *, built: date, state: str) -> View:
    """The edition as its renderings take it."""
    site = session.config.site
    link = f"{site.url.rstrip('/')}/ban-tin/{edition.id}" if site.url else ""
    bulletin = series(session, edition.id)
    return assemble(
        edition,
        bulletin,
        site,
        found,
        built,
        topics=session.config.topics,
        speed=speed_of(bulletin),
        state=state,
        link=link,
    )


def build(session: Session, edition_id: str) -> EditionReport:
    """Checks letter by letter and renders; FileFaults names each line that differs, nothing is written."""
    here = place(session, edition_id)
    refuse_approved(session, edition_id)
    found = read(session, here)
    refuse_faults(session, here, found)
    view = view_of(session, found.edition, found.archived, built=_draft_day(found.edition), state="draft")
    files = render(view, series(session, edition_id).formats)
    changed = here.write_files(found.text, files)
    return replace(report(session, here, found=found), changed=changed)


def _draft_day(edition: Edition) -> date:
    """The day printed on a draft: the day after its period, so that building again gives the same bytes."""
    return edition.last + timedelta(days=1)


def refuse_faults(session: Session, here: Draft, found: Read) -> None:
    """FileFaults with everything that forbids building."""
    wrong = errors(found.faults)
    if wrong:
        raise FileFaults(session.workspace.relative(here.path), wrong)


def render(view: View, formats: Sequence[str]) -> dict[str, bytes]:
    """Each format's file; RenderError says what stands in the way."""
    return {form: RENDERERS[form].render(view) for form in formats}


def report(
    session: Session, here: Draft, *, found: Read | None = None, left_alone: str = ""
) -> EditionReport:
    """How an unapproved edition stands, faulty or not."""
    built = here.built()
    made = EditionReport(
        id=here.id,
        path=session.workspace.relative(here.path),
        state="built" if built else "draft",
        touched=here.touched(),
        articles=len(here.pinned()),
        minutes=0,
        files={form: session.workspace.relative(path) for form, path in built.items()},
        left_alone=left_alone,
    )
    try:
        found = found or read(session, here)
    except FileFaults as faults:
        return replace(made, warnings=tuple(str(faults).splitlines()), failed=True)
    said = tuple(str(FileFaults(made.path, [fault])) for fault in found.faults)
    if errors(found.faults):
        return replace(made, warnings=said, failed=True)
    view = view_of(session, found.edition, found.archived, built=_draft_day(found.edition), state="draft")
    news = since_pinned(found.archived)
    return replace(made, articles=len(view.items), minutes=view.minutes, warnings=(*said, *news))


def failed(session: Session, edition_id: str, error: DigestError) -> EditionReport:
    """An edition that could not be drafted or built, and why; what stands on the disk is as it was."""
    here = place(session, edition_id)
    return EditionReport(
        id=here.id,
        path=session.workspace.relative(here.path),
        state="draft",
        touched=here.exists(),
        articles=0,
        minutes=0,
        warnings=tuple(str(error).splitlines()),
        failed=True,
    )


def since_pinned(found: Archived) -> tuple[str, ...]:
    """Corrections and withdrawals that came after the revisions that an edition holds."""
    said = []
    for (article_id, number), revision in found.revisions.items():
        article = found.articles[article_id]
        title = revision.content.title
        if article.state == "gone":
            said.append(_("Bài {id} “{title}” đã bị báo gỡ khỏi trang", id=article_id, title=title))
        elif article.state == "takedown":
            said.append(_("Bài {id} “{title}” đã bị gỡ ở kho này", id=article_id, title=title))
        elif article.revision.number > number:
            newest = article.revision.number
            said.append(
                _(
                    "Bài {id} “{title}” đã có bản {newest}, số này trích bản {number}",
                    id=article_id,
                    title=title,
                    newest=newest,
                    number=number,
                )
            )
    return tuple(said)


def restore_files(session: Session, approved: ApprovedEdition, *, approved_as: str = "") -> EditionReport:
    """An approved edition's folder as it was frozen: whatever is missing or differs is written again.

    Words that someone typed into edition.md after the approval are kept aside, and told; `approved_as` is
    the file's text that was read for the approval.
    """
    here = place(session, approved.id)
    memory = here.memory()
    known = here.exists() and here.text() == approved_as
    aside = here.keep_aside() if not known and _edited_since(here, approved) else None
    changed = here.write(approved.text, Memory(fingerprint(approved.text), memory.suggested))
    with session.archive.reading() as conn:
        files = {one.format: editions.file(conn, approved.id, one.format) for one in approved.files}
    changed |= here.write_files(
        approved.text, {form: data for form, data in files.items() if data is not None}
    )
    return EditionReport(
        id=approved.id,
        path=session.workspace.relative(here.path),
        state="approved",
        touched=False,
        articles=approved.articles,
        minutes=approved.minutes,
        files={form: session.workspace.relative(path) for form, path in here.built().items()},
        notes=(aside_note(session, aside),) if aside else (),
        changed=changed,
    )


def _edited_since(here: Draft, approved: ApprovedEdition) -> bool:
    """Whether edition.md says other than what was approved, its number and day apart.

    Approving writes those two; killed before that, the file still is as it was approved.
    """
    if not here.touched():
        return False
    try:
        edition = parse(here.text())
    except FileFaults:
        return True
    frozen = parse(approved.text)
    title = edition.title.replace("{number}", str(frozen.number))
    numbered = replace(edition, number=frozen.number, title=title, issued=frozen.issued)
    return write(numbered) != approved.text


def aside_note(session: Session, aside: Path) -> str:
    """Where an editor's file was put before another took its place."""
    return _("Bản cũ được cất ở {path}", path=session.workspace.relative(aside))
