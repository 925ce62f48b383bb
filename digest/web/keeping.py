"""Pages kept in memory while nothing that they show has changed: most requests of readers are answered from here."""

from __future__ import annotations

import gzip
import logging
import re
import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from digest.web.links import without_key

Start = Callable[..., Any]
App = Callable[[dict[str, Any], Start], Iterable[bytes]]
Proof = tuple[object, Callable[[], object]]
access = logging.getLogger("digest.web.access")

MOST = 24_000_000  # octets of all pages together, compressed
LARGEST = 200_000  # of one page
LONGEST_QUERY = 600  # addresses longer than that are nobody's habit
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|\s|$))")
KINDS = ("text/html", "application/atom+xml", "application/json", "application/xml")
NEVER = ("/bien-tap", "/static/", "/healthz", "/readyz", "/suc-khoe")


@dataclass(slots=True)
class Page:
    """A kept answer; `body` is gzip, `mark` what was true when it was made, `proof` its own smaller truth
    and how to ask for it again."""

    head: list[tuple[str, str]]
    body: bytes
    etag: str
    mark: object
    proof: Proof | None


@dataclass
class Kept:
    """WSGI middleware. `mark` tells cheaply whether anything changed; an answer that depends on less puts the
    `Proof` of it into environ["digest.proof"], as it was when it was read."""

    app: App
    mark: Callable[[], object]
    most: int = MOST
    _pages: OrderedDict[tuple[str, ...], Page] = field(default_factory=OrderedDict)
    _size: int = 0
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answers from memory what can be; everything else goes on."""
        key = _key(environ)
        if key is None:
            return self.app(environ, start)
        began = time.perf_counter()
        mark = self.mark()
        page = self._find(key, mark)
        if page is None:
            page, answer = self._made(environ, start, key, mark)
            if page is None:
                return answer
        else:
            took = (time.perf_counter() - began) * 1000
            path = without_key(environ["PATH_INFO"])
            access.info("%s %s 200 %.1f ms", environ["REQUEST_METHOD"], path, took)
        return _sent(page, environ, start)

    def _find(self, key: tuple[str, ...], mark: object) -> Page | None:
        with self._guard:
            page = self._pages.get(key)
            if page is None:
                return None
            self._pages.move_to_end(key)
        if page.mark == mark:
            return page
        if page.proof is not None and page.proof[0] == page.proof[1]():
            page.mark = mark
            return page
        return None

    def _made(
        self, environ: dict[str, Any], start: Start, key: tuple[str, ...], mark: object
    ) -> tuple[Page | None, Iterable[bytes]]:
        """The page newly made and kept, or the answer as it is where it is not to be kept."""
        asked = environ.pop("HTTP_IF_NONE_MATCH", None)
        told: list[Any] = []

        def note(status: str, head: list[tuple[str, str]], exc_info: Any = None) -> Any:
            told[:] = [status, head, exc_info]
            return lambda _data: None

        body = b"".join(_closing(self.app(environ, note)))
        status, head, exc_info = told
        if asked is not None:
            environ["HTTP_IF_NONE_MATCH"] = asked
        if not _keepable(status, head, body):
            start(status, head, exc_info) if exc_info else start(status, head)
            return None, [body]
        page = _page(head, body, mark, environ.get("digest.proof"))
        with self._guard:
            old = self._pages.pop(key, None)
            self._size += len(page.body) - (len(old.body) if old else 0)
            self._pages[key] = page
            while self._size > self.most:
                _oldest, gone = self._pages.popitem(last=False)
                self._size -= len(gone.body)
        return page, ()


def _key(environ: dict[str, Any]) -> tuple[str, ...] | None:
    """What an answer depends on; None for what is never kept."""
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if (
        environ["REQUEST_METHOD"] not in ("GET", "HEAD")
        or "HTTP_COOKIE" in environ
        or "HTTP_RANGE" in environ
    ):
        return None
    plain = path if not path.startswith("/~") else "/" + path[2:].partition("/")[2]
    if len(query) > LONGEST_QUERY or plain.startswith(NEVER) or "/tep/" in plain:
        return None
    # An article names the way back to the results that its reader comes from.
    if plain.startswith("/bai/") and "/?" in environ.get("HTTP_REFERER", ""):
        return None
    return environ["wsgi.url_scheme"], environ.get("HTTP_HOST", ""), path, query


def _closing(answer: Iterable[bytes]) -> Iterable[bytes]:
    try:
        yield from answer
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()


def _keepable(status: str, head: list[tuple[str, str]], body: bytes) -> bool:
    values = {name.lower(): value for name, value in head}
    return (
        status.startswith("200")
        and len(body) <= LARGEST
        and "set-cookie" not in values
        and "content-encoding" not in values
        and values.get("cache-control") == "no-cache"
        and "etag" in values
        and values.get("content-type", "").partition(";")[0] in KINDS
    )


def _page(head: list[tuple[str, str]], body: bytes, mark: object, proof: Proof | None) -> Page:
    etag = next(value for name, value in head if name.lower() == "etag")
    kept = [pair for pair in head if pair[0].lower() not in ("content-length", "vary")]
    return Page([*kept, ("Vary", "Accept-Encoding")], gzip.compress(body, 1, mtime=0), etag, mark, proof)


def _sent(page: Page, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """The page, compressed for who can take it; 304 for who has it."""
    if page.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
        start("304 Not Modified", [pair for pair in page.head if pair[0].lower() != "content-type"])
        return []
    packed = _GZIP.search(environ.get("HTTP_ACCEPT_ENCODING", "")) is not None
    body = page.body if packed else gzip.decompress(page.body)
    more = [("Content-Encoding", "gzip")] if packed else []
    start("200 OK", [*page.head, *more, ("Content-Length", str(len(body)))])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


@dataclass
class Watch:
    """Whether a SQLite archive was written to since: one pragma, 10 µs, whoever wrote it."""

    path: Path
    _conn: sqlite3.Connection | None = None
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def version(self) -> int:
        """A number that differs after every commit of any other connection."""
        with self._guard:
            if self._conn is None:
                uri = f"{self.path.resolve().as_uri()}?mode=ro"
                self._conn = sqlite3.connect(uri, uri=True, check_same_thread=False)
            return int(self._conn.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Closes the connection."""
        with self._guard:
            if self._conn is not None:
                self._conn.close()
                self._conn = None
