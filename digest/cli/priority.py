"""Who comes first where one machine both works and serves: the readers."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

LOWER = 10
"""POSIX nice value: a tenth of a core's time where others want it too, all of it where nobody does."""
BELOW_NORMAL = 0x4000
"""Windows' BELOW_NORMAL_PRIORITY_CLASS."""


def give_way() -> None:
    """Lets this process, and those it will start, go behind whoever serves readers; twice is as good as once."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), BELOW_NORMAL)
        return
    with suppress(OSError):  # a machine that forbids it works on as it was
        if os.getpriority(os.PRIO_PROCESS, 0) < LOWER:
            os.setpriority(os.PRIO_PROCESS, 0, LOWER)
