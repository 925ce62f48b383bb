"""Editors' Markdown as blocks and runs: paragraphs, lists, **bold**, *italic*, links; all else is text.

There is no HTML and nothing is ever dropped: what is not one of these forms is shown as it was typed.
Links are http, https and mailto only. One pass over each line: work grows with the length alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from digest.bulletin.view import Block, Prose, Run

_ITEM = re.compile(r"[ \t]{0,6}[-*+•][ \t]+(.*)$")
_NUMBERED = re.compile(r"[ \t]{0,6}(\d{1,4})[.)][ \t]+(.*)$")
_HREF = re.compile(r"(?:https?://|mailto:)[^\s<>()\[\]\"“”]+", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]]{1,300})\]\(([^()\s]{1,2000})\)")
_BARE = re.compile(r"https?://[^\s<>()\[\]\"“”*]*[^\s<>()\[\]\"“”*.,;:!?…]", re.IGNORECASE)
_TOKEN = re.compile(r"\\[!-/:-@\[-`{-~]|\*{1,3}|_{1,3}|\[|https?://", re.IGNORECASE)


def read(text: str) -> Prose:
    """The blocks of an editor's text; () for an empty one."""
    return tuple(block for kind, words in _blocks(text) if (block := Block(runs(words), kind)).text.strip())


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """(kind, words) of each paragraph and list item; lines of one paragraph are joined by spaces."""
    kind, words = "paragraph", [""]
    for line in [*text.split("\n"), ""]:
        item, numbered = _ITEM.match(line), _NUMBERED.match(line)
        starts = item or (numbered if numbered and (kind == "numbered" or numbered[1] == "1") else None)
        if not line.strip() or starts:
            if any(words):
                yield kind, " ".join(" ".join(words).split())
            kind, words = "paragraph", []
        if item:
            kind, words = "item", [item[1].strip()]
        elif starts and numbered:
            kind, words = "numbered", [numbered[2].strip()]
        elif line.strip():
            words.append(line.strip())


# --- inside a paragraph -----------------------------------------------------------------------


@dataclass(slots=True)
class _Piece:
    """A stretch of text, a link, or a mark (`*`, `**`, `***`, with `_` likewise) that may pair up."""

    text: str
    href: str = ""
    mark: bool = False
    opens: bool = False
    closes: bool = False
    partner: int = -1


def runs(words: str) -> tuple[Run, ...]:
    """One paragraph's words as runs; marks that do not pair up stay as they were typed."""
    pieces = list(_pieces(words))
    _pair(pieces)
    made: list[Run] = []
    bold = italic = 0
    for index, piece in enumerate(pieces):
        if piece.mark and piece.partner >= 0:
            step = 1 if piece.partner > index else -1
            bold += step * (len(piece.text) >= 2)
            italic += step * (len(piece.text) != 2)
        elif piece.href and not piece.text.startswith(piece.href):
            made += [
                Run(r.text, r.bold or bold > 0, r.italic or italic > 0, piece.href) for r in runs(piece.text)
            ]
        else:
            made.append(Run(piece.text, bold > 0, italic > 0, piece.href))
    return tuple(_joined(made))


def _pieces(words: str) -> Iterator[_Piece]:
    at = 0
    while found := _TOKEN.search(words, at):
        if found.start() > at:
            yield _Piece(words[at : found.start()])
        piece, at = _piece(words, found[0], found.start(), found.end())
        yield piece
    if at < len(words):
        yield _Piece(words[at:])


def _piece(words: str, sign: str, start: int, end: int) -> tuple[_Piece, int]:
    """What a sign begins, and where it ends."""
    if sign[0] == "\\":
        return _Piece(sign[1]), end
    if sign[0] in "*_":
        return _mark(words, sign, start, end), end
    if sign == "[":
        link = _LINK.match(words, start)
        if link and _HREF.fullmatch(link[2]) and not _BARE.search(link[1]):
            return _Piece(link[1], link[2]), link.end()
        return _Piece(sign), end
    bare = _BARE.match(words, start)
    return (_Piece(bare[0], bare[0]), bare.end()) if bare else (_Piece(sign), end)


def _mark(words: str, token: str, start: int, end: int) -> _Piece:
    """A mark opens before a word and closes after one; `_` inside a word is a letter like any other."""
    before, after = words[start - 1 : start], words[end : end + 1]
    opens, closes = bool(after) and not after.isspace(), bool(before) and not before.isspace()
    if token[0] == "_":
        opens, closes = opens and not before.isalnum(), closes and not after.isalnum()
    return _Piece(token, mark=True, opens=opens, closes=closes)


def _pair(pieces: list[_Piece]) -> None:
    """Each closing mark takes the nearest open one of its kind; what stood open between stays text."""
    open_: list[int] = []
    waiting: dict[str, int] = {}
    for index, piece in enumerate(pieces):
        if not piece.mark:
            continue
        if piece.closes and waiting.get(piece.text, 0):
            while pieces[open_[-1]].text != piece.text:
                waiting[pieces[open_.pop()].text] -= 1
            begin = open_.pop()
            waiting[piece.text] -= 1
            pieces[begin].partner, piece.partner = index, begin
        elif piece.opens:
            open_.append(index)
            waiting[piece.text] = waiting.get(piece.text, 0) + 1


def _joined(made: list[Run]) -> Iterator[Run]:
    """Neighbours of one style become one run."""
    waiting: Run | None = None
    for run in made:
        if waiting and (waiting.bold, waiting.italic, waiting.href) == (run.bold, run.italic, run.href):
            waiting = Run(waiting.text + run.text, run.bold, run.italic, run.href)
            continue
        if waiting:
            yield waiting
        waiting = run
    if waiting:
        yield waiting
