"""kill -9 at random instants: everybody gets exactly one letter, save those that the ledger calls unknown."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from post_office import Post, make_archive, states

CHILD = Path(__file__).with_name("killed.py")


def start(home: Path, port: int, number: int) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, str(CHILD), str(home), str(port), str(number)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None and child.stdout.readline() == "ready\n"
    return child


def dispatch_killed(home: Path, post: Post, port: int, number: int, kills: int, seed: int) -> int:
    """Starts the dispatch and kills it, again and again, then lets it end; the kills that hit."""
    chance, hit = random.Random(seed), 0
    for _time in range(kills):
        before = len(post.letters)
        child = start(home, port, number)
        rest, share = number - before, 1.6 / kills
        until = before + chance.random() * share * rest
        deadline = time.monotonic() + 10
        while len(post.letters) < until and child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.0005)
        time.sleep(chance.random() * 0.004)
        hit += child.poll() is None
        child.kill()
        child.communicate()
    last = start(home, port, number)
    last.communicate(timeout=120)
    assert last.returncode == 0
    return hit


def check(home: Path, post: Post, number: int, hit: int) -> None:
    archive = make_archive(home)
    ledger = states(archive)
    archive.close()
    got = Counter(post.got())
    for place, state in enumerate(ledger):
        times = got[f"nguoi{place}@thu.test"]
        assert (state, times) in {("sent", 1), ("unknown", 0), ("unknown", 1)}
    assert len(ledger) == number and ledger.count("unknown") <= hit
    assert ledger.count("sent") + ledger.count("unknown") == number


@pytest.mark.parametrize("seed", [1, 2])
def test_a_few_kills(tmp_path, open_office, seed):
    make_archive(tmp_path).close()
    post = Post(data=lambda _address, _nth: time.sleep(0.002))
    hit = dispatch_killed(tmp_path, post, open_office(post).port, 60, 3, seed)
    assert hit >= 1
    check(tmp_path, post, 60, hit)


@pytest.mark.soak
@pytest.mark.parametrize("pause", [0.0, 0.003])
def test_fifty_kills_of_a_dispatch_to_five_hundred(tmp_path, open_office, pause):
    make_archive(tmp_path).close()
    post = Post(data=lambda _address, _nth: time.sleep(pause))
    hit = dispatch_killed(tmp_path, post, open_office(post).port, 500, 50, 50)
    assert hit >= 40
    check(tmp_path, post, 500, hit)
