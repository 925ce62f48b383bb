"""Zip files whose bytes depend on nothing but what is in them: fixed order, times and attributes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

_WHEN = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say


def packed(files: Iterable[tuple[str, bytes]], stored: frozenset[str] = frozenset()) -> bytes:
    """A zip of (name, content) in this order; those in `stored` stay uncompressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.create_system = 0  # else the bytes tell Windows from Linux
            entry.external_attr = 0
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content, compresslevel=6)
    return out.getvalue()


def repacked(data: bytes, leave_out: frozenset[str] = frozenset()) -> bytes:
    """The same zip with nothing in it that depends on the moment or the machine."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if name not in leave_out]
        return packed((name, archive.read(name)) for name in names)
