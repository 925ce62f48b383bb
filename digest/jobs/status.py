"""How things stand: sources' health, archive, index, last runs, dispatches."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from digest import clock
from digest.collect import health as judging
from digest.jobs.session import Session
from digest.search import serving
from digest.storage import articles, deliveries, runs, sources
from digest.storage.sources import Health


def status(session: Session) -> dict[str, Any]:
    """The `status` shape of the JSON contract."""
    with session.archive.reading() as conn:
        health = sources.health(conn)
        archive = articles.statistics(conn)
        recent = runs.recent(conn, 10)
        dispatches = deliveries.summaries(conn)
    state = serving.state(session.archive, session.workspace.index_dir)
    return {
        "sources": [_source(session, source.id, health.get(source.id)) for source in session.config.sources],
        "archive": {
            "articles": archive.articles,
            "without_text": archive.without_text,
            "stories": archive.stories,
            "first": _time(archive.first),
            "last": _time(archive.last),
        },
        "index": {
            "ok": state.ok,
            "articles": state.articles,
            "generation": state.generation,
            "behind": max(0, archive.changed - state.seq),
        },
        "runs": [_run(run) for run in recent],
        "dispatches": [_dispatch(one) for one in dispatches],
    }


def alarms(session: Session) -> dict[str, tuple[str, str, str]]:
    """Sources that need a look: id → (state, id and outlet, what is wrong)."""
    with session.archive.reading() as conn:
        health = sources.health(conn)
    judged = {
        source: judging.judge(health.get(source.id), session.now())
        for source in session.config.sources
        if source.enabled
    }
    return {
        source.id: (one.state, f"{source.id} ({source.outlet})", one.alarm)
        for source, one in judged.items()
        if one.alarm
    }


def _source(session: Session, source_id: str, health: Health | None) -> dict[str, Any]:
    source = session.source(source_id)
    judged = judging.judge(health, session.now()) if source.enabled else judging.OFF
    return {
        "id": source.id,
        "outlet": source.outlet,
        "kind": source.kind,
        "url": source.url,
        "enabled": source.enabled,
        "state": judged.state,
        "alarm": judged.alarm,
        "last_try": _time(health.last_try) if health else None,
        "last_success": _time(health.last_success) if health else None,
        "last_new": _time(health.last_new) if health else None,
        "failures": health.failures if health else 0,
        "reason": health.reason if health else "",
    }


def _run(run: runs.Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "kind": run.kind,
        "started": _time(run.started),
        "finished": _time(run.finished),
        "code": run.code,
    }


def _dispatch(one: deliveries.Dispatch) -> dict[str, Any]:
    counts = {state: one.counts.get(state, 0) for state in deliveries.SHOWN_STATES}
    return {"edition": one.edition, "center": one.center, **counts}


def _time(when: datetime | None) -> str | None:
    return clock.local(when).isoformat(timespec="seconds") if when else None
