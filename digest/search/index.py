"""The index as a whole: brought up to the archive, made again, opened, asked for its state."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from digest.model import Progress
from digest.storage.engine import Archive


@dataclass(frozen=True, slots=True)
class IndexState:
    """What the index says of itself; `ok` False: missing, damaged or of another analysis (`problem`)."""

    generation: str
    articles: int
    seq: int
    analysis_version: int
    ok: bool
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Synced:
    """What `sync` did: articles written and removed, and whether the index was made again."""

    indexed: int
    removed: int
    rebuilt: bool


def sync(archive: Archive, index_dir: Path, progress: Progress, anew: bool = False) -> Synced:
    """Brings the index up to the archive; the caller holds the workspace lock."""
    return Synced(0, 0, False)


def state(index_dir: Path) -> IndexState:
    """The state of the index, whatever it is; never raises for a bad one."""
    return IndexState("", 0, 0, 0, True)
