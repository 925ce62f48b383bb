"""Named arrays in one file: written once, then mapped into memory and read where they lie."""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = b"digest-pack-1\n"
_ALIGN = 64

Array = NDArray[Any]


def dump(arrays: Mapping[str, Array]) -> list[bytes]:
    """The file as pieces to be written one after another."""
    table, at, pieces = {}, 0, []
    for name, array in arrays.items():
        little = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False)
        data = little.tobytes()
        gap = -at % _ALIGN
        pieces += [b"\0" * gap, data]
        table[name] = [little.dtype.str, at + gap, len(array)]
        at += gap + len(data)
    head = json.dumps(table).encode()
    start = len(MAGIC) + 8 + len(head)
    pad = -start % _ALIGN
    return [MAGIC, (len(head) + pad).to_bytes(8, "little"), head, b" " * pad, *pieces]


def write(path: Path, arrays: Mapping[str, Array]) -> None:
    """Writes a pack; whoever publishes it puts it on the disk."""
    with path.open("wb") as file:
        file.writelines(dump(arrays))


def load(data: bytes | mmap.mmap) -> dict[str, Array]:
    """The arrays of a pack in memory, not copied; ValueError if it is none."""
    head = len(MAGIC) + 8
    if data[: len(MAGIC)] != MAGIC:
        raise ValueError("not a pack")
    size = int.from_bytes(data[len(MAGIC) : head], "little")
    table = json.loads(data[head : head + size])
    return {
        name: np.frombuffer(data, dtype=np.dtype(kind), count=count, offset=head + size + at)
        for name, (kind, at, count) in table.items()
    }


def open_pack(path: Path) -> dict[str, Array]:
    """The arrays of a file, mapped; they keep the mapping alive. ValueError if it is no pack."""
    with path.open("rb") as file:
        return load(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
