"""A loopback newsroom: five outlets, each a web server of its own on 127.0.0.1."""

from __future__ import annotations

import hashlib
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from digest.demo import entries, pages
from digest.demo.pieces import OUTLETS, Outlet, Piece, pieces


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says; `cut` sends but half of the body and hangs up."""

    status: int
    kind: str = "text/html; charset=utf-8"
    body: bytes = b""
    cut: bool = False


class Newsroom:
    """The five outlets, serving from `start_newsroom` until closed; a context manager.

    `hits` counts requests as (outlet id, path with query), so that tests can ask who was asked what.
    """

    def __init__(self, now: datetime, ports: Sequence[int] = ()) -> None:
        self.now = now
        self.outlets = OUTLETS
        self.hits: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        self._pieces = {piece.key: piece for piece in pieces(now)}
        self._servers: dict[str, ThreadingHTTPServer] = {}
        for place, outlet in enumerate(OUTLETS):
            self._serve(outlet, ports[place] if ports else 0)

    def __enter__(self) -> Newsroom:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stops all servers and frees their ports."""
        for server in self._servers.values():
            server.shutdown()
            server.server_close()
        self._servers.clear()

    def url(self, outlet_id: str) -> str:
        """The address of an outlet, without a slash at its end."""
        return f"http://127.0.0.1:{self._servers[outlet_id].server_address[1]}"

    @property
    def urls(self) -> dict[str, str]:
        """The address of each outlet by its id."""
        return {outlet.id: self.url(outlet.id) for outlet in OUTLETS}

    def pieces(self, outlet_id: str | None = None) -> tuple[Piece, ...]:
        """All articles as they are now, or one outlet's, the newest first."""
        return tuple(p for p in self._pieces.values() if outlet_id in (None, p.outlet.id))

    def address(self, piece: Piece) -> str:
        """The URL of an article."""
        return self.url(piece.outlet.id) + piece.path

    def correct(self) -> tuple[Piece, ...]:
        """The outlets put their slips right: text changes; gives the articles as they read now."""
        changed = tuple(piece.corrected() for piece in self._pieces.values() if piece.slip[0])
        self._pieces |= {piece.key: piece for piece in changed}
        return changed

    def withdraw(self, piece: Piece) -> None:
        """The outlet takes an article off: its page is 404 from now on, and no entry names it."""
        del self._pieces[piece.key]

    def hits_of(self, outlet_id: str, path: str) -> int:
        """How often a path of an outlet was asked for."""
        with self._lock:
            return self.hits[outlet_id, path]

    def answer(self, outlet: Outlet, target: str) -> Answer:
        """What an outlet answers to a request for `target` (path and query)."""
        with self._lock:
            self.hits[outlet.id, target] += 1
        split = urlsplit(target)
        return self._entry(outlet, split.path, split.query) or self._article(outlet, split.path)

    def _entry(self, outlet: Outlet, path: str, query: str) -> Answer | None:
        base, mine = self.url(outlet.id), self.pieces(outlet.id)
        if path == "/robots.txt":
            return Answer(200, "text/plain; charset=utf-8", entries.robots(base).encode())
        if path == "/sitemap-news.xml":
            return _xml(entries.news_sitemap(outlet, base, mine))
        if path != outlet.entry:
            return None
        if path.endswith(".rss"):
            return _xml(entries.rss(outlet, base, mine))
        if path == "/atom.xml":
            return _xml(entries.atom(outlet, base, mine))
        number = parse_qs(query).get("trang", ["1"])[0]
        listed = entries.listing(outlet, base, mine, int(number) if number.isdecimal() else 0)
        return None if listed is None else Answer(200, body=listed.encode())

    def _article(self, outlet: Outlet, path: str) -> Answer:
        mine = self.pieces(outlet.id)
        piece = next((one for one in mine if one.path == path), None)
        if piece is None or piece.trouble == "missing":
            return Answer(404, body="<html><body><h1>Không tìm thấy trang</h1></body></html>".encode())
        others = [one for one in mine if one.key != piece.key and not one.trouble][:3]
        body = pages.page(piece, self.url(outlet.id), others)
        return Answer(200, body=body, cut=piece.trouble == "truncated")

    def _serve(self, outlet: Outlet, port: int) -> None:
        server = _Server(("127.0.0.1", port), _handler(self, outlet))
        self._servers[outlet.id] = server
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is its own affair; anything else is ours to hear of."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def start_newsroom(now: datetime, ports: Sequence[int] = ()) -> Newsroom:
    """Starts the five outlets on free ports (or those given), their news dated back from `now`."""
    return Newsroom(now, ports)


def _xml(text: str) -> Answer:
    return Answer(200, "application/xml; charset=utf-8", text.encode("utf-8"))


def _handler(newsroom: Newsroom, outlet: Outlet) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 20

        def do_GET(self) -> None:
            self._say(newsroom.answer(outlet, self.path), with_body=True)

        def do_HEAD(self) -> None:
            self._say(newsroom.answer(outlet, self.path), with_body=False)

        def _say(self, answer: Answer, *, with_body: bool) -> None:
            tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
            if answer.status == 200 and not answer.cut and self.headers.get("If-None-Match") == tag:
                self.send_response(304)
                self.send_header("ETag", tag)
                self.end_headers()
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
            if answer.status == 200 and not answer.cut:
                self.send_header("ETag", tag)
            self.end_headers()
            if with_body:
                self.wfile.write(answer.body[: len(answer.body) // 2] if answer.cut else answer.body)
            self.close_connection = self.close_connection or answer.cut

        def log_message(self, format: str, *args: object) -> None:
            """The newsroom counts its hits and says nothing."""

    return Handler
