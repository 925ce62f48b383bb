"""What changed between two texts of one article, in words: pieces kept, put in and taken out; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from digest.model import Content
from digest.text.normalise import clean

MOST_TOKENS = 3_000  # of one passage compared word by word; difflib is quadratic at worst
_PIECE = re.compile(r"\s+|[^\W_]+|[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text. kind: same | new | old."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One changed headline, lead or paragraph, as pieces in reading order. part: title | lead | body | …"""

    part: str
    pieces: tuple[Piece, ...]

    @property
    def changes(self) -> int:
        """How many places of it changed."""
        runs = ["x" if piece.kind != "same" else " " for piece in self.pieces]
        return len("".join(runs).split())


def words(old: str, new: str) -> tuple[Piece, ...]:
    """Two texts compared word by word; long ones are simply old and new."""
    left, right = _PIECE.findall(old), _PIECE.findall(new)
    if len(left) + len(right) > MOST_TOKENS:
        return _replaced(old, new)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(left[a:b])))
            continue
        pieces += _replaced("".join(left[a:b]), "".join(right[c:d]))
    return tuple(_joined(pieces))


def _replaced(old: str, new: str) -> tuple[Piece, ...]:
    return tuple(piece for piece in (Piece("old", old), Piece("new", new)) if piece.text)


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Changes that only a space divides are one change: easier to read than word by word."""
    old, new, gap = "", "", ""
    for piece in pieces:
        if piece.kind == "same" and not piece.text.strip() and (old or new):
            gap += piece.text
            continue
        if piece.kind == "same":
            yield from _flushed(old, new, gap)
            old, new, gap = "", "", ""
            yield piece
            continue
        old, new, gap = old + gap, new + gap, ""
        old += piece.text if piece.kind == "old" else ""
        new += piece.text if piece.kind == "new" else ""
    yield from _flushed(old, new, gap)


def _flushed(old: str, new: str, gap: str) -> Iterator[Piece]:
    yield from _replaced(old, new)
    if gap:
        yield Piece("same", gap)


def between(old: Content, new: Content) -> tuple[Passage, ...]:
    """Every part that differs: headline, lead, author, then paragraphs in order."""
    found = []
    for part, before, after in (
        ("title", old.title, new.title),
        ("author", old.author, new.author),
        ("lead", old.dateline + old.lead, new.dateline + new.lead),
    ):
        if clean(before) != clean(after):
            found.append(Passage(part, words(clean(before), clean(after))))
    found += _lists("body", old.paragraphs, new.paragraphs)
    found += _lists("caption", old.captions, new.captions)
    return tuple(found)


def _lists(part: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Passage]:
    left, right = [clean(text) for text in old], [clean(text) for text in new]
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for at in range(max(b - a, d - c)):
            before = left[a + at] if a + at < b else ""
            after = right[c + at] if c + at < d else ""
            yield Passage(part, words(before, after))


def shortened(passage: Passage, around: int = 60) -> Passage:
    """The passage with long unchanged stretches cut down to a few words beside each change."""
    pieces, last = [], len(passage.pieces) - 1
    for at, piece in enumerate(passage.pieces):
        text = piece.text
        if piece.kind == "same" and len(text) > 2 * around + 20:
            head = "" if at == 0 else text[:around].rpartition(" ")[0]
            tail = "" if at == last else text[-around:].partition(" ")[2]
            text = f"{head} […] {tail}".strip() if head and tail else f"{head} […]" if head else f"[…] {tail}"
            text = f"{text} " if tail and not text.endswith(" ") and at != last else text
        pieces.append(Piece(piece.kind, text))
    return Passage(passage.part, tuple(pieces))


def summary(passages: Sequence[Passage], most: int = 40) -> tuple[str, str] | None:
    """The first short replacement (“45 hộ”, “46 hộ”), with a word beside it; None where there is none."""
    for passage in passages:
        for at, piece in enumerate(passage.pieces[:-1]):
            after = passage.pieces[at + 1]
            if piece.kind == "old" and after.kind == "new" and max(len(piece.text), len(after.text)) <= most:
                beside = passage.pieces[at + 2].text if at + 2 < len(passage.pieces) else ""
                word = re.match(r"\s[^\W_]+", beside)
                tail = word[0] if word else ""
                return (piece.text + tail).strip(), (after.text + tail).strip()
    return None
