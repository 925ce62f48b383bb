"""A workspace filled from a corpus, for benchmarks that need one: bench/web.py, or a look by hand.

    python bench/home.py CORPUS DIR [--articles 5000]

CORPUS: JSON lines (or .xz) with title, sapo (or lead) and body (one paragraph a line). They are given
invented addresses and dates, one every ten minutes back from a fixed day, and go in by `digest admin import`.
"""

from __future__ import annotations

import argparse
import json
import lzma
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

NEWEST = datetime(2026, 11, 20, 1, tzinfo=UTC)
OUTLETS = ("Báo Bến Thử", "Báo Đồng Mẫu", "Báo Sông Vân", "Báo Hạ Sơn")


def rows(corpus: Path) -> Iterator[dict[str, object]]:
    """Articles as `admin import` takes them."""
    with (
        lzma.open(corpus, "rt", encoding="utf-8")
        if corpus.suffix == ".xz"
        else corpus.open(encoding="utf-8") as lines
    ):
        for number, line in enumerate(lines):
            one = json.loads(line)
            body = one.get("body") or one.get("text") or "\n".join(one.get("paragraphs", ()))
            paragraphs = [words for words in body.split("\n") if words.strip()]
            if one.get("title") and paragraphs:
                yield {
                    "url": f"https://bao.example.vn/bai-{number}",
                    "outlet": OUTLETS[number % len(OUTLETS)],
                    "title": one["title"],
                    "lead": one.get("sapo") or one.get("lead") or "",
                    "paragraphs": paragraphs,
                    "published": (NEWEST - timedelta(minutes=10 * number)).isoformat(),
                }


def make(corpus: Path, home: Path, articles: int) -> None:
    """Makes the workspace and imports so many articles."""
    digest = (sys.executable, "-m", "digest")
    subprocess.run([*digest, "init", str(home)], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.jsonl"
        with path.open("w", encoding="utf-8", newline="\n") as out:
            for row in islice(rows(corpus), articles):
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
        subprocess.run([*digest, "--home", str(home), "admin", "import", str(path)], check=True)


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("home", type=Path)
    parser.add_argument("--articles", type=int, default=5_000)
    given = parser.parse_args()
    make(given.corpus, given.home, given.articles)


if __name__ == "__main__":
    main()
