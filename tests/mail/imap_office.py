"""A small IMAP server over TLS on loopback: as much of RFC 3501 as reading reports takes."""

from __future__ import annotations

import base64
import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from post_office import CERTIFICATE

from digest.mail.mailbox import Mailbox

USER, PASSWORD = "bantin", "mật khẩu"


class ImapOffice(socketserver.ThreadingTCPServer):
    """One folder of mails by UID; what was marked as seen, and what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mails: dict[str, bytes] = {}
        self.seen: set[str] = set()
        self.asked: list[str] = []
        self.uid_last = False
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(CERTIFICATE)

    @property
    def mailbox(self) -> Mailbox:
        return Mailbox("localhost", self.server_address[1], USER, PASSWORD, ca=str(CERTIFICATE))

    @property
    def url(self) -> str:
        return f"imaps://{USER}:{quote(PASSWORD)}@localhost:{self.server_address[1]}?ca={quote(str(CERTIFICATE))}"

    def get_request(self):
        connection, address = super().get_request()
        return self._tls.wrap_socket(connection, server_side=True), address

    def handle_error(self, _request, _address):
        pass  # a client that does not trust us


class _Talk(socketserver.StreamRequestHandler):
    server: ImapOffice

    def handle(self):
        self.wfile.write(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n")
        while line := self.rfile.readline().decode().strip():
            tag, _space, command = line.partition(" ")
            self.server.asked.append(command)
            answer = self.answer(command)
            if answer is not None:
                self.wfile.write(answer + f"{tag} OK done\r\n".encode())
            else:
                self.wfile.write(f"{tag} NO sorry\r\n".encode())
            if command == "LOGOUT":
                return

    def answer(self, command: str) -> bytes | None:
        office = self.server
        if command == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"
        if command == "AUTHENTICATE PLAIN":
            self.wfile.write(b"+ \r\n")
            said = base64.b64decode(self.rfile.readline())
            return b"" if said == f"\0{USER}\0{PASSWORD}".encode() else None
        if command.startswith("SELECT"):
            return f"* {len(office.mails)} EXISTS\r\n".encode()
        if command.startswith("UID SEARCH UNSEEN SINCE"):
            return b"* SEARCH " + " ".join(sorted(set(office.mails) - office.seen)).encode() + b"\r\n"
        if found := re.fullmatch(r"UID FETCH ([0-9,]+) \((.*)\)", command):
            return b"".join(self.fetched(uid, found[2]) for uid in found[1].split(","))
        if command.startswith("UID STORE"):
            office.seen.add(command.split()[2])
            return b""
        return b"* BYE\r\n" if command == "LOGOUT" else None

    def fetched(self, uid: str, what: str) -> bytes:
        data = self.server.mails[uid]
        fields = re.search(r"HEADER\.FIELDS \(([^)]*)\)", what)
        if fields:
            data = b"".join(
                line + b"\r\n"
                for line in re.split(rb"\r?\n(?![ \t])", re.split(rb"\r?\n\r?\n", data)[0])
                if line.partition(b":")[0].upper().decode() in fields[1].split()
            )
        first, last = ("", f" UID {uid}") if self.server.uid_last else (f"UID {uid} ", "")
        head = f"* 1 FETCH ({first}BODY[] {{{len(data)}}}\r\n"
        return head.encode() + data + f"{last})\r\n".encode()


@contextmanager
def imap_office() -> Iterator[ImapOffice]:
    """Serves until left."""
    with ImapOffice() as office:
        threading.Thread(target=office.serve_forever, args=(0.05,), daemon=True).start()
        yield office
        office.shutdown()
