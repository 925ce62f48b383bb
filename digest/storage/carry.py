"""Carrying a whole archive over to another database, row by row, counted and compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from digest.errors import StorageError
from digest.storage.engine import Archive
from digest.storage.schema import counters, editions, metadata
from digest.wording import _

BATCH = 500


def copy_of(archive: Archive, target: Path) -> None:
    """A SQLite file with everything that an archive holds at one moment, whatever database it is in."""
    if archive.file is not None:
        archive.copy_to(target)
        return
    made = Archive.open(f"sqlite:///{target.as_posix()}")
    try:
        move(archive, made)
        with made.writing() as conn:
            conn.execute(sa.select(1))
    finally:
        made.close()


def move(source: Archive, target: Archive) -> dict[str, int]:
    """Copies every table into an empty archive in one transaction; how many rows each has.

    StorageError if the target is not empty or does not hold the same afterwards.
    """
    with source.reading() as old, target.writing() as new:
        for table in metadata.sorted_tables:
            if (
                table is not counters
                and new.execute(sa.select(sa.exists(sa.select(1).select_from(table)))).scalar()
            ):
                raise StorageError(_("Kho đích đã có dữ liệu"), fix=_("Chọn một cơ sở dữ liệu trống"))
        new.execute(sa.delete(counters))
        counts = {table.name: _copy(old, new, table) for table in metadata.sorted_tables}
        sealed = [row.id for row in old.execute(sa.select(editions.c.id).where(editions.c.sealed))]
        if sealed:
            new.execute(sa.update(editions).values(sealed=True))
        _restart_ids(new)
        for name, count in counts.items():
            kept = new.execute(sa.select(sa.func.count()).select_from(metadata.tables[name])).scalar_one()
            if kept != count:
                raise StorageError(
                    _("Bảng {name} chép không đủ: {kept}/{count}", name=name, kept=kept, count=count)
                )
    return counts


def _copy(old: Connection, new: Connection, table: sa.Table) -> int:
    count = 0
    for rows in _batches(old, table):
        if table is editions:  # sealed again once pins and files are in
            rows = [row | {"sealed": False} for row in rows]
        new.execute(sa.insert(table), rows)
        count += len(rows)
    return count


def _batches(old: Connection, table: sa.Table) -> Iterator[list[dict[str, Any]]]:
    # An edition comes before the slips that correct it, or the reference would dangle.
    order = [table.c.approved] if table is editions else list(table.primary_key.columns)
    result = old.execution_options(yield_per=BATCH).execute(sa.select(table).order_by(*order))
    for rows in result.mappings().partitions():
        yield [dict(row) for row in rows]


def _restart_ids(new: Connection) -> None:
    """PostgreSQL's sequences do not notice ids that were given: they go on after the greatest."""
    if new.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            greatest = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery()
            named = sa.func.pg_get_serial_sequence(table.name, column.name)
            new.execute(sa.select(sa.func.setval(named, greatest, False)))
