"""The web view under load: pages a second and waiting times over a real archive, beside Datasette where it is named.

    python bench/web.py HOME [--seconds 20] [--connections 16] [--datasette PATH] [--busy]

HOME is a workspace with articles and an index. Needs wrk. Each page is asked for in three ways: one page
again and again ("same"), many pages at random ("random": most are made anew), and as readers do, where a
few pages are asked for often ("readers": Zipf's law over all articles). `--datasette` names the program
datasette; it serves the same articles out of SQLite with FTS5 in the same run. `--busy` writes to the
archive all the while, as a weekly run does.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

QUERIES = [
    "tôn giáo",
    "ton giao",
    "người có uy tín",
    "xây dựng đảng",
    "giá điện",
    "học sinh lớp",
    "cháy nhà",
    "bão số",
    "đại hội",
    "thi tốt nghiệp",
]
RANDOM = 'math.randomseed(7)\nrequest = function() return wrk.format("GET", "{path}" .. math.random(1, {most})) end\n'
READERS = (
    "math.randomseed(7)\n"
    'request = function() return wrk.format("GET", "{path}" .. math.floor({most} ^ math.random())) end\n'
)
LISTED = "local list = {{{list}}}\nmath.randomseed(7)\nrequest = function() return wrk.format('GET', list[math.random(1, #list)]) end\n"


@dataclass(frozen=True)
class Load:
    """One measurement: answers a second, waiting times in milliseconds, errors."""

    name: str
    rate: float
    p50: float
    p95: float
    p99: float
    errors: int


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(url, timeout=10).read()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{url} does not answer")


def milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]


def load(name: str, base: str, script: str, seconds: int, connections: int) -> Load:
    """Runs wrk with a Lua script that also tells the 95th percentile."""
    tail = 'done = function(s, l, r) io.write(string.format("P %f %f %f\\n", l:percentile(50) / 1000, l:percentile(95) / 1000, l:percentile(99) / 1000)) end\n'
    with tempfile.NamedTemporaryFile("w", suffix=".lua", delete=False) as file:
        file.write(script + tail)
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", file.name, base],
        capture_output=True,
        text=True,
        check=True,
    )
    Path(file.name).unlink()
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])  # type: ignore[index]
    p50, p95, p99 = (float(one) for one in re.search(r"P ([\d.]+) ([\d.]+) ([\d.]+)", done.stdout).groups())  # type: ignore[union-attr]
    errors = sum(int(one) for one in re.findall(r"(?:connect|read|write|timeout) (\d+)", done.stdout))
    errors += int((re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout) or [0, 0])[1])
    return Load(name, rate, p50, p95, p99, errors)


def show(one: Load) -> None:
    print(
        f"{one.name:<34} {one.rate:>8.1f}/s   p50 {one.p50:>7.1f}   p95 {one.p95:>7.1f}   p99 {one.p99:>7.1f} ms   errors {one.errors}",
        flush=True,
    )


def resident(pid: int) -> float:
    """MB in memory, 0 where /proc is not."""
    try:
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1000 if found else 0.0


def scripts(most: int, article: str, search: str) -> list[tuple[str, str]]:
    queries = ", ".join(f"'{search}{urllib.parse.quote(query)}'" for query in QUERIES)
    return [
        ("article, same", f'request = function() return wrk.format("GET", "{article}{most // 2}") end\n'),
        ("article, readers", READERS.format(path=article, most=most)),
        ("article, random", RANDOM.format(path=article, most=most)),
        ("search, ten queries", LISTED.format(list=queries)),
    ]


def ours(home: Path, seconds: int, connections: int, most: int, busy: bool) -> dict[str, Load]:
    port = free_port()
    command = [sys.executable, "-m", "digest", "--home", str(home), "serve", "--port", str(port)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    stop = threading.Event()
    found = {}
    try:
        wait_for(f"{base}/bai/1")
        first = sum(
            len(urllib.request.urlopen(f"{base}/{path}").read())
            for path in [urllib.parse.quote("?q=tôn giáo", safe="?=")]
        )
        print(f"first page, HTML alone, not compressed: {first / 1000:.1f} KB")
        writer = threading.Thread(target=keep_writing, args=(home, stop), daemon=True)
        if busy:
            writer.start()
        before = resident(server.pid)
        unlike = [
            *scripts(most, "/bai/", "/?q="),
            (
                "search, never the same",
                f'local n = 0\nrequest = function() n = n + 1 return wrk.format("GET", "/?q={urllib.parse.quote("tôn giáo")}%20" .. n) end\n',
            ),
            ("search by API, ten queries", scripts(most, "/bai/", "/api/v1/search?q=")[3][1]),
        ]
        for name, script in unlike:
            found[name] = load(name, base, script, seconds, connections)
            show(found[name])
        print(f"memory: {before:.0f} MB before, {resident(server.pid):.0f} MB after")
    finally:
        stop.set()
        server.terminate()
        server.wait()
    return found


def keep_writing(home: Path, stop: threading.Event) -> None:
    """Commits ten times a second, as collecting does."""
    conn = sqlite3.connect(home / "archive.sqlite3", timeout=30)
    number = 0
    while not stop.wait(0.1):
        number += 1
        with conn:
            conn.execute("UPDATE articles SET fetched = fetched, changed = changed WHERE id = ?", (number,))
    conn.close()


def datasette(program: Path, home: Path, seconds: int, connections: int, most: int) -> dict[str, Load]:
    """The same articles in SQLite with FTS5, served by Datasette with its defaults."""
    folder = Path(tempfile.mkdtemp())
    table = sqlite3.connect(folder / "articles.db")
    table.executescript(
        f"ATTACH '{home / 'archive.sqlite3'}' AS a;"
        "CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT, lead TEXT, body TEXT, outlet TEXT);"
        "INSERT INTO articles SELECT a.articles.id, title, lead, paragraphs, outlet FROM a.articles JOIN a.revisions r ON r.article = a.articles.id AND r.number = a.articles.revision;"
        "CREATE VIRTUAL TABLE articles_fts USING fts5(title, lead, body, content=articles, content_rowid=id, tokenize='unicode61 remove_diacritics 2');"
        "INSERT INTO articles_fts(articles_fts) VALUES('rebuild');"
    )
    table.close()
    port = free_port()
    server = subprocess.Popen(
        [str(program), "serve", str(folder / "articles.db"), "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    found = {}
    try:
        wait_for(f"{base}/articles/articles/1")
        for name, script in scripts(most, "/articles/articles/", "/articles/articles?_search="):
            found[name] = load(f"datasette: {name}", base, script, seconds, connections)
            show(found[name])
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("home", type=Path)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--datasette", type=Path)
    parser.add_argument("--busy", action="store_true")
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("bench/web.py needs wrk (apt-get install wrk)")
    most = (
        sqlite3.connect(given.home / "archive.sqlite3").execute("SELECT max(id) FROM articles").fetchone()[0]
    )
    print(f"{most} articles, {given.connections} connections, {given.seconds} s each, {os.cpu_count()} cores")
    mine = ours(given.home, given.seconds, given.connections, most, given.busy)
    if given.datasette:
        theirs = datasette(given.datasette, given.home, given.seconds, given.connections, most)
        for name, one in theirs.items():
            print(f"{name}: {mine[name].rate / one.rate:.1f} times Datasette")


if __name__ == "__main__":
    main()
