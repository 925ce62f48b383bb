"""One collecting machine: `collector.py HOME LOG`; the log has what was acknowledged, and which host was asked when."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import Connection

from digest.cli.main import run
from digest.collect import apply as keeping
from digest.jobs import shared
from digest.storage.engine import Archive

home, log = sys.argv[1], Path(sys.argv[2]).open("a", encoding="utf-8", buffering=1)  # noqa: SIM115
waiting: dict[int, list[str]] = {}
apply, writing, one_host = keeping.apply, Archive.writing, shared.Shift.one_host


def noting(conn: Connection, outcomes: list[keeping.Outcome]) -> list[str]:
    results = apply(conn, outcomes)
    kept = [one.wanted.url for one, said in zip(outcomes, results, strict=True) if said in ("new", "updated")]
    waiting.setdefault(id(conn), []).extend(kept)
    return results


@contextmanager
def committing(archive: Archive) -> Iterator[Connection]:
    with writing(archive) as conn:
        yield conn
    for url in waiting.pop(id(conn), ()):  # the commit has been answered
        log.write(f"kept {url}\n")


def timed(shift: shared.Shift, host: str) -> None:
    log.write(f"begin {host} {time.time()}\n")
    try:
        one_host(shift, host)
    finally:
        log.write(f"end {host} {time.time()}\n")


keeping.apply, Archive.writing, shared.Shift.one_host = noting, committing, timed
sys.exit(run(["--home", home, "collect", "--shared"]))
