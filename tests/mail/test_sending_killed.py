"""kill -9 while `digest send` serves two centers at once: typed again, everybody has one letter."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter

import pytest
from bureau import EDITION, open_bureau
from post_office import Post

from digest.storage import deliveries
from digest.storage.engine import Archive
from digest.workspace import Workspace

CENTERS = ("ben-thu", "dong-mau")
NUMBER = 40


def start(home):
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DIGEST_")}
    words = [word for center in CENTERS for word in ("--center", center)]
    return subprocess.Popen(
        [sys.executable, "-m", "digest", "--home", str(home), "send", EDITION, *words],
        env={**kept, "PYTHONUTF8": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.timeout(300)
def test_two_centers_killed_and_resumed(tmp_path, capsys, monkeypatch, open_office):
    monkeypatch.setenv("DIGEST_NOW", "2026-11-20T09:00:00+07:00")
    bureau = open_bureau(tmp_path / "home", capsys, *CENTERS)
    bureau.approve()
    posts = [Post(data=lambda _address, _nth: time.sleep(0.01)) for _center in CENTERS]
    urls = [f"smtp://127.0.0.1:{open_office(post).port}" for post in posts]
    bureau.settings(smtp_url=urls[0], smtp_url_dong_mau=urls[1])
    for center in CENTERS:
        bureau.recipients(center, *(f"nguoi{n}-{center}" for n in range(NUMBER)))
    chance, hit = random.Random(6), 0
    for part in range(1, 4):
        child, until = start(bureau.home), 2 * NUMBER * part / 5 + chance.random() * 8
        while sum(len(post.letters) for post in posts) < until and child.poll() is None:
            time.sleep(0.001)
        hit += child.poll() is None
        child.kill()
        child.wait()
    assert hit >= 1
    assert start(bureau.home).wait(120) == 0
    archive = Archive.open(Workspace(bureau.home).database_url())
    with archive.reading() as conn:
        counts = {one.center: dict(one.counts) for one in deliveries.summaries(conn, EDITION)}
    archive.close()
    for center, post in zip(CENTERS, posts, strict=True):
        got = Counter(post.got())
        assert set(got.values()) <= {1}
        unknown = counts[center].get("unknown", 0)
        assert counts[center]["sent"] + unknown == NUMBER and unknown <= hit
        assert NUMBER - unknown <= len(got) <= NUMBER
