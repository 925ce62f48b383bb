"""The vocabulary: frozen values that travel between rooms; it imports nothing of ours.

Times are aware UTC datetimes unless a docstring says otherwise; texts are NFC.
docs/glossary.md has every word in Vietnamese, English and code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

# --- what sources.yaml says -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Site:
    """Who publishes: the name over every page and the public address (no trailing slash)."""

    name: str = "Bản tin cập nhật kiến thức"
    url: str = ""


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How the network is used; delay and timeout in seconds, max_bytes after decompression."""

    concurrency: int = 16
    per_host: int = 2
    delay: float = 1.0
    timeout: float = 20.0
    max_bytes: int = 10_000_000
    keep_html: bool = True
    allow_private: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selectors:
    """CSS selectors of a source that general extraction does not get right."""

    link: str | None = None
    title: str | None = None
    lead: str | None = None
    body: str | None = None
    date: str | None = None
    author: str | None = None
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One entry point of an outlet. `show` is what readers may see: full | lead | link."""

    id: str
    outlet: str
    kind: str
    url: str
    enabled: bool = True
    weight: float = 1.0
    topics: tuple[str, ...] = ()
    limit: int = 50
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    show: str = "lead"
    dates: str | None = None
    selectors: Selectors = Selectors()


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject with a query in our own language; `parent` is the id of a wider topic."""

    id: str
    name: str
    query: str
    min_score: float = 1.0
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Head of page 1. style: party | state | none."""

    style: str = "none"
    lines: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A series for one audience. `sections`: (topic id, most articles) in printing order.

    `rolls_up`: bulletins whose approved editions of the period this one is made of, to be read aloud to
    a meeting; `meeting`: on which day of the month that follows it is held (0: not said). `documents`: at
    most so many newly issued documents in a section of their own. `speed`: syllables a minute
    (0: the house's).
    """

    id: str
    name: str
    cadence: str
    sections: tuple[tuple[str, int], ...]
    audience: str = ""
    publisher: str = ""
    letterhead: Letterhead = Letterhead()
    minutes: int = 15
    formats: tuple[str, ...] = ("html", "pdf", "docx", "txt")
    page: str = "190x270"
    imprint: str = ""
    rolls_up: tuple[str, ...] = ()
    meeting: int = 0
    documents: int = 0
    speed: int = 0


@dataclass(frozen=True, slots=True)
class Center:
    """A political center that emails editions to its own recipients (a CSV beside sources.yaml)."""

    id: str
    name: str
    sender: str
    recipients: str
    letterhead: tuple[str, ...] = ()
    place: str = ""
    bulletins: tuple[str, ...] = ()
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """A whole valid sources.yaml."""

    site: Site = Site()
    fetch: FetchSettings = FetchSettings()
    sources: tuple[Source, ...] = ()
    topics: tuple[Topic, ...] = ()
    bulletins: tuple[Bulletin, ...] = ()
    centers: tuple[Center, ...] = ()


# --- what collecting finds ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry point says of an article, before its page is fetched.

    `html` is the whole text where a feed carries it; `updated_raw` the feed's own string for its last change.
    """

    url: str
    title: str = ""
    lead: str = ""
    author: str = ""
    published: datetime | None = None
    published_raw: str = ""
    html: str = ""
    updated_raw: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """The text of one article as one fetch gave it, NFC, letters otherwise as the outlet has them.

    `dateline` is the agency prefix of a lead ("(ĐCSVN) - "), kept apart from `lead`.
    `published_raw` is the outlet's own date string. `flags` name doubts that editors see,
    for instance "no-date", "short", "not-vietnamese".
    """

    title: str
    dateline: str = ""
    lead: str = ""
    paragraphs: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    author: str = ""
    published: datetime | None = None
    published_raw: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """The content of an article as of one fetch, numbered from 1.

    `text` is "full", or "none" where the page could not be had (`reason` says why).
    """

    article: int
    number: int
    content: Content
    fetched: datetime
    text: str = "full"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One archived text with its provenance and its newest revision.

    `story` groups articles that report the same thing (the id of the group's first article).
    `state`: live | gone (the outlet withdrew it) | takedown (not shown to readers).
    `changed` grows with every change of the article, its taggings or its story: an index
    that has seen `changed` = n needs only what is greater.
    """

    id: int
    url: str
    source: str
    outlet: str
    collected: datetime
    story: int
    revision: Revision
    state: str = "live"
    changed: int = 0

    @property
    def content(self) -> Content:
        """The newest revision's content."""
        return self.revision.content


@dataclass(frozen=True, slots=True)
class Tagging:
    """article × topic. `by`: rule | editor. `why` is shown to people: "tôn giáo ×4, chức sắc ×2"."""

    article: int
    topic: str
    score: float
    by: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Something at a source that could not be had; `reason` in words for editors.

    `page` is true for one article's page, false for the entry point itself.
    """

    source: str
    url: str
    reason: str
    page: bool = False


# --- progress -----------------------------------------------------------------------------


class Progress(Protocol):
    """Where long work says how far it is; a terminal, a log or nobody listens."""

    def stage(self, name: str, total: int) -> None:
        """A stage of `total` steps begins; `name` is a gettext-ed word for people."""

    def advance(self, steps: int = 1, note: str = "") -> None:
        """So many more steps of the present stage are done."""


@dataclass(slots=True)
class Silent:
    """A Progress that nobody listens to."""

    stages: list[str] = field(default_factory=list)

    def stage(self, name: str, total: int) -> None:
        """Remembers the name alone."""
        self.stages.append(name)

    def advance(self, steps: int = 1, note: str = "") -> None:
        """Nothing to tell."""


# --- editions that are frozen ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EditionFile:
    """One rendered file of an approved edition."""

    format: str
    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class ApprovedEdition:
    """An edition as `approve` froze it; `pins` are (article id, revision number) in order.

    `first` and `last` are the days of its period; `minutes` its reading time; `corrects` the id
    of the edition that a correction slip refers to.
    """

    id: str
    bulletin: str
    number: int
    title: str
    first: date
    last: date
    text: str
    approved: datetime
    approved_by: str = ""
    articles: int = 0
    minutes: int = 0
    pins: tuple[tuple[int, int], ...] = ()
    files: tuple[EditionFile, ...] = ()
    corrects: str | None = None
