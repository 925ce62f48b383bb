"""Outlets on addresses of their own (127.0.0.11 and on), slow as real ones are, with invented articles."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

COMMUNES = ("Bến Thử", "Đồng Mẫu", "Sông Vân", "Hạ Sơn")


class Outlets:
    """`count` hosts with `articles` each; `asked` has how often each page was asked for, `at_once` who met whom."""

    def __init__(self, count: int, articles: int, pause: float) -> None:
        self.pause, self.articles = pause, articles
        self.hosts = [f"127.0.0.{11 + n}" for n in range(count)]
        self._servers = [ThreadingHTTPServer((host, 0), self._handler(host)) for host in self.hosts]
        self.addresses = {server.server_address[0]: f"http://{server.server_address[0]}:{server.server_address[1]}" for server in self._servers}  # fmt: skip
        for server in self._servers:
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self) -> Outlets:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def sources_yaml(self) -> str:
        """sources.yaml of every collecting machine."""
        lines = "".join(
            f"  - {{id: bao-{n}, outlet: Báo {n}, kind: feed, url: {self.addresses[host]}/rss, limit: {self.articles}}}\n"
            for n, host in enumerate(self.hosts)
        )
        return (
            "format: 1\nsite: {name: Cụm thử, url: https://bantin.example.vn}\n"
            "fetch: {concurrency: 8, per_host: 2, delay: 0, timeout: 20, allow_private: [127.0.0.0/8]}\n"
            f"sources:\n{lines}topics:\n  - {{id: nong-thon, name: Nông thôn, query: '\"nông thôn\"'}}\nbulletins: []\n"
        )

    def answer(self, host: str, path: str) -> tuple[str, str]:
        """(type, body) of a page."""
        base = self.addresses[host]
        if path == "/rss":
            items = "".join(
                f"<item><title>{title(host, n)}</title><link>{base}/bai-{n}.html</link>"
                f"<pubDate>Mon, 23 Nov 2026 0{n % 10}:00:00 +0700</pubDate></item>"
                for n in range(self.articles)
            )
            return (
                "application/rss+xml",
                f"<rss version='2.0'><channel><title>B</title>{items}</channel></rss>",
            )
        number = int(path.removeprefix("/bai-").removesuffix(".html"))
        words = (
            f"{title(host, number)}. Bà con xã {COMMUNES[number % 4]} bàn việc số {number} của {host}. " * 3
        )
        body = "".join(f"<p>{words} Đoạn {n}, việc {number * 7 + n}.</p>" for n in range(5))
        return "text/html; charset=utf-8", f"<html><body><article><h1>{title(host, number)}</h1>{body}</article></body></html>"  # fmt: skip

    def _handler(self, host: str) -> type[BaseHTTPRequestHandler]:
        outlets = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if not self.path.startswith(("/rss", "/bai-")):
                    self.send_error(404)
                    return
                time.sleep(outlets.pause)
                kind, text = outlets.answer(host, self.path)
                data = text.encode()
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:
                return

        return Handler


def title(host: str, number: int) -> str:
    """A headline that no other article has."""
    return f"Nông thôn mới ở {COMMUNES[number % 4]}: việc thứ {number} của {host.rpartition('.')[2]}"
