"""A loopback mail server that keeps every letter as an .eml file and sends nothing on."""

from __future__ import annotations

import socketserver
import threading
from pathlib import Path
from types import TracebackType

from digest.workspace import atomic_write, safe_name

MOST = 40_000_000  # bytes of one letter


class Mailbox:
    """Listens on 127.0.0.1 from `start_mailbox` until closed; a context manager."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._count = len(list(folder.glob("*.eml")))
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), _Talk)
        self._server.mailbox = self
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self) -> Mailbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stops listening; the letters stay."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Its address as DIGEST_SMTP_URL takes it."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def letters(self) -> list[Path]:
        """The letters kept, in the order they came."""
        return sorted(self.folder.glob("*.eml"))

    def keep(self, recipients: list[str], letter: bytes) -> None:
        """Keeps one file a recipient, named by number and the name before the @."""
        with self._lock:
            for recipient in recipients:
                self._count += 1
                name = f"{self._count:03d}-{safe_name(recipient.partition('@')[0])}.eml"
                atomic_write(self.folder / name, letter)


def start_mailbox(folder: Path, port: int = 0) -> Mailbox:
    """Starts a mail server on a free port (or the one given) that keeps letters in `folder`."""
    return Mailbox(folder, port)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    mailbox: Mailbox


class _Talk(socketserver.StreamRequestHandler):
    """One connection, as RFC 5321 has it: as much as a polite client needs."""

    timeout = 60
    server: _Server

    def handle(self) -> None:
        self._recipients: list[str] = []
        self._say("220 localhost digest demo")
        while line := self.rfile.readline(2050):
            verb, _space, rest = line.decode("utf-8", "replace").strip().partition(" ")
            if verb.upper() == "QUIT":
                self._say("221 bye")
                return
            self._command(verb.upper(), rest)

    def _command(self, verb: str, rest: str) -> None:
        if verb == "EHLO":
            self._say(
                f"250-localhost\r\n250-SIZE {MOST}\r\n250-8BITMIME\r\n250-AUTH PLAIN LOGIN\r\n250 SMTPUTF8"
            )
        elif verb in ("HELO", "NOOP"):
            self._say("250 ok")
        elif verb == "AUTH":
            self._authenticate(rest)
        elif verb in ("MAIL", "RSET"):
            self._recipients = []
            self._say("250 ok")
        elif verb == "RCPT":
            self._recipients.append(rest.partition(":")[2].partition(">")[0].strip(" <"))
            self._say("250 ok")
        elif verb == "DATA":
            self._data()
        else:
            self._say("502 unknown")

    def _authenticate(self, rest: str) -> None:
        """Any name and password will do; they are not kept."""
        asked = (
            2 - min(2, len(rest.split()[1:]))
            if rest.upper().startswith("LOGIN")
            else 1 - len(rest.split()[1:])
        )
        for _time in range(max(0, asked)):
            self._say("334 ")
            self.rfile.readline(2050)
        self._say("235 ok")

    def _data(self) -> None:
        if not self._recipients:
            self._say("503 no recipients")
            return
        self._say("354 go on, end with a dot")
        lines, size = [], 0
        while (line := self.rfile.readline()) not in (b".\r\n", b".\n", b""):
            size += len(line)
            if size <= MOST:
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if not line:
            return  # the client vanished: nothing was promised, nothing is kept
        if size > MOST:
            self._say("552 too big")
            return
        self.server.mailbox.keep(self._recipients, b"".join(lines))
        self._recipients = []
        self._say("250 kept")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode("ascii"))
