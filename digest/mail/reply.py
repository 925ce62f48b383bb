"""What a server said to one letter, in codes alone: its words may name people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    """What became of one offered letter."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    PUT_OFF = "put off"
    LOST = "lost"  # the connection broke before the letter's end: it was surely not taken
    SILENT = "silent"  # … after its end: nobody knows
    SKIPPED = "skipped"  # taken back by the caller before it was offered


@dataclass(frozen=True, slots=True)
class Reply:
    """`stage`: mail | rcpt | data | end | connection; `status` as in RFC 3463: "5.1.1"."""

    outcome: Outcome
    stage: str
    code: int = 0
    status: str = ""
    closed: bool = False

    @property
    def too_big(self) -> bool:
        """The letter is larger than the server takes (RFC 1870); a full mailbox is 552 5.2.2."""
        return self.status in ("5.3.4", "5.2.3") or (self.code == 552 and not self.status.startswith("5.2."))

    @property
    def detail(self) -> str:
        """Codes alone, fit for the ledger: "550 5.1.1 rcpt"."""
        return " ".join(part for part in (str(self.code or ""), self.status, self.stage) if part)
