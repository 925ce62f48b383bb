"""The archive on a disk of small blocks that fills up: SQLite's shared memory must have its room by then."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from loop_disk import LoopDisk, can_mount

from digest.storage.engine import Archive

ROOT = Path(__file__).parents[2]
WRITES = """
import sys
from digest.errors import StorageError
from digest.storage.engine import Archive

try:
    archive = Archive.open(sys.argv[1])
    for number in range(40):
        with archive.writing() as conn:
            conn.exec_driver_sql("CREATE TABLE IF NOT EXISTS filling (bytes)")
            conn.exec_driver_sql("INSERT INTO filling VALUES (randomblob(9000))")
except StorageError as told:
    print(told)
    raise SystemExit(3)
"""


@pytest.mark.skipif(not can_mount(), reason="mounting a disk of one's own takes root on Linux")
@pytest.mark.parametrize("kilobytes", [2, 10, 34, 42, 52, 66, 70, 110, 180])
def test_a_full_disk_of_small_blocks_is_told_and_ends_nothing(tmp_path, kilobytes):
    with LoopDisk(tmp_path / "disk", 16, block=1024) as disk:
        url = f"sqlite:///{disk.folder / 'archive.sqlite3'}"
        Archive.open(url).close()
        disk.leave(kilobytes << 10)
        done = subprocess.run(
            [sys.executable, "-c", WRITES, url],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        )
        assert done.returncode == 3, (done.returncode, done.stderr)  # a signal would be negative
        assert "Đĩa đã đầy" in done.stdout
        disk.make_room()
        archive = Archive.open(url)
        with archive.reading() as conn:
            assert conn.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        archive.close()
