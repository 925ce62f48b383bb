"""Which bulletin an edition belongs to: one of sources.yaml, or the series of dossiers on a topic."""

from __future__ import annotations

from digest.jobs.session import Session
from digest.model import Bulletin, Letterhead
from digest.wording import _

DOSSIER = "chuyen-de-"
DOSSIER_ARTICLES = 30
DOSSIER_MINUTES = 60


def series(session: Session, edition_id: str) -> Bulletin:
    """The bulletin of an edition's id; UsageError names those there are."""
    name = edition_id.partition("/")[0]
    own = {bulletin.id for bulletin in session.config.bulletins}
    if name.startswith(DOSSIER) and name not in own:
        return dossier(session, name.removeprefix(DOSSIER))
    return session.bulletin(name)


def dossier(session: Session, topic_id: str) -> Bulletin:
    """The series of dossiers on a topic; publisher, letterhead and page as in the first bulletin."""
    topic = session.topic(topic_id)
    like = session.config.bulletins[0] if session.config.bulletins else None
    return Bulletin(
        id=f"{DOSSIER}{topic.id}",
        name=_("Chuyên đề {topic}", topic=topic.name),
        cadence="dossier",
        sections=((topic.id, DOSSIER_ARTICLES),),
        publisher=like.publisher if like else "",
        letterhead=like.letterhead if like else Letterhead(),
        minutes=DOSSIER_MINUTES,
        page=like.page if like else "190x270",
        imprint=like.imprint if like else "",
    )
