"""Articles of a corpus, and seeded questions that each have one article for an answer."""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

from digest.search.document import Document
from digest.text.normalise import fold
from digest.text.tokens import syllables

TODAY = date(2026, 11, 24)


def read(path: Path, count: int, seed: int) -> Iterator[Document]:
    """The articles with a day drawn by lot, since the corpus has none."""
    rng = random.Random(seed)
    with (
        lzma.open(path, "rt", encoding="utf-8")
        if path.suffix == ".xz"
        else path.open(encoding="utf-8") as lines
    ):
        for id, line in enumerate(islice(lines, count), 1):
            row = json.loads(line)
            body = row.get("body") or row.get("paragraphs") or ""
            paragraphs = tuple(body.split("\n") if isinstance(body, str) else body)
            day = TODAY - timedelta(days=rng.randrange(1500))
            moment = datetime(day.year, day.month, day.day, rng.randrange(24), tzinfo=UTC)
            lead = row.get("sapo") or row.get("lead") or ""
            yield Document(
                id, id, row["title"], lead, paragraphs, f"Báo {id % 40}", (f"t{id % 10}",), day, moment
            )


@dataclass(frozen=True)
class Question:
    """kind of set, words as typed, how they are joined (best | all | phrase | date), the article meant."""

    kind: str
    text: str
    mode: str
    article: int = 0


def consecutive(rng: random.Random, text: str, count: int) -> str:
    words = [word.lower() for word in syllables(text)]
    if len(words) < count:
        return ""
    at = rng.randrange(len(words) - count + 1)
    return " ".join(words[at : at + count])


def scattered(rng: random.Random, text: str, count: int) -> str:
    words = list(dict.fromkeys(word.lower() for word in syllables(text)))
    return " ".join(rng.sample(words, count)) if len(words) >= count else ""


def questions(documents: Sequence[Document], count: int, seed: int) -> list[Question]:
    """Seeded questions out of articles drawn by lot; every kind of words with and without accents."""
    rng = random.Random(seed)
    made: list[Question] = []
    for one in rng.sample(documents, min(count, len(documents))):
        body = rng.choice(one.body) if one.body else ""
        title = [word.lower() for word in syllables(one.title)]
        kinds = {
            "lead: 4 consecutive words": consecutive(rng, one.lead, 4),
            "lead: 4 scattered words": scattered(rng, one.lead, 4),
            "title: 4 words": consecutive(rng, one.title, 4),
            "title: 4 scattered words": scattered(rng, one.title, 4),
            "title: first half": " ".join(title[: max(2, len(title) // 2)]),
            "title: half of its words": scattered(rng, one.title, max(2, len(title) // 2)),
            "title: whole": " ".join(title),
            "body: 4 consecutive words": consecutive(rng, body, 4),
            "body: 4 scattered words": scattered(rng, body, 4),
        }
        for kind, text in kinds.items():
            if text:
                made += [
                    Question(kind, text, "best", one.id),
                    Question(f"{kind}, no accents", fold(text), "best", one.id),
                ]
        made.append(Question("two syllables", consecutive(rng, one.title, 2) or "dân", "best"))
        made.append(Question("AND of a title", " ".join(title), "all", one.id))
        made.append(
            Question("phrase of 2–5", consecutive(rng, body, rng.randrange(2, 6)) or "nhân dân", "phrase")
        )
        made.append(Question("filter and date order", consecutive(rng, one.title, 2) or "dân", "date"))
    return made
