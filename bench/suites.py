"""Feeds, hostile files and refused addresses that others wrote, each served as a source beside three good ones.

    python bench/suites.py SUITES feeds       # each feed alone; stated titles, links and dates against the archive
    python bench/suites.py SUITES hostile     # seconds and megabytes of each file, in a process of its own
    python bench/suites.py SUITES addresses   # as source, as an article's link and as a redirect's target
    python bench/suites.py SUITES dates       # every date string with its stated instant
    python bench/suites.py SUITES encodings   # pages and feeds in old encodings, collected; letters and phrases

What is connected to is seen at the socket (an audit hook of the interpreter), not asked of the program.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import text_suites

from digest.collect import urls
from digest.collect.run import Collected, collect
from digest.model import Article, Config, FetchSettings, Silent, Source
from digest.storage import articles
from digest.storage.engine import Archive
from digest.text.normalise import clean

FETCH = FetchSettings(delay=0, timeout=5, allow_private=("127.0.0.1/32",))
GOOD_ARTICLES = 3
LONGEST, MOST_MEGABYTES = 10.0, 300.0


@dataclass
class Host:
    """Pages by path on loopback; `asked` lists what was asked for."""

    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def put(self, path: str, body: bytes, status: int = 200, **headers: str) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, {"Content-Type": "text/html; charset=utf-8"} | named, body)
        return self.url + path


@contextmanager
def hosted() -> Iterator[Host]:
    host = Host()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_args: object) -> None:
            pass

        def do_GET(self) -> None:
            host.asked.append(self.path)
            status, headers, body = host.pages.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    host.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield host
    finally:
        server.shutdown()


def good_sources(host: Host) -> list[Source]:
    """Three outlets of which every article must arrive."""
    made = []
    for name in ("mot", "hai", "ba"):
        items = ""
        for number in range(GOOD_ARTICLES):
            title = f"Xã Bến Thử {name} khánh thành nhà văn hóa số {number}"
            text = (
                f"<p>Công trình {name} số {number} rộng ba trăm mét vuông, có phòng đọc sách và sân tập cho bà con trong thôn.</p>"
                * 4
            )
            page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div class='content'>{text}</div></body></html>"
            where = host.put(f"/{name}/bai-{number}0000.html", page.encode())
            items += f"<item><title>{title}</title><link>{where}</link></item>"
        feed = f"<rss version='2.0'><channel><title>{name}</title>{items}</channel></rss>"
        made.append(
            Source(
                f"tot-{name}",
                f"Báo {name}",
                "feed",
                host.put(f"/{name}.rss", feed.encode(), Content_Type="text/xml"),
            )
        )
    return made


def run(sources: list[Source]) -> tuple[Collected, list[Article]]:
    """One run into an empty archive, and what is in it afterwards."""
    config = Config(fetch=FETCH, sources=tuple(sources))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        archive = Archive.open(f"sqlite:///{Path(folder, 'archive.sqlite3').as_posix()}")
        collected = collect(
            archive, config, sources=sources, now=lambda: datetime.now(UTC), progress=Silent()
        )
        with archive.reading() as conn:
            kept = list(articles.iterate(conn))
        archive.close()
    return collected, kept


def good_ones(kept: list[Article]) -> int:
    return sum(a.source.startswith("tot-") and a.revision.text == "full" for a in kept)


# feeds


def feeds(suites: Path, show: bool) -> int:
    listed = json.loads((suites / "feeds" / "manifest.json").read_text("utf-8"))
    wrong_of: dict[str, list[str]] = {"core": [], "other": []}
    alive = counted = 0
    with hosted() as host:
        for one in listed:
            path = f"/{one['id']}.xml"
            host.pages[path] = (
                one["http"]["status"],
                dict(one["http"]["headers"]),
                (suites / "feeds" / one["file"]).read_bytes(),
            )
            try:
                collected, kept = run([Source("nguon", "Báo", "feed", host.url + path)])
            except Exception as error:
                wrong_of["core"].append(f"{one['id']}: {type(error).__name__}: {error}")
                continue
            alive += 1
            core = one["core"] and one["collectable"]
            counted += core
            for line in compared(one, kept):
                reasons = "; ".join(f.reason for f in collected.failed if not f.page)
                wrong_of["core" if core else "other"].append(f"{one['id']}: {line} {reasons}")
    print(
        f"{len(listed)} feeds, {alive} leave the run alive; core and collectable: {counted}, wrong statements: {len(wrong_of['core'])}"
    )
    print(f"wrong statements of the others (their peers' own habits among them): {len(wrong_of['other'])}")
    for line in [*wrong_of["core"], *(wrong_of["other"] if show else ())]:
        print("  " + line)
    return 0 if alive == len(listed) and not wrong_of["core"] else 1


def compared(one: dict[str, Any], kept: list[Article]) -> list[str]:
    """What the archive has otherwise than stated; fields that a second reader sees differently are left out."""
    soft = {(s.get("entry"), s.get("field")) for s in one.get("second_opinion_differs") or ()}
    expected = one.get("expect_entries") or []
    wrong = []
    for number, said in enumerate(expected):
        for name in ("title", "link", "published"):
            if (
                said.get(name)
                and (number, name) not in soft
                and not any(_has(a, name, said[name]) for a in kept)
            ):
                got = [(a.content.title, a.url, str(a.content.published)) for a in kept][:3]
                wrong.append(f"{name} {said[name]!r} not among {got}")
    return wrong


def _has(article: Article, name: str, said: str) -> bool:
    if name == "title":
        return clean(article.content.title) == clean(said)
    if name == "link":
        try:
            return article.url == urls.identity(said)
        except ValueError:
            return False
    when = article.content.published
    return when is not None and when == _instant(said)


def _instant(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


# hostile files


def hostile(suites: Path, show: bool) -> int:
    listed = json.loads((suites / "hostile" / "manifest.json").read_text("utf-8"))
    bad = 0
    for one in listed:
        if (
            one.get("kind") not in ("feed", "page")
            or not (suites / "hostile" / Path(one["file"]).name).exists()
        ):
            continue
        for part in ("entry", "article"):
            asked = [
                sys.executable,
                __file__,
                str(suites),
                "one",
                "--file",
                Path(one["file"]).name,
                "--as",
                part,
            ]
            done = subprocess.run(asked, capture_output=True, text=True, timeout=120)
            got = (
                json.loads(done.stdout.splitlines()[-1])
                if done.returncode == 0
                else {"died": done.stderr[-300:]}
            )
            fine = (
                got.get("good") == 3 * GOOD_ARTICLES
                and got["seconds"] <= LONGEST
                and got["megabytes"] <= MOST_MEGABYTES
                and not got["elsewhere"]
            )
            bad += not fine
            if show or not fine:
                print(f"{'ok ' if fine else 'BAD'} {part:7} {one['file']}: {got}")
    print(f"hostile files: {bad} bad")
    return 1 if bad else 0


def one_hostile(suites: Path, name: str, part: str) -> int:
    listed = json.loads((suites / "hostile" / "manifest.json").read_text("utf-8"))
    about = next(one for one in listed if Path(one["file"]).name == name)
    connected = watched()
    with hosted() as host:
        sources = good_sources(host)
        run(sources)  # what every run needs is not counted against the file
        headers = {"Content-Type": about["content_type"]} | (
            {"Content-Encoding": about["content_encoding"]} if about["content_encoding"] else {}
        )
        host.pages["/xau"] = (200, headers, (suites / "hostile" / name).read_bytes())
        where = host.url + "/xau"
        if part == "article":
            feed = f"<rss version='2.0'><channel><item><title>Bài thử</title><link>{where}</link></item></channel></rss>"
            where = host.put("/xau.rss", feed.encode(), Content_Type="text/xml")
        kind = "listing" if part == "entry" and about["kind"] == "page" else "feed"
        begun = time.perf_counter()
        collected, kept = run([Source("xau", "Báo xấu", kind, where), *sources])
        seconds = time.perf_counter() - begun
        elsewhere = sorted({at for at in connected if at != "127.0.0.1"})
    peak = (
        max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        / 1024
    )
    mine = [a for a in kept if a.source == "xau"]
    print(json.dumps({
        "seconds": round(seconds, 2), "megabytes": round(peak), "good": good_ones(kept), "elsewhere": elsewhere,
        "kept": [[a.revision.text, a.content.title[:60], len(a.content.title)] for a in mine][:3],
        "failed": [f.reason for f in collected.failed][:2],
    }, ensure_ascii=False))  # fmt: skip
    return 0


def watched() -> list[str]:
    """Every address that a socket of this process is connected to from now on."""
    seen: list[str] = []

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "socket.connect" and isinstance(args[1], tuple):
            seen.append(str(args[1][0]))

    sys.addaudithook(hook)
    return seen


# refused addresses


def addresses(suites: Path, show: bool) -> int:
    listed = json.loads((suites / "lists" / "ssrf.json").read_text("utf-8"))
    targets = [one["url"] for one in listed["urls"]]
    connected, bad = watched(), 0
    with hosted() as host:
        sources = good_sources(host)
        port = urlsplit(host.url).port
        for number, target in enumerate(targets):
            link = target.replace("&", "&amp;").replace("<", "&lt;")
            feed = f"<rss version='2.0'><channel><item><title>Bài</title><link>{link}</link></item></channel></rss>"
            at = {
                "source": target,
                "link": host.put(f"/lien-ket-{number}.rss", feed.encode(), Content_Type="text/xml"),
                "redirect": host.put(
                    f"/chuyen-{number}",
                    b"",
                    302,
                    Location=target.replace("\r\n", "").encode("utf-8").decode("latin-1"),
                ),
            }
            for part, where in at.items():
                connected.clear()
                collected, kept = run([Source("xau", "Báo xấu", "feed", where), *sources])
                wrong = sorted({c for c in connected if c != "127.0.0.1"})
                ports = [path for path in host.asked if path.startswith(("/latest", "/meta"))]
                fine = good_ones(kept) == 3 * GOOD_ARTICLES and not wrong and not ports
                bad += not fine
                if show or not fine:
                    reasons = [f.reason for f in collected.failed]
                    print(f"{'ok ' if fine else 'BAD'} {part:8} {target[:60]!r}: {wrong} {reasons[:1]}")
    print(f"{len(targets)} addresses in three places: {bad} bad (server on port {port})")
    return 1 if bad else 0


# encodings


def encodings(suites: Path, show: bool) -> int:
    def collected(body: bytes, content_type: str, feed: bool) -> list[Article]:
        with hosted() as host:
            where = host.put("/1.xml" if feed else "/bai-10000.html", body, Content_Type=content_type)
            if not feed:
                item = f"<rss version='2.0'><channel><item><title>-</title><link>{where}</link></item></channel></rss>"
                where = host.put("/nguon.rss", item.encode(), Content_Type="text/xml")
            return run([Source("nguon", "Báo", "feed", where)])[1]

    return text_suites.encodings(suites / "encodings", show, collected)


def dates(suites: Path, show: bool) -> int:
    return text_suites.dates(suites / "dates", show)


WHAT = {"feeds": feeds, "hostile": hostile, "addresses": addresses, "dates": dates, "encodings": encodings}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("suites", type=Path)
    parser.add_argument("what", choices=[*WHAT, "one"])
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--file")
    parser.add_argument("--as", dest="part", default="entry")
    given = parser.parse_args()
    if given.what == "one":
        return one_hostile(given.suites, given.file, given.part)
    return WHAT[given.what](given.suites, given.show)


if __name__ == "__main__":
    sys.exit(main())
