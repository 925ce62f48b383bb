"""From the text of an article to the terms of the index, and from a query's words to the same terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from digest.search.document import Document
from digest.text.normalise import fold, same
from digest.text.tokens import syllables

VERSION = 1
"""Counts up with every change of the terms or weights below: an index of another version is made again."""

TITLE, LEAD, BODY = 3, 2, 1
K1, B, USUAL = 1.2, 0.75, 700
"""BM25's saturation and length normalisation, baked into the weights; USUAL is the length, in weighted
syllables, of a usual article: a constant, so that a weight never depends on what else is in the index."""


def keys(text: str) -> list[str]:
    """The exact tokens of a text: small letters with accents, spellings of one word made one."""
    return syllables(same(text))


def folded(exact: Iterable[str]) -> list[str]:
    """Exact tokens without their accents."""
    return fold(" ".join(exact)).split()


def pairs(tokens: Sequence[str]) -> list[str]:
    """Neighbouring tokens: "ton giao"."""
    return [f"{one} {two}" for one, two in pairwise(tokens)]


def fields(document: Document) -> list[list[str]]:
    """The exact tokens of headline, lead and each paragraph."""
    return [keys(text) for text in (document.title, document.lead, *document.body)]


def weights(exact: Sequence[Sequence[str]]) -> dict[str, float]:
    """term → its saturated weight in an article whose fields are these: syllables and pairs alike."""
    counts: Counter[str] = Counter()
    length = 0
    for place, tokens in enumerate(exact):
        worth = TITLE if place == 0 else LEAD if place == 1 else BODY
        plain = folded(tokens)
        length += worth * len(plain)
        for _ in range(worth):
            counts.update(plain)
            counts.update(pairs(plain))
    norm = K1 * (1 - B + B * length / USUAL)
    return {term: count * (K1 + 1) / (count + norm) for term, count in counts.items()}
