"""The pack of a bulletin that rolls up others: what the archive has of their approved editions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from digest.bulletin.assemble import Archived
from digest.bulletin.edition import Edition, parse
from digest.bulletin.minutes import speed_of
from digest.bulletin.monthly import roll_up
from digest.clock import Period
from digest.jobs.edition import archived
from digest.jobs.material import used
from digest.jobs.session import Session
from digest.model import ApprovedEdition, Bulletin
from digest.storage import editions, taggings
from digest.wording import _


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack as a draft and what to say of it."""

    edition: Edition
    notes: tuple[str, ...]


def pack(session: Session, bulletin: Bulletin, period: Period, taken: int = 0) -> Pack | None:
    """The pack of a period; None where none of the other bulletins has an approved edition in it."""
    approved = _approved(session, bulletin, period)
    if not approved:
        return None
    whole = [parse(edition.text, edition.id) for edition in approved]
    earlier = used(session, bulletin, period, f"{bulletin.id}/{period.name}")
    pins = [pin for edition in whole for pin in edition.pins]
    found = _with_newest(archived(session, pins))
    names = {topic.id: topic.name for topic in session.config.topics}
    rolled = roll_up(
        bulletin,
        period,
        whole,
        found,
        _homes(session, bulletin, list(found.articles), names),
        {names[topic]: most for topic, most in bulletin.sections},
        used=earlier,
        taken=taken,
        speed=speed_of(bulletin),
    )
    return Pack(rolled.edition, tuple(_notes(session, approved, rolled.left_out)))


def _approved(session: Session, bulletin: Bulletin, period: Period) -> list[ApprovedEdition]:
    """The approved editions that end in the period, the oldest first; correction slips are no editions."""
    with session.archive.reading() as conn:
        found = [one for name in bulletin.rolls_up for one in editions.list_all(conn, name)]
    due = [one for one in found if not one.corrects and period.first <= one.last <= period.last]
    return sorted(due, key=lambda one: (one.last, one.id))


def _with_newest(found: Archived) -> Archived:
    newest = {(article.id, article.revision.number): article.revision for article in found.articles.values()}
    return Archived(found.articles, {**found.revisions, **newest}, found.stories)


def _homes(session: Session, bulletin: Bulletin, ids: list[int], names: dict[str, str]) -> dict[int, str]:
    """Article → the section of this bulletin that its topics give it."""
    with session.archive.reading() as conn:
        tags = taggings.of(conn, ids)
    sections = [topic for topic, _most in bulletin.sections]
    best = {
        article: max((tag for tag in some if tag.topic in sections), key=lambda tag: tag.score, default=None)
        for article, some in tags.items()
    }
    return {article: names[tag.topic] for article, tag in best.items() if tag is not None}


def _notes(session: Session, approved: list[ApprovedEdition], out: tuple[tuple[str, str], ...]) -> list[str]:
    said = [_("Gộp từ {editions}", editions=", ".join(one.id for one in approved))]
    with session.archive.reading() as conn:
        for one in approved:
            for slip in editions.slips(conn, one.id):
                said.append(
                    _(
                        "{id} đã được đính chính ở {slip}: xem lại lời ghi lấy từ số ấy",
                        id=one.id,
                        slip=slip.id,
                    )
                )
    reasons = Counter(why for _title, why in out)
    return [
        *said,
        *(_("{count} bài không lấy: {why}", count=count, why=why) for why, count in reasons.items()),
    ]
