"""A real SMTP server that follows a script, an archive with one approved edition, invented recipients."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from digest.mail.dispatch import Report, Sending, run
from digest.mail.message import LINK, NAME, Letter
from digest.mail.recipients import Person, read_text
from digest.mail.server import Server
from digest.model import ApprovedEdition
from digest.storage import deliveries, editions
from digest.storage.engine import Archive

SECRET = b"0123456789abcdef0123456789abcdef"
EDITION, CENTER = "bao-cao-vien/2026-W47", "dong-mau"
CERTIFICATE = Path(__file__).with_name("data") / "localhost.pem"


@dataclass
class Clock:
    """Time that passes only when somebody sleeps, and a little with every look."""

    at: datetime = datetime(2026, 11, 24, 1, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        self.at += timedelta(microseconds=100)
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


@dataclass
class Post:
    """What the server answers, by rules a test sets, and what it took."""

    rcpt: Callable[[str, int], str | None] = lambda _address, _nth: None
    data: Callable[[str, int], str | None] = lambda _address, _nth: None
    mail: Callable[[int], str | None] = lambda _nth: None
    pipelining: bool = True
    strip_starttls: bool = False
    letters: list[tuple[str, bytes]] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)
    offered: dict[str, int] = field(default_factory=dict)
    connections: int = 0
    mails: int = 0
    encrypted: bool = False
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)

    async def handle_EHLO(
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        self.encrypted = server.transport.get_extra_info("ssl_object") is not None
        session.host_name = hostname
        more = ["250-PIPELINING"] if self.pipelining else []
        kept = [line for line in responses if not (self.strip_starttls and "STARTTLS" in line)]
        return [*kept[:-1], *more, kept[-1]]

    async def handle_MAIL(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.mails += 1
        if (answer := self.mail(self.mails)) is not None:
            return answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked[address] = self.asked.get(address, 0) + 1
        answer = self.rcpt(address, self.asked[address])
        if answer == "drop":
            server.transport.abort()
            return "421 gone"
        if answer is not None:
            return answer
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        (address,) = envelope.rcpt_tos
        self.offered[address] = self.offered.get(address, 0) + 1
        answer = self.data(address, self.offered[address])
        if answer not in (None, "keep and drop"):
            if answer == "drop":
                server.transport.abort()
            return answer
        assert isinstance(envelope.content, bytes)
        self.letters.append((address, envelope.content))
        if answer == "keep and drop":
            server.transport.abort()
        return "250 2.0.0 OK"

    def got(self) -> list[str]:
        """Who got a letter, once for each."""
        return [address for address, _letter in self.letters]


class Office(Controller):
    """The server of a Post."""

    def __init__(self, post: Post, **options: object) -> None:
        self.post = post
        super().__init__(post, hostname="127.0.0.1", port=0, **options)

    def _trigger_server(self) -> None:  # the free port is known only now
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    @property
    def address(self) -> Server:
        return Server("127.0.0.1", self.port)


@contextmanager
def offices() -> Iterator[Callable[..., Office]]:
    """Opens SMTP servers; all are closed at the end."""
    started: list[Office] = []

    def opened(
        post: Post, *, tls: bool = False, starttls: bool = False, login: bool = False, size: int = 33554432
    ) -> Office:
        options: dict[str, object] = {"data_size_limit": size, "enable_SMTPUTF8": True}
        if tls or starttls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            options |= {"ssl_context": context} if tls else {"tls_context": context}
        if login:

            def authenticator(
                _server: object, _session: object, _envelope: object, _kind: str, data: object
            ) -> AuthResult:
                post.logins.append((data.login, data.password))
                return AuthResult(success=data.password == "mật khẩu".encode(), handled=False)

            options |= {
                "authenticator": authenticator,
                "auth_required": True,
                "auth_require_tls": not tls and starttls,
            }
        office = Office(post, **options)
        office.start()
        started.append(office)
        return office

    yield opened
    for office in started:
        office.stop()


def make_archive(home: Path) -> Archive:
    opened = Archive.open(f"sqlite:///{(home / 'archive.sqlite3').as_posix()}")
    edition = ApprovedEdition(
        EDITION,
        "bao-cao-vien",
        0,
        "Bản tin số 1",
        date(2026, 11, 16),
        date(2026, 11, 22),
        "…",
        datetime(2026, 11, 20, tzinfo=UTC),
    )
    with opened.writing() as conn:
        if editions.get(conn, EDITION) is None:
            editions.approve(conn, edition, {})
    return opened


def people(number: int) -> tuple[Person, ...]:
    """Invented recipients nguoi0@thu.test, nguoi1@…"""
    rows = "".join(f"nguoi{n}@thu.test,Nguyễn Văn Số {n}\n" for n in range(number))
    return read_text("email,name\n" + rows, "danh-sach.csv").people


def letter(**changed: object) -> Letter:
    """A small letter of the invented center."""
    made: dict[str, object] = {
        "edition": EDITION,
        "center": CENTER,
        "sender": "Trung tâm chính trị xã Đồng Mẫu <bantin@dongmau.test>",
        "subject": "Bản tin báo cáo viên số 1",
        "text": f"Kính gửi {NAME},\n\nTin tuần này.\n\nThôi nhận: {LINK}\n",
        "html": f'<!doctype html><html lang="vi"><p>Kính gửi {NAME}</p><p><a href="{LINK}">Thôi nhận</a></p></html>',
        "site_url": "https://bantin.example.vn",
        "list_name": "Bản tin báo cáo viên",
    }
    return Letter(**(made | changed))


def send(
    archive: Archive, server: Server, number: int = 3, clock: Clock | None = None, **changed: object
) -> Report:
    """One run of the dispatch on a clock of our own."""
    clock = clock or Clock()
    options = {key: changed.pop(key) for key in ("longest_wait", "progress") if key in changed}
    sending = Sending(**({"letter": letter(), "people": people(number), "server": server} | changed))
    return run(archive, sending, SECRET, now=clock.now, sleep=clock.sleep, **options)


def states(archive: Archive) -> list[str]:
    """The states in the ledger, in the order of the list."""
    with archive.reading() as conn:
        found = deliveries.dispatch(conn, EDITION, CENTER)
        return [row.state for row in deliveries.all_of(conn, found.id)] if found else []
