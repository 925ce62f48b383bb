"""What is asked of the search and what it answers: frozen values for web, CLI and API alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from digest.model import Article, Tagging

SORTS = ("relevance", "newest", "oldest")


@dataclass(frozen=True, slots=True)
class Request:
    """One search. Filters of one kind are alternatives; days in Việt Nam, both included.

    `show`: source id → full | lead | link, what its snippets may be taken from (missing: full).
    `today`: with it, relevance gently prefers what is new; None turns that off.
    `upto`: only articles that the archive had when a first page was answered (its `Result.newest`), so that
    further pages are not shifted by what comes meanwhile; 0 asks for all. `after`: only articles that came
    to the archive after that one.
    """

    query: str = ""
    topics: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    sort: str = "relevance"
    limit: int = 10
    offset: int = 0
    today: date | None = None
    show: Mapping[str, str] = field(default_factory=dict)
    facets: bool = True
    upto: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of the article's own text; `marks` are (start, end) offsets of the hits in `text`.

    `part`: title | lead | body; an ellipsis that marks a cut is part of `text`, never of a mark.
    """

    text: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    part: str = ""


@dataclass(frozen=True, slots=True)
class AlsoIn:
    """Another article of the same story; `day` of publication in Việt Nam, None where unknown; `changed` as
    an article's."""

    id: int
    outlet: str
    url: str
    day: date | None = None
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """One story that answers: its best article. `whole`: it holds all that was asked, not a part."""

    article: Article
    score: float
    taggings: tuple[Tagging, ...]
    snippet: Snippet
    title_marks: tuple[tuple[int, int], ...] = ()
    also_in: tuple[AlsoIn, ...] = ()
    whole: bool = True

    @property
    def id(self) -> int:
        """The article's id."""
        return self.article.id

    @property
    def topics(self) -> tuple[str, ...]:
        """The ids of its topics, the best scored first."""
        return tuple(one.topic for one in self.taggings)


@dataclass(frozen=True, slots=True)
class Facets:
    """(value, number of matching articles), the most frequent first; months ("2026-11") newest first."""

    topics: tuple[tuple[str, int], ...] = ()
    outlets: tuple[tuple[str, int], ...] = ()
    months: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """The answer. `total` counts articles, `stories` what paging runs over; `took_ms` the engine alone.

    `suggestion` is a query to offer ("ý bạn là"); `understood` the query that was run in place of the
    one typed (keystrokes with the Vietnamese keyboard off), "" if it was run as typed. `newest` is the id of
    the latest article that was searched.
    """

    query: str
    total: int
    took_ms: float
    engine: str
    hits: tuple[Hit, ...]
    facets: Facets = Facets()
    stories: int = 0
    suggestion: str = ""
    understood: str = ""
    newest: int = 0
