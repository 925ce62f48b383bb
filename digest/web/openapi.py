"""The OpenAPI 3.1 document of /api/v1: a promise, changed only by adding."""

from __future__ import annotations

from typing import Any

from digest import __version__
from digest.model import Site

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
WHOLE: Json = {"type": "integer", "minimum": 0}
FACTOR: Json = {"type": "number"}
MAYBE_TIME: Json = {"type": ["string", "null"], "format": "date-time"}
TIME: Json = {"type": "string", "format": "date-time"}


def document(site: Site) -> Json:
    """The document; its server is the site's public address, if it has one."""
    made: Json = {
        "openapi": "3.1.0",
        "info": {
            "title": f"{site.name}: API",
            "version": __version__,
            "description": "Read-only. Names and meanings given here stay; members may be added. "
            "What an outlet does not let readers see is left empty here as well.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": site.url or "/"}],
        "paths": _paths(),
        "components": {"schemas": _schemas(), "responses": _responses()},
    }
    return made


def _obj(required: Json, **optional: Json) -> Json:
    return {"type": "object", "required": list(required), "properties": {**required, **optional}}


def _list(of: Json) -> Json:
    return {"type": "array", "items": of}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _query(name: str, schema: Json, said: str, *, many: bool = False) -> Json:
    shape = _list(schema) | {"maxItems": 8} if many else schema
    made: Json = {"name": name, "in": "query", "required": False, "description": said, "schema": shape}
    return made | {"style": "form", "explode": True} if many else made


# A query in its simple forms: words, “phrases”, one level of brackets. Letters are spelt out because not
# every validator's \\w knows Vietnamese.
_LETTER = r"(?:[^\W_]|[\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u024F\u1EA0-\u1EF9])"
_WORD = rf'[^\s()"“”„«»]*{_LETTER}[^\s()"“”„«»]*'
_PHRASE = rf'["“][^"“”»]*{_LETTER}[^"“”»]*["”]'
_UNIT = rf"(?:{_WORD}|{_PHRASE}|\(\s*(?:{_WORD}|{_PHRASE})(?:\s+(?:{_WORD}|{_PHRASE})){{0,20}}\s*\))"
QUERY: Json = {"type": "string", "maxLength": 1000, "pattern": rf"^\s*(?:{_UNIT}(?:\s+{_UNIT}){{0,40}}\s*)?$"}
DAY: Json = {"type": "string", "format": "date"}
LIMIT = _query("limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 10}, "How many at once.")
CURSOR = _query("cursor", {"type": "string", "maxLength": 400}, "From the Link header of the page before.")
FROM = _query("from", DAY, "First day, in Việt Nam.")
TO = _query("to", DAY, "Last day, in Việt Nam.")


def _get(said: str, schema: Json, parameters: list[Json], *refusals: str) -> Json:
    linked = {"Link": {"description": 'The next page, rel="next".', "schema": TEXT}}
    good: Json = {"description": "Done.", "content": {"application/json": {"schema": schema}}}
    if CURSOR in parameters:
        good["headers"] = linked
    answers: Json = {"200": good, "304": {"description": "Not changed since the ETag given."}}
    answers |= {code: {"$ref": f"#/components/responses/{code}"} for code in refusals}
    return {"get": {"summary": said, "parameters": parameters, "responses": answers}}


def _paths() -> Json:
    number: Json = {
        "name": "number",
        "in": "path",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
    }
    parts: list[Json] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
        }
        for name in ("bulletin", "period")
    ]
    found = [
        _query(
            "q", QUERY, "Query; its whole language (fields, nested brackets too) is explained at /cach-tim."
        ),
        _query("topic", TEXT, "Topic ids; any of them.", many=True),
        _query("outlet", TEXT, "Outlets' names; any of them.", many=True),
        _query(
            "month", {"type": "string", "pattern": "^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$"}, "Month, 2026-11."
        ),
        FROM,
        TO,
        _query("sort", {"type": "string", "enum": ["relevance", "newest", "oldest"]}, "Order."),
        LIMIT,
        CURSOR,
    ]
    narrowed = [
        _query("topic", TEXT, "Topic id."),
        _query("outlet", TEXT, "Outlet's name."),
        FROM,
        TO,
        LIMIT,
        CURSOR,
    ]
    series = _query("bulletin", TEXT, "Bulletin id.")
    edition = {"allOf": [_ref("Edition"), _obj({"text": TEXT})]}
    return {
        "/api/v1/search": _get("Search the archive", _ref("Search"), found, "400", "404", "503"),
        "/api/v1/articles": _get(
            "Articles by date, newest first",
            _obj({"articles": _list(_ref("Article"))}),
            narrowed,
            "400",
            "404",
        ),
        "/api/v1/articles/{number}": _get("One article", _ref("WholeArticle"), [number], "404", "410"),
        "/api/v1/topics": _get("Topics", _obj({"topics": _list(_ref("Topic"))}), []),
        "/api/v1/outlets": _get(
            "Outlets", _obj({"outlets": _list(_obj({"name": TEXT, "articles": WHOLE}))}), []
        ),
        "/api/v1/editions": _get(
            "Approved editions, newest first",
            _obj({"editions": _list(_ref("Edition"))}),
            [series, LIMIT, CURSOR],
            "400",
            "404",
        ),
        "/api/v1/editions/{bulletin}/{period}": _get("One approved edition", edition, parts, "404"),
        "/api/v1/openapi.json": _get("This document", {"type": "object"}, []),
    }


def _schemas() -> Json:
    tagged = _obj({"id": TEXT, "score": FACTOR, "by": {"enum": ["rule", "editor"]}, "why": TEXT})
    other = _obj({"id": WHOLE, "outlet": TEXT, "url": TEXT})
    hit = _obj(
        {
            "id": WHOLE,
            "url": TEXT,
            "title": TEXT,
            "lead": TEXT,
            "outlet": TEXT,
            "source": TEXT,
            "published": MAYBE_TIME,
            "score": FACTOR,
            "topics": _list(TEXT),
            "snippet": TEXT,
        },
        also_in=_list(other),
    )
    counts = _list(_obj({"value": TEXT, "count": WHOLE}))
    facets = _obj({"topics": counts, "outlets": counts, "months": counts})
    search = _obj(
        {
            "query": TEXT,
            "total": WHOLE,
            "took_ms": FACTOR,
            "engine": TEXT,
            "hits": _list(hit),
            "facets": facets,
        },
        stories=WHOLE,
        suggestion=TEXT,
        understood=TEXT,
    )
    article = _obj(
        {
            "id": WHOLE,
            "url": TEXT,
            "page": TEXT,
            "title": TEXT,
            "lead": TEXT,
            "outlet": TEXT,
            "source": TEXT,
            "author": TEXT,
            "published": MAYBE_TIME,
            "collected": TIME,
            "state": {"enum": ["live", "gone"]},
            "text": {"enum": ["full", "none"]},
            "revision": {"type": "integer", "minimum": 1},
            "show": {"enum": ["full", "lead", "link"]},
            "topics": _list(tagged),
        }
    )
    shown = _obj({"excerpts": _list(TEXT), "paragraphs": _list(TEXT), "also_in": _list(other)})
    topic = _obj(
        {
            "id": TEXT,
            "name": TEXT,
            "parent": {"type": ["string", "null"]},
            "query": TEXT,
            "articles": WHOLE,
            "feed": TEXT,
        }
    )
    return {
        "Search": search,
        "Hit": hit,
        "Article": article,
        "WholeArticle": {"allOf": [_ref("Article"), shown]},
        "Topic": topic,
        "Edition": _edition(),
        "Problem": _obj(
            {"type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT},
            code=TEXT,
            parameter=TEXT,
            position=WHOLE,
            length=WHOLE,
        ),
    }


def _edition() -> Json:
    file = _obj({"format": TEXT, "url": TEXT, "size": WHOLE, "type": TEXT})
    return _obj(
        {
            "id": TEXT,
            "bulletin": TEXT,
            "number": WHOLE,
            "title": TEXT,
            "from": DAY,
            "to": DAY,
            "approved": TIME,
            "articles": _list(WHOLE),
            "minutes": WHOLE,
            "corrects": {"type": ["string", "null"]},
            "withheld": {"type": "boolean"},
            "page": TEXT,
            "files": _list(file),
        }
    )


def _responses() -> Json:
    said = {
        "400": "A parameter or the query makes no sense; `position` is where in the query.",
        "404": "There is none.",
        "410": "Taken down.",
        "503": "The index is being made again; try later.",
    }
    body = {"application/problem+json": {"schema": _ref("Problem")}}
    return {code: {"description": words, "content": body} for code, words in said.items()}
