"""The web view under load: pages a second and waiting times over a real archive, beside Datasette where it is named.

    python bench/web.py HOME [--seconds 20] [--connections 16] [--datasette PATH] [--busy]

HOME is a workspace with articles and an index. Needs wrk. Each page is asked for in three ways: one page
again and again ("same"), many pages at random ("random": most are made anew), and as readers do, where a
few pages are asked for often ("readers": Zipf's law over all articles). Searches are ten queries again and
again, and pairs of words out of headlines, each asked once ("unseen"). `--datasette` names the program
datasette; it serves the same articles out of SQLite with FTS5 in the same run, with its defaults and tuned.
`--weekly` copies HOME and measures once more while `digest weekly` collects from the built-in newsroom,
again and again, into the archive that is being read.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
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
from collections.abc import Iterator
from contextlib import contextmanager
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
UNSEEN = 30_000  # searches that are each asked once: more than are answered in a minute
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
    """MB in memory of a process and its children (pages they share counted once), 0 where /proc is not."""
    total = 0.0
    for one in [pid, *children(pid)]:
        try:
            found = re.search(r"Pss:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text())
        except OSError:
            continue
        total += int(found[1]) / 1000 if found else 0.0
    return total


@contextmanager
def sampled(pid: int, seconds: int, times: int = 6) -> Iterator[list[float]]:
    """MB in memory at evenly spaced moments: flat means that the last are no higher than those before."""
    seen: list[float] = []
    over = threading.Event()

    def watch() -> None:
        while not over.wait(seconds / times):
            seen.append(resident(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()] + [
            int(one)
            for task in Path(f"/proc/{pid}/task").iterdir()
            if task.name != str(pid)
            for one in (task / "children").read_text().split()
        ]
    except OSError:
        return []


def pairs(home: Path, most: int) -> list[str]:
    """Two neighbouring words of headlines, as people type them."""
    conn = sqlite3.connect(home / "archive.sqlite3")
    titles = [row[0] for row in conn.execute("SELECT title FROM revisions ORDER BY article LIMIT 60000")]
    conn.close()
    chance, found = random.Random(7), {}
    for _ in range(4 * most):
        words = re.findall(r"[^\W\d_]+", chance.choice(titles))
        at = chance.randrange(max(1, len(words) - 1))
        if len(words) > 1:
            found[" ".join(words[at : at + 2])] = None
    return list(found)[:most]


def once(path: str, queries: list[str]) -> str:
    """Each address once, then from the first again."""
    listed = ", ".join(f"'{path}{urllib.parse.quote(query)}'" for query in queries)
    return f"local list = {{{listed}}}\nlocal n = 0\nrequest = function() n = n + 1 return wrk.format('GET', list[n % #list + 1]) end\n"


def scripts(most: int, article: str, search: str) -> list[tuple[str, str]]:
    queries = ", ".join(f"'{search}{urllib.parse.quote(query)}'" for query in QUERIES)
    return [
        ("article, same", f'request = function() return wrk.format("GET", "{article}{most // 2}") end\n'),
        ("article, readers", READERS.format(path=article, most=most)),
        ("article, random", RANDOM.format(path=article, most=most)),
        ("search, ten queries", LISTED.format(list=queries)),
    ]


@contextmanager
def serving(home: Path, workers: int | None) -> Iterator[tuple[str, int]]:
    """`digest serve` over a workspace: its address and process."""
    port = free_port()
    command = [sys.executable, "-m", "digest", "--home", str(home), "serve", "--port", str(port)]
    command += ["--workers", str(workers)] if workers else []
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{base}/bai/1")
        time.sleep(3)  # the other processes come up
        yield base, server.pid
    finally:
        server.terminate()
        server.wait()


def ours(home: Path, given: argparse.Namespace, most: int) -> dict[str, Load]:
    found = {}
    asked = pairs(home, 3 * UNSEEN)
    with serving(home, given.workers) as (base, pid):
        first = urllib.request.urlopen(base + urllib.parse.quote("/?q=tôn giáo", safe="/?=")).read()
        print(f"first page, HTML alone, not compressed: {len(first) / 1000:.1f} KB")
        before = resident(pid)
        for name, script in [
            *scripts(most, "/bai/", "/?q="),
            ("search, unseen", once("/?q=", asked[:UNSEEN])),
            ("search by API, ten queries", scripts(most, "/bai/", "/api/v1/search?q=")[3][1]),
            ("search by API, unseen", once("/api/v1/search?q=", asked[UNSEEN : 2 * UNSEEN])),
        ]:
            if name == "search, unseen":  # what is remembered of searches fills before memory is looked at
                load("", base, once("/?q=", asked[2 * UNSEEN :]), given.seconds, given.connections)
            with sampled(pid, given.seconds) as memory:
                found[name] = load(name, base, script, given.seconds, given.connections)
            show(found[name])
            print("    memory over it: " + " ".join(f"{megabytes:.0f}" for megabytes in memory) + " MB")
        print(f"memory: {before:.0f} MB before, {resident(pid):.0f} MB after")
        alone(base, pairs(home, 3 * UNSEEN + 400)[3 * UNSEEN :])
    return found


def alone(base: str, queries: list[str]) -> None:
    """One search at a time: the whole HTTP request beside what the engine says it took."""
    conn = http.client.HTTPConnection(base.removeprefix("http://"))
    whole, engine = [], []
    for query in queries:
        began = time.perf_counter()
        conn.request("GET", "/api/v1/search?q=" + urllib.parse.quote(query))
        body = conn.getresponse().read()
        whole.append((time.perf_counter() - began) * 1000)
        engine.append(json.loads(body)["took_ms"])
    within = sum(1 for all_, part in zip(whole, engine, strict=True) if all_ <= 1.5 * part + 5) / len(whole)
    print(
        f"alone, {len(whole)} unseen: whole request p50 {at(whole, 50):.1f} p95 {at(whole, 95):.1f} ms, engine p50 {at(engine, 50):.1f} p95 {at(engine, 95):.1f} ms; "
        f"within 1.5 × engine + 5 ms: {within:.0%}"
    )


def at(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def beside_weekly(home: Path, given: argparse.Namespace, most: int) -> None:
    """The same searches and pages alone, then while weekly runs write into the archive that is read."""
    import yaml

    from digest import clock
    from digest.demo.newsroom import start_newsroom
    from digest.demo.sources import sources_yaml

    asked = pairs(home, 16_000)
    with tempfile.TemporaryDirectory() as folder, start_newsroom(clock.now()) as newsroom:
        copy = Path(folder) / "home"
        shutil.copytree(home, copy)
        said = yaml.safe_load((home / "sources.yaml").read_text(encoding="utf-8"))
        news = yaml.safe_load(sources_yaml(newsroom))
        said["fetch"], said["sources"] = news["fetch"], news["sources"]
        (copy / "sources.yaml").write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
        with serving(copy, given.workers) as (base, _pid):
            measures = [
                ("search, unseen", once("/?q=", asked[:8000]), once("/?q=", asked[8000:])),
                *((name, script, script) for name, script in scripts(most, "/bai/", "/?q=")),
            ]
            quiet = [load(f"quiet: {n}", base, a, given.seconds, given.connections) for n, a, _b in measures]
            stop, runs = threading.Event(), []
            writer = threading.Thread(target=weekly_again, args=(copy, stop, runs))
            writer.start()
            busy = [load(f"weekly: {n}", base, b, given.seconds, given.connections) for n, _a, b in measures]
            stop.set()
            writer.join()
        print(f"{len(runs)} weekly runs, codes {sorted(set(runs))}")
        for one, other in zip(quiet, busy, strict=True):
            show(one)
            show(other)
            print(f"    p95 {other.p95 / one.p95:.2f} times")


def weekly_again(home: Path, stop: threading.Event, codes: list[int]) -> None:
    while not stop.is_set():
        done = subprocess.run(
            [sys.executable, "-m", "digest", "--home", str(home), "weekly"], capture_output=True
        )
        codes.append(done.returncode)


TUNED = "--setting suggest_facets off --setting allow_facet off --setting default_page_size 10 --setting num_sql_threads 8"


def datasette(
    program: Path, home: Path, given: argparse.Namespace, most: int, tuned: bool
) -> dict[str, Load]:
    """The same articles in SQLite with FTS5, served by Datasette: with its defaults, or as fast as settings make it."""
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
    more = (
        ["--immutable", str(folder / "articles.db"), *TUNED.split()]
        if tuned
        else [str(folder / "articles.db")]
    )
    server = subprocess.Popen(
        [str(program), "serve", *more, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    found = {}
    try:
        wait_for(f"{base}/articles/articles/1")
        asked = pairs(home, 8000)
        measures = scripts(most, "/articles/articles/", "/articles/articles?_search=")
        measures += [
            ("search, unseen", once("/articles/articles?_search=", asked)),
            ("search by API, unseen", once("/articles/articles.json?_search=", asked)),
        ]
        title = "datasette, tuned" if tuned else "datasette"
        for name, script in measures:
            found[name] = load(f"{title}: {name}", base, script, given.seconds, given.connections)
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
    parser.add_argument("--weekly", action="store_true")
    parser.add_argument("--workers", type=int)
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("bench/web.py needs wrk (apt-get install wrk)")
    conn = sqlite3.connect(given.home / "archive.sqlite3")
    most = conn.execute("SELECT max(id) FROM articles").fetchone()[0]
    conn.close()
    print(f"{most} articles, {given.connections} connections, {given.seconds} s each, {os.cpu_count()} cores")
    print(f"load average before: {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "")
    mine = ours(given.home, given, most)
    for tuned in (False, True) if given.datasette else ():
        for name, one in datasette(given.datasette, given.home, given, most, tuned).items():
            word = "Datasette, tuned" if tuned else "Datasette"
            print(f"{name}: {mine[name].rate / max(one.rate, 0.01):.1f} times {word}")
    if given.weekly:
        beside_weekly(given.home, given, most)


if __name__ == "__main__":
    main()
