"""Search results as the page shows them: hits, filters with counts, chips, pages, headline."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from digest.bulletin import minutes as reading
from digest.model import Article
from digest.search.results import Hit, Result
from digest.web import charts, links
from digest.web.asked import LAST_PAGE, PER_PAGE, SORTS, Asked
from digest.web.marking import marked, telling
from digest.web.shelf import Words
from digest.web.shown import day_and_month, month_name, number, published, short_day
from digest.wording import _

FIRST_VALUES = {"topics": 6, "outlets": 5, "month": 2}
MOST_VALUES = 60


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with its id and the name people know it by."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Other:
    """Another outlet's article of the same story."""

    id: int
    outlet: str
    day: str = ""


@dataclass(frozen=True, slots=True)
class ShownHit:
    """One result; `snippet` is escaped, with marks."""

    id: int
    title: str
    outlet: str
    day: str
    minutes: int
    snippet: Markup
    topics: tuple[Named, ...]
    others: tuple[Other, ...]
    state: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a filter: where a click leads, how many articles (as shown), whether it is on."""

    name: str
    count: str
    url: str
    on: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter with its values; `rest` is folded away."""

    name: str
    values: tuple[Value, ...]
    rest: tuple[Value, ...] = ()
    rest_name: str = ""
    chart: Markup = Markup("")  # noqa: RUF009 immutable
    first: str = ""
    last: str = ""
    days: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A chip or an order to choose."""

    name: str
    url: str
    kind: str = ""
    on: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the results template shows."""

    headline: str
    hits: tuple[ShownHit, ...]
    facets: tuple[Facet, ...]
    chips: tuple[Link, ...]
    sorts: tuple[Link, ...]
    pages: int = 1
    previous: str = ""
    next: str = ""
    suggestion: str = ""
    suggestion_total: int = 0
    understood: str = ""
    total: int = 0
    sort_name: str = field(default="")


def page(result: Result, asked: Asked, words: Words, suggestion_total: int = 0) -> Page:
    """The page for an answer."""
    pages = min(LAST_PAGE, max(1, math.ceil((result.stories or result.total) / PER_PAGE)))
    sorts = _sorts(asked)
    return Page(
        headline=_headline(result, asked),
        hits=tuple(shown_hit(hit, words) for hit in result.hits),
        facets=_facets(result, asked, words),
        chips=_chips(asked, words),
        sorts=sorts,
        pages=pages,
        previous=asked.with_(page=asked.page - 1).url if asked.page > 1 else "",
        next=asked.with_(page=asked.page + 1).url if asked.page < pages else "",
        suggestion=result.suggestion,
        suggestion_total=suggestion_total,
        understood=result.understood,
        total=result.total,
        sort_name=next(sort.name for sort in sorts if sort.on),
    )


def _headline(result: Result, asked: Asked) -> str:
    count = number(result.total)
    if not asked.query:
        return _("{count} bài", count=count)
    if result.suggestion:
        return _("{count} bài đúng như bạn gõ", count=count)
    return _("{count} bài về “{query}”", count=count, query=asked.query)


def shown_hit(hit: Hit, words: Words) -> ShownHit:
    """A hit as the list shows it."""
    article = hit.article
    content = article.content
    return ShownHit(
        id=article.id,
        title=content.title,
        outlet=article.outlet,
        day=published(content.published, article.collected),
        minutes=minutes_of(article),
        snippet=marked(hit.snippet.text, telling(hit.snippet.text, hit.snippet.marks)),
        topics=named_topics((tag.topic for tag in hit.taggings), words),
        others=tuple(Other(one.id, one.outlet, _day_of(one)) for one in hit.also_in),
        state=state_of(article),
    )


def _day_of(other: object) -> str:
    day = getattr(other, "day", None)
    return day_and_month(day) if day else ""


def listed(article: Article, topics: Iterable[str], words: Words) -> ShownHit:
    """An article in a list without a query: its lead stands where a snippet would."""
    content = article.content
    lead = "" if words.show(article.source) == "link" else content.lead
    return ShownHit(
        id=article.id,
        title=content.title,
        outlet=article.outlet,
        day=published(content.published, article.collected),
        minutes=minutes_of(article),
        snippet=marked(lead, ()),
        topics=named_topics(topics, words),
        others=(),
        state=state_of(article),
    )


def named_topics(ids: Iterable[str], words: Words) -> tuple[Named, ...]:
    """Topics with their names, each once; ids that sources.yaml no longer has are left out."""
    return tuple(
        Named(topic, words.topics[topic].name) for topic in dict.fromkeys(ids) if topic in words.topics
    )


def minutes_of(article: Article) -> int:
    """Whole minutes to read the original, at least 1; 0 where its text is not known."""
    if article.revision.text != "full":
        return 0
    content = article.content
    # Spaces stand between syllables: counting them is exact enough for whole minutes, and 20 times faster.
    spaces = sum(text.count(" ") + 1 for text in (content.lead, *content.paragraphs))
    return max(1, reading.minutes(spaces))


def state_of(article: Article) -> str:
    """What a list says of an article that is not simply there."""
    if article.state == "gone":
        return _("Báo đã gỡ bài này")
    return ""


def _sorts(asked: Asked) -> tuple[Link, ...]:
    names = {"relevance": _("Phù hợp nhất"), "newest": _("Mới nhất"), "oldest": _("Cũ nhất")}
    present = asked.sort if asked.query or asked.sort != "relevance" else "newest"
    order = SORTS if asked.query else SORTS[1:]
    return tuple(Link(names[sort], asked.with_(sort=sort).url, on=sort == present) for sort in order)


def _chips(asked: Asked, words: Words) -> tuple[Link, ...]:
    chips = [
        Link(words.topic_name(topic), asked.toggled("topics", topic).url, _("Chủ đề"))
        for topic in asked.topics
    ]
    chips += [Link(name, asked.toggled("outlets", name).url, _("Báo, đài")) for name in asked.outlets]
    if asked.month:
        chips.append(Link(_month(asked.month), asked.with_(month="").url, _("Tháng đăng")))
    if asked.first or asked.last:
        chips.append(Link(days_name(asked), asked.with_(first=None, last=None).url, _("Ngày đăng")))
    return tuple(chips)


def days_name(asked: Asked) -> str:
    """The chosen days in words."""
    if asked.first and asked.last:
        return f"{short_day(asked.first)} – {short_day(asked.last)}"
    if asked.first:
        return _("từ {day}", day=short_day(asked.first))
    return _("đến {day}", day=short_day(asked.last)) if asked.last else ""


def _month(name: str) -> str:
    return month_name(int(name[:4]), int(name[5:]))


def _facets(result: Result, asked: Asked, words: Words) -> tuple[Facet, ...]:
    found = result.facets
    topics = [
        (topic, words.topic_name(topic), count) for topic, count in found.topics if topic in words.topics
    ]
    outlets = [(name, name, count) for name, count in found.outlets]
    months = [(name, _month(name), count) for name, count in found.months]
    of_months = charts.last_months(found.months, asked.month)
    first, last = charts.ends(of_months)
    made = [
        _facet(_("Chủ đề"), "topics", topics, asked, _("Xem cả {count} chủ đề", count=len(topics))),
        _facet(_("Báo, đài"), "outlets", outlets, asked, _("Xem cả {count} báo, đài", count=len(outlets))),
    ]
    by_month = _facet(_("Tháng đăng"), "month", months, asked, _("Xem các tháng khác"))
    chart = charts.bars(of_months) if len(found.months) > 1 else Markup("")
    made.append(
        Facet(
            by_month.name,
            by_month.values,
            by_month.rest,
            by_month.rest_name,
            chart,
            *((first, last) if chart else ("", "")),
            days=True,
        )
    )
    return tuple(facet for facet in made if facet.values or facet.days)


def _facet(name: str, kind: str, rows: Sequence[tuple[str, str, int]], asked: Asked, rest_name: str) -> Facet:
    chosen = {asked.month} if kind == "month" else set(getattr(asked, kind))
    rows = sorted(rows, key=lambda row: row[0] not in chosen)[:MOST_VALUES]
    values = tuple(
        Value(shown, number(count), links.to(asked.toggled(kind, value).url), value in chosen)
        for value, shown, count in rows
    )
    most = max(FIRST_VALUES[kind], len(chosen))
    return Facet(name, values[:most], values[most:], rest_name)
