"""The archive's own words: every token that occurs, numbered, with its unaccented form and its variants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digest.text.normalise import fold

FILE = "words.txt"
BREAK = 0
"""The number that ends a field in the token sequence of an article; no token has it."""
MOST_VARIANTS = 255
"""Accented forms of one unaccented token that are told apart; "uoi" has about forty."""

Numbers = NDArray[np.uint32]


class Vocabulary:
    """Exact tokens numbered from 1 in order of appearance; it grows, and no number ever changes.

    Each exact token has the number of its folded form and, among the exact tokens of that form, a
    variant number. Marks (topics, outlets) are tokens that begin with "#", which no text holds.
    """

    def __init__(self, tokens: Iterable[str] = ()) -> None:
        self.exact: list[str] = [""]
        self.exact.extend(tokens)
        self.number: dict[str, int] = {token: number for number, token in enumerate(self.exact)}
        self.folded: dict[str, int] = {}
        self._marks: list[str] = []
        self._marked = 0
        self._folded_of: list[int] = []
        self._arrays: tuple[Numbers, NDArray[np.uint8]] | None = None
        self._by_form: tuple[NDArray[np.intp], Numbers] | None = None
        self._fold_new()

    def _fold_new(self) -> None:
        """Numbers the folded forms of tokens that came since the last time."""
        fresh = self.exact[len(self._folded_of) :]
        if fresh:
            seen = self.folded
            forms = fold("\n".join(fresh)).split("\n")
            self._folded_of.extend(seen.setdefault(form, len(seen)) for form in forms)
            self._arrays = self._by_form = None

    def add(self, token: str) -> int:
        """The number of a token, given now if it is new."""
        number = self.number.get(token)
        if number is None:
            number = self.number[token] = len(self.exact)
            self.exact.append(token)
        return number

    def forms(self) -> tuple[Numbers, NDArray[np.uint8]]:
        """By exact number: the number of the folded form, and the variant among those of that form."""
        self._fold_new()
        if self._arrays is None:
            folded = np.array(self._folded_of, dtype=np.uint32)
            order = np.argsort(folded, kind="stable")
            run = folded[order]
            first = np.searchsorted(run, run)
            variant = np.empty(len(folded), dtype=np.uint8)
            variant[order] = np.minimum(np.arange(len(run)) - first, MOST_VARIANTS)
            self._arrays = folded, variant
        return self._arrays

    def token(self, form: int, variant: int) -> str:
        """The exact token of a folded form and a variant."""
        if self._by_form is None:
            folded, _variant = self.forms()
            self._by_form = np.argsort(folded, kind="stable"), np.sort(folded)
        order, run = self._by_form
        return self.exact[int(order[int(np.searchsorted(run, form)) + variant])]

    def codes(self, tokens: Sequence[str]) -> list[tuple[int, int] | None]:
        """(folded number, variant) of exact tokens; None for one that never occurred."""
        folded, variant = self.forms()
        numbers = [self.number.get(token) for token in tokens]
        return [None if one is None else (int(folded[one]), int(variant[one])) for one in numbers]

    def marks(self, prefix: str) -> list[str]:
        """Marks that begin so ("#outlet:"), without the prefix."""
        self._marks.extend(token for token in self.exact[self._marked :] if token.startswith("#"))
        self._marked = len(self.exact)
        return [token[len(prefix) :] for token in self._marks if token.startswith(prefix)]

    def save(self, path: Path) -> None:
        """Writes the exact tokens; everything else follows from them."""
        path.write_text("\n".join(self.exact[1:]), encoding="utf-8", newline="\n")

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Reads what `save` wrote."""
        text = path.read_bytes().decode("utf-8")
        return cls(text.split("\n") if text else ())
