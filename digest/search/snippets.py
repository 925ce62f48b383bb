"""Where a query's words stand in an article: marks in its headline, and the piece of text to show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from digest.model import Content
from digest.query import Node, Phrase, Words, is_accented, positive
from digest.search.results import Snippet
from digest.text.normalise import fold, same
from digest.text.tokens import syllables, tokens

WIDTH = 34
"""Tokens of a snippet: about two lines on a phone, three in print."""

Marks = tuple[tuple[int, int], ...]


class Seeker:
    """The words and phrases of one query, sought in many texts."""

    def __init__(self, node: Node | None) -> None:
        terms = list(positive(node)) if node is not None else []
        self.phrases = [_phrase(term.text) for term in terms if isinstance(term, Phrase)]
        runs = [[word.text for word in term.words] for term in terms if not isinstance(term, Phrase)]
        self.phrases += [_phrase(fold(way)) for way in _ways(terms)]
        self.words = {token for run in runs for word in run for token in syllables(fold(same(word)))}
        self.accented = {token for run in runs for word in run for token in syllables(same(word))}

    def marks(self, text: str) -> list[tuple[int, int, float]]:
        """(start, end, worth) of each hit in a text; the text's own offsets."""
        found = tokens(text)
        exact = [same(token.text) for token in found]
        plain = [fold(key) for key in exact]
        hits = [
            (token.start, token.end, 1.0 if key in self.accented else 0.6)
            for token, key, flat in zip(found, exact, plain, strict=True)
            if flat in self.words
        ]
        for wanted, accented in self.phrases:
            keys = exact if accented else plain
            for at in _places(keys, wanted):
                hits.append((found[at].start, found[at + len(wanted) - 1].end, 2.0 * len(wanted)))
        return sorted(hits)


def _ways(terms: Iterable[Words | Phrase]) -> list[str]:
    words = [word for term in terms if isinstance(term, Words) for word in term.words]
    return [other for word in words for other in word.other]


def _phrase(text: str) -> tuple[list[str], bool]:
    accented = is_accented(text)
    return syllables(same(text) if accented else fold(same(text))), accented


def _places(keys: Sequence[str], wanted: Sequence[str]) -> Iterable[int]:
    size = len(wanted)
    return (at for at in range(len(keys) - size + 1) if list(keys[at : at + size]) == list(wanted))


def merged(hits: Iterable[tuple[int, int, float]], text: str) -> Marks:
    """Marks without overlaps; neighbours with only a space between them become one."""
    out: list[tuple[int, int]] = []
    for start, end, _worth in hits:
        if out and (start <= out[-1][1] or text[out[-1][1] : start].isspace()):
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return tuple(out)


def title_marks(seeker: Seeker, title: str) -> Marks:
    """Where the hits stand in a headline."""
    return merged(seeker.marks(title), title)


def snippet(seeker: Seeker, content: Content, show: str = "full") -> Snippet:
    """The piece of lead or body that holds most of what was asked; the lead where nothing does.

    `show`: "lead" keeps it to the lead, "link" gives an empty snippet.
    """
    if show == "link":
        return Snippet()
    texts = [("lead", content.lead)]
    if show == "full":
        texts += [("body", text) for text in (*content.paragraphs, *content.captions)]
    best, best_worth = Snippet(), 0.0
    for part, text in texts:
        worth, piece = _best_window(seeker, part, text)
        if worth > best_worth:
            best, best_worth = piece, worth
    return best if best_worth else _opening(texts)


def _opening(texts: Sequence[tuple[str, str]]) -> Snippet:
    """The beginning of the lead, or of the body where there is no lead."""
    for part, text in texts:
        if text:
            return _cut(text, 0, part, [])
    return Snippet()


def _best_window(seeker: Seeker, part: str, text: str) -> tuple[float, Snippet]:
    hits = seeker.marks(text)
    if not hits:
        return 0.0, Snippet()
    width = WIDTH * 6  # letters: what WIDTH tokens take on average
    best, at = 0.0, 0
    for index, (start, _end, _worth) in enumerate(hits):
        inside = [hit for hit in hits[index : index + 24] if hit[1] <= start + width]
        kinds = {fold(text[one:two]) for one, two, _w in inside}
        worth = sum(hit[2] for hit in inside) * 0.2 + 2.0 * len(kinds)
        if worth > best:
            best, at = worth, start
    return best, _cut(text, at, part, hits)


def _cut(text: str, first_hit: int, part: str, hits: Sequence[tuple[int, int, float]]) -> Snippet:
    """About WIDTH tokens around a hit, cut between words, with … where something is left out."""
    found = tokens(text)
    if not found:
        return Snippet(text, (), part)
    at = next((i for i, token in enumerate(found) if token.start >= first_hit), 0)
    first = max(0, min(at - 6, len(found) - WIDTH))
    last = min(len(found), first + WIDTH)
    start = 0 if first == 0 else found[first].start
    end = len(text) if last == len(found) else found[last - 1].end
    before, after = "… " if start else "", " …" if end < len(text) else ""
    shift = len(before) - start
    inside = [hit for hit in hits if hit[0] >= start and hit[1] <= end]
    marks = tuple((one + shift, two + shift) for one, two in merged(inside, text))
    return Snippet(before + text[start:end] + after, marks, part)
