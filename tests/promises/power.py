"""A power cut without root: only what was synced is there afterwards, file by file, name by name."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import Connection

from digest.storage.engine import Archive


class Disk:
    """Watches a home folder from inside its process, and ends it at the `cut`-th sync.

    Harsher than most disks: a file's bytes are those of its last fsync, a name stands where it did at the
    last fsync of its folder, and what was never synced is gone, or empty where only the name was synced.
    SQLite's own syncing is not seen from here: a transaction is taken to be on the disk once
    `Archive.writing` has committed it, which `synchronous = FULL` promises.
    """

    def __init__(self, home: Path, cut: int, image: Path) -> None:
        self.home, self.cut, self.image, self.count = home, cut, image, 0
        self._lock = threading.RLock()
        self._synced: dict[int, bytes] = {}  # by inode
        self._names: dict[Path, dict[str, int]] = {}  # by folder
        for path in [home, *home.rglob("*")]:  # what was there before is on the disk
            self._sync_folder(path) if path.is_dir() else self._keep(path)
        self._fsync, self._writing = os.fsync, Archive.writing
        os.fsync = self.fsync
        Archive.writing = self._watched()

    def fsync(self, handle: int) -> None:
        """In place of os.fsync: the same, and noted."""
        self._fsync(handle)
        path = Path(f"/proc/self/fd/{handle}").readlink()
        if path != self.home and self.home not in path.parents:
            return
        with self._lock:
            self._sync_folder(path) if path.is_dir() else self._keep(path)
            self._event()

    def _watched(self):
        disk = self

        @contextmanager
        def writing(archive: Archive) -> Iterator[Connection]:
            with disk._writing(archive) as conn:
                yield conn
            with disk._lock:
                for path in disk.home.glob("archive.sqlite3*"):
                    if not path.name.endswith("-shm"):
                        disk._keep(path)
                        disk._names[disk.home][path.name] = path.stat().st_ino
                disk._event()

        return writing

    def _event(self) -> None:
        self.count += 1
        if self.count == self.cut:
            self._put(self.home, self.image)
            os._exit(9)

    def _keep(self, path: Path) -> None:
        self._synced[path.stat().st_ino] = path.read_bytes()

    def _sync_folder(self, folder: Path) -> None:
        self._names[folder] = {one.name: one.stat().st_ino for one in folder.iterdir()}

    def _put(self, folder: Path, into: Path) -> None:
        into.mkdir(parents=True)
        folders = {one.stat().st_ino: one for one in self._names if one.exists()}
        for name, inode in self._names[folder].items():
            if inode in folders:
                self._put(folders[inode], into / name)
            else:
                (into / name).write_bytes(self._synced.get(inode, b""))
