"""Promise: kill collecting at any moment and run it again, and the archive is what an undisturbed run makes."""

import random
import subprocess
import sys
import time
from pathlib import Path

import fictional
import pytest
from loopback_outlet import Reply

from digest.storage import articles
from digest.storage.engine import Archive

HERE = Path(__file__).parent


def collect(url, outlet, kill_after=None):
    words = [
        f"{kind}={outlet.url}{path}"
        for kind, path in (("listing", "/muc"), ("feed", "/rss"), ("sitemap", "/sd.xml"))
    ]
    started = subprocess.Popen(
        [sys.executable, HERE / "collect_once.py", url, *words], cwd=HERE, stdout=subprocess.PIPE
    )
    assert started.stdout is not None
    with started, started.stdout:
        started.stdout.readline()
        if kill_after is not None:
            time.sleep(kill_after)
            started.kill()
        return started.wait()


def exported(url):
    archive = Archive.open(url)
    with archive.reading() as conn:
        found = list(articles.iterate(conn))
    archive.close()
    groups = {frozenset(a.url for a in found if a.story == one.story) for one in found}
    rows = {(a.url, a.source, a.content, a.revision.text, a.revision.number, a.state) for a in found}
    return rows, groups


@pytest.fixture
def outlet_of_thirty(outlet):
    numbers = list(range(1, 31))
    outlet.pages |= {f"/bai-{n}.html": Reply(fictional.numbered(n)) for n in numbers}
    outlet.pages |= {
        "/rss": Reply(fictional.rss(outlet.url, numbers[10:]), kind="application/rss+xml"),
        "/muc": Reply(fictional.listing(outlet.url, numbers[:15], "/muc?page=2")),
        "/muc?page=2": Reply(fictional.listing(outlet.url, numbers[15:20], "/muc?page=3")),
        "/sd.xml": Reply(fictional.sitemap(outlet.url, numbers[5:]), kind="application/xml"),
        "/bai-7.html": Reply(status=404),
        "/bai-8.html": Reply("cụt", length=900),
    }
    return outlet


def kills(tmp_path, outlet, count):
    def address(name):
        return f"sqlite:///{(tmp_path / name).as_posix()}"

    assert collect(address("whole.sqlite3"), outlet) == 0
    rnd = random.Random(11)
    for number in range(count):
        url = address(f"killed-{number}.sqlite3")
        for _time in range(1 + number % 3):
            collect(url, outlet, rnd.uniform(0.05, 0.9))
        assert collect(url, outlet) == 0
        rows, groups = exported(url)
        whole_rows, whole_groups = exported(address("whole.sqlite3"))
        assert {row for row in rows if "bai-8" not in row[0]} == {
            row for row in whole_rows if "bai-8" not in row[0]
        }
        assert groups == whole_groups
    assert len(whole_rows) == 29


def test_killed_and_run_again(tmp_path, outlet_of_thirty):
    kills(tmp_path, outlet_of_thirty, 2)


@pytest.mark.soak
def test_killed_a_hundred_times(tmp_path, outlet_of_thirty):
    kills(tmp_path, outlet_of_thirty, 100)
