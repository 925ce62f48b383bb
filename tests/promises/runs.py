"""Runs `digest` as its users do: as a process of its own, in a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from digest.demo.newsroom import Newsroom
from digest.demo.sources import RECIPIENTS_PATH, recipients_csv, sources_yaml
from digest.jobs.setup import make_workspace
from digest.workspace import Workspace

COMMAND = (sys.executable, "-m", "digest")


def environment(**more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DIGEST_")}
    return {**kept, "PYTHONUTF8": "1", **more}


def home(folder: Path, newsroom: Newsroom) -> Path:
    """A workspace that names the newsroom's outlets."""
    make_workspace(Workspace(folder), sources_yaml(newsroom))
    (folder / RECIPIENTS_PATH).write_text(recipients_csv(), encoding="utf-8-sig")
    return folder


def start(where: Path, *words: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, "--home", str(where), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment(**more),
    )


def run(where: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    process = start(where, *words, **more)
    out, err = process.communicate(timeout=180)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def json_of(where: Path, *words: str, codes: tuple[int, ...] = (0,), **more: str) -> Any:
    done = run(where, *words, "--json", **more)
    assert done.returncode in codes, (done.returncode, done.stderr)
    return json.loads(done.stdout)


def export(where: Path) -> list[dict[str, Any]]:
    done = run(where, "admin", "export")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def comparable(rows: list[dict[str, Any]]) -> tuple[dict[str, Any], set[frozenset[str]]]:
    """An export as two undisturbed runs would agree on it: by address, stories as groups of addresses."""
    groups: dict[int, set[str]] = {}
    kept = {}
    for row in rows:
        groups.setdefault(row["story"], set()).add(row["url"])
        kept[row["url"]] = {k: v for k, v in row.items() if k not in ("id", "collected", "story")}
    assert len(kept) == len(rows), "an article is there twice"
    return kept, {frozenset(group) for group in groups.values()}


def edition_files(where: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(where)): p.read_bytes()
        for p in sorted((where / "output").rglob("*"))
        if p.is_file()
    }
