"""What a reader asks for: query, filters, order and page, read from addresses and written to them."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date

from werkzeug.datastructures import MultiDict

from digest import clock
from digest.errors import UsageError
from digest.text.normalise import clean
from digest.web import links

SORTS = ("relevance", "newest", "oldest")
PER_PAGE = 10
LAST_PAGE = 500
LONGEST = 1_000  # letters of a query, as digest.query.READER bounds it; longer ones are cut before parsing
MOST_FILTERS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """One state of the search page. `month` is 2026-11; `first` and `last` are days or None."""

    query: str = ""
    topics: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    month: str = ""
    first: date | None = None
    last: date | None = None
    sort: str = "relevance"
    page: int = 1
    wrong_days: tuple[str, ...] = ()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of its address, defaults left out."""
        made = [("q", self.query)]
        made += [("topic", topic) for topic in self.topics]
        made += [("outlet", outlet) for outlet in self.outlets]
        made += [("month", self.month)]
        made += [("from", self.first.isoformat() if self.first else "")]
        made += [("to", self.last.isoformat() if self.last else "")]
        made += [("sort", self.sort if self.sort != SORTS[0] else "")]
        made += [("page", str(self.page) if self.page > 1 else "")]
        return [pair for pair in made if pair[1]]

    @property
    def url(self) -> str:
        """The address of this state."""
        return links.search(self.pairs)

    @property
    def filters(self) -> int:
        """How many filters are on."""
        days = 1 if self.first or self.last else 0
        return len(self.topics) + len(self.outlets) + bool(self.month) + days

    @property
    def days(self) -> tuple[date | None, date | None]:
        """First and last day wanted, the month and the chosen days taken together."""
        first, last = self.first, self.last
        if self.month:
            year, number = int(self.month[:4]), int(self.month[5:])
            begin, end = date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])
            first = max(first, begin) if first else begin
            last = min(last, end) if last else end
        return first, last

    def with_(self, **change: object) -> Asked:
        """The same question but for a change, from its first page on."""
        return replace(self, **{"page": 1, **change})  # type: ignore[arg-type]

    def toggled(self, kind: str, value: str) -> Asked:
        """With this filter on if it was off, off if it was on."""
        if kind == "month":
            return self.with_(month="" if self.month == value else value)
        present: tuple[str, ...] = getattr(self, kind)
        without = tuple(one for one in present if one != value)
        return self.with_(**{kind: without if value in present else (*present, value)})

    @property
    def unfiltered(self) -> Asked:
        """The query and order alone."""
        return Asked(query=self.query, sort=self.sort)

    @property
    def empty(self) -> bool:
        """Whether nothing is asked for: the start page."""
        return not self.query and not self.filters


def read(arguments: MultiDict[str, str]) -> Asked:
    """What an address asks for; whatever cannot be understood is left out, days are named in `wrong_days`."""
    wrong: list[str] = []
    sort = arguments.get("sort", "")
    month = arguments.get("month", "").strip()
    return Asked(
        query=" ".join(arguments.get("q", "")[: LONGEST + 1].split()),
        topics=_some(arguments.getlist("topic")),
        outlets=_some(arguments.getlist("outlet")),
        month=month if is_month(month) else "",
        first=_day(arguments.get("from", ""), wrong),
        last=_day(arguments.get("to", ""), wrong),
        sort=sort if sort in SORTS else SORTS[0],
        page=_page(arguments.get("page", "")),
        wrong_days=tuple(wrong),
    )


def _some(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clean(value)[:100] for value in values if clean(value)))[:MOST_FILTERS]


def is_month(text: str) -> bool:
    """Whether a text names a month as addresses do: 2026-11."""
    return bool(re.fullmatch(r"(19|20)\d{2}-(0[1-9]|1[0-2])", text))


def _day(text: str, wrong: list[str]) -> date | None:
    if not text.strip():
        return None
    try:
        return clock.iso_day(text[:40])
    except UsageError:
        wrong.append(text[:40])
        return None


def _page(text: str) -> int:
    return min(int(text), LAST_PAGE) if re.fullmatch(r"[1-9]\d{0,5}", text) else 1
