"""How well pages are read, compared with the truth of a newsroom: ours beside three well-known extractors.

    python bench/extraction.py http://127.0.1.1:8800/truth.jsonl
    python bench/extraction.py http://127.0.1.1:8800/truth.jsonl --export export.jsonl   # what `digest admin export` wrote

Peers are measured where they are installed: pip install trafilatura newspaper4k readability-lxml
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
import unicodedata
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from digest.collect.extract import extract
from digest.collect.page import Page
from digest.model import Entry, Source
from digest.text.dates import parse_date
from digest.text.tokens import syllables

MEASURES = ("title", "date", "lead", "author", "captions", "body")


@dataclass(slots=True)
class Reading:
    """What one extractor made of one page."""

    title: str = ""
    lead: str = ""
    author: str = ""
    published: datetime | None = None
    paragraphs: list[str] = field(default_factory=list)
    dateline: str = ""


def plain(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def f1(one: Iterable[str], other: Iterable[str]) -> float:
    """Harmonic mean of the shares of tokens found, counted as multisets."""
    mine, theirs = (Counter(syllables(plain("\n".join(texts)))) for texts in (one, other))
    both = sum((mine & theirs).values())
    return 2 * both / (sum(mine.values()) + sum(theirs.values())) if both else float(mine == theirs)


def score(got: Reading, truth: dict[str, Any]) -> dict[str, float]:
    """Each measure of one page, from 0 to 1."""
    paragraphs = [plain(text) for text in truth["paragraphs"]]
    own = [plain(text) for text in got.paragraphs]
    captions = [plain(text) for text in truth["captions"] if plain(text) not in " ".join(paragraphs)]
    lead = plain(truth["lead"])
    return {
        "title": float(plain(got.title) == plain(truth["title"])),
        "date": float(_minute(got.published) == _minute(datetime.fromisoformat(truth["published"]))),
        "lead": float(lead in (plain(got.lead), plain(got.dateline + got.lead))),
        "author": float(plain(got.author) == plain(truth["author"])),
        "captions": float(not any(caption in text for caption in captions for text in own)),
        "body": f1(own, paragraphs),
    }


def _minute(when: datetime | None) -> datetime | None:
    return when.astimezone(UTC).replace(second=0, microsecond=0) if when else None


def ours(url: str, body: bytes) -> Reading:
    """This program, from the page alone: nothing that a feed announces, no selectors."""
    page = Page(url, body, "utf-8", "text/html", datetime.now(UTC))
    got = extract(page, Entry(url), Source("bench", "", "feed", url))
    return Reading(got.title, got.lead, got.author, got.published, list(got.paragraphs), got.dateline)


def trafilatura(url: str, body: bytes) -> Reading:
    from trafilatura import bare_extraction

    got = bare_extraction(body.decode("utf-8"), url=url, with_metadata=True)
    if got is None:
        return Reading()
    when = parse_date(got.date) if got.date else None
    return Reading(
        got.title or "", got.description or "", got.author or "", when, (got.text or "").split("\n")
    )


def newspaper4k(url: str, body: bytes) -> Reading:
    import newspaper

    got = newspaper.Article(url, language="vi", fetch_images=False)
    got.download(input_html=body.decode("utf-8"))
    got.parse()
    when = got.publish_date if isinstance(got.publish_date, datetime) else None
    if when is not None and when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return Reading(got.title, got.meta_description, ", ".join(got.authors), when, got.text.split("\n"))


def readability(url: str, body: bytes) -> Reading:
    import lxml.html
    from readability import Document

    document = Document(body.decode("utf-8"))
    text = lxml.html.document_fromstring(document.summary()).text_content()
    return Reading(document.short_title(), "", "", None, text.split("\n"))


PEERS: dict[str, tuple[str, Callable[[str, bytes], Reading]]] = {
    "digest": ("digest", ours),
    "trafilatura": ("trafilatura", trafilatura),
    "newspaper4k": ("newspaper", newspaper4k),
    "readability-lxml": ("readability", readability),
}


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read()  # type: ignore[no-any-return]


def table(name: str, rows: dict[str, list[dict[str, float]]], seconds: float) -> None:
    """One extractor's line for each kind of page, and over all."""
    every = [row for group in rows.values() for row in group]
    for label, group in [*sorted(rows.items()), ("all", every)]:
        means = [sum(row[measure] for row in group) / len(group) for measure in MEASURES]
        shown = "  ".join(f"{mean:8.4f}" for mean in means)
        print(f"{name:<17} {label:<22} {len(group):>5}  {shown}")
    print(f"{name:<17} {1000 * seconds / max(1, len(every)):.1f} ms of computing a page\n")


def compare(truth: list[dict[str, Any]], pages: dict[str, bytes]) -> None:
    """Every extractor over the same pages."""
    for name, (module, read) in PEERS.items():
        if importlib.util.find_spec(module) is None:
            print(f"{name}: not installed here\n")
            continue
        rows: dict[str, list[dict[str, float]]] = defaultdict(list)
        begun = time.process_time()
        readings = [read(article["url"], pages[article["url"]]) for article in truth]
        seconds = time.process_time() - begun
        for article, reading in zip(truth, readings, strict=True):
            rows[label_of(article)].append(score(reading, article))
        table(name, rows, seconds)


def label_of(article: dict[str, Any]) -> str:
    return str(article.get("template") or urlsplit(article["url"]).hostname)


def compare_export(truth: list[dict[str, Any]], path: str) -> None:
    """The archive against the truth: what is missing, and each measure of what is there."""
    with Path(path).open(encoding="utf-8") as lines:
        archived = {row["url"]: row for row in map(json.loads, lines)}
    rows: dict[str, list[dict[str, float]]] = defaultdict(list)
    missing = [article["url"] for article in truth if article["url"] not in archived]
    for article in truth:
        row = archived.get(article["url"])
        if row is None or row["text"] != "full":
            continue
        when = datetime.fromisoformat(row["published"]) if row["published"] else None
        got = Reading(row["title"], row["lead"], row["author"], when, row["paragraphs"], row["dateline"])
        rows[label_of(article)].append(score(got, article))
    print(f"archived {len(archived)}, of the truth's {len(truth)} missing {len(missing)}")
    table("archive", rows, 0.0)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("truth", help="address of truth.jsonl")
    parser.add_argument(
        "--export", help="JSON lines of `digest admin export`: compare these instead of the pages"
    )
    given = parser.parse_args()
    truth = [json.loads(line) for line in fetch(given.truth).decode("utf-8").splitlines()]
    print(f"{'':<17} {'':<22} {'pages':>5}  " + "  ".join(f"{measure:>8}" for measure in MEASURES))
    if given.export:
        compare_export(truth, given.export)
    else:
        compare(truth, {article["url"]: fetch(article["url"]) for article in truth})


if __name__ == "__main__":
    sys.exit(main())
