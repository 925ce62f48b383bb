"""Excerpts against the outlets' own leads: our choice, lead-2, and sumy's TextRank, LexRank and LSA in one run.

    python bench/excerpts.py CORPUS [--articles 1000] [--seed 0]
    python bench/excerpts.py CORPUS --fit 3000

CORPUS: JSON lines (or .xz) with title, sapo (or lead) and body (one paragraph a line). The methods see
title and body only; ROUGE-1/2/L is F1 over lower-case syllables. Ours chooses one to three sentences,
the others two. sumy: pip install sumy. `--fit` prints the weights of digest.bulletin.salience, taken
from every fifth article; the measured ones are drawn from the rest.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from digest.bulletin import excerpt, salience
from digest.model import Content
from digest.text.normalise import clean
from digest.text.sentences import sentences
from digest.text.tokens import syllables

Method = Callable[[Content], list[str]]
SENTENCES = 2


def read(path: Path) -> list[tuple[Content, str]]:
    """(title and body, lead) of each article."""
    opened = lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")  # noqa: SIM115
    with opened as lines:
        rows = [json.loads(line) for line in lines]
    return [
        (Content(clean(row["title"]), paragraphs=paragraphs), lead)
        for row in rows
        if (lead := clean(row.get("sapo") or row.get("lead") or ""))
        and len(paragraphs := _paragraphs(row)) >= 1
    ]


def _paragraphs(row: dict[str, object]) -> tuple[str, ...]:
    body = row.get("body") or row.get("paragraphs") or ""
    lines = body.split("\n") if isinstance(body, str) else [str(line) for line in body]  # type: ignore[attr-defined]
    return tuple(text for text in map(clean, lines) if text)


# --- methods ------------------------------------------------------------------------------------


def ours(content: Content) -> list[str]:
    return [text for text in excerpt.choose(content) if text]


def first_two(content: Content) -> list[str]:
    return _all(content)[:SENTENCES]


def _all(content: Content) -> list[str]:
    return [sentence for paragraph in content.paragraphs for sentence in sentences(paragraph)]


def sumy_methods() -> dict[str, Method]:
    """TextRank, LexRank and LSA over our sentences and syllables, so that only the choosing differs."""
    try:
        from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
        from sumy.summarizers.lex_rank import LexRankSummarizer
        from sumy.summarizers.lsa import LsaSummarizer
        from sumy.summarizers.text_rank import TextRankSummarizer
    except ImportError:
        print("sumy is not installed (pip install sumy): TextRank, LexRank and LSA left out")
        return {}

    class Tokenizer:
        def to_words(self, text: str) -> tuple[str, ...]:
            return tuple(syllable.lower() for syllable in syllables(text))

    def method(kind: type) -> Method:
        summarizer = kind()
        summarizer.stop_words = salience.FUNCTION_WORDS

        def choose(content: Content) -> list[str]:
            cut = [Paragraph([Sentence(s, Tokenizer()) for s in sentences(p)]) for p in content.paragraphs]
            return [str(one) for one in summarizer(ObjectDocumentModel(cut), SENTENCES)]

        return choose

    return {
        "TextRank": method(TextRankSummarizer),
        "LexRank": method(LexRankSummarizer),
        "LSA": method(LsaSummarizer),
    }


# --- ROUGE --------------------------------------------------------------------------------------


def rouge(chosen: list[str], lead: list[str]) -> tuple[float, float, float]:
    """F1 of shared syllables, shared pairs, and the longest common subsequence."""
    one = _f1((Counter(chosen) & Counter(lead)).total(), len(chosen), len(lead))
    pairs = Counter(pairwise(chosen)), Counter(pairwise(lead))
    two = _f1((pairs[0] & pairs[1]).total(), pairs[0].total(), pairs[1].total())
    return one, two, _f1(_common(chosen, lead), len(chosen), len(lead))


def _f1(shared: int, chosen: int, lead: int) -> float:
    return 2 * shared / (chosen + lead) if shared else 0.0


def _common(one: list[str], two: list[str]) -> int:
    row = [0] * (len(two) + 1)
    for word in one:
        before = 0
        for at, other in enumerate(two, 1):
            before, row[at] = row[at], before + 1 if word == other else max(row[at], row[at - 1])
    return row[-1]


def _lower(text: str) -> list[str]:
    return [syllable.lower() for syllable in syllables(text)]


def measure(rows: list[tuple[Content, str]], methods: dict[str, Method]) -> dict[str, np.ndarray]:
    """Mean ROUGE-1, -2, -L, syllables and milliseconds an article, by method."""
    made = {}
    for name, method in methods.items():
        scores = []
        for content, lead in rows:
            begun = time.perf_counter()
            chosen = _lower(" ".join(method(content)))
            spent = (time.perf_counter() - begun) * 1000
            scores.append((*rouge(chosen, _lower(lead)), len(chosen), spent))
        made[name] = np.mean(scores, axis=0)
    return made


def show(made: dict[str, np.ndarray]) -> None:
    base = made["lead-2"]
    print(f"{'method':10} ROUGE-1  ROUGE-2  ROUGE-L  × lead-2  syllables  ms")
    for name, (one, two, long, length, spent) in made.items():
        print(
            f"{name:10} {one:7.4f}  {two:7.4f}  {long:7.4f}  {two / base[1]:8.3f}  {length:9.1f}  {spent:.1f}"
        )


# --- fitting ------------------------------------------------------------------------------------


def fit(rows: list[tuple[Content, str]]) -> np.ndarray:
    """Weights of the pairs' features by logistic regression (Newton's method, ridge 0.1)."""
    seen, there = zip(*_examples(rows), strict=True)
    matrix, wanted = np.array(seen, dtype=float), np.array(there, dtype=float)
    weights = np.zeros(matrix.shape[1])
    for _round in range(10):
        chance = 1 / (1 + np.exp(-matrix @ weights))
        gradient = matrix.T @ (chance - wanted) + 0.1 * weights
        curve = (matrix * (chance * (1 - chance))[:, None]).T @ matrix + 0.1 * np.eye(len(weights))
        weights -= np.linalg.solve(curve, gradient)
    return weights


def _examples(rows: list[tuple[Content, str]]) -> Iterator[tuple[tuple[float, ...], bool]]:
    for content, lead in rows:
        there = set(pairwise(_lower(lead)))
        for pair, row in salience.features(content.title, _all(content)).items():
            yield row, pair in there


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fit", type=int, default=0)
    given = parser.parse_args()
    rows = read(given.corpus)
    if given.fit:
        chosen = random.Random(given.seed).sample(rows[4::5], given.fit)
        print("WEIGHTS = (" + ", ".join(f"{weight:.2f}" for weight in fit(chosen)) + ")")
        return
    others = [row for index, row in enumerate(rows) if index % 5 != 4]
    chosen = random.Random(given.seed).sample(others, min(given.articles, len(others)))
    show(measure(chosen, {"lead-2": first_two, "digest": ours, **sumy_methods()}))


if __name__ == "__main__":
    main()
