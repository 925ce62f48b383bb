"""The search page: the first page of the site, results, and the four states in which there are none."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from flask import Blueprint, render_template, request

from digest import clock
from digest.errors import QueryError, SearchError
from digest.search import find as finding
from digest.search.find import search as find
from digest.search.results import Request, Result
from digest.storage import editions, lists, taggings
from digest.web import asked as asking
from digest.web import links, proofs, repairs
from digest.web.asked import PER_PAGE, Asked
from digest.web.problems import incident
from digest.web.reader import results
from digest.web.shelf import Shelf, Words, shelf
from digest.web.shown import number, short_day
from digest.wording import _

pages = Blueprint("search", __name__)
log = logging.getLogger("digest.web")
Way = tuple[str, str, str]  # what to do instead, where, how many articles are there
MOST_OFFERS = 4
OFFERING = 0.5  # seconds that looking for them may take


@pages.get("/")
def search() -> Any:
    """`/` is the start page, `/?q=…` an answer; every state is in the address."""
    asked = asking.read(request.args)
    here = shelf()
    if asked.empty:
        return _start(here, asked)
    standing = here.standing()
    try:
        result = ask(here, asked)
    except QueryError as fault:
        return _not_understood(asked, fault), 400
    except SearchError as fault:
        return _not_now(here, asked, fault), 503
    if asked.page == 1 and not any(hit.whole for hit in result.hits):
        return _nothing(here, asked, result)
    request.environ["digest.proof"] = proofs.of_hits(here, standing, result)
    return _results(here, asked, result)


def ask(here: Shelf, asked: Asked, limit: int = PER_PAGE) -> Result:
    """Runs a question over the index; QueryError, SearchError as the search room raises them."""
    return find(here.archive, here.workspace.index_dir, wanted(here.words, asked, limit))


def wanted(words: Words, asked: Asked, limit: int = PER_PAGE) -> Request:
    """The question as the search room takes it; snippets keep to what readers may see."""
    first, last = asked.days
    sort = asked.sort if asked.query or asked.sort != "relevance" else "newest"
    return Request(
        query=asked.query,
        topics=asked.topics,
        outlets=asked.outlets,
        first=first,
        last=last,
        sort=sort,
        limit=limit,
        offset=(asked.page - 1) * PER_PAGE,
        today=clock.day(clock.now()),
        show={source.id: source.show for source in words.config.sources},
    )


def _results(here: Shelf, asked: Asked, result: Result) -> str:
    count = 0
    if result.suggestion:
        count = how_many(here, asked.with_(query=result.suggestion))
    page = results.page(result, asked, here.words, count)
    return render_template("search.html", asked=asked, page=page, feed=feed_of(asked), place="/")


def feed_of(asked: Asked) -> str:
    """The address of a saved search's feed."""
    return links.to("/atom/tim.xml" + asked.with_(sort="newest").url.removeprefix("/"))


def how_many(here: Shelf, asked: Asked) -> int:
    """How many articles hold all that another question asks; 0 if it cannot be asked."""
    try:
        request_ = replace(wanted(here.words, asked, 1), sort="newest")
        return finding.count(here.archive, here.workspace.index_dir, request_)
    except SearchError:
        return 0


def _start(here: Shelf, asked: Asked) -> str:
    with here.reading() as conn:
        newest = editions.list_all(conn)[:1]
        found = lists.page(conn, lists.Filter(), limit=5)
        tags = taggings.of(conn, [article.id for article in found])
    counts = tallies(here)
    hits = [results.listed(one, (tag.topic for tag in tags[one.id]), here.words) for one in found]
    topics = [(topic, counts[topic.id].count) for topic in here.words.config.topics if topic.id in counts]
    return render_template(
        "start.html",
        asked=asked,
        edition=newest[0] if newest else None,
        hits=hits,
        topics=topics,
        archive=extent(here),
        place="/",
    )


def extent(here: Shelf) -> lists.Extent:
    """How many articles there are and from when to when."""
    return here.counted("extent", lists.extent)


def tallies(here: Shelf) -> dict[str, lists.Tally]:
    """Every topic in numbers."""
    return here.counted("topics", lists.topics)


def _nothing(here: Shelf, asked: Asked, result: Result) -> str:
    """No result: filters to drop, shorter queries, a topic near by, each with its count."""
    return render_template(
        "nothing.html",
        asked=asked,
        headline=_no_headline(here, asked),
        suggestion=result.suggestion,
        suggestion_url=asked.with_(query=result.suggestion).url,
        suggestion_total=how_many(here, asked.with_(query=result.suggestion)) if result.suggestion else 0,
        offers=_offers(here, asked),
        near=[results.shown_hit(hit, here.words) for hit in result.hits[:5]],
        archive=extent(here),
        place="/",
    )


def _offers(here: Shelf, asked: Asked) -> list[Way]:
    """What to do instead; each takes a search, so there are few, and none more when time is up."""
    until = time.perf_counter() + OFFERING
    found: list[Way] = []
    for offer in chain(_without_filters(here, asked), _shorter(here, asked), _topic(here, asked)):
        found.append(offer)
        if len(found) == MOST_OFFERS or time.perf_counter() > until:
            break
    return found


def _no_headline(here: Shelf, asked: Asked) -> str:
    head = _("Không có bài nào cho “{query}”", query=asked.query) if asked.query else _("Không có bài nào")
    where = [here.words.topic_name(topic) for topic in asked.topics]
    parts = [_("trong chủ đề {names}", names=", ".join(where))] if where else []
    parts += [_("của {names}", names=", ".join(asked.outlets))] if asked.outlets else []
    if asked.month:
        parts.append(_("trong tháng {month}", month=f"{asked.month[5:]}/{asked.month[:4]}"))
    if asked.first or asked.last:
        parts.append(results.days_name(asked))
    return " ".join([head, *parts])


def _without_filters(here: Shelf, asked: Asked) -> Iterator[Way]:
    """Each kind of filter that is on taken off."""
    ways = []
    if asked.month:
        ways.append((_("Bỏ bộ lọc tháng"), asked.with_(month=""), _("ở các tháng khác")))
    if asked.first or asked.last:
        ways.append((_("Bỏ khoảng ngày"), asked.with_(first=None, last=None), _("ở các ngày khác")))
    if asked.topics:
        ways.append((_("Bỏ bộ lọc chủ đề"), asked.with_(topics=()), _("ở các chủ đề khác")))
    if asked.outlets:
        ways.append((_("Bỏ bộ lọc báo, đài"), asked.with_(outlets=()), _("ở các báo, đài khác")))
    if asked.filters > 1:
        ways.append((_("Bỏ hết bộ lọc"), asked.unfiltered, _("trong cả kho")))
    for name, other, where in ways:
        count = how_many(here, other)
        if count:
            yield name, other.url, _("có {count} bài {where}", count=number(count), where=where)


def _shorter(here: Shelf, asked: Asked) -> Iterator[Way]:
    """Fewer of the words, at most two ways."""
    left = 2
    for words in repairs.shorter(asked.query):
        other = asked.unfiltered.with_(query=words)
        count = how_many(here, other) if left else 0
        if count:
            left -= 1
            yield _("Tìm “{query}”", query=words), other.url, _("có {count} bài", count=number(count))


def _topic(here: Shelf, asked: Asked) -> Iterator[Way]:
    """The chosen topic, or the one with most articles."""
    counts = tallies(here)
    known = [topic for topic in here.words.config.topics if topic.id in counts]
    chosen = [topic for topic in known if topic.id in asked.topics]
    best = chosen or sorted(known, key=lambda topic: -counts[topic.id].count)
    if not best:
        return
    tally = counts[best[0].id]
    newest = short_day(tally.newest) if tally.newest else ""
    said = _("{count} bài, mới nhất {day}", count=number(tally.count), day=newest)
    yield _("Xem chủ đề {name}", name=best[0].name), links.topic(best[0].id), said


def _not_understood(asked: Asked, fault: QueryError) -> str:
    text = asked.query
    at = min(fault.position, len(text))
    end = min(len(text), max(at + 1, at + fault.length))
    shown = text if len(text) <= 120 else ""
    return render_template(
        "query_error.html",
        asked=asked,
        fault=fault,
        before=shown[:at],
        wrong=shown[at:end],
        after=shown[end:],
        offers=repairs.repairs(text, fault),
        place="/",
    )


def _not_now(here: Shelf, asked: Asked, fault: SearchError) -> str:
    code = incident()
    log.error("%s search: %s", code, fault)
    first, last = asked.days
    span = lists.Filter(
        topic=asked.topics[0] if asked.topics else None,
        outlet=asked.outlets[0] if asked.outlets else None,
        first=clock.days(first, first).start if first else None,
        last=clock.days(last, last).end if last else None,
    )
    with here.reading() as conn:
        found = lists.page(conn, span, limit=PER_PAGE)
        tags = taggings.of(conn, [article.id for article in found])
        newest = editions.list_all(conn)[:1]
    hits = [results.listed(one, (tag.topic for tag in tags[one.id]), here.words) for one in found]
    return render_template(
        "search_down.html",
        asked=asked,
        code=code,
        hits=hits,
        edition=newest[0] if newest else None,
        place="/",
    )
