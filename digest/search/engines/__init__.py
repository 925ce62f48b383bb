"""Engines that answer a query over the archive: a Protocol, the kinds there are, one contract suite."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from digest.query import Node
from digest.search.results import Facets, Request


@dataclass(frozen=True, slots=True)
class Ranked:
    """One story's best article; `others` are the further articles of the story."""

    article: int
    story: int
    score: float
    whole: bool = True
    others: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What an engine found. `total` articles in `stories`; `ranked` is the page asked for.

    `whole`: at least one article holds all that was asked. `facets` counts over all that matched, when
    it is called. `newest`: the latest article's id.
    """

    total: int
    stories: int
    ranked: tuple[Ranked, ...]
    facets: Callable[[], Facets]
    whole: bool = True
    newest: int = 0


class Engine(Protocol):
    """Promises to every caller: the match set that `digest.query.matches` defines, date order, one
    article a story, pages that neither overlap nor leave out."""

    name: str

    def find(self, node: Node | None, request: Request) -> Found:
        """Answers; None asks for everything that the request's filters let through."""
