"""Browsing without a query: topics, outlets, and the calendar of what came when."""

from __future__ import annotations

import calendar as months
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request
from markupsafe import Markup

from digest import clock
from digest.model import Topic
from digest.storage import lists, taggings
from digest.storage.lists import Filter, Tally
from digest.web import charts, links
from digest.web.asked import LAST_PAGE
from digest.web.reader.results import ShownHit, listed
from digest.web.shelf import shelf
from digest.wording import _

pages = Blueprint("browse", __name__)
PER_PAGE = 20
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a list by date."""

    hits: tuple[ShownHit, ...]
    total: int
    page: int
    pages: int


def listing(wanted: Filter, oldest: bool = False) -> Part:
    """The page of a list that the address asks for (`trang`)."""
    asked = request.args.get("trang", "1")
    page = min(int(asked), LAST_PAGE) if re.fullmatch(r"[1-9]\d{0,4}", asked) else 1
    here = shelf()
    with here.reading() as conn:
        total = lists.count(conn, wanted)
        found = lists.page(conn, wanted, limit=PER_PAGE, offset=(page - 1) * PER_PAGE, oldest=oldest)
        tags = taggings.of(conn, [article.id for article in found])
    hits = tuple(listed(one, (tag.topic for tag in tags[one.id]), here.words) for one in found)
    return Part(hits, total, page, min(LAST_PAGE, max(1, -(-total // PER_PAGE))))


def _by_month(wanted: Filter) -> tuple[Markup, tuple[str, str]]:
    """The chart of the last twelve months, and what stands under its ends."""
    with shelf().reading() as conn:
        of = charts.last_months(lists.by_month(conn, wanted))
    return charts.bars(of), charts.ends(of)


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic in the list, with its chart; `depth` 1 stands under its parent."""

    topic: Topic
    tally: Tally
    chart: Markup
    ends: tuple[str, str]
    depth: int


@pages.get("/chu-de")
def topics() -> Any:
    """All topics in the order of sources.yaml, those with a parent under it."""
    here = shelf()
    rows = []
    since = clock.days(charts.months_back(clock.day(clock.now())), clock.day(clock.now())).start
    with here.reading() as conn:
        tallies = here.counted("topics", lists.topics)
        for topic in here.words.config.topics:
            of = charts.last_months(lists.by_month(conn, Filter(topic=topic.id, first=since)))
            tally = tallies.get(topic.id, Tally(topic.id, 0, None))
            rows.append(TopicRow(topic, tally, charts.bars(of), charts.ends(of), 1 if topic.parent else 0))
    return render_template("topics.html", rows=_nested(rows), place="/chu-de")


def _nested(rows: list[TopicRow]) -> list[TopicRow]:
    """Each topic followed by those whose parent it is."""
    known = {row.topic.id for row in rows}
    tops = [row for row in rows if row.topic.parent not in known]
    return [one for top in tops for one in (top, *(row for row in rows if row.topic.parent == top.topic.id))]


@pages.get("/chu-de/<name>")
def topic(name: str) -> Any:
    """One topic's articles by date, its query in words for those who wonder."""
    here = shelf()
    if name not in here.words.topics:
        abort(404)
    chart, ends = _by_month(Filter(topic=name))
    return render_template(
        "list.html",
        heading=here.words.topics[name].name,
        kicker=_("Chủ đề"),
        part=listing(Filter(topic=name)),
        base=links.topic(name),
        chart=chart,
        ends=ends,
        search_url=links.search([("topic", name)]),
        feed=f"/atom/chu-de/{name}.xml",
        why=here.words.topics[name].query,
        up=("/chu-de", _("Các chủ đề")),
        place="/chu-de",
    )


@pages.get("/bao-dai")
def outlets() -> Any:
    """All outlets with their numbers."""
    with shelf().reading() as conn:
        rows = lists.outlets(conn)
    return render_template("outlets.html", rows=rows, place="/chu-de")


def outlet_of(slug: str) -> str:
    """The outlet that a slug stands for; 404 for none."""
    known = shelf().words.outlets
    if slug in known:
        return known[slug]
    with shelf().reading() as conn:
        for tally in lists.outlets(conn):
            if links.outlet_slug(tally.name) == slug:
                return tally.name
    abort(404)


@pages.get("/bao-dai/<slug>")
def outlet(slug: str) -> Any:
    """One outlet's articles by date."""
    name = outlet_of(slug)
    chart, ends = _by_month(Filter(outlet=name))
    return render_template(
        "list.html",
        heading=name,
        kicker=_("Báo, đài"),
        part=listing(Filter(outlet=name)),
        base=f"/bao-dai/{slug}",
        chart=chart,
        ends=ends,
        search_url=links.search([("outlet", name)]),
        feed=f"/atom/bao-dai/{slug}.xml",
        why="",
        up=("/bao-dai", _("Các báo, đài")),
        place="/chu-de",
    )


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar; `count` articles came. None stands for days of other months."""

    day: date
    count: int


@pages.get("/lich")
def calendar() -> Any:
    """The present month, or the newest that has articles."""
    with shelf().reading() as conn:
        known = lists.by_month(conn, Filter())
    today = clock.day(clock.now())
    newest = known[0][0] if known else f"{today:%Y-%m}"
    return _month(int(newest[:4]), int(newest[5:]))


@pages.get("/lich/<when>")
def calendar_at(when: str) -> Any:
    """A month (2026-11) as a calendar, or a day (2026-11-19) as a list."""
    if found := re.fullmatch(r"(\d{4})-(\d{2})", when):
        year, number = int(found[1]), int(found[2])
        if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= 12):
            abort(404)
        return _month(year, number)
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", when):
            raise ValueError(when)
        day = date.fromisoformat(when)
    except ValueError:
        abort(404)
    return _day(day)


def _month(year: int, number: int) -> Any:
    first = date(year, number, 1)
    last = date(year, number, months.monthrange(year, number)[1])
    span = clock.days(first, last)
    with shelf().reading() as conn:
        counts = lists.by_day(conn, Filter(first=span.start, last=span.end))
        known = lists.by_month(conn, Filter())
    weeks = [
        [Day(day, counts.get(day, 0)) if day.month == number else None for day in week]
        for week in months.Calendar().monthdatescalendar(year, number)
    ]
    earlier = [name for name, _count in known if name < f"{first:%Y-%m}"]
    later = [name for name, _count in known if name > f"{first:%Y-%m}"]
    of = charts.last_months(
        [one for one in known if one[0] <= max(f"{first:%Y-%m}", known[0][0] if known else "")],
        f"{first:%Y-%m}",
    )
    return render_template(
        "calendar.html",
        first=first,
        weeks=weeks,
        total=sum(counts.values()),
        earlier=earlier[0] if earlier else "",
        later=later[-1] if later else "",
        chart=charts.bars(of),
        ends=charts.ends(of),
        names=[_("T2"), _("T3"), _("T4"), _("T5"), _("T6"), _("T7"), _("CN")],
        place="/lich",
    )


def _day(day: date) -> Any:
    span = clock.days(day, day)
    return render_template(
        "list.html",
        heading=_("Ngày {day}", day=f"{day:%d/%m/%Y}"),
        kicker=_("Lịch"),
        part=listing(Filter(first=span.start, last=span.end), oldest=True),
        base=f"/lich/{day.isoformat()}",
        chart="",
        ends=("", ""),
        search_url=links.search([("from", day.isoformat()), ("to", day.isoformat())]),
        feed="",
        why="",
        up=(links.month(day.year, day.month), _("Cả tháng {month}", month=f"{day:%m/%Y}")),
        place="/lich",
    )
