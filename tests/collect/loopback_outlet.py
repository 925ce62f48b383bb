"""A real HTTP server on loopback that answers as a test wants, and remembers what it was asked."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from digest.model import FetchSettings

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
FETCH = FetchSettings(delay=0, timeout=2, allow_private=("127.0.0.0/8",))


@dataclass
class Reply:
    body: bytes | str = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None  # claimed in place of the true one
    pause: float = 0.0  # seconds between single bytes
    reset: bool = False
    hang: float = 0.0


Answering = Reply | Callable[["Asked"], Reply]


@dataclass
class Asked:
    path: str
    headers: dict[str, str]
    times: int


class Outlet:
    """`pages[path]` says what is answered; `asked` lists paths in order."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.pages: dict[str, Answering] = {"/robots.txt": Reply(b"", kind="text/plain")}
        self.asked: list[str] = []
        self.seen: list[Asked] = []
        self.url = f"http://127.0.0.1:{server.server_address[1]}"

    def articles_asked(self) -> list[str]:
        return [path for path in self.asked if path.startswith("/bai")]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    outlet: Outlet

    def log_message(self, *_args: object) -> None:
        pass

    def do_GET(self) -> None:
        outlet = self.outlet
        outlet.asked.append(self.path)
        asked = Asked(
            self.path, {k.lower(): v for k, v in self.headers.items()}, outlet.asked.count(self.path)
        )
        outlet.seen.append(asked)
        found = outlet.pages.get(self.path, Reply(b"", 404))
        reply = found(asked) if callable(found) else found
        if reply.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            self.connection.close()
            self.close_connection = True
            return
        time.sleep(reply.hang)
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(body) if reply.length is None else reply.length))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            for piece in [body] if not reply.pause else [body[n : n + 1] for n in range(len(body))]:
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(reply.pause)
        except OSError:
            pass
        self.close_connection = self.close_connection or reply.length is not None


class Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is its own affair."""


@contextmanager
def opened(certificate: Path | None = None) -> Iterator[Outlet]:
    handler = type("OneHandler", (Handler,), {})
    server = Quiet(("127.0.0.1", 0), handler)
    outlet = handler.outlet = Outlet(server)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        outlet.url = outlet.url.replace("http:", "https:")
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield outlet
    finally:
        server.shutdown()
        server.server_close()
