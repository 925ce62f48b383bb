"""Which bulletin an edition belongs to: one of sources.yaml, the dossiers on a topic, the outlines of either."""

from __future__ import annotations

from dataclasses import replace

from digest.jobs.session import Session
from digest.model import Bulletin, Center, Letterhead
from digest.wording import _

DOSSIER = "chuyen-de-"
OUTLINE = "de-cuong-"
DOSSIER_ARTICLES = 30
DOSSIER_MINUTES = 60


def series(session: Session, edition_id: str) -> Bulletin:
    """The bulletin of an edition's id; UsageError names those there are."""
    name = edition_id.partition("/")[0]
    own = {bulletin.id for bulletin in session.config.bulletins}
    if name.startswith(OUTLINE) and name not in own:
        return outlines(series(session, name.removeprefix(OUTLINE)))
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


def outlines(of: Bulletin) -> Bulletin:
    """The series of a bulletin's outlines for speakers, numbered by itself."""
    return replace(
        of,
        id=f"{OUTLINE}{of.id}",
        name=_("Đề cương {bulletin}", bulletin=_inside(of.name)),
        rolls_up=(),
        documents=0,
    )


def _inside(name: str) -> str:
    """A name within a sentence: "bản tin báo cáo viên"."""
    known = ("Bản tin", "Chuyên đề", "Tài liệu")
    return name[:1].lower() + name[1:] if name.startswith(known) else name


def sends(center: Center, bulletin_id: str) -> bool:
    """Whether a center sends editions of a series: its bulletins, their outlines, and any dossier."""
    of = bulletin_id.removeprefix(OUTLINE)
    return not center.bulletins or of in center.bulletins or of.startswith(DOSSIER)
