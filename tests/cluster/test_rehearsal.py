"""The rehearsal: the primary is killed while two machines collect and two serve readers, and nothing is lost."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from cluster import Cluster, programs
from outlets import Outlets

from digest.jobs.setup import make_workspace
from digest.storage import articles
from digest.storage.engine import Archive
from digest.workspace import Workspace

HERE = Path(__file__).parent
pytestmark = pytest.mark.skipif(programs() is None or os.name == "nt", reason="no PostgreSQL programs here")


@dataclass
class Rehearsal:
    """What a run of it found; `lost`: acknowledged and not there; `answers`: readers' questions and failures."""

    acknowledged: int = 0
    lost: set[str] = field(default_factory=set)
    double: int = 0
    kept: int = 0
    overlaps: list[str] = field(default_factory=list)
    answers: int = 0
    refused: list[str] = field(default_factory=list)
    took_over: float = 0.0


def environment(**more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DIGEST_")}
    return {**kept, "PYTHONUTF8": "1", **more}


class Machine:
    """A collecting machine with its supervisor: what ended badly is started again."""

    def __init__(self, home: Path, url: str) -> None:
        self.home, self.url, self.log = home, url, home / "collector.log"
        self.stop, self.said = threading.Event(), ""
        self.thread = threading.Thread(target=self._supervise)
        self.thread.start()

    def _supervise(self) -> None:
        while not self.stop.is_set():
            command = [sys.executable, str(HERE / "collector.py"), str(self.home), str(self.log)]
            done = subprocess.run(
                command, env=environment(DIGEST_DATABASE_URL=self.url), capture_output=True, text=True, check=False
            )  # fmt: skip
            self.said += f"-- {done.returncode}\n{done.stderr[-600:]}"
            self.stop.wait(1.0)

    def lines(self, word: str) -> list[list[str]]:
        text = self.log.read_text(encoding="utf-8") if self.log.exists() else ""
        return [line.split() for line in text.splitlines() if line.startswith(f"{word} ")]


class Reader:
    """A web machine that reads from the standby, and somebody who asks it again and again."""

    def __init__(self, home: Path, url: str, read_url: str) -> None:
        command = [sys.executable, "-m", "digest", "--home", str(home), "serve", "--port", "0"]
        variables = environment(DIGEST_DATABASE_URL=url, DIGEST_READ_URL=read_url)
        self.process = subprocess.Popen(command, env=variables, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", self.process.stderr.readline())
        assert found
        self.address, self.stop = found[0], threading.Event()
        self.answers, self.refused, self.totals = 0, [], []  # type: ignore[var-annotated]
        self.drain = threading.Thread(target=self.process.stderr.read)
        self.drain.start()
        self.thread = threading.Thread(target=self._ask)
        self.thread.start()

    def _ask(self) -> None:
        while not self.stop.is_set():
            for path in ("/api/v1/search?q=nong+thon", "/bai/1", "/"):
                try:
                    with urllib.request.urlopen(self.address + path, timeout=30) as answer:
                        text = answer.read()
                    if "search" in path:
                        self.totals.append(json.loads(text)["total"])
                    self.answers += 1
                except (OSError, urllib.error.HTTPError) as error:
                    self.refused.append(f"{path}: {error}")
            self.stop.wait(0.3)

    def close(self) -> None:
        self.stop.set()
        self.thread.join()
        self.process.kill()
        self.process.wait()
        self.drain.join()
        self.process.stderr.close()


@contextmanager
def machines(folder: Path, outlets: Outlets, url: str, count: int) -> Iterator[list[Machine]]:
    made = []
    for number in range(count):
        home = folder / f"collecting-{number}"
        make_workspace(Workspace(home), outlets.sources_yaml())
        made.append(Machine(home, url))
    try:
        yield made
    finally:
        for one in made:
            one.stop.set()
        for one in made:
            one.thread.join()


def wait_for(condition, seconds: float = 240.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come to this"
        time.sleep(0.1)


def kept_urls(url: str) -> list[str]:
    archive = Archive.open(url)
    try:
        with archive.reading() as conn:
            return [article.url for article in articles.iterate(conn)]
    finally:
        archive.close()


def overlapping(working: list[Machine]) -> list[str]:
    """Hosts that two machines asked at the same time."""
    spans: dict[str, list[tuple[float, float]]] = {}
    for machine in working:
        begun: dict[str, float] = {}
        for word, host, moment in sorted(
            machine.lines("begin") + machine.lines("end"), key=lambda line: float(line[2])
        ):
            if word == "begin":
                begun[host] = float(moment)
            elif host in begun:
                spans.setdefault(host, []).append((begun.pop(host), float(moment)))
    found = []
    for host, some in spans.items():
        some.sort()
        found += [host for one, other in pairwise(some) if other[0] < one[1]]
    return found


def rehearse(folder: Path, *, synchronous: bool, hosts: int, per_host: int, kill_after: int) -> Rehearsal:
    """Collects, kills the primary once `kill_after` articles are acknowledged, promotes, and lets all finish."""
    programs_folder = programs()
    assert programs_folder is not None
    said = Rehearsal()
    with ExitStack() as stack:
        outlets = stack.enter_context(Outlets(hosts, per_host, pause=0.05))
        cluster = stack.enter_context(Cluster(programs_folder, synchronous=synchronous))
        Archive.open(cluster.url).close()
        wait_for(lambda: cluster.lag() == f"streaming {'sync' if synchronous else 'async'}", 30)
        readers = []
        for number in range(2):
            home = folder / f"web-{number}"
            make_workspace(Workspace(home), outlets.sources_yaml())
            if number == 0:  # empty search tables, so that readers may ask from the first
                command = [sys.executable, "-m", "digest", "--home", str(home), "admin", "reindex"]
                subprocess.run(
                    command, env=environment(DIGEST_DATABASE_URL=cluster.url), check=True, capture_output=True
                )
            readers.append(Reader(home, cluster.url, cluster.standby.url("postgres")))
            stack.callback(readers[-1].close)
        if not synchronous:
            cluster.cut_off()
        working = stack.enter_context(machines(folder, outlets, cluster.url, 2))

        def acknowledged() -> set[str]:
            return {line[1] for machine in working for line in machine.lines("kept")}

        wait_for(lambda: len(acknowledged()) >= kill_after)
        cluster.kill_primary()
        before = acknowledged()  # whatever is written after this came from the new primary
        began = time.monotonic()
        cluster.promote()
        said.took_over = time.monotonic() - began
        there = set(kept_urls(cluster.url))
        said.acknowledged, said.lost = len(before), before - there
        if synchronous:
            wait_for(lambda: len(kept_urls(cluster.url)) >= hosts * per_host)
            wait_for(lambda: readers[0].totals[-1:] == [hosts * per_host] == readers[1].totals[-1:])
        found = kept_urls(cluster.url)
        said.kept, said.double = len(found), len(found) - len(set(found))
        said.overlaps = overlapping(working)
        said.answers = sum(reader.answers for reader in readers)
        said.refused = [
            text for reader in readers for text in reader.refused if "/bai/1: HTTP Error 404" not in text
        ]
    print(said)
    return said


@pytest.mark.timeout(500)
def test_with_a_synchronous_standby_nothing_acknowledged_is_lost(tmp_path):
    said = rehearse(tmp_path, synchronous=True, hosts=5, per_host=16, kill_after=25)
    assert said.acknowledged >= 25 and said.lost == set()
    assert (said.kept, said.double) == (80, 0)
    assert said.overlaps == [] and said.refused == [] and said.answers > 10


@pytest.mark.timeout(500)
def test_the_count_sees_loss_when_an_asynchronous_standby_was_cut_off(tmp_path):
    said = rehearse(tmp_path, synchronous=False, hosts=3, per_host=10, kill_after=12)
    assert said.acknowledged >= 12 and len(said.lost) == said.acknowledged


@pytest.mark.soak
@pytest.mark.parametrize("kill_after", [5, 60, 150, 300, 420])
def test_killed_early_and_late(tmp_path, kill_after):
    said = rehearse(tmp_path, synchronous=True, hosts=10, per_host=50, kill_after=kill_after)
    assert said.lost == set() and (said.kept, said.double) == (500, 0)
    assert said.overlaps == [] and said.refused == []
