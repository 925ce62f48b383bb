"""The whole weekly job in one process, to be disturbed: `whole_job.py HOME [--look] [--boot B] [--cut N --image DIR]`.

Collects, indexes, drafts and builds (`digest weekly`), then approves and sends; its exit code is the
first that is neither 0 nor 3. `--look` verifies and exports afterwards, as JSON. `--boot` is what the
machine calls this start of itself. With `--cut` and `--image` the power fails at the N-th sync: what was
synced by then is put into DIR.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
from pathlib import Path
from typing import Any

from power import Disk

from digest import clock, config
from digest.cli.main import run
from digest.jobs.session import opened
from digest.mail import agenda, books
from digest.storage import deliveries, editions
from digest.workspace import Workspace

CENTER = "ben-thu"


def edition_of(home: Path) -> str:
    """The one edition that the job makes and sends."""
    bulletin = config.load(Workspace(home).sources_path).bulletins[0]
    return f"{bulletin.id}/{clock.working_week(clock.now()).name}"


def do(home: Path) -> int:
    edition = edition_of(home)
    for words in (["weekly"], ["approve", edition], ["send", edition, "--center", CENTER]):
        code = run(["--home", str(home), *words])
        if code not in (0, 3):
            return code
    return 0


def said(home: Path, *words: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = run(["--home", str(home), *words])
    if code:
        raise SystemExit(f"{words}: {code}: {out.getvalue()}")
    return out.getvalue()


def look(home: Path) -> dict[str, Any]:
    """What an undisturbed and a disturbed home must agree on, and the ledger."""
    with opened(Workspace(home)) as session, session.archive.reading() as conn:
        approved = editions.list_all(conn)
        dispatch = deliveries.dispatch(conn, approved[0].id, CENTER)
        ledger = sorted(one.state for one in deliveries.all_of(conn, dispatch.id)) if dispatch else []
        runs = conn.exec_driver_sql("SELECT count(*) FROM runs").scalar()
    return {
        "verify": json.loads(said(home, "admin", "verify", "--json")),
        "export": [json.loads(line) for line in said(home, "admin", "export").splitlines()],
        "found": json.loads(said(home, "search", "nông thôn mới", "--json"))["total"],
        "editions": [[one.id, one.number, one.text] for one in approved],
        "ledger": ledger,
        "runs": runs,
    }


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("home", type=Path)
    words.add_argument("--look", action="store_true")
    words.add_argument("--boot")
    words.add_argument("--cut", type=int, default=0)
    words.add_argument("--image", type=Path)
    asked = words.parse_args()
    if asked.boot:
        agenda.this_boot = books.this_boot = lambda: asked.boot
    disk = Disk(asked.home, asked.cut, asked.image) if asked.image else None
    with contextlib.redirect_stdout(io.StringIO()):
        code = do(asked.home)
    if disk:
        print(disk.count)
    if asked.look and not code:
        print(json.dumps(look(asked.home)))
    raise SystemExit(code)


if __name__ == "__main__":
    main()
