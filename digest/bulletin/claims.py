"""Numbers and names in an editor's note that occur in no source: what to look at again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from digest.text.normalise import fold, same
from digest.text.tokens import tokens

_NUMBER = re.compile(r"\d+(?:[.,/:\-–]\d+)*(?:[/-][^\W\d_]+(?:-[^\W\d_]+)*)*")
_BEFORE_NAMES = frozenset(
    "ông bà anh chị em cô chú bác cụ thầy theo tại ở từ với và còn nhưng khi do vì để nếu như cả các những trong".split()  # noqa: SIM905
)
_BREAK = re.compile(r"[.!?…:;\n“”\"(*)\[\]]")
_LINK = re.compile(r"https?://\S+|\]\([^)\s]*\)")


@dataclass(frozen=True, slots=True)
class Claim:
    """A number or name as the note has it; `row` counts lines from the note's first."""

    text: str
    row: int


def unsupported(note: str, sources: Iterable[str]) -> list[Claim]:
    """The numbers and names of a note that none of the source texts holds, each once, in order."""
    there = _Sources("\n".join(sources))
    found: dict[str, Claim] = {}
    for row, line in enumerate(note.split("\n")):
        plain = _LINK.sub(lambda link: " " * len(link[0]), line)
        for text in (*numbers(plain), *names(plain)):
            if text not in found and not there.have(text):
                found[text] = Claim(text, row)
    return list(found.values())


class _Sources:
    """Source texts as sets of numbers and as one string of comparable words."""

    def __init__(self, text: str) -> None:
        self.numbers, self.words = _read(text)

    def have(self, claim: str) -> bool:
        """Whether the number stands there as a whole, or the name with its accents."""
        if claim[0].isdigit():
            return _value(claim) in self.numbers
        return f" {_spaced(claim)} " in self.words


@lru_cache(maxsize=4)
def _read(text: str) -> tuple[frozenset[str], str]:
    return frozenset(_value(number) for number in numbers(text)), f" {_spaced(text)} "


def _spaced(text: str) -> str:
    return same(" ".join(token.text for token in tokens(text)))


def _value(number: str) -> str:
    """A number without what only writing adds: 05 is 5, 3.260 is 3260, capitals of its letters."""
    plain = re.sub(r"(?<=\d)\.(?=\d{3}(?:\D|$))", "", fold(number))
    return re.sub(r"(?<!\d)0+(?=\d)", "", plain.replace("–", "-"))


def numbers(text: str) -> Iterator[str]:
    """Numbers, dates and document numbers as they stand: 3.260 · 2,4 · 18/11/2026 · 35-NQ/TW."""
    for found in _NUMBER.finditer(text):
        if found.start() == 0 or not (text[found.start() - 1].isalnum()):
            yield found[0]


def names(text: str) -> Iterator[str]:
    """Runs of two and more capitalised syllables: names of people, places, bodies."""
    run: list[str] = []
    end = 0
    for token in tokens(text):
        apart = bool(run) and bool(_BREAK.search(text[end : token.start]) or text[end : token.start] != " ")
        capital = token.text[0].isupper()
        if run and (apart or not capital):
            yield from _name(run)
            run = []
        if capital:
            run.append(token.text)
        end = token.end
    yield from _name(run)


def _name(run: list[str]) -> Iterator[str]:
    """A run without the words that only begin a sentence or address someone: "Theo Báo …", "Ông Lê …"."""
    while run and run[0].lower() in _BEFORE_NAMES:
        run = run[1:]
    if len(run) >= 2:
        yield " ".join(run)
