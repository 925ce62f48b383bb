"""What the index is made of: which version of the analysis, what a mention weighs, how a text is cut."""

from __future__ import annotations

from digest.text.normalise import fold, same
from digest.text.tokens import syllables

VERSION = 2
"""Counts up with every change of tokens, weights or layout: an index of another version is made again."""

TITLE, LEAD, BODY = 3, 2, 1
"""What one mention counts in the headline, the lead and below."""
K1, B, USUAL = 1.2, 0.75, 700
"""BM25's saturation and length normalisation, baked into the weights. USUAL is the length, in weighted
syllables, of a usual article: a constant, so that a weight never depends on what else is in the index."""


def exact(text: str) -> list[str]:
    """The tokens of a text with their accents: small letters, spellings of one word made one."""
    return syllables(same(text))


def folded(text: str) -> list[str]:
    """The tokens of a text without accents, one for each of `exact`."""
    return [fold(token) for token in exact(text)]
