"""The API, /api/v1: searches, articles, topics, editions as JSON; errors as problem+json. Read-only."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import NotFound

from digest import clock
from digest.jobs import search as job
from digest.model import ApprovedEdition, Article, Tagging
from digest.search.find import search as find
from digest.storage import articles, editions, lists, stories, taggings
from digest.storage.lists import Filter
from digest.text.normalise import clean
from digest.web import asked as asking
from digest.web import links, proofs
from digest.web.openapi import document
from digest.web.problems import problem
from digest.web.reader.article import Seen
from digest.web.reader.editions import downloads, withheld
from digest.web.reader.search import wanted
from digest.web.shelf import Words, shelf
from digest.wording import _

pages = Blueprint("api", __name__, url_prefix="/api/v1")
MOST = 100
DEFAULT = 10
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)  # no article lies beyond
FARTHEST = 5_000  # hits that a search can be paged through


class Refused(Exception):
    """A parameter that makes no sense: its name and what is wrong, for problem+json."""

    def __init__(self, name: str, detail: str, status: int = 400) -> None:
        self.name, self.detail, self.status = name, detail, status
        super().__init__(name, detail)


@pages.errorhandler(Refused)
def _refused(error: Refused) -> Response:
    return problem(error.status, error.detail, parameter=error.name)


def answer(body: object, following: str | None = None) -> Response:
    """JSON, with the next page as a Link (RFC 8288)."""
    made = Response(json.dumps(body, ensure_ascii=False), content_type="application/json; charset=utf-8")
    if following:
        made.headers["Link"] = f'<{following}>; rel="next"'
    return made


# --- parameters ----------------------------------------------------------------------------


def _limit() -> int:
    given = request.args.get("limit", str(DEFAULT))
    if not re.fullmatch(r"\d{1,4}", given) or not 1 <= int(given) <= MOST:
        raise Refused("limit", _("limit là một số từ 1 đến {most}", most=MOST))
    return int(given)


def _day(name: str) -> date | None:
    given = request.args.get(name)
    if given is None:
        return None
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
            raise ValueError(given)
        return min(max(date.fromisoformat(given), FIRST_DAY), LAST_DAY)
    except ValueError:
        raise Refused(name, _("{name} là một ngày viết như 2026-11-24", name=name)) from None


def _sort() -> str:
    given = request.args.get("sort", "relevance")
    if given not in asking.SORTS:
        raise Refused("sort", _("sort là một trong: {names}", names=", ".join(asking.SORTS)))
    return given


def _cursor(*kinds: type[int] | type[str]) -> list[Any] | None:
    """What a cursor of ours says; it is opaque to callers."""
    given = request.args.get("cursor", "")
    if not given:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(given[:400].encode("ascii", "strict")))
        fits = isinstance(values, list) and len(values) == len(kinds)
        if not fits or not all(type(v) is k for v, k in zip(values, kinds, strict=True)):
            raise ValueError(given)
    except (binascii.Error, UnicodeError, ValueError, RecursionError):
        raise _strange() from None
    return list(values)


def _strange() -> Refused:
    """A cursor that no page of ours gave: there is no such page."""
    return Refused("cursor", _("cursor này không phải do trang trước đưa ra"), 404)


def _some(name: str) -> list[str]:
    """A parameter that may be repeated."""
    given = request.args.getlist(name)
    if len(given) > asking.MOST_FILTERS:
        raise Refused(name, _("{name} lặp lại tối đa {most} lần", name=name, most=asking.MOST_FILTERS))
    return given


def _next(values: Iterable[object]) -> str:
    made = base64.urlsafe_b64encode(json.dumps(list(values)).encode()).decode()
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    return request.path + links.search([*kept, ("cursor", made)]).removeprefix("/")


# --- search --------------------------------------------------------------------------------


@pages.get("/search")
def search() -> Response:
    """The contract's `search` shape; the next page is in the Link header, not shifted by what comes in."""
    limit, place = _limit(), _cursor(int, int)
    offset, upto = place if place else (0, 0)
    if not (0 <= offset <= FARTHEST and 0 <= upto < 2**53):
        raise _strange()
    if "month" in request.args and not asking.is_month(request.args["month"]):
        raise Refused("month", _("month viết như 2026-11"))
    for name in ("topic", "outlet"):
        _some(name)
    here, asked = shelf(), asking.read(request.args).with_(sort=_sort(), first=_day("from"), last=_day("to"))
    question = replace(wanted(here.words, asked, limit), offset=offset, upto=upto)
    standing = here.standing()
    result = find(here.archive, here.workspace.index_dir, question)
    request.environ["digest.proof"] = proofs.of_hits(here, standing, result)
    shape = job.shape(result)
    shape["hits"] = [
        job.hit_shape(hit, lead=here.words.show(hit.article.source) != "link") for hit in result.hits
    ]
    more = offset + limit < (result.stories or result.total) and offset + limit <= FARTHEST
    return answer(shape, _next([offset + limit, upto or result.newest]) if more else None)


# --- articles ------------------------------------------------------------------------------


@pages.get("/articles")
def list_articles() -> Response:
    """Articles by date, newest first; paging is not shifted by what comes in meanwhile."""
    limit, place = _limit(), _cursor(str, int)
    here = shelf()
    try:
        beyond = (datetime.fromisoformat(place[0]), place[1]) if place else None
        if beyond and (beyond[0].tzinfo is None or not 0 <= beyond[1] < 2**53):
            raise ValueError(place)
    except ValueError:
        raise _strange() from None
    with here.reading() as conn:
        rows = lists.after(conn, _filter(), limit=limit + 1, beyond=beyond)
        tags = taggings.of(conn, [article.id for _dated, article in rows])
    page = rows[:limit]
    body = {"articles": [article_shape(one, tags[one.id], here.words) for _dated, one in page]}
    more = len(rows) > limit
    return answer(body, _next([page[-1][0].isoformat(), page[-1][1].id]) if more else None)


def _filter() -> Filter:
    first, last = _day("from"), _day("to")
    return Filter(
        topic=clean(request.args.get("topic", "")) or None,
        outlet=clean(request.args.get("outlet", "")) or None,
        first=clock.days(first, first).start if first else None,
        last=clock.days(last, last).end if last else None,
    )


@pages.get("/articles/<int:number>")
def one_article(number: int) -> Response:
    """One article: what readers may see of it, its topics with reasons, its story."""
    here = shelf()
    with here.reading() as conn:
        found = articles.get(conn, number) if number < 2**53 else None
        if found is None:
            abort(404)
        if found.state == "takedown":
            abort(410)
        tags = taggings.of(conn, [number])[number]
        members = stories.members(conn, [found.story])[found.story]
    body = article_shape(found, tags, here.words)
    seen = Seen(found, found.revision, here.words.show(found.source))
    body["excerpts"] = [words for words in seen.excerpts if words]
    body["paragraphs"] = list(seen.paragraphs)
    body["also_in"] = [
        {"id": one.id, "outlet": one.outlet, "url": one.url}
        for one in members
        if one.id != number and one.state != "takedown"
    ]
    return answer(body)


def article_shape(article: Article, tags: list[Tagging], words: Words) -> dict[str, Any]:
    """An article as lists have it; the lead only where readers may see it."""
    content, show = article.content, words.show(article.source)
    return {
        "id": article.id,
        "url": article.url,
        "page": links.article(article.id),
        "title": content.title,
        "lead": "" if show == "link" else content.lead,
        "outlet": article.outlet,
        "source": article.source,
        "author": content.author,
        "published": clock.local(content.published).isoformat() if content.published else None,
        "collected": clock.local(article.collected).isoformat(),
        "state": article.state,
        "text": article.revision.text,
        "revision": article.revision.number,
        "show": show,
        "topics": [
            {"id": tag.topic, "score": round(tag.score, 3), "by": tag.by, "why": tag.why} for tag in tags
        ],
    }


# --- topics, outlets, editions -----------------------------------------------------------------


@pages.get("/topics")
def list_topics() -> Response:
    """Topics in the order of sources.yaml, with how many articles each has."""
    here = shelf()
    counts = here.counted("topics", lists.topics)
    rows = [
        {
            "id": topic.id,
            "name": topic.name,
            "parent": topic.parent,
            "query": topic.query,
            "articles": counts[topic.id].count if topic.id in counts else 0,
            "feed": f"/atom/chu-de/{topic.id}.xml",
        }
        for topic in here.words.config.topics
    ]
    return answer({"topics": rows})


@pages.get("/outlets")
def list_outlets() -> Response:
    """Outlets that have articles, the one with most first."""
    with shelf().reading() as conn:
        found = lists.outlets(conn)
    return answer({"outlets": [{"name": one.name, "articles": one.count} for one in found]})


@pages.get("/editions")
def list_editions() -> Response:
    """Approved editions, the newest first; `bulletin` names a series."""
    limit, place = _limit(), _cursor(str)
    with shelf().reading() as conn:
        found = editions.list_all(conn, clean(request.args.get("bulletin", "")) or None)
    ids = [one.id for one in found]
    begin = ids.index(place[0]) + 1 if place and place[0] in ids else 0
    if place and not begin:
        raise _strange()
    page = found[begin : begin + limit]
    more = begin + limit < len(found)
    return answer({"editions": [edition_shape(one) for one in page]}, _next([page[-1].id]) if more else None)


@pages.get("/editions/<bulletin>/<period>")
def one_edition(bulletin: str, period: str) -> Response:
    """One approved edition with its text (edition.md) as it was frozen, "" where that is withheld."""
    with shelf().reading() as conn:
        found = editions.get(conn, f"{bulletin}/{period}")
    if found is None:
        abort(404)
    return answer({**edition_shape(found), "text": "" if withheld(found.id) else found.text})


def edition_shape(edition: ApprovedEdition) -> dict[str, Any]:
    """An approved edition as lists have it."""
    return {
        "id": edition.id,
        "bulletin": edition.bulletin,
        "number": edition.number,
        "title": edition.title,
        "from": edition.first.isoformat(),
        "to": edition.last.isoformat(),
        "approved": clock.local(edition.approved).isoformat(),
        "articles": [article for article, _revision in edition.pins],
        "minutes": edition.minutes,
        "corrects": edition.corrects,
        "withheld": withheld(edition.id),
        "page": links.edition(edition.id),
        "files": [
            {"format": one.format, "url": one.url, "size": one.size, "type": one.type}
            for one in downloads(edition)
        ],
    }


@pages.get("/openapi.json")
def openapi() -> Response:
    """This API's OpenAPI 3.1 document."""
    return answer(document(shelf().words.config.site))


@pages.get("/<path:rest>")
def nothing(rest: str) -> Response:
    """What is not above is a problem+json 404."""
    raise NotFound(rest)
