"""The engine for every day: NumPy over the posting lists of the Whoosh index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from digest.query import And, Node, Words
from digest.search import ranking
from digest.search.engines import Found, Ranked
from digest.search.facets import Counter
from digest.search.matching import Matcher
from digest.search.opened import Index, Mask
from digest.search.results import Request

LEAST_SHARE = 0.2
"""An article that holds a smaller share of a query (by idf) is no answer to it."""

Floats = NDArray[np.float64]
Group = tuple[Mask, bool]


class Blocks:
    """Answers out of one open index."""

    name = "whoosh"

    def __init__(self, index: Index) -> None:
        self.index = index
        self.matcher = Matcher(index)
        self.counter = Counter(index)

    def find(self, node: Node | None, request: Request) -> Found:
        """Articles that hold all words first; where they do not fill the page, those that hold the most."""
        allowed = self._allowed(request)
        whole = allowed if node is None else allowed & self._mask(node)
        total = int(np.count_nonzero(whole))
        needed = request.offset + request.limit
        groups: list[Group] = [(whole, True)]
        if total < needed and (request.sort == "relevance" or not total):
            groups += self._partly(node, allowed, whole)
        key = self._key(node, request, groups)
        shown = whole if total else groups[-1][0]
        page = self._page(groups, key, request)
        return Found(
            int(np.count_nonzero(shown)), self._stories(shown), page, lambda: self.counter.count(shown)
        )

    def _mask(self, node: Node) -> Mask:
        masks = [self.matcher.mask(part, node) for part in self.index.parts]
        return np.concatenate(masks) if masks else self.index.alive

    def _allowed(self, request: Request) -> Mask:
        """What the request's own filters let through."""
        index, out = self.index, self.index.alive
        if request.first or request.last:
            out = out & index.in_days(_ordinal(request.first), _ordinal(request.last))
        for prefix, values in (("#topic:", request.topics), ("#outlet:", request.outlets)):
            if values and index.parts:
                marks = [f"{prefix}{value}" for value in values]
                out = out & np.concatenate([self.matcher.any_mark(part, marks) for part in index.parts])
        return out

    def _partly(self, node: Node | None, allowed: Mask, whole: Mask) -> list[Group]:
        """Where plain words were asked for: articles that hold a good share of them, and all else."""
        soft, others = _soft(node)
        if soft is None or node is None:
            return []
        rest = allowed & ~whole
        for other in others:
            rest &= self._mask(other)
        _scores, share = self._scores(node, rest)
        return [(rest & (share >= LEAST_SHARE), False)]

    def _scores(self, node: Node, among: Mask) -> tuple[Floats, Floats]:
        """Score and share of every article; left at 0 in segments that hold none of `among`."""
        weighed = ranking.terms(self.index, node)
        total, share = np.zeros(self.index.size), np.zeros(self.index.size)
        for part in self.index.parts:
            here = slice(part.base, part.base + part.size)
            if among[here].any():
                total[here], share[here] = ranking.scores(part, weighed)
        return total, share

    def _key(self, node: Node | None, request: Request, groups: Sequence[Group]) -> Floats:
        """What the answer is ordered by, the greatest first."""
        if request.sort == "oldest":
            return -self.index.minute.astype(np.float64)
        if request.sort == "newest" or node is None or not ranking.terms(self.index, node):
            return self.index.minute.astype(np.float64)
        among = np.logical_or.reduce([mask for mask, _whole in groups])
        total, _share = self._scores(node, among)
        if request.today is not None:
            total *= ranking.freshness(self.index.day, request.today)
        return total

    def _page(self, groups: Sequence[Group], key: Floats, request: Request) -> tuple[Ranked, ...]:
        """The page asked for: the best article of each story."""
        needed = request.offset + request.limit
        seen: set[int] = set()
        page: list[Ranked] = []
        for mask, whole in groups:
            for place in self._in_order(mask, key, needed):
                if len(seen) == needed:
                    return tuple(page)
                story = int(self.index.story[place])
                if story not in seen:
                    seen.add(story)
                    if len(seen) > request.offset:
                        page.append(self._ranked(place, story, key, request, whole))
        return tuple(page)

    def _ranked(self, place: int, story: int, key: Floats, request: Request, whole: bool) -> Ranked:
        article = int(self.index.article[place])
        others = tuple(one for one in self.index.families.get(story, ()) if one != article)
        score = round(float(key[place]), 4) if request.sort == "relevance" else 0.0
        return Ranked(article, story, score, whole, others)

    def _in_order(self, mask: Mask, key: Floats, needed: int) -> Iterator[int]:
        """The places of a mask by key, then the newest, then the latest id; sorted only as far as asked."""
        left, size = np.flatnonzero(mask), needed + 20
        while len(left):
            chosen, left = _greatest(left, key, size)
            tie = (-self.index.article[chosen], -self.index.minute[chosen], -key[chosen])
            yield from chosen[np.lexsort(tie)].tolist()
            size *= 4

    def _stories(self, mask: Mask) -> int:
        """How many stories the articles of a mask are: most are their story's first."""
        index = self.index
        first = index.article == index.story
        followers = np.unique(index.story[mask & ~first])
        own = index.article[mask & first]
        return len(own) + int(np.count_nonzero(~np.isin(followers, own)))


def _greatest(places: NDArray[np.intp], key: Floats, size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The places of the `size` greatest keys with all that equal the least of them, and the others."""
    if len(places) <= size:
        return places, places[:0]
    values = key[places]
    least = np.partition(values, len(values) - size)[len(values) - size]
    return places[values >= least], places[values < least]


def _soft(node: Node | None) -> tuple[Words | None, tuple[Node, ...]]:
    """The plain words of a query that are best match, and what must hold besides."""
    if isinstance(node, Words) and not node.strict:
        return node, ()
    if isinstance(node, And) and isinstance(node.parts[0], Words) and not node.parts[0].strict:
        return node.parts[0], node.parts[1:]
    return None, ()


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()
