"""The one family of errors that people see: what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class DigestError(Exception):
    """A foreseen failure; `str()` reads `what, where, what to do`, in the reader's language."""

    def __init__(self, what: str, where: str = "", fix: str = "") -> None:
        self.what, self.where, self.fix = what, where, fix
        super().__init__(what, where, fix)

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}. {self.fix}" if self.fix else head


class UsageError(DigestError):
    """The command, an argument or a file that people write is wrong (the CLI ends with 2)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file that people write; line and column count from 1."""

    what: str
    line: int = 0
    column: int = 0
    fix: str = ""
    warning: bool = False


class FileFaults(UsageError):
    """Everything wrong in one file, said at once."""

    def __init__(self, path: str, faults: Sequence[Fault]) -> None:
        self.path, self.faults = path, tuple(faults)
        super().__init__("", path)

    def __str__(self) -> str:
        return "\n".join(self._line(fault) for fault in self.faults)

    def _line(self, fault: Fault) -> str:
        place = ":".join([self.path, *(str(n) for n in (fault.line, fault.column) if n)])
        return f"{place}: {fault.what}" + (f". {fault.fix}" if fault.fix else "")


class QueryError(UsageError):
    """A query that does not parse; `position` counts letters from 0, `length` how many are meant."""

    def __init__(self, what: str, position: int, length: int = 1, fix: str = "") -> None:
        self.position, self.length = position, length
        super().__init__(what, "", fix)


class LockedError(DigestError):
    """Another run holds the workspace (the CLI ends with 4)."""


class StorageError(DigestError):
    """The archive cannot be opened, read or written."""


class SearchError(DigestError):
    """The index is missing, damaged or being made again; the archive is whole."""


class RenderError(DigestError):
    """A rendering could not be made."""


class MailError(DigestError):
    """Sending cannot begin or go on."""
