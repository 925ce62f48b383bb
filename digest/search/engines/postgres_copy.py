"""Rows as PostgreSQL's COPY takes them in its binary format: numbers go over as they lie in memory.

The format: https://www.postgresql.org/docs/current/sql-copy.html (Binary Format); arrays as `array_recv` reads them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.engine import Connection

_START = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = struct.pack("!h", -1)
_NULL = struct.pack("!i", -1)
_TEXT, _BIGINT = 25, 20  # the types' numbers in pg_type
_ELEMENT = np.dtype([("size", ">i4"), ("value", ">i8")])
_COUNTED = np.dtype(
    [("fields", ">i2"), ("first", ">i4"), ("term", ">i8"), ("second", ">i4"), ("count", ">i4")]
)
_PIECE = 1 << 18


def copy(conn: Connection, table: sa.Table, rows: Iterable[bytes]) -> None:
    """Puts rows into a table, its columns in their order."""
    driver = conn.connection.driver_connection
    if driver is None:
        raise RuntimeError("a connection without its driver")
    schemas = conn.get_execution_options().get("schema_translate_map", {})
    named = f"{schemas.get(table.schema, table.schema)}.{table.name}"
    with driver.cursor().copy(f"COPY {named} FROM STDIN (FORMAT BINARY)") as into:
        for piece in _pieces(rows):
            into.write(piece)


def _pieces(rows: Iterable[bytes]) -> Iterator[bytes]:
    waiting = bytearray(_START)
    for row in rows:
        waiting += row
        if len(waiting) >= _PIECE:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting + _END)


def row(*fields: bytes) -> bytes:
    """A row of the fields below."""
    return struct.pack("!h", len(fields)) + b"".join(fields)


def _sized(data: bytes) -> bytes:
    return struct.pack("!i", len(data)) + data


def bigint(value: int) -> bytes:
    """A bigint."""
    return struct.pack("!iq", 8, value)


def integer(value: int | None) -> bytes:
    """An integer, or NULL."""
    return _NULL if value is None else struct.pack("!ii", 4, value)


def text(value: str) -> bytes:
    """A text."""
    return _sized(value.encode())


def texts(values: Sequence[str]) -> bytes:
    """An array of texts."""
    return _sized(_head(_TEXT, len(values)) + b"".join(map(text, values)))


def bigints(values: NDArray[np.int64]) -> bytes:
    """An array of bigints."""
    made = np.empty(len(values), _ELEMENT)
    made["size"], made["value"] = 8, values
    return _sized(_head(_BIGINT, len(values)) + made.tobytes())


def counted(terms: NDArray[np.int64], counts: NDArray[np.int64]) -> bytes:
    """Whole rows of a bigint and an integer."""
    made = np.empty(len(terms), _COUNTED)
    made["fields"], made["first"], made["second"] = 2, 8, 4
    made["term"], made["count"] = terms, counts
    return made.tobytes()


def _head(kind: int, length: int) -> bytes:
    """An array's head: dimensions, whether it has NULLs, its elements' type; length and first place."""
    return struct.pack("!iiiii", 1, 0, kind, length, 1) if length else struct.pack("!iii", 0, 0, kind)
