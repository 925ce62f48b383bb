"""Which start of this machine this is: what was written before a power cut may be lost since."""

from __future__ import annotations

import time
from pathlib import Path

_LINUX = Path("/proc/sys/kernel/random/boot_id")
_TOLERANCE = 30.0  # seconds that the clock may be set by without its passing for another boot


def this_boot() -> str:
    """The kernel's own name for it, or the second at which the machine was started."""
    try:
        return _LINUX.read_text(encoding="ascii").strip()
    except OSError:
        return f"{time.time() - time.monotonic():.0f}"


def same_boot(one: str, other: str) -> bool:
    """False when in doubt: then what was claimed counts as unknown, and nothing is sent twice."""
    if one == other:
        return True
    try:
        return abs(float(one) - float(other)) <= _TOLERANCE
    except ValueError:
        return False
