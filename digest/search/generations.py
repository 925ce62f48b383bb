"""The index folder: generations beside each other, CURRENT naming the one in use, nothing torn."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import zlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from digest.errors import SearchError
from digest.wording import _
from digest.workspace import atomic_write

CURRENT = "CURRENT"
STAMP = "generation.json"
_NAME = re.compile(r"g\d{6,}")


def missing() -> SearchError:
    """What is said where no index is."""
    return SearchError(_("Chưa có chỉ mục tìm kiếm"), fix=_("Chạy: digest admin reindex"))


def damaged(where: Path, detail: str = "") -> SearchError:
    """What is said of an index that cannot be read."""
    what = (
        _("Chỉ mục tìm kiếm bị hỏng ({detail})", detail=detail) if detail else _("Chỉ mục tìm kiếm bị hỏng")
    )
    return SearchError(what, where.name, _("Chạy: digest admin reindex"))


def current(index_dir: Path) -> Path:
    """The generation in use; SearchError if there is none."""
    try:
        name = (index_dir / CURRENT).read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise missing() from None
    except (OSError, ValueError) as error:
        raise damaged(index_dir / CURRENT, str(error)) from error
    if not _NAME.fullmatch(name):
        raise damaged(index_dir / CURRENT)
    return index_dir / name


def stamp(folder: Path) -> dict[str, Any]:
    """What the generation says of itself: analysis version, seq, articles, files with size and CRC-32."""
    try:
        read = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise damaged(folder, STAMP) from None
    except (OSError, ValueError) as error:
        raise damaged(folder, STAMP) from error
    if not isinstance(read, dict) or not isinstance(read.get("files"), dict):
        raise damaged(folder, STAMP)
    return read


def check_sizes(folder: Path, files: Mapping[str, list[int]]) -> None:
    """SearchError unless every file is there in its full size: quick, at every opening."""
    for name, (size, _crc) in files.items():
        try:
            found = (folder / name).stat().st_size
        except OSError:
            raise damaged(folder, name) from None
        if found != size:
            raise damaged(folder, name)


def check_contents(folder: Path, files: Mapping[str, list[int]], small: int | None = None) -> None:
    """SearchError unless every byte is as written: about a second a gigabyte, so readers leave out
    files of more than `small` bytes and only the writer reads all."""
    check_sizes(folder, files)
    for name, (size, crc) in files.items():
        if (small is None or size <= small) and _crc(folder / name) != crc:
            raise damaged(folder, name)


def _crc(path: Path) -> int:
    crc = 0
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            crc = zlib.crc32(piece, crc)
    return crc


def begin(index_dir: Path) -> Path:
    """A new generation's folder, empty."""
    index_dir.mkdir(parents=True, exist_ok=True)
    taken = [int(path.name[1:]) for path in index_dir.iterdir() if _NAME.fullmatch(path.name)]
    folder = index_dir / f"g{max(taken, default=0) + 1:06d}"
    folder.mkdir()
    return folder


def take_over(base: Path, folder: Path, names: Iterable[str]) -> None:
    """Puts files of an earlier generation into a new one: linked where the disk can, else copied."""
    for name in names:
        _link(base / name, folder / name)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # FAT, some network disks: a copy costs time and room, nothing else
        shutil.copyfile(source, target)


def publish(index_dir: Path, folder: Path, said: Mapping[str, Any], known: Mapping[str, list[int]]) -> None:
    """Makes the generation the one in use: files, stamp and folder are on the disk before CURRENT names it.

    `known` are the sizes and checksums of files that were taken over, so they are not read again.
    """
    files = {}
    for path in sorted(folder.iterdir()):
        if path.name in known:
            files[path.name] = known[path.name]
            continue
        _sync(path)
        files[path.name] = [path.stat().st_size, _crc(path)]
    atomic_write(folder / STAMP, json.dumps({**said, "files": files}).encode())
    _sync(folder)
    _sync(index_dir)
    keep = {folder}
    with contextlib.suppress(SearchError):
        keep.add(current(index_dir))
    atomic_write(index_dir / CURRENT, f"{folder.name}\n".encode())
    sweep(index_dir, keep)


def _sync(path: Path) -> None:
    """Puts a file or folder on the disk; Windows knows no opening of folders and needs none."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(index_dir: Path, keep: Collection[Path]) -> None:
    """Removes generations but these: the one in use and the one that readers may be opening just now."""
    for path in index_dir.iterdir():
        if _NAME.fullmatch(path.name) and path not in keep:
            with contextlib.suppress(OSError):  # Windows: a reader still has it open; the next run removes it
                shutil.rmtree(path)
