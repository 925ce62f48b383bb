"""Excerpts: one to three sentences of an article that carry it, chosen by a method that can be explained."""

from __future__ import annotations

from collections.abc import Sequence

from digest.model import Content
from digest.text.normalise import clean, fold
from digest.text.sentences import sentences
from digest.text.tokens import syllables

MOST = 3


def choose(content: Content, terms: Sequence[str] = (), most: int = MOST) -> tuple[str | None, ...]:
    """Sentences of the article, unchanged and in order; None where something between was left out."""
    lead = clean(content.lead)
    title = set(syllables(fold(content.title)))
    found: list[tuple[float, int, int, str]] = []
    place = 0
    for number, paragraph in enumerate(map(clean, content.paragraphs)):
        for sentence in sentences(paragraph):
            words = syllables(fold(sentence))
            place += 1
            if len(words) < 8 or len(words) > 90 or sentence in lead:
                continue
            overlap = len(title & set(words)) / (len(title) or 1)
            found.append((-(overlap + 1.0 / (1 + 0.2 * place)), place, number, sentence))
    best = sorted(sorted(found)[: min(most, 2)], key=lambda one: one[1])
    return _joined([(place, number, sentence) for _score, place, number, sentence in best])


def _joined(best: list[tuple[int, int, str]]) -> tuple[str | None, ...]:
    made: list[str | None] = []
    before = 0
    for place, _number, sentence in best:
        if made and place != before + 1:
            made.append(None)
        made.append(sentence)
        before = place
    return tuple(made)
