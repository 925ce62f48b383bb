"""Pages about the site itself: how to search, what this is, how it fares."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, render_template

from digest import clock
from digest.errors import DigestError
from digest.search import serving
from digest.storage import articles, runs
from digest.storage import sources as memory
from digest.web import charts
from digest.web.shelf import shelf
from digest.web.shown import short_day
from digest.wording import _

pages = Blueprint("about", __name__)
YEAR = 52  # weekly runs


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


@dataclass(frozen=True, slots=True)
class Ran:
    """One weekly run in numbers; `code` and `minutes` are None while it goes on or when it was killed."""

    started: datetime
    week: str
    new: int
    updated: int
    failed: int
    minutes: int | None
    code: int | None


@pages.get("/suc-khoe/lan-chay")
def ran() -> Any:
    """The last year of weekly runs: a picture of what came, and each in numbers."""
    with shelf().reading() as conn:
        rows = [_ran(run) for run in runs.recent(conn, YEAR, "weekly")]
    values = [(short_day(row.started), row.new, False) for row in reversed(rows)]
    said = _("Bài mới mỗi lần chạy: {list}", list="; ".join(f"{day}: {new}" for day, new, _on in values))
    return render_template("runs.html", rows=rows, chart=charts.columns(values, said), place="/suc-khoe")


def _ran(run: runs.Run) -> Ran:
    collected = run.report.get("collected") or {}
    minutes = math.ceil((run.finished - run.started).total_seconds() / 60) if run.finished else None
    return Ran(
        run.started,
        str(run.report.get("week", "")),
        int(collected.get("new", 0)),
        int(collected.get("updated", 0)),
        len(collected.get("failed", ())),
        minutes,
        run.code,
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
        state = serving.state(here.archive, here.workspace.index_dir)
        if not state.ok:
            problems["index"] = state.problem
    except DigestError as fault:
        problems["archive"] = fault.what
    if here.config_fault:
        problems["sources"] = "sources.yaml"
    return jsonify(status="ok" if not problems else "failing", problems=problems), 503 if problems else 200
