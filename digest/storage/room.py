"""Room on the disk for what SQLite shares in memory, so that a full disk is told and does not end the program.

SQLite's `-shm` file is mapped into memory and sees to one block a page of memory. Where the disk's blocks are
smaller than that, the rest of a page is a hole, and writing into it on a full disk ends the program with
SIGBUS. So its blocks are asked for while a lack of them can still be told.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sqlite3
import sys
from pathlib import Path

LEAST = 64 << 10
"""Bytes without which no archive is opened: SQLite takes half of them before it can be helped."""
_KEEP_SIZE = 1  # linux/falloc.h


def check_room(archive: Path) -> None:
    """sqlite3.OperationalError, as SQLite itself would say it, if the shared memory would not find its room."""
    folder = archive.resolve().parent
    if _shared(archive).exists() or not os.access(folder, os.W_OK):
        return  # what has its room already, or will be told as what cannot be written
    if shutil.disk_usage(folder).free < LEAST:
        raise sqlite3.OperationalError("database or disk is full")


def hold_room(archive: Path) -> None:
    """Fills the holes of the shared memory that this process has open; on Linux, where it can have any.

    By SQLite's own handle: to open and close the file once more would let go of SQLite's locks on it.
    """
    if not sys.platform.startswith("linux"):
        return
    shared = _shared(archive)
    for handle in Path("/proc/self/fd").iterdir():
        try:
            if handle.readlink() == shared:
                _fill(int(handle.name))
                return
        except FileNotFoundError:  # closed meanwhile
            continue


def _fill(handle: int) -> None:
    # Not os.posix_fallocate: where a disk knows no such call, that writes bytes others may just be writing.
    size = ctypes.c_int64(os.fstat(handle).st_size)
    libc = ctypes.CDLL(None, use_errno=True)
    fallocate = getattr(libc, "fallocate64", None) or libc.fallocate  # musl has the one name only
    failed = fallocate(handle, _KEEP_SIZE, ctypes.c_int64(0), size)
    if failed and ctypes.get_errno() == errno.ENOSPC:
        raise sqlite3.OperationalError("database or disk is full")


def _shared(archive: Path) -> Path:
    real = archive.resolve()  # as SQLite and the system name it
    return real.with_name(f"{real.name}-shm")
