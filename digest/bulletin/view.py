"""The one edition model that every rendering takes: all words are here, renderings only arrange them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from digest.model import Letterhead


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of an editor's prose in one style; `href` is http(s) or mailto, else empty."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or list item of an editor's prose. kind: paragraph | item | numbered."""

    runs: tuple[Run, ...]
    kind: str = "paragraph"

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(run.text for run in self.runs)


Prose = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ViewItem:
    """One article in an edition.

    `excerpts` are its own words in order, None standing for what was left out ("[…]").
    `link` is the address to show and to put in the QR code: short and ours when the site has a
    public address, else the original's; `url` is always the original's.
    """

    article: int
    revision: int
    order: int
    title: str
    outlet: str
    url: str
    link: str
    collected: date
    published: date | None = None
    author: str = ""
    dateline: str = ""
    lead: str = ""
    excerpts: tuple[str | None, ...] = ()
    note: Prose = ()
    also_in: tuple[str, ...] = ()
    minutes: int = 1
    text: str = "full"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; `source` is the number that its source has in the list of sources.

    It stands in a row's first cell and where another source begins; 0 elsewhere means that of the cell
    before, or nobody. `href` is the address that the words lead to, if any.
    """

    text: str
    source: int = 0
    href: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of facts in a section, such as newly issued documents."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class ViewSection:
    """A section of an edition with its editors' note and its articles."""

    name: str
    topic: str = ""
    note: Prose = ()
    items: tuple[ViewItem, ...] = ()
    tables: tuple[Table, ...] = ()
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """A whole edition, checked, with everything that its renderings print.

    `cited` are articles that stand in tables alone; their order numbers follow those of the items.
    `aloud` is how many syllables a minute are read aloud; `to_meeting`: the minutes are of reading so.
    `number` is None until approval. `issued` is the day beside the place on page 1.
    `kind`: weekly | monthly | dossier | outline | slip. `large` asks for large print.
    `site_url` is empty where the web view has no public address; `link` is this edition's own page
    there, if it has one.
    """

    id: str
    kind: str
    name: str
    title: str
    first: date
    last: date
    issued: date
    number: int | None = None
    audience: str = ""
    publisher: str = ""
    letterhead: Letterhead = Letterhead()
    foreword: Prose = ()
    sections: tuple[ViewSection, ...] = ()
    minutes: int = 0
    page: str = "190x270"
    imprint: str = ""
    site_name: str = ""
    site_url: str = ""
    corrects: str = ""
    state: str = "draft"
    link: str = ""
    cited: tuple[ViewItem, ...] = ()
    aloud: int = 160
    to_meeting: bool = False

    @property
    def items(self) -> tuple[ViewItem, ...]:
        """All articles in printing order."""
        return tuple(item for section in self.sections for item in section.items)

    @property
    def sources(self) -> tuple[ViewItem, ...]:
        """What the list of sources names: all articles, then those that only tables cite."""
        return (*self.items, *self.cited)
