"""Looking before sending: what would go to how many, one letter to oneself, letters as files for Outlook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from digest.errors import MailError
from digest.mail.address import Address, BadAddress, parse
from digest.mail.ledger import State
from digest.mail.message import Letter, Template
from digest.mail.recipients import Person
from digest.mail.reply import Outcome
from digest.mail.server import Server
from digest.mail.smtp import Connection
from digest.storage import deliveries
from digest.storage.engine import Archive
from digest.wording import _
from digest.workspace import atomic_write

# Stands for the recipient in what is shown: a preview may end up in a report or a chat.
SOMEBODY = Person(Address("nguoi.nhan", "example.vn"), "Người Nhận", 0)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a run would do. `size`: bytes of one letter; `first`: one as it would read, to nobody real."""

    to_send: int
    already_sent: int
    suppressed: int
    refused: int
    unknown: int
    size: int
    first: bytes

    @property
    def total(self) -> int:
        """Bytes that would go through the wire."""
        return self.to_send * self.size


def preview(
    archive: Archive, letter: Letter, people: Sequence[Person], secret: bytes, now: datetime
) -> Preview:
    """Counts what `dispatch.run` would send; writes and connects nowhere."""
    template = Template(letter, secret)
    listed = {template.hash(person.address) for person in people}
    with archive.reading() as conn:
        begun = deliveries.dispatch(conn, letter.edition, letter.center)
        rows = deliveries.all_of(conn, begun.id) if begun else []
        gone = set(deliveries.suppressed(conn, list(listed)))
    known = {row.recipient: State(row.state) for row in rows if row.recipient in listed}
    told = list(known.values())
    final = (State.SENT, State.REFUSED, State.UNKNOWN, State.SENDING)
    return Preview(
        to_send=sum(1 for key in listed - gone if known.get(key) not in final),
        already_sent=told.count(State.SENT),
        suppressed=len(gone),
        refused=told.count(State.REFUSED),
        unknown=told.count(State.UNKNOWN) + told.count(State.SENDING),
        size=len(template.compose(SOMEBODY, now)),
        first=template.compose(SOMEBODY, now),
    )


def send_test(
    letter: Letter,
    address: str,
    server: Server,
    secret: bytes,
    now: datetime,
    *,
    sign: Callable[[bytes], bytes] | None = None,
) -> None:
    """One letter to one address, outside the ledger; MailError when it was not taken."""
    try:
        to = parse(address)
    except BadAddress as wrong:
        raise MailError(
            _("Địa chỉ nhận thử không dùng được: {reason}", reason=wrong), fix=_("Viết như ten@example.vn")
        ) from wrong
    # An edition of its own: a test must not pass for the real letter, nor a provider drop that as a copy.
    tried = replace(
        letter,
        subject=_("[Gửi thử] {subject}", subject=letter.subject),
        edition=f"{letter.edition}/thu-{now.isoformat()}",
    )
    template = Template(tried, secret)
    made = template.compose(Person(to, to.name, 0), now)
    made = sign(made) if sign is not None else made
    with Connection(server) as connection:
        connection.open()
        reply = connection.offer(template.sender, to, made)
    if reply.outcome is not Outcome.ACCEPTED:
        raise MailError(
            _("Máy chủ thư không nhận thư thử (mã {codes})", codes=reply.detail),
            server.place,
            _("Gõ: digest check --mail MÃ_TRUNG_TÂM để xem cần hỏi nơi cấp hộp thư điều gì"),
        )


def write_eml(
    archive: Archive, letter: Letter, people: Sequence[Person], folder: Path, secret: bytes, now: datetime
) -> list[Path]:
    """Letters as .eml files that Outlook opens ready to be sent; those who left get none.

    Files are numbered by the list's rows: no address is in a name. The ledger is left alone, since
    nobody can know here what becomes of the files.
    """
    template = Template(replace(letter, draft=True), secret)
    keys = [template.hash(person.address) for person in people]
    with archive.reading() as conn:
        gone = deliveries.suppressed(conn, keys)
    written: list[Path] = []
    for key, person in zip(keys, people, strict=True):
        if key not in gone:
            path = folder / f"{person.row:05d}.eml"
            atomic_write(path, template.compose(person, now))
            written.append(path)
    return written
