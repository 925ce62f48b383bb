"""What a server said to one letter, in codes alone: its words may name people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from digest.wording import _


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


def meaning(detail: str) -> str:
    """What the codes in a delivery's `detail` mean, for people (RFC 3463); empty when they say too little."""
    code, _space, rest = detail.partition(" ")
    status = rest.split(" ")[0]
    said = {
        "5.1": _("không có hộp thư này"),
        "5.2.1": _("hộp thư đã bị khóa"),
        "5.2": _("hộp thư đầy"),
        "5.3": _("thư quá lớn"),
        "5.7": _("máy chủ của người nhận chặn thư này"),
        "5.6.7": _("máy chủ không nhận địa chỉ có dấu"),
        "4.2": _("hộp thư đang bận hoặc đầy"),
        "4.7": _("máy chủ muốn nhận sau"),
    }
    family = status.rpartition(".")[0]
    by_code = {
        "552": said["5.3"],
        "550": said["5.1"],
        "450": said["4.7"],
        "451": said["4.7"],
        "421": said["4.7"],
    }
    return said.get(status) or said.get(family) or by_code.get(code, "")
