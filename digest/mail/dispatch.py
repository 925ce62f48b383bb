"""Sends an edition to a center's recipients: resumable at any instant, each letter at most once."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from digest import clock
from digest.errors import MailError
from digest.mail.agenda import prepare
from digest.mail.books import Books, Item
from digest.mail.ledger import Event, State, back_off
from digest.mail.message import Letter, Template
from digest.mail.pace import NO_LIMITS, Limits, Pace, Steady, reach
from digest.mail.recipients import Person
from digest.mail.reply import Outcome, Reply
from digest.mail.server import Server
from digest.mail.smtp import Connection, Unreachable
from digest.model import Progress, Silent
from digest.storage import deliveries
from digest.storage.engine import Archive, utc
from digest.wording import _

# Seconds between attempts to reach a server that was there a moment ago.
RECONNECT = (1, 5, 20, 60, 120)
# A server that swallows letter after letter without an answer, or forbids all, is not asked on and on.
MOST_SILENT, MOST_BROKEN, MOST_FORBIDDEN, MOST_BUSY = 5, 10, 20, 5
_AT_ONCE = utc(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Sending:
    """One dispatch to be made. `light` is the same letter with a link in place of its files.

    `sharing`: the centers whose letters go through the same mailbox, and so count for its limits.
    `sign`: puts a DKIM signature before a letter, see `mail.signing`.
    """

    letter: Letter
    people: Sequence[Person]
    server: Server
    light: Letter | None = None
    limits: Limits = NO_LIMITS
    sharing: Collection[str] = ()
    retry_unknown: bool = False
    sign: Callable[[bytes], bytes] | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did; rows are lines of the center's list, so that no address is repeated here.

    `counts` as in `storage.deliveries`; `troubles`: (row, state, codes) of this run's refused,
    unknown and deferred; `again`: when to run again; `stopped`: why it ended before its time;
    `light`: the files were too large for the server, a link went instead.
    """

    edition: str
    center: str
    counts: dict[str, int]
    sent: int
    troubles: tuple[tuple[int, str, str], ...] = ()
    again: datetime | None = None
    stopped: str = ""
    light: bool = False

    @property
    def done(self) -> bool:
        """Nothing waits any more."""
        return not self.counts.get("waiting") and not self.counts.get("deferred")


def run(
    archive: Archive,
    sending: Sending,
    secret: bytes,
    *,
    now: Callable[[], datetime] = clock.now,
    sleep: Callable[[float], None] = time.sleep,
    longest_wait: timedelta = timedelta(minutes=30),
    progress: Progress | None = None,
) -> Report:
    """Sends what has not been sent yet and waits where a server or a limit asks for it.

    A wait longer than `longest_wait` ends the run; `again` says when to go on. MailError when
    sending cannot even begin. The caller sees to it that one dispatch is run once at a time.
    """
    steady = Steady(now, sleep)
    return _Run(archive, sending, secret, steady, longest_wait, progress or Silent()).go()


class _Stop(Exception):
    """The run ends here; the message says why."""

    def __init__(self, why: str, again: datetime | None = None) -> None:
        self.why, self.again = why, again
        super().__init__(why)


@dataclass(slots=True)
class _Run:
    archive: Archive
    sending: Sending
    secret: bytes
    now: Steady
    longest_wait: timedelta
    progress: Progress
    sent: int = 0
    silent: int = 0
    broken: int = 0
    forbidden: int = 0
    busy: int = 0
    troubles: list[tuple[int, str, str]] = field(default_factory=list)
    queue: list[tuple[datetime, int, Item]] = field(default_factory=list)
    light: bool = False
    template: Template = field(init=False)
    books: Books = field(init=False)
    connection: Connection = field(init=False)
    pace: Pace = field(init=False)

    def go(self) -> Report:
        """The whole run."""
        self.template = Template(self.sending.letter, self.secret)
        self.books = Books(self.archive, self.now)
        self.connection = Connection(self.sending.server)
        stopped, again = "", None
        try:
            for item in self._agenda():
                self._push(item)
            self.progress.stage(_("Gửi thư"), len(self.queue))
            self._send_all()
        except _Stop as stop:
            stopped, again = stop.why, stop.again
        finally:
            self.books.close()
            self.connection.close()
        return self._report(stopped, again)

    def _agenda(self) -> list[Item]:
        sending, when = self.sending, self.now()
        items = prepare(
            self.archive, self.template, sending.people, when, retry_unknown=sending.retry_unknown
        )
        centers = {sending.letter.center, *sending.sharing}
        with self.archive.reading() as conn:
            past = deliveries.tried_since(conn, centers, when - reach(sending.limits))
        # Attempts "in the future", from when the clock was wrong, count as of now: limits hold, and end.
        self.pace = Pace(sending.limits, (min(tried, when) for tried in past))
        return items

    def _push(self, item: Item) -> None:
        heapq.heappush(self.queue, (item.not_before or _AT_ONCE, item.id, item))

    def _send_all(self) -> None:
        first = True
        while self.queue:
            now = self.now()
            self._wait_until(max(self.queue[0][0], self.pace.free_at(now)), now)
            item = heapq.heappop(self.queue)[2]
            if self.connection.closed:
                self._connect(first)
                first = False
            self._send(item)

    def _ahead(self, number: int) -> list[Item]:
        now = self.now()
        return [item for at, _id, item in heapq.nsmallest(number, self.queue) if at <= now]

    def _connect(self, first: bool) -> None:
        self.books.flush()
        for pause in () if first else RECONNECT:
            try:
                return self._opened()
            except Unreachable:
                self.now.wait(self.now() + timedelta(seconds=pause))
        try:
            self._opened()
        except MailError as failed:
            if first:
                raise
            raise _Stop(str(failed), self.now() + timedelta(minutes=15)) from failed

    def _opened(self) -> None:
        self.connection.open()
        most = self.connection.max_size
        if most is not None and self.template.size > most:
            self._lighter()

    def _lighter(self) -> bool:
        """From here on a link goes in place of the files; False when there is no such letter."""
        if self.light or self.sending.light is None:
            return False
        self.template, self.light = Template(self.sending.light, self.secret), True
        return True

    def _send(self, item: Item) -> None:
        letter = self.template.compose(item.person, self.now(), item.recipient)
        if self.sending.sign is not None:
            letter = self.sending.sign(letter)
        reply = self.connection.offer(
            self.template.sender, item.person.address, letter, lambda: self.books.offer(item, self._ahead)
        )
        if item.state is State.SENDING:
            self.pace.note(self.now())
            self._settle(item, reply)
        elif reply.outcome is Outcome.LOST:
            self._push(item)  # the line was dead before anything was noted
        self.broken = self.broken + 1 if reply.closed else 0
        if self.broken >= MOST_BROKEN:
            why = _("Máy chủ thư nhiều lần ngắt kết nối, nên dừng lại")
            raise _Stop(why, self.now() + timedelta(minutes=15))

    def _settle(self, item: Item, reply: Reply) -> None:
        self.silent = self.silent + 1 if reply.outcome is Outcome.SILENT else 0
        if reply.outcome is Outcome.ACCEPTED:
            self.books.settle(item, Event.ACCEPTED, detail=reply.detail)
            self.sent, self.forbidden, self.busy = self.sent + 1, 0, 0
            self.progress.advance()
        elif reply.outcome is Outcome.REFUSED:
            self._refused(item, reply)
        elif reply.outcome is Outcome.SILENT:
            self._final(item, Event.SILENT, reply)
            if self.silent >= MOST_SILENT:
                raise _Stop(_("Máy chủ thư nhiều lần ngắt mà không trả lời, nên dừng lại"))
        else:
            self._put_off(item, reply)

    def _refused(self, item: Item, reply: Reply) -> None:
        if reply.too_big and self._lighter():
            self._again(item, self.now(), reply)
        elif reply.stage == "mail" and not reply.too_big:
            self._again(item, self.now(), reply)
            why = _(
                "Máy chủ thư không cho địa chỉ người gửi của trung tâm gửi thư (mã {code})", code=reply.detail
            )
            raise _Stop(why)
        else:
            self._final(item, Event.REFUSED, reply)
            self._count_forbidden(reply)

    def _count_forbidden(self, reply: Reply) -> None:
        self.forbidden = self.forbidden + 1 if reply.status.startswith("5.7.") and not self.sent else 0
        if self.forbidden >= MOST_FORBIDDEN:
            raise _Stop(_("Máy chủ thư cấm mọi thư gửi qua nó (mã {code}), nên dừng lại", code=reply.detail))

    def _put_off(self, item: Item, reply: Reply) -> None:
        if reply.closed and item.tries <= 3:
            return self._again(item, self.now(), reply)
        pause = back_off(item.tries)
        if pause is None:
            return self._final(item, Event.REFUSED, reply)
        self._again(item, self.now() + pause, reply)
        # Put off for what we send rather than for whom: the server wants a rest from us.
        self.busy = self.busy + 1 if reply.stage != "rcpt" else 0
        if self.busy >= MOST_BUSY:
            now = self.now()
            self._wait_until(now + timedelta(minutes=min(15, self.busy - MOST_BUSY + 1)), now)

    def _again(self, item: Item, when: datetime, reply: Reply) -> None:
        self.books.settle(item, Event.PUT_OFF, detail=reply.detail, not_before=when)
        self._push(item)

    def _final(self, item: Item, event: Event, reply: Reply) -> None:
        self.books.settle(item, event, detail=reply.detail)
        self.troubles.append((item.person.row, item.state.value, reply.detail))
        self.progress.advance()

    def _wait_until(self, when: datetime, now: datetime) -> None:
        wait = when - now
        if wait <= timedelta(0):
            return
        self.books.flush()
        if wait > self.longest_wait:
            raise _Stop("", when)
        if wait > timedelta(seconds=20):
            self.connection.close()  # servers end idle connections, and count them
        self.progress.advance(0, _("đợi đến {time}", time=f"{clock.local(when):%H:%M:%S}"))
        self.now.wait(when)

    def _report(self, stopped: str, again: datetime | None) -> Report:
        letter = self.sending.letter
        with self.archive.reading() as conn:
            found = deliveries.dispatch(conn, letter.edition, letter.center)
        assert found is not None
        waiting = [
            (item.person.row, "deferred", "") for _at, _id, item in self.queue if item.state is State.DEFERRED
        ]
        return Report(
            letter.edition,
            letter.center,
            dict(found.counts),
            self.sent,
            (*self.troubles, *sorted(waiting)),
            again,
            stopped,
            self.light,
        )
