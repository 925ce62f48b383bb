"""`/metrics` for Prometheus: how archive, sources, runs, letters and requests stand; counts only, nobody named."""

from __future__ import annotations

import ipaddress
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, current_app, request

from digest import __version__, clock
from digest.errors import DigestError
from digest.jobs.session import Session
from digest.jobs.status import status
from digest.storage import deliveries, runs
from digest.web.shelf import shelf

pages = Blueprint("metrics", __name__)
Start = Callable[..., Any]
App = Callable[[dict[str, Any], Start], Iterable[bytes]]
Labels = Mapping[str, str]
BUCKETS = (0.005, 0.025, 0.1, 0.5, 2.0, 10.0)  # seconds
PASSED_ON = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED")
METHODS = ("GET", "HEAD", "POST")
TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Counted:
    """WSGI middleware, the outermost: how many requests, how they ended, how long they took."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.answers: Counter[tuple[str, str]] = Counter()
        self.within: Counter[float] = Counter()
        self.seconds = 0.0
        self._guard = threading.Lock()

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Passes everything on and notes the answer; the body of a long one is sent after that."""
        # Behind a proxy on this machine everybody's address is near; the gate drops what would tell.
        environ["digest.passed_on"] = any(name in environ for name in PASSED_ON)
        began, said = time.perf_counter(), ["500"]

        def told(line: str, *rest: Any) -> Any:
            said[0] = line[:3]
            return start(line, *rest)

        try:
            return self.app(environ, told)
        finally:
            method = environ.get("REQUEST_METHOD", "")
            self._note(method if method in METHODS else "other", said[0], time.perf_counter() - began)

    def _note(self, method: str, code: str, seconds: float) -> None:
        with self._guard:
            self.answers[method, code] += 1
            self.seconds += seconds
            for most in BUCKETS:
                if seconds <= most:
                    self.within[most] += 1

    def lines(self) -> Iterator[str]:
        """A counter by method and code, and a histogram of seconds.

        Each process that serves counts its own, and any of them may be asked: `process` keeps the
        series apart, and `sum(rate(…))` puts them together.
        """
        with self._guard:
            answers, within, seconds = dict(self.answers), dict(self.within), self.seconds
        me = str(os.getpid())
        yield from metric(
            "digest_http_requests_total",
            "counter",
            "Requests answered since the start of the process.",
            (
                ({"process": me, "method": method, "code": code}, number)
                for (method, code), number in sorted(answers.items())
            ),
        )
        name, number = "digest_http_request_seconds", sum(answers.values())
        yield from (f"# HELP {name} Time until an answer begins.", f"# TYPE {name} histogram")
        for most in BUCKETS:
            yield f'{name}_bucket{{process="{me}",le="{most:g}"}} {within.get(most, 0)}'
        yield f'{name}_bucket{{process="{me}",le="+Inf"}} {number}'
        yield f'{name}_sum{{process="{me}"}} {seconds:.6f}'
        yield f'{name}_count{{process="{me}"}} {number}'


def metric(name: str, kind: str, text: str, samples: Iterable[tuple[Labels, float | None]]) -> Iterator[str]:
    """One metric in Prometheus' text format; samples without a value are left out."""
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} {kind}"
    for labels, value in samples:
        if value is not None:
            within = ",".join(f'{key}="{_escaped(said)}"' for key, said in labels.items())
            yield f"{name}{{{within}}} {value:.17g}" if within else f"{name} {value:.17g}"


def _escaped(said: str) -> str:
    return said.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


@pages.get("/metrics")
def metrics() -> Response:
    """For this machine and its private network; others are told that there is no such page."""
    if request.environ.get("digest.passed_on") or not _near(request.remote_addr or ""):
        abort(404)
    counted = current_app.extensions["digest.counted"]
    lines = [*metric("digest_info", "gauge", "The version that runs.", [({"version": __version__}, 1)])]
    lines += counted.lines()
    here = shelf()
    try:
        session = Session(here.workspace, here.words.config, here.archive, clock.now)
        lines += [*_standing(status(session)), *_letters_and_runs(session)]
        up = 1
    except DigestError:
        up = 0  # what is wrong stands in the log; a scrape must not fail for it
    lines += metric("digest_archive_up", "gauge", "1 if the archive can be read.", [({}, up)])
    return Response("\n".join(lines) + "\n", content_type=TYPE, headers={"Cache-Control": "no-store"})


def _near(address: str) -> bool:
    try:
        peer = ipaddress.ip_address(address)
    except ValueError:
        return address == ""
    return peer.is_loopback or peer.is_private


def _standing(found: Mapping[str, Any]) -> Iterator[str]:
    archive, index, sources = found["archive"], found["index"], found["sources"]
    plain = (
        ("digest_articles", "Articles in the archive.", archive["articles"]),
        (
            "digest_articles_without_text",
            "Of them, those whose page could not be had yet.",
            archive["without_text"],
        ),
        ("digest_stories", "Stories that they tell.", archive["stories"]),
        ("digest_index_up", "1 if there is a search index that can be used.", int(index["ok"])),
        ("digest_index_articles", "Articles in the search index.", index["articles"]),
        ("digest_index_behind", "Changes of the archive that the index has yet to take up.", index["behind"]),
    )
    for name, text, value in plain:
        yield from metric(name, "gauge", text, [({}, value)])
    states = Counter(source["state"] for source in sources)
    yield from metric(
        "digest_sources",
        "gauge",
        "Sources by state.",
        (({"state": state}, states[state]) for state in ("ok", "new", "failing", "silent", "off")),
    )
    for key, text in (("success", "answered"), ("new", "brought something new")):
        yield from metric(
            f"digest_source_last_{key}_timestamp_seconds",
            "gauge",
            f"When a source last {text}.",
            (({"source": source["id"]}, _seconds(source[f"last_{key}"])) for source in sources),
        )


def _letters_and_runs(session: Session) -> Iterator[str]:
    with session.archive.reading() as conn:
        last, letters = runs.last_of_each(conn), deliveries.totals(conn)
    yield from metric(
        "digest_run_last_started_timestamp_seconds",
        "gauge",
        "When the last run of a kind began.",
        (({"kind": run.kind}, run.started.timestamp()) for run in last),
    )
    yield from metric(
        "digest_run_last_code",
        "gauge",
        "How it ended: 0 done, 3 in part, -1 not ended.",
        (({"kind": run.kind}, -1 if run.code is None else run.code) for run in last),
    )
    yield from metric(
        "digest_deliveries",
        "gauge",
        "Letters in the ledger by state.",
        (({"state": state}, letters.get(state, 0)) for state in deliveries.STATES),
    )


def _seconds(stamp: str | None) -> float | None:
    return datetime.fromisoformat(stamp).timestamp() if stamp else None
