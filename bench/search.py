"""Searching beside SQLite FTS5, tantivy and plain Whoosh: speed, quality and cost in one run, seeded queries.

    python bench/search.py CORPUS [--articles 50000] [--queries 400] [--seed 7] [--only NAME…] [--growth]

CORPUS: JSON lines (or .xz) with title, sapo (or lead) and body (one paragraph a line). Every engine is
asked in a process of its own, so that its resident memory is seen. tantivy is taken where it is installed
(pip install tantivy); SQLite and plain Whoosh get the first queries of each kind only, they are slow. Quality is MRR@10: the
reciprocal rank of the article that the words were taken from. `--growth` measures ours alone at 5,000,
20,000, 50,000 and 200,000 articles (beyond the corpus its articles come again with words exchanged).
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from search_engines import ENGINES
from search_questions import Question, consecutive, questions, read

from digest import query
from digest.errors import QueryError
from digest.search import index
from digest.search.document import Document
from digest.search.engines.blocks import Blocks
from digest.search.results import Request
from digest.search.spellings import load, spell
from digest.search.suggest import suggestion, understood
from digest.text.normalise import fold, same
from digest.text.tokens import syllables

FEW = {"fts": 40, "fts-pairs": 40, "whoosh": 12}


def ask(name: str, folder: Path, asked: Path) -> None:
    """The child process: opens one engine, asks it everything, says what came and how long it took."""
    engine = ENGINES[name]()
    began = time.perf_counter()
    engine.open(folder)
    opening = time.perf_counter() - began
    per_kind: dict[str, tuple[list[float], list[float]]] = {}
    for row in json.loads(asked.read_text(encoding="utf-8")):
        one = Question(**row)
        times, ranks = per_kind.setdefault(one.kind, ([], []))
        began = time.perf_counter()
        found = engine.ask(one)
        times.append((time.perf_counter() - began) * 1000)
        if one.article:
            ranks.append(1 / (1 + found.index(one.article)) if one.article in found else 0.0)
    print(json.dumps({"opening": opening, "resident": resident(), "kinds": per_kind}))


def resident() -> float:
    """The most megabytes that this process held; what its parent held before it began does not count."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(
    name: str, documents: Sequence[Document], asked: Sequence[Question], home: Path
) -> dict[str, Any]:
    """Builds one engine's index and has it asked in a process of its own."""
    folder = home / name
    engine = ENGINES[name]()
    began = time.perf_counter()
    engine.build(documents, folder)
    seconds = time.perf_counter() - began
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    listed = home / f"{name}.json"
    counts: dict[str, int] = {}
    chosen = []
    for one in asked:
        counts[one.kind] = counts.get(one.kind, 0) + 1
        if counts[one.kind] <= FEW.get(name, 10**9):
            chosen.append(vars(one))
    listed.write_text(json.dumps(chosen), encoding="utf-8")
    child = [sys.executable, __file__, "--child", name, str(folder), str(listed)]
    answer = subprocess.run(child, check=True, capture_output=True, text=True)
    said: dict[str, Any] = json.loads(answer.stdout)
    return {"name": engine.name, "rate": len(documents) / seconds, "size": size / len(documents), **said}


def at(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def tables(results: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The Markdown tables of docs/performance.md."""
    names = [one["name"] for one in results]
    yield "| p50 / p95, ms | " + " | ".join(names) + " |"
    yield "| --- |" + " ---: |" * len(names)
    kinds = list(results[0]["kinds"])
    for kind in kinds:
        if not kind.endswith("no accents"):
            cells = [
                f"{at(one['kinds'][kind][0], 0.5):.1f} / {at(one['kinds'][kind][0], 0.95):.1f}"
                for one in results
            ]
            yield f"| {kind} | " + " | ".join(cells) + " |"
    yield ""
    yield "| MRR@10 | " + " | ".join(names) + " |"
    yield "| --- |" + " ---: |" * len(names)
    for kind in kinds:
        if results[0]["kinds"][kind][1]:
            yield f"| {kind} | " + " | ".join(f"{mean(one['kinds'][kind][1]):.3f}" for one in results) + " |"
    yield ""
    yield "| cost | " + " | ".join(names) + " |"
    yield "| --- |" + " ---: |" * len(names)
    for label, key, form in (
        ("articles indexed a second", "rate", "{:.0f}"), ("bytes an article", "size", "{:.0f}"),
        ("opening, s", "opening", "{:.2f}"), ("resident, MB", "resident", "{:.0f}"),
    ):  # fmt: skip
        yield f"| {label} | " + " | ".join(form.format(one[key]) for one in results) + " |"


# --- what only ours is asked ------------------------------------------------------------------------


def phrases_exact(documents: Sequence[Document], folder: Path, count: int, seed: int) -> tuple[int, int]:
    """Of `count` phrases, half without accents, how many are counted exactly as the texts have them."""
    engine = Blocks(index.Index.open(folder))
    rng = random.Random(seed + 1)
    exact = ["\n".join(spaced(same(text)) for text in (one.title, one.lead, *one.body)) for one in documents]
    hays = [_hay(exact), _hay([fold(text) for text in exact])]
    right = 0
    for number in range(count):
        text = consecutive(rng, rng.choice(rng.choice(documents).body), rng.randrange(2, 6)) or "nhân dân"
        text = fold(text) if number % 2 else text
        accented = query.is_accented(text)
        needle = spaced(same(text)) if accented else spaced(fold(same(text)))
        wanted = _holding(*hays[not accented], needle)
        right += engine.find(query.parse(f'"{text}"'), Request(limit=1)).total == wanted
    return right, count


def _hay(texts: Sequence[str]) -> tuple[str, list[int]]:
    """All texts in one, and where each begins (folding can shorten a text)."""
    return "\0".join(texts), [0, *accumulate(len(text) + 1 for text in texts)]


def _holding(hay: str, starts: Sequence[int], needle: str) -> int:
    """In how many of the texts, which begin at `starts`, the needle stands."""
    count, at = 0, hay.find(needle)
    while at >= 0:
        count += 1
        at = hay.find(needle, starts[bisect_right(starts, at)])  # from the next text on
    return count


def spaced(key: str) -> str:
    return "".join(f" {token} " for token in syllables(key))


def bad_input(documents: Sequence[Document], folder: Path, count: int, seed: int) -> tuple[float, float, str]:
    """p99 and the slowest, in ms, of `count` fuzzed queries and some made to hurt, with suggestions sought."""
    opened = index.Index.open(folder)
    engine, rng, spellings = Blocks(opened), random.Random(seed + 2), load()
    often = [word for one in documents[:300] for word in syllables(one.title)]
    odd = [
        "*",
        "(",
        ")",
        '"',
        "-",
        "AND",
        "OR",
        "NOT",
        "title:",
        "date:2026",
        "gia1o",
        "toon",
        "ﷺ",
        "UBND",
        "\0",
        "a" * 40,
    ]
    texts = ["*", "a" * 1_000_000, "(" * 10_000, ")" * 10_000, "tôn " * 250_000, "-".join(often[:150])[:990]]
    texts += [
        " OR ".join(f'"{a} {b} {c}"' for a, b, c in zip(often, often[1:], often[2:], strict=False))[:990]
    ]
    for _number in range(count):
        pool = odd if rng.random() < 0.2 else [*odd, *often]
        text = rng.choice([" ", "", " "]).join(rng.choices(pool, k=rng.randrange(1, 24)))
        texts.append("".join(rng.sample(text, len(text))) if rng.random() < 0.2 else text)
    gc.collect()
    gc.freeze()  # the bench's own 50,000 articles, which nobody who searches has in memory
    times: list[tuple[float, str]] = []
    for text in texts:
        began = time.perf_counter()
        with contextlib.suppress(QueryError):
            node = spell(query.parse(text, query.READER), spellings)
            if not engine.find(node, Request(text)).whole and not understood(opened, node, text):
                suggestion(opened, node, text)
        times.append(((time.perf_counter() - began) * 1000, text[:60]))
    slowest, what = max(times)
    return at([one for one, _text in times], 0.99), slowest, what


def adding(documents: Sequence[Document], folder: Path) -> tuple[float, float, float]:
    """Seconds that adding 1,000 articles takes, and p50 of two syllables before and after, asked in turn."""
    fresh = [_again(one, len(documents) + one.id) for one in documents[:1000]]
    rng = random.Random(3)
    texts = [consecutive(rng, one.title, 2) or "dân" for one in documents[:300]]
    with tempfile.TemporaryDirectory() as copied:
        shutil.copytree(folder, copied, dirs_exist_ok=True)
        began = time.perf_counter()
        index.update(folder, fresh, (), 2)
        took = time.perf_counter() - began
        engines = [Blocks(index.Index.open(one)) for one in (Path(copied), folder)]
        times: list[list[float]] = [[], []]
        for turn in range(6):
            for text in texts:
                for one in ((0, 1), (1, 0))[turn % 2]:
                    began = time.perf_counter()
                    engines[one].find(query.parse(text), Request(text))
                    times[one].append((time.perf_counter() - began) * 1000)
    before, after = (at(one[2 * len(texts) :], 0.5) for one in times)
    return took, before, after


def _again(one: Document, id: int) -> Document:
    """The same article with its paragraphs turned round and every seventh word exchanged."""
    rng = random.Random(id)
    words = [word for text in one.body for word in text.split()] or ["tin"]

    def changed(text: str) -> str:
        return " ".join(rng.choice(words) if rng.random() < 1 / 7 else word for word in text.split())

    body = tuple(changed(text) for text in reversed(one.body))
    return Document(
        id, id, changed(one.title), changed(one.lead), body, one.outlet, one.topics, one.day, one.moment
    )


def growth(documents: Sequence[Document], sizes: Iterable[int], home: Path, count: int, seed: int) -> None:
    """Ours alone at several sizes."""
    print(
        "| articles | a second | bytes each | opening s | MB | two syll. | title AND | four words | title | MRR lead |"
    )
    print("| ---: |" * 1 + " ---: |" * 9)
    for size in sizes:
        some = list(documents[:size])
        more = (_again(documents[at % len(documents)], at + 1) for at in range(len(some), size))
        asked = questions(some, count, seed)
        said = measure("ours", Lengthened(some, more, size), asked, home)
        kinds = said["kinds"]
        cells = [
            f"{at(kinds[kind][0], 0.5):.1f}"
            for kind in ("two syllables", "AND of a title", "lead: 4 consecutive words", "title: whole")
        ]
        lead = mean(kinds["lead: 4 consecutive words"][1])
        print(
            f"| {size} | {said['rate']:.0f} | {said['size']:.0f} | {said['opening']:.2f} | {said['resident']:.0f} | {' | '.join(cells)} | {lead:.3f} |",
            flush=True,
        )
        shutil.rmtree(home / "ours")


class Lengthened(list[Document]):
    """Articles of the corpus, then changed ones made as they are asked for; its length is the whole."""

    def __init__(self, some: Sequence[Document], more: Iterable[Document], size: int) -> None:
        super().__init__(some)
        self.more, self.size = more, size

    def __iter__(self) -> Iterator[Document]:
        yield from super().__iter__()
        yield from self.more

    def __len__(self) -> int:
        return self.size


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        ask(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--articles", type=int, default=50_000)
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", nargs="+", choices=list(ENGINES))
    parser.add_argument("--fuzzed", type=int, default=10_000)
    parser.add_argument("--growth", action="store_true")
    given = parser.parse_args()
    documents = list(read(given.corpus, given.articles, given.seed))
    print(
        f"{len(documents)} articles, {given.queries} articles asked for, seed {given.seed}, {sys.platform}, Python {sys.version.split()[0]}\n"
    )
    with tempfile.TemporaryDirectory() as home:
        if given.growth:
            growth(documents, (5_000, 20_000, 50_000, 200_000), Path(home), given.queries, given.seed)
            return
        asked = questions(documents, given.queries, given.seed)
        results = []
        for name in given.only or ENGINES:
            try:
                results.append(measure(name, documents, asked, Path(home)))
            except ImportError as missing:
                print(f"{name}: not measured ({missing})")
        print("\n".join(tables(results)), flush=True)
        if (Path(home) / "ours").exists():
            right, count = phrases_exact(documents, Path(home) / "ours", 500, given.seed)
            p99, slowest, what = bad_input(documents, Path(home) / "ours", given.fuzzed, given.seed)
            print(
                f"\n{given.fuzzed} fuzzed queries, 1 MB, 10,000 brackets: p99 {p99:.1f} ms, slowest {slowest:.0f} ms ({what!r})",
                flush=True,
            )
            seconds, before, after = adding(documents, Path(home) / "ours")
            print(f"\nPhrases counted exactly: {right} of {count}. Adding 1,000 articles: {seconds:.1f} s, "
                  f"two syllables p50 {before:.2f} ms before, {after:.2f} ms after.")  # fmt: skip


if __name__ == "__main__":
    main()
