"""The application: rooms of the web view put together, with what stands before and after each request."""

from __future__ import annotations

import logging
import time
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, abort, g, request

from digest.web import api, feeds, guards, links, metrics, problems, shown, typeahead
from digest.web.assets import Assets
from digest.web.keeping import Kept
from digest.web.reader import about, article, browse, editions, leaving, search
from digest.web.shelf import Shelf, shelf
from digest.web.wishes import CarriedWishes, Wishes
from digest.wording import _, speak
from digest.workspace import Workspace

access = logging.getLogger("digest.web.access")
LARGEST_BODY = 1_000_000  # octets; readers send none, the desk's largest form is an edition's text
_ASSETS: list[Assets] = []


def create_app(workspace: Workspace, *, desk: bool = False) -> Flask:
    """The WSGI application of one workspace; `desk` adds the editors' side."""
    app = Flask("digest.web", static_folder=None)
    app.extensions["digest"] = here = Shelf(workspace)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=LARGEST_BODY, DESK=desk)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    for room in (search, article, editions, browse, about, leaving, feeds, api, metrics, typeahead):
        app.register_blueprint(room.pages)
    _dress(app)
    _watch(app)
    problems.handle(app)
    if desk:
        from digest.web.desk import join

        join(app)
    kept = Kept(CarriedWishes(app.wsgi_app), here.mark)
    counted = metrics.Counted(guards.Gate(kept, lambda: _rules(here)))
    app.extensions["digest.counted"] = counted
    app.wsgi_app = counted  # type: ignore[assignment]
    return app


def _rules(here: Shelf) -> guards.Rules:
    setting = here.workspace.setting
    return here.kept(
        "rules",
        lambda: guards.rules(
            here.words.config.site.url,
            setting("DIGEST_HOSTS", "") or "",
            setting("DIGEST_PROXY", "") or "",
            setting("DIGEST_RATE", "240") or "",
        ),
    )


def assets() -> Assets:
    """The static files, read once a process."""
    if not _ASSETS:
        _ASSETS.append(Assets())
    return _ASSETS[0]


def _dress(app: Flask) -> None:
    """What every template may use."""
    static = assets()
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(shown.FILTERS)
    app.jinja_env.globals.update(_=_, l=SimpleNamespace(**links.ALL), asset=static.url, here=_same_page)
    app.context_processor(_context)

    @app.get("/static/<path:path>")
    def static_file(path: str) -> Any:
        return _static(static, path)


def _same_page(wishes: Wishes) -> str:
    """The address of the present page under other wishes."""
    return wishes.prefix + quote(request.path) + (links.own_query() if request.method == "GET" else "")


def _context() -> dict[str, Any]:
    words = shelf().words
    menu = (
        ("/", _("Tìm kiếm")),
        ("/chu-de", _("Chủ đề")),
        ("/ban-tin", _("Bản tin")),
        ("/lich", _("Lịch")),
        ("/cach-tim", _("Hướng dẫn")),
    )
    return {"wishes": g.wishes, "site": words.config.site, "publisher": words.publisher, "menu": menu}


def _static(static: Assets, path: str) -> Response:
    found = static.find(path)
    if found is None:
        abort(404)
    encoding = next(
        (one for one in ("br", "gzip") if one in found.packed and request.accept_encodings[one]), ""
    )
    answer = Response(found.packed[encoding] if encoding else found.data, content_type=found.type)
    if found.packed:
        answer.headers["Vary"] = "Accept-Encoding"
    if encoding:
        answer.headers["Content-Encoding"] = encoding
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


def _watch(app: Flask) -> None:
    """Language and wishes before, headers and the access log after each request."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        g.wishes = request.environ.get("digest.wishes") or Wishes()
        speak(g.wishes.spoken)

    @app.after_request
    def finish(answer: Response) -> Response:
        answer = guards.secured(guards.validated(answer))
        took = (time.perf_counter() - g.get("began", time.perf_counter())) * 1000
        # Neither addresses nor what was searched for: only the path, without query and key.
        path = links.without_key(request.path)
        access.info("%s %s %s %.1f ms", request.method, path, answer.status_code, took)
        return answer
