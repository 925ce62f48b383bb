"""Where a query's words stand in an article: marks in its headline, and the piece of text to show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from digest.model import Content
from digest.query import Node, Phrase, Words, is_accented, positive
from digest.search import analysis
from digest.search.results import Snippet
from digest.text.normalise import fold, same
from digest.text.tokens import syllables, tokens

WIDTH = 34
"""Tokens of a snippet: about two lines on a phone, three in print."""
LETTERS = WIDTH * 5
"""What WIDTH tokens take on average."""
BEFORE = 6
"""Tokens shown before the first hit."""

Marks = tuple[tuple[int, int], ...]


class Spot(NamedTuple):
    """One hit, by offsets in the text itself; `worth` weighs it against others."""

    start: int
    end: int
    worth: float


class Seeker:
    """The words and phrases of one query, sought in many texts."""

    def __init__(self, node: Node | None) -> None:
        terms = list(positive(node)) if node is not None else []
        typed = [word for term in terms if isinstance(term, Words) for word in term.words]
        words = [word for word in typed if word.loose or len(syllables(word.text)) < 2]
        phrases = [term.text for term in terms if isinstance(term, Phrase)]
        together = [word.text for word in typed if len(syllables(word.text)) > 1]
        ways = [fold(way) for way in [*together, *(other for word in typed for other in word.other)]]
        self.accented = {token for word in words for token in analysis.exact(word.text)}
        self.exact = {" ".join(analysis.exact(text)) for text in phrases if is_accented(text)}
        self.loose = {" ".join(analysis.folded(text)) for text in [*phrases, *ways] if text not in self.exact}
        self.loose -= {fold(text) for text in self.exact}
        runs = [analysis.folded(text) for text in [*phrases, *ways]]
        singles = {token for word in words for token in analysis.folded(word.text)}
        self.plain = singles
        self.kinds = len(singles) + len(phrases)
        self._pattern = _pattern([*runs, *([token] for token in singles)])

    def spots(self, text: str) -> list[Spot]:
        """The hits in a text, in order."""
        if self._pattern is None:
            return []
        folded = fold(text)
        if len(folded) != len(text):  # letters that are not composed: offsets would not be the text's own
            return list(self._by_tokens(text))
        found = (self._judged(text, hit.start(), hit.end()) for hit in self._pattern.finditer(folded))
        return [spot for spots in found for spot in spots]

    def _by_tokens(self, text: str) -> Iterator[Spot]:
        assert self._pattern is not None
        for token in tokens(text):
            if self._pattern.fullmatch(fold(same(token.text))):
                yield from self._judged(text, token.start, token.end)

    def _judged(self, text: str, start: int, end: int) -> Iterator[Spot]:
        """What the pattern found, folded: a phrase whose accents agree, a word, or nothing."""
        here = syllables(same(text[start:end]))
        key = " ".join(here)
        if len(here) > 1:
            if key in self.exact or fold(key) in self.loose:
                yield Spot(start, end, 2.0 * len(here))
                return
        elif key in self.exact or key in self.accented or fold(key) in self.loose:
            yield Spot(start, end, 2.0 if key in self.exact else 1.0)
            return
        for token in tokens(text[start:end]):
            if fold(same(token.text)) in self.plain:
                yield Spot(start + token.start, start + token.end, 0.6)


def _pattern(runs: Sequence[Sequence[str]]) -> re.Pattern[str] | None:
    """Any of the runs of folded tokens, the longest first, whole words only; final i and y are one."""
    longest = sorted({tuple(run) for run in runs if run}, key=lambda run: (-len(run), run))
    if not longest:
        return None
    some = "|".join(r"[\W_]+".join(_letters(token) for token in run) for run in longest)
    return re.compile(rf"(?<![^\W_])(?:{some})(?![^\W_])")


def _letters(token: str) -> str:
    return re.escape(token[:-1]) + "[iy]" if token[-1] in "iy" else re.escape(token)


def merged(spots: Iterable[Spot], text: str) -> Marks:
    """Marks without overlaps; neighbours with only a space between them become one."""
    out: list[tuple[int, int]] = []
    for start, end, _worth in spots:
        if out and (start <= out[-1][1] or text[out[-1][1] : start].isspace()):
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return tuple(out)


def title_marks(seeker: Seeker, title: str) -> Marks:
    """Where the hits stand in a headline."""
    return merged(seeker.spots(title), title)


def snippet(seeker: Seeker, content: Content, show: str = "full") -> Snippet:
    """The piece of lead or body that holds most of what was asked; the lead where nothing does.

    `show`: "lead" keeps it to the lead, "link" gives an empty snippet.
    """
    if show == "link":
        return Snippet()
    texts = [("lead", content.lead)]
    if show == "full":
        texts += [("body", text) for text in (*content.paragraphs, *content.captions)]
    best, chosen = 0.0, None
    for part, text in texts:
        spots = seeker.spots(text)
        worth, first = _best_window(text, spots)
        if worth > best:
            best, chosen = worth, (text, first, part, spots)
        if best >= 2.0 * seeker.kinds:  # all that was asked stands there
            break
    return _cut(*chosen) if chosen else _opening(texts)


def _opening(texts: Sequence[tuple[str, str]]) -> Snippet:
    """The beginning of the lead, or of the body where there is no lead."""
    return next((_cut(text, 0, part, []) for part, text in texts if text), Snippet())


def _best_window(text: str, spots: Sequence[Spot]) -> tuple[float, int]:
    """The worth of the best LETTERS of a text, and where its first hit begins: different words count most."""
    best, at = 0.0, 0
    for index, first in enumerate(spots[:200]):
        kinds, worth = set(), 0.0
        for spot in spots[index : index + 24]:
            if spot.end > first.start + LETTERS:
                break
            kinds.add(fold(text[spot.start : spot.end]))
            worth += 0.2 * spot.worth
        if worth + 2.0 * len(kinds) > best:
            best, at = worth + 2.0 * len(kinds), first.start
    return best, at


def _cut(text: str, first: int, part: str, spots: Sequence[Spot]) -> Snippet:
    """About WIDTH tokens around a hit, cut between words, with … where something is left out."""
    found = tokens(text)
    if not found:
        return Snippet(text, (), part)
    at = next((i for i, token in enumerate(found) if token.start >= first), 0)
    begin = max(0, min(at - BEFORE, len(found) - WIDTH))
    last = min(len(found), begin + WIDTH)
    start = 0 if begin == 0 else found[begin].start
    end = len(text) if last == len(found) else found[last - 1].end
    before, after = "… " if start else "", " …" if end < len(text) else ""
    shift = len(before) - start
    inside = [spot for spot in spots if spot.start >= start and spot.end <= end]
    marks = tuple((one + shift, two + shift) for one, two in merged(inside, text))
    return Snippet(before + text[start:end] + after, marks, part)
