"""What the network answered: a page, "unchanged", or a failure with a reason for editors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer, unpacked. `url` is where redirects led; `moved` the permanent new address, if any."""

    asked: str
    url: str
    status: int
    body: bytes = b""
    content_type: str = ""
    charset: str | None = None
    etag: str = ""
    last_modified: str = ""
    moved: str = ""

    @property
    def unchanged(self) -> bool:
        """The server says that what we have is still what it has."""
        return self.status == 304


def _rebuilt(kind: str, reason: str, again: bool, wait: float | None) -> FetchError:
    return FetchError(kind, reason, again=again, wait=wait)


class FetchError(Exception):
    """An address that could not be had.

    `kind`: gone | refused | robots | address | network | timeout | server | large | broken | redirects | breaker.
    `again` says whether the next run may find it better; `reason` is for editors.
    """

    def __init__(self, kind: str, reason: str, *, again: bool = True, wait: float | None = None) -> None:
        super().__init__(reason)
        self.kind, self.reason, self.again, self.wait = kind, reason, again, wait

    def __reduce__(self) -> tuple[Any, ...]:
        """So that it can come back out of a worker process."""
        return _rebuilt, (self.kind, self.reason, self.again, self.wait)

    @property
    def passing(self) -> bool:
        """Worth trying once more in this same run."""
        return self.kind in ("network", "timeout", "server", "broken")


def charset(content_type: str) -> str | None:
    """The charset that a Content-Type header names."""
    found = re.search(r"charset\s*=\s*[\"']?([^\s;\"',]+)", content_type, re.IGNORECASE)
    return found[1] if found else None
