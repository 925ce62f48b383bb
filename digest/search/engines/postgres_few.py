"""The best few of what PostgreSQL found, ranked by the code and the constants of the other engine."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import sqlalchemy as sa

from digest.query import Node
from digest.search.engines import Ranked
from digest.search.engines.blocks import Blocks, Wanted
from digest.search.engines.postgres_tables import texts
from digest.search.opened import Index
from digest.search.results import Request
from digest.search.segment import NO_DAY, build
from digest.search.vocabulary import BREAK, Vocabulary
from digest.text.normalise import fold

_META = ("article", "story", "day", "minute")
COLUMNS = tuple(texts.c[name] for name in (*_META, "exact"))
"""What is read of them."""

folded = lru_cache(maxsize=65536)(fold)


class Few(Blocks):
    """The best few in an index of their own, weighed by the counts of the whole archive."""

    def __init__(self, index: Index, known: dict[str, int], size: int) -> None:
        super().__init__(Counted(index, known, size))

    def rank(self, node: Node, request: Request) -> list[Ranked]:
        """All of them, ranked: whether they match was decided before."""
        group = self.group(Wanted(self.index, node), self.index.alive, True, request)
        return list(self.page([group], request))


class Counted(Index):
    """An index that says of its terms how often they stand in the whole archive."""

    def __init__(self, index: Index, known: dict[str, int], size: int) -> None:
        super().__init__(index.parts, [()], index.words, index.stamp, index.name)
        self.known, self.articles = known, size

    def counts(self, field: str, terms: Sequence[str]) -> list[int]:
        """In how many articles of the archive each term stands."""
        mark = "=" if field == "exact" else ""
        return [self.known.get(mark + term, 0) for term in terms]


class _Numbers(dict[str, int]):
    """The numbers of tokens in a vocabulary of the wanted ones; all others share one."""

    def __init__(self, forms: Collection[str]) -> None:
        self.words, self.forms = Vocabulary(), frozenset(forms)
        self.other = self.words.add("#")  # stands in no text

    def __missing__(self, token: str) -> int:
        number = self.words.add(token) if folded(token) in self.forms else self.other
        self[token] = number
        return number


def drafted(rows: Sequence[sa.Row[Any]], forms: Collection[str]) -> Index:
    """Rows of COLUMNS as an index in memory that knows the syllables of these folded forms alone: of the
    others it knows where they stand. A fifth of the work of a whole one."""
    numbers = _Numbers(forms)
    tokens: list[int] = []
    starts = [0]
    for row in rows:
        for field in row.exact.split("\n"):
            tokens += [numbers[token] for token in field.split()]
            tokens.append(BREAK)
        starts.append(len(tokens))
    meta = np.array([[NO_DAY if row[at] is None else row[at] for at in range(4)] for row in rows], np.int64)
    parts = {
        "tokens": np.array(tokens, np.uint32),
        "starts": np.array(starts, np.uint32),
        "marks": np.zeros(0, np.uint32),
        "mark_starts": np.zeros(len(starts), np.uint32),
        **{name: meta[:, at].astype(np.int64 if at < 2 else np.int32) for at, name in enumerate(_META)},
    }
    return Index([build(parts, numbers.words, ignored=numbers.other)], [()], numbers.words, {}, "memory")
