"""Carrying a whole archive over to another database, row by row, counted and compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from digest.errors import StorageError
from digest.storage.engine import Archive
from digest.storage.schema import counters, editions, metadata
from digest.wording import _

BATCH = 500


@dataclass(frozen=True, slots=True)
class Carried:
    """One table as it stands in both databases: its rows, and a hash over all of them in any order."""

    rows: int
    sha256: str


def copy_of(archive: Archive, target: Path) -> None:
    """A SQLite file with everything that an archive holds at one moment, whatever database it is in."""
    if archive.file is not None:
        archive.copy_to(target)
        return
    made = Archive.open(f"sqlite:///{target.as_posix()}")
    try:
        move(archive, made)
    finally:
        made.close()


def move(source: Archive, target: Archive) -> dict[str, Carried]:
    """Copies every table into an empty archive in one transaction; what each holds, by name.

    Both sides are counted and hashed: the source, of which this sees one moment, while it is read, the
    target as it stands afterwards. StorageError, with nothing kept, if
    the target is not empty or does not hold the same.
    """
    with source.reading() as old, target.writing() as new:
        _refuse_full(new)
        new.execute(sa.delete(counters))
        had = {table.name: _copied(old, new, table) for table in metadata.sorted_tables}
        if old.execute(sa.select(sa.exists(sa.select(1).where(editions.c.sealed)))).scalar():
            new.execute(sa.update(editions).values(sealed=True))
        _restart_ids(new)
        return {table.name: _compared(had[table.name], new, table) for table in metadata.sorted_tables}


def _refuse_full(new: Connection) -> None:
    for table in metadata.sorted_tables:
        if (
            table is not counters
            and new.execute(sa.select(sa.exists(sa.select(1).select_from(table)))).scalar()
        ):
            raise StorageError(_("Kho đích đã có dữ liệu"), fix=_("Chọn một cơ sở dữ liệu trống"))


def _compared(had: Carried, new: Connection, table: sa.Table) -> Carried:
    has = standing(new, table)
    if has.rows != had.rows:
        raise StorageError(
            _("Bảng {name} chép không đủ: {kept}/{count}", name=table.name, kept=has.rows, count=had.rows)
        )
    if has != had:
        raise StorageError(_("Bảng {name} chép sang không giống bản gốc", name=table.name))
    return has


def standing(conn: Connection, table: sa.Table) -> Carried:
    """Counts and hashes a table: the sum of its rows' hashes, since databases sort text differently."""
    tally = _Tally()
    for batch in _batches(conn, table):
        tally.add(batch)
    return tally.carried()


class _Tally:
    """Rows counted and hashed as they pass."""

    def __init__(self) -> None:
        self.rows, self.total = 0, 0

    def add(self, batch: Sequence[dict[str, Any]]) -> None:
        self.rows += len(batch)
        self.total += sum(int.from_bytes(_row_hash(row)) for row in batch)

    def carried(self) -> Carried:
        return Carried(self.rows, f"{self.total % 2**256:064x}")


def _row_hash(row: dict[str, Any]) -> bytes:
    return hashlib.sha256(repr(sorted(row.items())).encode("utf-8", "surrogatepass")).digest()


def _copied(old: Connection, new: Connection, table: sa.Table) -> Carried:
    """Puts a table's rows into the target; what there was of it in the source."""
    tally = _Tally()

    def passing() -> Iterator[list[dict[str, Any]]]:
        for rows in _batches(old, table):
            tally.add(rows)
            # Sealed again once pins and files are in.
            yield [row | {"sealed": False} for row in rows] if table is editions else rows

    put = _by_copy if new.dialect.name == "postgresql" else _by_insert
    put(new, table, passing())
    return tally.carried()


def _by_insert(new: Connection, table: sa.Table, batches: Iterator[list[dict[str, Any]]]) -> None:
    for rows in batches:
        new.execute(sa.insert(table), rows)


def _by_copy(new: Connection, table: sa.Table, batches: Iterator[list[dict[str, Any]]]) -> None:
    """By PostgreSQL's COPY, whose rows need not be parsed, planned and answered one by one."""
    quoted = new.dialect.identifier_preparer
    names = ", ".join(quoted.quote(column.name) for column in table.columns)
    outward = [
        (column.name, column.type.dialect_impl(new.dialect).bind_processor(new.dialect))
        for column in table.columns
    ]
    driver: Any = new.connection.driver_connection
    with driver.cursor().copy(f"COPY {quoted.format_table(table)} ({names}) FROM STDIN") as into:
        for rows in batches:
            for row in rows:
                into.write_row([made(row[name]) if made else row[name] for name, made in outward])


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
