"""Pages about the site itself: how to search, what this is, how it fares."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, render_template

from digest import clock
from digest.errors import DigestError
from digest.search import serving
from digest.storage import articles, runs
from digest.storage import sources as memory
from digest.web.shelf import shelf

pages = Blueprint("about", __name__)


@pages.get("/cach-tim")
def how_to_search() -> Any:
    """The query language on one short page, with examples that work."""
    topics = shelf().words.config.topics
    return render_template("how_to_search.html", topic=topics[0] if topics else None, place="/cach-tim")


@pages.get("/gioi-thieu")
def about() -> Any:
    """What the site is, whose, what it does not do, and all ways of showing pages."""
    words = shelf().words
    outlets = sorted({source.outlet for source in words.config.sources if source.enabled})
    return render_template("about.html", outlets=outlets, place="/gioi-thieu")


@pages.get("/suc-khoe")
def health() -> Any:
    """How each source, the archive and the index fare, in words."""
    here = shelf()
    with here.reading() as conn:
        known = memory.health(conn)
        facts = articles.statistics(conn)
        recent = runs.recent(conn, 5)
    state = serving.state(here.archive, here.workspace.index_dir)
    enabled = [source for source in here.words.config.sources if source.enabled]
    return render_template(
        "health.html",
        rows=[(source, known.get(source.id)) for source in enabled],
        failing=sum(1 for source in enabled if source.id in known and known[source.id].failures),
        never=sum(1 for source in enabled if source.id not in known),
        archive=facts,
        index=state,
        behind=max(0, facts.changed - state.seq),
        runs=recent,
        config_fault=here.config_fault,
        now=clock.now(),
        place="/suc-khoe",
    )


@pages.get("/healthz")
def alive() -> Response:
    """For machines: the process answers. Nothing else is asked, so it is cheap."""
    return jsonify(status="ok")


@pages.get("/readyz")
def ready() -> tuple[Response, int]:
    """For machines: archive and index can be read; 503 with the reason otherwise."""
    here = shelf()
    problems = {}
    try:
        with here.reading() as conn:
            articles.last_change(conn)
    except DigestError as fault:
        problems["archive"] = fault.what
    state = serving.state(here.archive, here.workspace.index_dir)
    if not state.ok:
        problems["index"] = state.problem
    if here.config_fault:
        problems["sources"] = "sources.yaml"
    return jsonify(status="ok" if not problems else "failing", problems=problems), 503 if problems else 200
