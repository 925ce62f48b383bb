"""Where words stand in an article: its text as one string, exact places, the nearest passage."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from digest.model import Content
from digest.text.normalise import clean
from digest.text.tokens import Token, tokens

_LONGEST = 600  # tokens of an excerpt that are compared in detail; longer ones by their beginning
_LINKS = ".,/:-–"  # what holds a number together: 3.260 · 2,4 · 18/11 · 35-NQ


def quotable(content: Content) -> str:
    """What may be quoted from an article: lead and paragraphs in order, white space folded, NFC."""
    return " ".join(text for text in map(clean, (content.lead, *content.paragraphs)) if text)


def locate(source: str, words: str, start: int = 0) -> int:
    """Where `words` stand in `source` from `start` on, at whole syllables; -1 if nowhere."""
    at = source.find(words, start) if words else -1
    while at >= 0 and not _whole(source, at, at + len(words)):
        at = source.find(words, at + 1)
    return at


def _whole(source: str, begin: int, end: int) -> bool:
    """Whether a passage cuts no syllable or number in two at either end."""
    return not _joint(source, begin) and not _joint(source, end)


def _joint(source: str, at: int) -> bool:
    """Whether the letters before and after a place belong together: "kh|ông", "3|.260", "35-|NQ"."""
    before, after = source[max(0, at - 2) : at], source[at : at + 2]
    if not before or not after:
        return False
    if before[-1].isalnum() and after[0].isalnum():
        return True
    if after[0] in _LINKS and len(after) == 2:
        return before[-1].isdigit() and after[1].isalnum()
    return before[-1] in _LINKS and len(before) == 2 and before[0].isdigit() and after[0].isalnum()


@dataclass(frozen=True, slots=True)
class Nearest:
    """The passage of a source most like given words: its place, text, and the first difference.

    `given` and `found` are the differing stretches with a few syllables around them; `at` counts
    letters of the given words before the first difference.
    """

    begin: int
    text: str
    given: str
    found: str
    at: int


def nearest(source: str, words: str) -> Nearest | None:
    """The passage of `source` most like `words`, or None if hardly a syllable is shared."""
    wanted, there = tokens(words)[:_LONGEST], tokens(source)
    window = _window([token.text for token in wanted], [token.text for token in there])
    if window is None:
        return None
    first, last = _aligned(wanted, there, *window)
    begin, end = _with_marks(source, words, there[first].start, there[last - 1].end)
    return _difference(source, words, begin, end)


def _window(wanted: list[str], there: list[str]) -> tuple[int, int] | None:
    """The stretch of `there`, as long as `wanted`, that shares most syllables with it."""
    size, open_ = len(wanted), Counter(wanted)
    best, best_at, shared = 0, 0, 0
    for index, syllable in enumerate(there):
        if open_[syllable] > 0:
            shared += 1
        open_[syllable] -= 1
        if index >= size:
            gone = there[index - size]
            open_[gone] += 1
            if open_[gone] > 0:
                shared -= 1
        if shared > best:
            best, best_at = shared, max(0, index - size + 1)
    if not size or best * 3 < size:
        return None
    slack = max(4, size // 4)
    return max(0, best_at - slack), min(len(there), best_at + size + slack)


def _aligned(wanted: list[Token], there: list[Token], first: int, last: int) -> tuple[int, int]:
    """The window cut to where the wanted syllables really begin and end."""
    words = [token.text for token in wanted]
    stretch = [token.text for token in there[first:last]]
    blocks = [
        b for b in SequenceMatcher(None, words, stretch, autojunk=False).get_matching_blocks() if b.size
    ]
    head, tail = blocks[0], blocks[-1]
    begin = max(0, head.b - head.a)
    end = min(len(stretch), tail.b + tail.size + (len(words) - tail.a - tail.size))
    return first + begin, first + max(end, begin + 1)


def _with_marks(source: str, words: str, begin: int, end: int) -> tuple[int, int]:
    """The passage with the punctuation around it, if the given words have some there."""
    if words and not words[0].isalnum():
        while begin > 0 and not source[begin - 1].isalnum() and source[begin - 1] != " ":
            begin -= 1
    if words and not words[-1].isalnum():
        while end < len(source) and not source[end].isalnum() and source[end] != " ":
            end += 1
    return begin, end


def _difference(source: str, words: str, begin: int, end: int) -> Nearest:
    passage = source[begin:end]
    at = next((n for n, (a, b) in enumerate(zip(words, passage, strict=False)) if a != b), None)
    at = min(len(words), len(passage)) if at is None else at
    tail = 0
    while tail < min(len(words), len(passage)) - at and words[-1 - tail] == passage[-1 - tail]:
        tail += 1
    return Nearest(
        begin,
        passage,
        around(words, at, len(words) - tail),
        around(passage, at, len(passage) - tail),
        at,
    )


def around(text: str, begin: int, end: int, room: int = 24) -> str:
    """The stretch with whole words beside it, "…" where more was cut; at most 160 letters."""
    left = text.rfind(" ", 0, max(0, begin - room)) + 1 if begin > room else 0
    right = text.find(" ", min(len(text), end + room))
    right = len(text) if right < 0 else right
    cut = text[left:right]
    cut = f"{cut[:80]} … {cut[-70:]}" if len(cut) > 160 else cut
    return ("… " if left else "") + cut + (" …" if right < len(text) else "")
