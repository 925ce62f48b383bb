"""A disk of one's own to switch off and to fill: ext4 in a file, mounted by root on Linux."""

from __future__ import annotations

import fcntl
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from types import TracebackType

# linux/fs.h: FS_IOC_SHUTDOWN with FS_SHUTDOWN_FLAGS_NOLOGFLUSH: no page and no journal is written any more.
SHUTDOWN, NO_LOG_FLUSH = 0x8004587D, 2


def can_mount() -> bool:
    """Whether this process may make loop devices and mount them."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mkfs.ext4") is None:
        return False
    return subprocess.run(["losetup", "-f"], capture_output=True, check=False).returncode == 0


class LoopDisk:
    """Mounted at `folder` from entering to leaving the context."""

    def __init__(self, where: Path, megabytes: int, block: int = 4096) -> None:
        self.image, self.folder = where.with_suffix(".img"), where
        self._ballast = where / "ballast"
        with self.image.open("wb") as out:
            out.truncate(megabytes << 20)
        # Blocks of 4 KB as on every PC, where mkfs takes 1 KB for small disks.
        _run("mkfs.ext4", "-q", "-F", "-m", "0", "-b", str(block), str(self.image))
        where.mkdir()

    def __enter__(self) -> LoopDisk:
        self.power_on()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _run("umount", "-l", str(self.folder))
        self.image.unlink()

    def cut_power(self) -> None:
        """From this instant on nothing reaches the disk."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(handle)

    def power_on(self) -> None:
        """Mounts it (again): the journal is replayed, what the cache held is forgotten."""
        if os.path.ismount(self.folder):
            _run("umount", str(self.folder))
        _run("mount", "-o", "loop", str(self.image), str(self.folder))

    def read_only(self, on: bool) -> None:
        """Remounts it so that nothing can be written, or can be again."""
        _run("mount", "-o", f"remount,{'ro' if on else 'rw'}", str(self.folder))

    def leave(self, free: int) -> None:
        """Fills the disk until so many bytes are free."""
        with self._ballast.open("wb") as out:
            os.posix_fallocate(out.fileno(), 0, max(1, shutil.disk_usage(self.folder).free - free))

    def make_room(self) -> None:
        """Takes away what `leave` put there."""
        self._ballast.unlink()


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True, timeout=60)
