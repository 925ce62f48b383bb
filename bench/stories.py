"""How well reprints are found: precision and recall of pairs, on a newsroom's truth and on heavier rewriting.

python bench/stories.py CORPUS.jsonl.xz                        # headline rewritten, a third of the paragraphs dropped
python bench/stories.py --truth http://127.0.1.1:8800/truth.jsonl   # `copy_of` of the newsroom
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

from digest.collect import stories
from digest.model import Content
from digest.storage import articles
from digest.storage.engine import Archive

Pair = frozenset[str]


def grouped(rows: Iterable[dict[str, Any]]) -> tuple[set[Pair], float]:
    """The pairs that are put into one story, and the seconds it took."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        archive = Archive.open(f"sqlite:///{Path(folder, 'archive.sqlite3')}")
        ids: dict[int, str] = {}
        with archive.writing() as conn:
            for row in rows:
                content = Content(
                    row["title"], lead=row["lead"], paragraphs=tuple(row["paragraphs"]), published=row["when"]
                )
                saved = articles.save(
                    conn, url=row["url"], source="s", outlet="o", content=content, fetched=datetime.now(UTC)
                )
                ids[saved.id] = row["url"]
        begun = time.perf_counter()
        stories.group(archive, list(ids))
        seconds = time.perf_counter() - begun
        members: dict[int, list[str]] = {}
        with archive.reading() as conn:
            for article in articles.iterate(conn):
                members.setdefault(article.story, []).append(article.url)
        archive.close()
    return {frozenset(pair) for urls in members.values() for pair in combinations(urls, 2)}, seconds


def from_truth(url: str) -> tuple[list[dict[str, Any]], set[Pair]]:
    with urllib.request.urlopen(url, timeout=30) as answer:
        rows = [json.loads(line) for line in answer.read().decode().splitlines()]
    for row in rows:
        row["when"] = datetime.fromisoformat(row["published"])
    return rows, {frozenset((row["url"], row["copy_of"])) for row in rows if row["copy_of"]}


def rewritten(path: str, count: int) -> tuple[list[dict[str, Any]], set[Pair]]:
    """Corpus articles, a third of them reprinted: words of the headline changed, a third of the paragraphs gone."""
    rnd, rows, truth = random.Random(3), [], set()
    when = datetime(2026, 11, 20, tzinfo=UTC)
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for place, line in enumerate(lines):
            if place == count:
                break
            row = json.loads(line)
            paragraphs = [p.strip() for p in row["body"].split("\n") if p.strip()]
            rows.append(
                {
                    "url": row["id"],
                    "title": row["title"],
                    "lead": row["sapo"],
                    "paragraphs": paragraphs,
                    "when": when,
                }
            )
            if len(paragraphs) >= 6 and rnd.random() < 1 / 3:
                kept = sorted(rnd.sample(range(len(paragraphs)), len(paragraphs) - len(paragraphs) // 3))
                words = row["title"].split()
                rnd.shuffle(words)
                rows.append({
                    "url": row["id"] + "+", "title": "Tin mới: " + " ".join(words[: len(words) // 2]), "lead": row["sapo"],
                    "paragraphs": [paragraphs[n] for n in kept], "when": when + timedelta(hours=rnd.randrange(1, 72)),
                })  # fmt: skip
                truth.add(frozenset((row["id"], row["id"] + "+")))
    return rows, truth


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", nargs="?")
    parser.add_argument("--truth")
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--show", type=int, default=0, help="print so many wrong and missed pairs")
    given = parser.parse_args()
    rows, truth = from_truth(given.truth) if given.truth else rewritten(given.corpus, given.articles)
    found, seconds = grouped(rows)
    right = len(found & truth)
    print(f"{len(rows)} articles, {len(truth)} true pairs, {len(found)} found, {seconds:.1f} s")
    print(f"precision {right / max(1, len(found)):.4f}  recall {right / max(1, len(truth)):.4f}")
    for name, pairs in (("wrong", found - truth), ("missed", truth - found)):
        for pair in sorted(map(sorted, pairs))[: given.show]:
            print(name, *pair)


if __name__ == "__main__":
    sys.exit(main())
