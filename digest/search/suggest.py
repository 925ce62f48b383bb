"""When nothing is found: keystrokes read as Vietnamese, and "ý bạn là" out of the archive's own words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from string import ascii_lowercase, digits

from digest.query import And, Node, Or, Word, Words
from digest.search import accents, analysis
from digest.search.keystrokes import readings
from digest.search.opened import Index
from digest.search.proposals import Counting
from digest.search.segment import Range, pair_range, single_range
from digest.text.normalise import fold

MOST_WORDS = 8
MOST_CANDIDATES, MOST_PAIRS = 24, 500
"""Candidates for one word, and pairs of neighbouring candidates that are counted for a whole query."""
EDIT = 3.5
"""What a changed letter costs, in natural logarithms of how often a pair of words occurs."""

_SOUNDS = (
    ("ch", "tr"),
    ("s", "x"),
    ("d", "gi", "r", "v"),
    ("l", "n"),
    ("ngh", "ng"),
    ("gh", "g"),
    ("c", "k", "q"),
)
_ENDINGS = (
    ("n", "ng"),
    ("ng", "n"),
    ("n", "nh"),
    ("nh", "n"),
    ("c", "t"),
    ("t", "c"),
    ("ch", "t"),
    ("t", "ch"),
)

Edit = tuple[int, int, str]


def understood(known: Counting, node: Node, text: str) -> str:
    """The query with its Telex or VNI keystrokes read and its numbers cut as documents have them; "" if
    there is nothing of that kind in it, or the archive does not have the words."""
    words = [word for word in _words(node) if not word.loose]
    read = [(word.start, word.end, better) for word in words if (better := _read(known, word.text))]
    if 2 * len(read) < len(words):  # one such word among plain ones is a slip of the finger
        read = []
    apart = [(word.start, word.end, better) for word in words if (better := _apart(known, word.text))]
    return _edited(text, read or apart)


def _words(node: Node) -> Iterator[Word]:
    """The plain words as they were typed, those within full forms too."""
    if isinstance(node, Words):
        yield from node.words
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from _words(part)


def _edited(text: str, edits: Sequence[Edit]) -> str:
    if not edits:
        return ""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _read(known: Counting, word: str) -> str:
    """The likeliest syllable behind keystrokes, where the archive has it far more often than the letters."""
    found = {one: exact[0] for one in readings(word) if (exact := analysis.exact(one))}
    if not found:
        return ""
    (as_typed,) = known.counts("text", [word.lower()])
    often = dict(zip(found, known.counts("exact", list(found.values())), strict=True))
    best = max(often, key=lambda one: often[one])
    return best if often[best] > 20 * as_typed else ""


def _apart(known: Counting, word: str) -> str:
    """35NQ/TW and 35NQTW as 35-NQ/TW, NQ35 as NQ 35: figures and letters apart, as the archive has them."""
    pieces = _PIECES.findall(word)
    if not any(piece.isdigit() for piece in pieces):
        return ""
    cut = [part for piece in pieces for part in _letters_apart(known, piece)]
    if len(cut) < 2 or len(cut) == len(analysis.folded(word)):
        return ""
    tokens = [fold(part) for part in cut]
    if not all(known.counts("text", tokens)):
        return ""
    together = known.counts("text", [f"{one} {two}" for one, two in pairwise(tokens)])
    return _joined(word, cut) if all(together) else " ".join(cut)


def _joined(word: str, cut: Sequence[str]) -> str:
    """The parts with the signs that were typed between them, else those that documents have: 35-NQ/TW."""
    made, rest = "", word
    for before, part in zip(["", *cut], cut, strict=False):
        typed = rest[: rest.index(part)]
        rest = rest[len(typed) + len(part) :]
        made += (typed or ("" if not before else "/" if before.isalpha() and part.isalpha() else "-")) + part
    return made


_PIECES = re.compile(r"\d+|[^\W\d_]+")


def _letters_apart(known: Counting, piece: str) -> list[str]:
    """NQTW, which the archive does not have, as the two that stand side by side in it."""
    if piece.isdigit() or len(piece) < 4 or known.counts("text", [fold(piece)])[0]:
        return [piece]
    halves = [(piece[:at], piece[at:]) for at in range(2, len(piece) - 1)]
    often = known.counts("text", [fold(f"{one} {two}") for one, two in halves])
    count, best = max(zip(often, halves, strict=True))
    return list(best) if count else [piece]


@dataclass(frozen=True, slots=True)
class _Choice:
    """One way of taking a word: its folded tokens (two where it is split) and what that costs."""

    tokens: tuple[str, ...]
    cost: float


def suggestion(index: Index, node: Node, text: str) -> str:
    """The query with typing errors put right, as the archive writes those words; "" if it is right as it is."""
    words = [word for word in _words(node) if not word.loose][:MOST_WORDS]
    typed = [analysis.folded(word.text) for word in words]
    most = min(MOST_CANDIDATES, math.isqrt(MOST_PAIRS // max(len(words) - 1, 1)))
    choices = [_choices(index, tokens, most) for tokens in typed]
    best = _best(index, choices)
    changed = [at for at, tokens in enumerate(typed) if tuple(tokens) != best[at].tokens]
    if not changed:
        return ""
    flat = [token for choice in best for token in choice.tokens]
    written = iter(accents.restored(index, flat) or [_written(index, token) for token in flat])
    spelled = [" ".join(next(written) for _token in choice.tokens) for choice in best]
    return _edited(text, [(words[at].start, words[at].end, spelled[at]) for at in changed])


def _written(index: Index, token: str) -> str:
    """A folded token as the archive writes it most often."""
    form = index.words.folded.get(token)
    counts = accents.singles(index, form) if form is not None else {}
    return (
        index.words.token(form, max(counts, key=lambda one: counts[one]))
        if form is not None and counts
        else token
    )


def _choices(index: Index, tokens: Sequence[str], most: int) -> list[_Choice]:
    as_typed = _Choice(tuple(tokens), 0.0 if all(token in index.words.folded for token in tokens) else 12.0)
    if len(tokens) != 1 or len(tokens[0]) < 2 or not tokens[0].isalpha():
        return [as_typed]
    near = {token for token in _near(tokens[0]) if token in index.words.folded and token != tokens[0]}
    ranges = {token: single_range(index.words.folded[token]) for token in near}
    counts = dict(zip(ranges, index.postings.rough_counts(list(ranges.values())), strict=True))
    often = sorted((token for token in near if counts[token]), key=lambda token: -counts[token])
    changed = [_Choice((token,), EDIT - 0.2 * math.log1p(counts[token])) for token in often[:most]]
    split = [
        _Choice(two, EDIT) for two in _splits(tokens[0]) if all(one in index.words.folded for one in two)
    ][:most]
    return [as_typed, *changed, *split]


def _near(word: str) -> Iterator[str]:
    """What sounds alike in one region or another, and all that is one keystroke away: a letter too many,
    too few, wrong, or two exchanged."""
    for some in _SOUNDS:
        for one in some:
            if word.startswith(one):
                yield from (other + word[len(one) :] for other in some if other != one)
    for one, other in _ENDINGS:
        if word.endswith(one):
            yield word[: -len(one)] + other
    letters = ascii_lowercase + (digits if any(letter.isdigit() for letter in word) else "")
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in letters:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


def _splits(word: str) -> Iterator[tuple[str, str]]:
    """Two words without the space between them."""
    if len(word) >= 4:
        yield from ((word[:at], word[at:]) for at in range(1, len(word)))


def _best(index: Index, choices: Sequence[Sequence[_Choice]]) -> list[_Choice]:
    """The path (Viterbi) whose neighbouring words the archive holds most often, less what it costs."""
    together = _together(index, choices)
    best: list[tuple[float, list[_Choice]]] = (
        [(_alone(one, together), [one]) for one in choices[0]] if choices else []
    )
    for some in choices[1:]:
        best = [
            max(
                (
                    (
                        score
                        + together.get((path[-1].tokens[-1], one.tokens[0]), 0.0)
                        + _alone(one, together),
                        [*path, one],
                    )
                    for score, path in best
                ),
                key=lambda found: found[0],
            )
            for one in some
        ]
    return max(best, key=lambda found: found[0])[1] if best else []


def _alone(choice: _Choice, together: dict[tuple[str, str], float]) -> float:
    apart = sum((a, b) not in together for a, b in pairwise(choice.tokens))
    return -choice.cost - 6.0 * apart


def _together(index: Index, choices: Sequence[Sequence[_Choice]]) -> dict[tuple[str, str], float]:
    """The logarithm of how many articles hold each pair of neighbours that may be chosen."""
    wanted: dict[tuple[str, str], Range] = {}
    folded = index.words.folded

    def want(one: str, two: str) -> None:
        if one in folded and two in folded:
            wanted[one, two] = pair_range(folded[one], folded[two])

    for before, after in pairwise(choices):
        for one in before:
            for two in after:
                want(one.tokens[-1], two.tokens[0])
    for some in choices:
        for one in some:
            for a, b in zip(one.tokens, one.tokens[1:], strict=False):
                want(a, b)
    counts = index.postings.rough_counts(list(wanted.values()))
    return {pair: math.log1p(count) for pair, count in zip(wanted, counts, strict=True) if count}
