"""How far one PC goes, and PostgreSQL: archives of 10,000, 100,000 and 1,000,000 articles, measured as they grow.

    python bench/scale.py CORPUS WORK [--sizes 10000,100000,1000000] [--on sqlite,postgresql] [--minutes 480]
                          [--carried HOME]

CORPUS: JSON lines (or .xz) with title, sapo (or lead) and body. Beyond its end its articles come again, with
paragraphs of three of them mixed and every seventh word exchanged. WORK keeps the archives and what was
measured: stopped (or out of --minutes), the same command goes on where it was. The days are spread over four
years, so a week has 1/208 of the articles. At each size: articles kept one by one, 200 articles of this week
brought in and the week run, searches and article pages asked one after another, a backup, sizes, memory.
--carried HOME: an empty PostgreSQL begins with the archive of that workspace, carried over and its search tables
made anew, as `digest admin move` and `reindex` do it.
At the end WORK/scale.md has the table and WORK/scale.svg the growth.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from itertools import count as counting
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from digest import clock
from digest.jobs import backup, exchange, index, move, search, weekly
from digest.jobs.session import Session, opened
from digest.jobs.setup import make_workspace
from digest.model import Content
from digest.storage import articles
from digest.text.tokens import syllables
from digest.web.app import create_app
from digest.workspace import Workspace

TESTS = Path(__file__).resolve().parent.parent / "tests" / "storage"
# Articles brought in at a time, or half as many as are there: stories are sought along the calendar, so few
# articles out of four years would each be compared with weeks of others.
STEP = 20_000
NOW = clock.now()
SOURCES = """
format: 1
site: {name: Thử cỡ lớn, url: https://bantin.example.vn}
sources: []
topics:
  - {id: ton-giao, name: Tôn giáo, query: '"tôn giáo" OR "giáo xứ" OR "chức sắc"'}
  - {id: giao-duc, name: Giáo dục, query: '"học sinh" OR "thi tốt nghiệp"'}
  - {id: kinh-te, name: Kinh tế, query: '"doanh nghiệp" OR "xuất khẩu"'}
bulletins:
  - {id: ban-tin, name: Bản tin, cadence: weekly, sections: {giao-duc: 3, kinh-te: 3, ton-giao: 3}, formats: [html, pdf]}
"""


# --- articles -------------------------------------------------------------------------------------


def rows(path: Path, start: int = 0) -> Iterator[dict[str, Any]]:
    """The corpus, then the corpus changed, without end, from its row `start` on; the same every time."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line) for line in lines]
    for number in counting(start):
        turn, at = divmod(number, len(texts))
        yield _row(number + 1, texts, at, turn)


def _row(number: int, texts: list[dict[str, Any]], at: int, turn: int) -> dict[str, Any]:
    rng = random.Random(number)
    one = texts[at]
    title, paragraphs = one["title"], _paragraphs(one)
    if turn:
        others = [texts[(at + step * turn) % len(texts)] for step in (7, 31)]
        paragraphs = [p for other in (*others, one) for p in _paragraphs(other)[turn % 3 :: 3]] or paragraphs
        words = " ".join(paragraphs).split()
        paragraphs = [_exchanged(rng, text, words) for text in paragraphs]
        title = _exchanged(rng, title, words)
    return {
        "url": f"https://bao{number % 40}.example.vn/{number}",
        "title": title or "Tin",
        "lead": one.get("sapo") or one.get("lead") or "",
        "paragraphs": paragraphs,
        "outlet": f"Báo {number % 40}",
        "published": (NOW - timedelta(minutes=rng.randrange(4 * 365 * 24 * 60))).isoformat(),
    }


def _paragraphs(one: dict[str, Any]) -> list[str]:
    body = one.get("body") or one.get("paragraphs") or ""
    return body.split("\n") if isinstance(body, str) else list(body)


def _exchanged(rng: random.Random, text: str, words: list[str]) -> str:
    return " ".join(rng.choice(words) if rng.random() < 1 / 7 else word for word in text.split())


# --- growing and measuring --------------------------------------------------------------------------


class Deadline(Exception):
    """The minutes are over; what is done is kept."""


def grow(session: Session, corpus: Path, size: int, until: float) -> float | None:
    """Brings the archive up to a size, tagged and indexed; articles a second, None if nothing was to do."""
    with session.archive.reading() as conn:
        have = articles.count(conn)
    source, began, start = rows(corpus, have), time.monotonic(), have
    while have < size:
        if time.monotonic() > until:
            raise Deadline
        more = min(max(STEP, have // 2), size - have)
        exchange.import_lines(session, (json.dumps(row) for row in islice(source, more)))
        have += more
        print(f"  {have:,} after {time.monotonic() - began:.0f} s", flush=True)
    return (have - start) / (time.monotonic() - began) if have > start else None


def carry(session: Session, home: Path) -> dict[str, float]:
    """Begins an empty archive with all of another's; rows carried and articles indexed, a second."""
    with session.archive.reading() as conn:
        if articles.count(conn):
            return {}
    began = time.monotonic()
    with opened(Workspace(home), doing="bench") as source:
        had = move.move(source, session.archive.url.render_as_string(hide_password=False))
    took = time.monotonic() - began
    rows = sum(one.rows for one in had.values())
    print(f"  {rows:,} rows carried after {took:.0f} s", flush=True)
    began = time.monotonic()
    state = index.reindex(session)
    return {
        "rows carried a second": rows / took,
        "made anew a second": state.articles / (time.monotonic() - began),
    }


def keep_one_by_one(session: Session, count: int = 300) -> float:
    """Articles a second, each in a transaction of its own, as collecting keeps them (before indexing)."""
    made = []
    began = time.monotonic()
    for number in range(count):
        content = Content(title=f"Bài đo {number}", paragraphs=(f"Một đoạn văn ngắn, số {number}. " * 40,))
        with session.archive.writing() as conn:
            saved = articles.save(
                conn, url=f"https://do.example.vn/{time.time_ns()}", source="do", outlet="Báo Đo",
                content=content, fetched=session.now(),
            )  # fmt: skip
        made.append(saved.id)
    return count / (time.monotonic() - began)


def this_week(session: Session, corpus: Path, size: int) -> tuple[float, float]:
    """Seconds to bring in 200 articles of this week, and to run the week after it."""
    some = _fresh(corpus, size)
    began = time.monotonic()
    exchange.import_lines(session, [json.dumps(row) for row in some])
    brought = time.monotonic() - began
    began = time.monotonic()
    weekly.weekly(session, clock.working_week(session.now()))
    return brought, time.monotonic() - began


def _fresh(corpus: Path, size: int) -> list[dict[str, Any]]:
    made = list(islice(rows(corpus), 200))
    rng = random.Random(size)
    for number, row in enumerate(made):
        words = " ".join(row["paragraphs"]).split()
        row["url"] = f"https://moi.example.vn/{size}/{number}"
        row["published"] = (NOW - timedelta(minutes=rng.randrange(3 * 24 * 60))).isoformat()
        row["paragraphs"] = [_exchanged(rng, text, words) for text in row["paragraphs"]]
    return made


def questions(session: Session, count: int = 200) -> list[str]:
    """Two to four neighbouring words out of headlines."""
    rng = random.Random(7)
    with session.archive.reading() as conn:
        last = articles.newest(conn)
        found = articles.get_many(conn, [rng.randrange(1, last) for _one in range(count)])
    made = []
    for one in found.values():
        words = syllables(one.content.title)
        at = rng.randrange(max(1, len(words) - 3))
        made.append(" ".join(words[at : at + rng.randrange(2, 5)]))
    return made


def percentiles(work: Callable[[Any], object], things: list[Any]) -> tuple[float, float]:
    """p50 and p95 in milliseconds."""
    took = []
    for thing in things:
        began = time.perf_counter()
        work(thing)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took), sorted(took)[int(len(took) * 0.95)]


def pages(session: Session, count: int = 200) -> tuple[float, float]:
    """An article's page, each asked for the first time."""
    client = create_app(session.workspace).test_client()
    with session.archive.reading() as conn:
        last = articles.newest(conn)
    ids = random.Random(9).sample(range(1, last), min(count, last - 1))
    client.get("/")
    return percentiles(lambda id: client.get(f"/bai/{id}", follow_redirects=True).get_data(), ids)


def size_of(session: Session) -> tuple[int, int]:
    """Bytes of the archive, and of the index (PostgreSQL: of the search tables, which are in the archive)."""
    if session.archive.file is not None:
        files = session.archive.file.parent.glob("archive.sqlite3*")
        index = sum(path.stat().st_size for path in session.workspace.index_dir.rglob("*") if path.is_file())
        return sum(path.stat().st_size for path in files), index
    with session.archive.reading() as conn:
        whole = conn.execute(sa.text("SELECT pg_database_size(current_database())")).scalar_one()
        search = (
            "SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class"
            " WHERE relnamespace::regnamespace::text LIKE 'digest_search%' AND relkind = 'r'"
        )
        part = conn.execute(sa.text(search)).scalar_one()
    return int(whole) - int(part), int(part)


def memory_of_a_run(home: Path) -> float:
    """The greatest resident size of `digest weekly` in a process of its own, in bytes (Linux; elsewhere nan)."""
    code = (
        "import re, sys\nfrom digest.cli.main import run\nrun(['--home', sys.argv[1], 'weekly'])\n"
        "print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(home)], check=False, capture_output=True, text=True
    )
    said = done.stdout.split()[-1:]
    return int(said[0]) * 1024 if said and said[0].isdigit() else float("nan")


def measure(session: Session, corpus: Path, work: Path, size: int) -> dict[str, float]:
    """All that one size of archive is asked."""
    brought, week = this_week(session, corpus, size)
    asked = questions(session)
    search.search(session, search.Asked(asked[0]))
    found = percentiles(lambda text: search.search(session, search.Asked(text)), asked)
    page = pages(session)
    file = work / "measured.zip"
    began = time.monotonic()
    backup.backup(session, file)
    backed, packed = time.monotonic() - began, file.stat().st_size
    file.unlink()
    archive, index = size_of(session)
    return {
        "kept a second": keep_one_by_one(session),
        "200 new, s": brought,
        "week, s": week,
        "search p50, ms": found[0],
        "search p95, ms": found[1],
        "page p50, ms": page[0],
        "page p95, ms": page[1],
        "backup, s": backed,
        "backup, MB": packed / 1e6,
        "archive, MB": archive / 1e6,
        "index, MB": index / 1e6,
        "memory of a run, MB": memory_of_a_run(session.workspace.home) / 1e6,
        "load": os.getloadavg()[0],
    }


# --- what comes out -----------------------------------------------------------------------------------


def table(results: dict[str, dict[str, float]]) -> str:
    """Markdown: a row a measurement, a column a size and database."""
    names = list(dict.fromkeys(name for found in results.values() for name in found))
    out = ["| | " + " | ".join(results) + " |", "| --- |" + " ---: |" * len(results)]
    for name in names:
        cells = [results[key].get(name) for key in results]
        out.append(f"| {name} | " + " | ".join("" if v is None else f"{v:,.1f}" for v in cells) + " |")
    return "\n".join(out) + "\n"


def plot(results: dict[str, dict[str, float]]) -> str:
    """SVG: search p95, page p95 and the week against the number of articles, both axes by tens."""
    import math

    wanted = (("search p95, ms", 1.0, "#0b6"), ("page p95, ms", 1.0, "#06b"), ("week, s", 1000.0, "#b30"))
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400" font-family="sans-serif" font-size="12">'
    ]
    parts.append('<rect width="640" height="400" fill="white"/>')

    def x(count: float) -> float:
        return 70 + (math.log10(count) - 3.7) * 220

    def written(milliseconds: int) -> str:
        return f"{milliseconds} ms" if milliseconds < 1000 else f"{milliseconds // 1000} s"

    def y(milliseconds: float) -> float:
        return 360 - math.log10(max(1.0, milliseconds)) * 70

    for power in range(5):
        parts.append(
            f'<line x1="70" x2="600" y1="{y(10**power):.0f}" y2="{y(10**power):.0f}" stroke="#ddd"/>'
        )
        parts.append(f'<text x="62" y="{y(10**power) + 4:.0f}" text-anchor="end">{written(10**power)}</text>')
    for count in (10_000, 100_000, 1_000_000):
        parts.append(f'<text x="{x(count):.0f}" y="380" text-anchor="middle">{count:,}</text>')
    for line, (name, factor, colour) in enumerate(wanted):
        for kind, dash in (("sqlite", ""), ("postgresql", ' stroke-dasharray="6 4"')):
            points = [
                (x(int(key.split()[1].replace(",", ""))), y(values[name] * factor))
                for key, values in results.items()
                if key.startswith(kind)
            ]
            drawn = " ".join(f"{a:.0f},{b:.0f}" for a, b in points)
            parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
            parts += [f'<circle cx="{a:.0f}" cy="{b:.0f}" r="3" fill="{colour}"/>' for a, b in points]
        parts.append(f'<text x="80" y="{20 + 16 * line}" fill="{colour}">{name.split(",")[0]}</text>')
    both = any(key.startswith("postgresql") for key in results)
    kinds = "solid: SQLite + Whoosh; dashed: PostgreSQL" if both else "SQLite + Whoosh"
    parts.append(f'<text x="200" y="20">{kinds}</text></svg>')
    return "\n".join(parts) + "\n"


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("corpus", type=Path)
    words.add_argument("work", type=Path)
    words.add_argument("--sizes", default="10000,100000,1000000")
    words.add_argument("--on", default="sqlite,postgresql")
    words.add_argument("--minutes", type=float, default=480)
    words.add_argument("--carried", type=Path, metavar="HOME")
    asked = words.parse_args()
    until = time.monotonic() + 60 * asked.minutes
    kept = asked.work / "results.json"
    results = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    with ExitStack() as stack:
        for kind in asked.on.split(","):
            workspace = home_of(asked.work / kind, kind, stack)
            for size in map(int, asked.sizes.split(",")):
                key = f"{kind} {size:,}"
                if key in results and "week, s" in results[key]:
                    continue
                print(key, flush=True)
                try:
                    with opened(workspace, doing="bench") as session:
                        if asked.carried and kind == "postgresql":
                            results[key] = results.get(key, {}) | carry(session, asked.carried)
                            kept.write_text(json.dumps(results, indent=1), encoding="utf-8")
                        rate = grow(session, asked.corpus, size, until)
                        if rate is not None:
                            results.setdefault(key, {})["filled a second"] = rate
                            kept.write_text(json.dumps(results, indent=1), encoding="utf-8")
                        found = measure(session, asked.corpus, asked.work, size)
                except Deadline:
                    print("out of time: the same command goes on from here")
                    break
                results[key] = results.get(key, {"filled a second": float("nan")}) | found
                kept.write_text(json.dumps(results, indent=1), encoding="utf-8")
    (asked.work / "scale.md").write_text(table(results), encoding="utf-8")
    (asked.work / "scale.svg").write_text(plot(results), encoding="utf-8")
    print(table(results))


def home_of(folder: Path, kind: str, stack: ExitStack) -> Workspace:
    """A workspace on that database; PostgreSQL is started out of the folder, and stopped at the end."""
    workspace = Workspace(folder)
    if not workspace.sources_path.exists():
        make_workspace(workspace, SOURCES)
    if kind == "postgresql":
        sys.path.append(str(TESTS))
        from postgres_server import Server, programs

        found = programs()
        if found is None:
            raise SystemExit("scale: no PostgreSQL here (apt install postgresql)")
        server = Server(found, data=(folder / "server").resolve(), settings=("shared_buffers=512MB",))
        server.start()
        stack.callback(server.stop)
        url = server.url("postgres")
        (folder / "settings.toml").write_text(f'database_url = "{url}"\n', encoding="utf-8")
    return workspace


if __name__ == "__main__":
    main()
