"""Văn bản mới for an edition: what the archive says of newly issued documents that no earlier number told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digest.bulletin import documents, tables
from digest.bulletin.documents import SECTION, Document
from digest.bulletin.minutes import syllables
from digest.bulletin.suggest import REACH
from digest.clock import Period
from digest.errors import UsageError
from digest.jobs.material import Pool, drafts
from digest.jobs.session import Session
from digest.model import Article, Bulletin
from digest.storage import articles, editions
from digest.wording import _

MOST_ASKED = 20  # rows where an editor asks for a table in a bulletin that has none by itself


@dataclass(frozen=True, slots=True)
class Papers:
    """The table of a section, the syllables it prints, and where articles contradict each other."""

    table: str = ""
    syllables: int = 0
    warnings: tuple[str, ...] = ()


def papers(
    session: Session,
    bulletin: Bulletin,
    period: Period,
    candidates: Pool | None = None,
    most: int | None = None,
) -> Papers:
    """At most `most` documents (as many as the bulletin says) for its edition of a period."""
    most = bulletin.documents if most is None else most
    if not most:
        return Papers()
    known = candidates.read if candidates else _read(session, period)
    found = documents.find(known, period, most, told(session, bulletin, period))
    if not found:
        return Papers()
    return Papers(
        documents.table(found), _syllables(found), tuple(said for one in found for said in one.against)
    )


def _read(session: Session, period: Period) -> Sequence[Article]:
    with session.archive.reading() as conn:
        return articles.between(conn, period.start - REACH, period.end)


def _syllables(found: Sequence[Document]) -> int:
    return syllables([SECTION, *(said.text for one in found for said in one.said().values())])


def told(session: Session, bulletin: Bulletin, period: Period) -> set[str]:
    """The numbers that other editions of the bulletin have in their tables."""
    here = f"{bulletin.id}/{period.name}"
    texts = {draft.id: draft.text() for draft in drafts(session, bulletin.id)}
    with session.archive.reading() as conn:
        texts |= {edition.id: edition.text for edition in editions.list_all(conn, bulletin.id)}
    return {number for id, text in texts.items() if id != here for number in documents.numbers_in(text)}


def wanted(session: Session, bulletin: Bulletin, period: Period, text: str) -> str:
    """The table of documents that a begun edition does not have yet; UsageError if there are none."""
    found = papers(session, bulletin, period, most=bulletin.documents or MOST_ASKED)
    there = documents.numbers_in(text)
    _words, made = tables.split(found.table)
    rows = [row for table in made for row in table.rows if not documents.keys(row[0].text) & there]
    if not rows:
        raise UsageError(
            _("Kho không có văn bản mới nào cho kỳ này mà bản nháp chưa có"),
            f"{bulletin.id}/{period.name}",
            _("Văn bản được nhận ra theo số, ký hiệu và ngày mà các bài báo ghi"),
        )
    return tables.write_table(made[0].head, rows)
