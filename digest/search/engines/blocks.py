"""The engine for every day: NumPy over the posting lists of the Whoosh index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from digest.query import And, Node, Words
from digest.search import proximity, ranking
from digest.search.engines import Found, Ranked
from digest.search.facets import Counter
from digest.search.matching import Matcher
from digest.search.opened import Index
from digest.search.postings import Mask, Places
from digest.search.results import Request
from digest.text.normalise import fold

Floats = NDArray[np.float32] | NDArray[np.float64]

LEAST_SHARE = 0.2
"""An article that holds a smaller share of a query (by idf) is no answer to it."""
FEW = 8
"""So few articles that hold all of a longer query are ordered by how its words stand in them alone."""


@dataclass(frozen=True, slots=True)
class Group:
    """Articles by place, ascending, with what they are ordered by; `whole`: they hold all that was asked."""

    places: Places
    key: Floats
    whole: bool


class Deciding(Protocol):
    """Decides which articles match."""

    def mask(self, node: Node) -> Mask:
        """Those that match a query."""

    def any_mark(self, marks: Sequence[str]) -> Mask:
        """Those that carry one of the marks."""


class Wanted:
    """What a query asks for, looked up in the index once, and only if something is to be scored."""

    def __init__(self, index: Index, node: Node) -> None:
        self.index, self.node = index, node

    @cached_property
    def _read(self) -> tuple[list[list[str]], bool]:
        return ranking.read(self.index, self.node)

    @property
    def accented(self) -> bool:
        """Whether accents are compared."""
        return self._read[1]

    @property
    def runs(self) -> list[list[str]]:
        """The exact tokens of each phrase and run of words."""
        return self._read[0]

    @property
    def tokens(self) -> list[str]:
        """All of them in order."""
        return [token for run in self.runs for token in run]

    @cached_property
    def weighed(self) -> list[ranking.Weighed]:
        """Its terms to be scored."""
        return ranking.terms(self.index, self.node, *self._read)


class Blocks:
    """Answers out of one open index."""

    name = "whoosh"

    def __init__(self, index: Index) -> None:
        self.index = index
        self.counter = Counter(index)

    def deciding(self) -> Deciding:
        """What decides one query, with a bound on the work."""
        return Matcher(self.index)

    def find(self, node: Node | None, request: Request) -> Found:
        """Articles that hold all words first; where they do not fill the page, those that hold the most.

        QueryError for a query that would take too much work."""
        deciding = self.deciding()
        allowed = self._allowed(deciding, request)
        whole = allowed if node is None else allowed & deciding.mask(node)
        total = holding = int(np.count_nonzero(whole))
        wanted = None if node is None else Wanted(self.index, node)
        groups = [self.group(wanted if request.sort == "relevance" else None, whole, True, request)]
        shown = whole
        if total < request.offset + request.limit and (request.sort == "relevance" or not total):
            groups += self._partly(deciding, node, wanted, allowed & ~whole, request)
            if not total and len(groups) > 1:
                shown = np.zeros(self.index.size, dtype=bool)
                shown[groups[1].places] = True
                total = len(groups[1].places)
        page = self.page(groups, request)
        return Found(
            total,
            self._stories(shown),
            page,
            lambda: self.counter.count(shown),
            holding > 0,
            self.index.newest,
        )

    def _allowed(self, deciding: Deciding, request: Request) -> Mask:
        """What the request's own filters let through."""
        index, out = self.index, self.index.alive
        if 0 < request.upto < index.newest:
            out = out & (index.article <= request.upto)
        if request.after:
            out = out & (index.article > request.after)
        if request.first or request.last:
            out = out & index.in_days(_ordinal(request.first), _ordinal(request.last))
        for prefix, values in (("#topic:", request.topics), ("#outlet:", request.outlets)):
            if values:
                out = out & deciding.any_mark([f"{prefix}{value}" for value in values])
        return out

    def _partly(
        self, deciding: Deciding, node: Node | None, wanted: Wanted | None, rest: Mask, request: Request
    ) -> list[Group]:
        """Where plain words were asked for: articles that hold a good share of them, and all else."""
        words, others = soft(node)
        if words is None or wanted is None or not wanted.weighed:
            return []
        for other in others:
            rest = rest & deciding.mask(other)
        return [self.group(wanted, rest, False, request)]

    def group(self, wanted: Wanted | None, mask: Mask, whole: bool, request: Request) -> Group:
        """Articles with what they are to be ordered by."""
        places = np.flatnonzero(mask).astype(np.int32)
        if whole and len(places) < 2:  # nothing to be ordered: a query for one article need not be scored
            return Group(places, np.ones(len(places)), whole)
        if whole and len(places) <= FEW and wanted is not None and len(wanted.tokens) > 2:
            return Group(
                places, self._fresh(places, self.closer(wanted, places, np.ones(len(places))), request), whole
            )
        if wanted is None or not wanted.weighed:
            return Group(places, self._by_date(places, request), whole)
        key, share = self.score(wanted, places)
        if not whole:
            places, key = places[share >= LEAST_SHARE], key[share >= LEAST_SHARE]
        if request.sort != "relevance":
            return Group(places, self._by_date(places, request), whole)
        return Group(places, self._fresh(places, self.closer(wanted, places, key), request), whole)

    def _fresh(self, places: Places, key: Floats, request: Request) -> Floats:
        """The gentle preference for the new, where it is asked for."""
        if request.today is None:
            return key
        return key * ranking.freshness(self.index.day[places], request.today)

    def _by_date(self, places: Places, request: Request) -> Floats:
        minutes = self.index.minute[places].astype(np.float64)
        return -minutes if request.sort == "oldest" else minutes

    def score(self, wanted: Wanted, places: Places) -> tuple[Floats, Floats]:
        """The score of articles at these places, and the share of the query (by idf) that each holds."""
        return ranking.scores(self.index, places, wanted.weighed)

    def closer(self, wanted: Wanted, places: Places, key: Floats) -> Floats:
        """Raises, among the best, those whose words stand together; none falls below one not looked at.

        Once that is known the base score counts by its sixteenth root: fitted with the views' worth."""
        most = proximity.BEST if len(wanted.tokens) > 2 else proximity.BEST_OF_TWO
        best, rest = _some_greatest(np.arange(len(places)), key, most)
        for mask in self._also(wanted) if len(rest) else ():
            holding = mask[places[rest]]
            more = _some_greatest(rest[holding], key, most)[0]
            best, rest = np.sort(np.concatenate([best, more])), rest[~holding]
        close = proximity.closeness(self.index, places[best], wanted.tokens, wanted.accented)
        for _root in range(4):
            key = np.sqrt(key)
        key[best] *= 1 + close
        return key

    def _also(self, wanted: Wanted) -> Iterator[Mask]:
        """Articles that are looked at too, however long they are: those whose pairs are all those of the
        query, accents compared where they are typed (hardly any but those that hold it word by word), and
        those that hold a longer query in the headline or in the lead alone."""
        tokens = wanted.tokens
        plain = [fold(token) for token in tokens]
        matcher = Matcher(self.index)
        if len(tokens) > 1:
            joined = tokens if wanted.accented else plain
            pairs = [f"{one} {two}" for one, two in pairwise(joined)]
            yield matcher.all_of("exact" if wanted.accented else "text", pairs)
        if len(tokens) > 2:
            yield from (matcher.all_of(field, plain) for field in ("title", "lead"))

    def page(self, groups: Sequence[Group], request: Request) -> tuple[Ranked, ...]:
        """The page asked for: the best article of each story."""
        needed = request.offset + request.limit
        seen: set[int] = set()
        page: list[Ranked] = []
        for group in groups:
            for at in self._in_order(group, needed):
                if len(seen) == needed:
                    return tuple(page)
                story = int(self.index.story[group.places[at]])
                if story not in seen:
                    seen.add(story)
                    if len(seen) > request.offset:
                        page.append(self._ranked(group, at, story, request))
        return tuple(page)

    def _ranked(self, group: Group, at: int, story: int, request: Request) -> Ranked:
        article = int(self.index.article[group.places[at]])
        others = tuple(one for one in self.index.families.get(story, ()) if one != article)
        score = round(float(group.key[at]), 4) if request.sort == "relevance" else 0.0
        return Ranked(article, story, score, group.whole, others)

    def _in_order(self, group: Group, needed: int) -> Iterator[int]:
        """The group by key, then the newest, then the latest id; sorted only as far as asked."""
        left, size = np.arange(len(group.places)), needed + 20
        while len(left):
            chosen, left = _greatest(left, group.key, size)
            places = group.places[chosen]
            tie = (-self.index.article[places], -self.index.minute[places], -group.key[chosen])
            yield from chosen[np.lexsort(tie)].tolist()
            size *= 4

    def _stories(self, mask: Mask) -> int:
        """How many stories the articles of a mask are: all but few are their story's first."""
        followers, heads = self.index.followers
        here = followers[mask[followers]]
        alone = here[~mask[heads[mask[followers]]] | (heads[mask[followers]] < 0)]
        stories = len(np.unique(self.index.story[alone])) if len(alone) else 0
        return int(np.count_nonzero(mask)) - len(here) + stories


def _greatest(places: NDArray[np.intp], key: Floats, size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The places of the `size` greatest keys with all that equal the least of them, and the others."""
    if len(places) <= size:
        return places, places[:0]
    values = key[places]
    least = np.partition(values, len(values) - size)[len(values) - size]
    return places[values >= least], places[values < least]


def _some_greatest(
    places: NDArray[np.intp], key: Floats, size: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The same, but no more than twice `size`: there may be many of equal key."""
    best, rest = _greatest(places, key, size)
    return best[: 2 * size], rest if len(best) <= 2 * size else np.concatenate([best[2 * size :], rest])


def soft(node: Node | None) -> tuple[Words | None, tuple[Node, ...]]:
    """The plain words of a query that are best match, and what must hold besides."""
    if isinstance(node, Words) and not node.strict:
        return node, ()
    if isinstance(node, And) and isinstance(node.parts[0], Words) and not node.parts[0].strict:
        return node.parts[0], node.parts[1:]
    return None, ()


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()
