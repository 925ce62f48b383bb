"""Approved editions: their text, the revisions they pin and their files, frozen for good."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from digest.errors import StorageError
from digest.model import ApprovedEdition, EditionFile
from digest.storage import changes
from digest.storage.schema import articles as a
from digest.storage.schema import edition_files as f
from digest.storage.schema import edition_pins as p
from digest.storage.schema import editions as e
from digest.wording import _


def year_of(edition_id: str) -> int:
    """The year an edition is numbered in: that of its period's name, `bao-cao-vien/2026-W47` → 2026."""
    return int(edition_id.partition("/")[2][:4])


def next_number(conn: Connection, bulletin: str, year: int) -> int:
    """The number that the next edition of a bulletin gets: no gaps; correction slips take none."""
    here = (e.c.bulletin == bulletin) & (e.c.year == year) & (e.c.slip == 0)
    return int(
        conn.execute(sa.select(sa.func.coalesce(sa.func.max(e.c.number), 0) + 1).where(here)).scalar_one()
    )


def approve(conn: Connection, edition: ApprovedEdition, files: Mapping[str, bytes]) -> ApprovedEdition:
    """Freezes an edition with its files (format → bytes); gives back how it is kept.

    `edition.number` 0 means "give it one"; another number must still be the next one. A correction
    slip (`corrects`) carries the number of the edition that it corrects. Names of files are taken
    from `edition.files`. StorageError if the id is approved already or the number was taken.
    """
    changes.take_turn(conn)
    if conn.execute(sa.select(e.c.id).where(e.c.id == edition.id)).first():
        raise StorageError(
            _("Số này đã được duyệt, không duyệt lại"), edition.id, _("Cần sửa thì làm một số đính chính")
        )
    year = year_of(edition.id)
    number, slip = _numbered(conn, edition, year)
    frozen = replace(edition, number=number, files=_files(edition, files))
    conn.execute(sa.insert(e).values(year=year, slip=slip, **_columns(frozen)))
    _pin(conn, frozen)
    for file in frozen.files:
        row = {"format": file.format, "name": file.name, "sha256": file.sha256, "size": file.size}
        conn.execute(sa.insert(f).values(edition=frozen.id, data=files[file.format], **row))
    conn.execute(sa.update(e).where(e.c.id == frozen.id).values(sealed=True))
    return frozen


def _numbered(conn: Connection, edition: ApprovedEdition, year: int) -> tuple[int, int]:
    if edition.corrects is not None:
        told = conn.execute(
            sa.select(e.c.number, e.c.bulletin, e.c.year).where(e.c.id == edition.corrects)
        ).first()
        if told is None:
            raise StorageError(_("Số được đính chính {id} chưa được duyệt", id=edition.corrects), edition.id)
        here = (e.c.bulletin == told.bulletin) & (e.c.year == told.year) & (e.c.number == told.number)
        slips = conn.execute(sa.select(sa.func.max(e.c.slip)).where(here)).scalar_one()
        return told.number, int(slips) + 1
    number = next_number(conn, edition.bulletin, year)
    if edition.number not in (0, number):
        raise StorageError(
            _("Số {given} không còn trống, số kế tiếp là {number}", given=edition.number, number=number),
            edition.id,
            _("Duyệt lại để nhận số mới"),
        )
    return number, 0


def _files(edition: ApprovedEdition, files: Mapping[str, bytes]) -> tuple[EditionFile, ...]:
    names = {file.format: file.name for file in edition.files}
    stem = edition.id.replace("/", "-")
    return tuple(
        EditionFile(
            format, names.get(format, f"{stem}.{format}"), hashlib.sha256(data).hexdigest(), len(data)
        )
        for format, data in files.items()
    )


def _columns(edition: ApprovedEdition) -> dict[str, Any]:
    return {
        "id": edition.id,
        "bulletin": edition.bulletin,
        "number": edition.number,
        "title": edition.title,
        "first": edition.first,
        "last": edition.last,
        "text": edition.text,
        "text_sha256": hashlib.sha256(edition.text.encode("utf-8")).hexdigest(),
        "approved": edition.approved,
        "approved_by": edition.approved_by,
        "articles": edition.articles,
        "minutes": edition.minutes,
        "corrects": edition.corrects,
        "sealed": False,
    }


def _pin(conn: Connection, edition: ApprovedEdition) -> None:
    rows = [
        {"edition": edition.id, "position": place, "article": article, "revision": revision}
        for place, (article, revision) in enumerate(edition.pins)
    ]
    if rows:
        conn.execute(sa.insert(p), rows)


# --- reading --------------------------------------------------------------------------------


def get(conn: Connection, id: str) -> ApprovedEdition | None:
    """The approved edition of that id."""
    found = _read(conn, e.c.id == id)
    return found[0] if found else None


def list_all(conn: Connection, bulletin: str | None = None) -> list[ApprovedEdition]:
    """All approved editions, or one bulletin's, the newest approval first."""
    return _read(conn, sa.true() if bulletin is None else e.c.bulletin == bulletin)


def count(conn: Connection) -> int:
    """How many editions are approved."""
    return conn.execute(sa.select(sa.func.count()).select_from(e)).scalar_one()


def slips(conn: Connection, edition_id: str) -> list[ApprovedEdition]:
    """The approved correction slips of an edition, the newest first."""
    return _read(conn, e.c.corrects == edition_id)


def file(conn: Connection, id: str, format: str) -> bytes | None:
    """One file of an approved edition; StorageError if its bytes are not those that were frozen."""
    here = (f.c.edition == id) & (f.c.format == format)
    row = conn.execute(sa.select(f.c.data, f.c.sha256, f.c.name).where(here)).first()
    if row is None:
        return None
    if hashlib.sha256(row.data).hexdigest() != row.sha256:
        raise StorageError(
            _("Tệp {name} của số đã duyệt bị hỏng", name=row.name), id, _("Chạy: digest admin verify")
        )
    return bytes(row.data)


def holding(conn: Connection, article_id: int) -> list[str]:
    """The approved editions that hold an article, the newest first."""
    query = sa.select(p.c.edition).join(e, e.c.id == p.c.edition).where(p.c.article == article_id)
    return list(conn.scalars(query.group_by(p.c.edition, e.c.approved).order_by(e.c.approved.desc())))


def withheld(conn: Connection) -> frozenset[str]:
    """The approved editions that hold an article taken down since: their frozen files print it still."""
    query = sa.select(p.c.edition).join(a, a.c.id == p.c.article).where(a.c.state == "takedown")
    return frozenset(conn.scalars(query))


def _read(conn: Connection, where: sa.ColumnElement[bool]) -> list[ApprovedEdition]:
    rows = conn.execute(sa.select(e).where(where).order_by(e.c.approved.desc(), e.c.id.desc())).all()
    ids = [row.id for row in rows]
    pins: dict[str, list[tuple[int, int]]] = {id: [] for id in ids}
    files: dict[str, list[EditionFile]] = {id: [] for id in ids}
    for pin in conn.execute(sa.select(p).join(e, e.c.id == p.c.edition).where(where).order_by(p.c.position)):
        pins[pin.edition].append((pin.article, pin.revision))
    columns = (f.c.edition, f.c.format, f.c.name, f.c.sha256, f.c.size)
    query = sa.select(*columns).join(e, e.c.id == f.c.edition).where(where).order_by(f.c.format)
    for one in conn.execute(query):
        files[one.edition].append(EditionFile(one.format, one.name, one.sha256, one.size))
    return [_edition(row, tuple(pins[row.id]), tuple(files[row.id])) for row in rows]


def _edition(
    row: Row[Any], pins: tuple[tuple[int, int], ...], files: tuple[EditionFile, ...]
) -> ApprovedEdition:
    return ApprovedEdition(
        id=row.id,
        bulletin=row.bulletin,
        number=row.number,
        title=row.title,
        first=row.first,
        last=row.last,
        text=row.text,
        approved=row.approved,
        approved_by=row.approved_by,
        articles=row.articles,
        minutes=row.minutes,
        pins=pins,
        files=files,
        corrects=row.corrects,
    )
