"""Promise 5: kill it at any instant; what was kept is still there, and running again finishes the work."""

import random
import time

import pytest
from runs import comparable, edition_files, export, home, json_of, run, start

from digest import clock
from digest.demo.newsroom import start_newsroom


@pytest.fixture(scope="module")
def newsroom():
    with start_newsroom(clock.now()) as room:
        yield room


def editions(where):
    """What the editions say: ids of articles differ from run to run, words do not."""
    import re

    return {
        name: re.sub(rb"\{article=\d+ ", b"{", text)
        for name, text in edition_files(where).items()
        if name.endswith("edition.md")
    }


def kill_and_finish(where, seconds):
    for pause in seconds:
        process = start(where, "weekly")
        time.sleep(pause)
        process.kill()
        process.communicate()
    done = run(where, "weekly")
    assert done.returncode == 0, done.stderr


def disturbed_equals_undisturbed(tmp_path, newsroom, kills, seed):
    calm = home(tmp_path / "calm", newsroom)
    began = time.monotonic()
    assert run(calm, "weekly").returncode == 0
    whole = time.monotonic() - began
    dice = random.Random(seed)
    shaken = home(tmp_path / "shaken", newsroom)
    kill_and_finish(shaken, [dice.uniform(0.2, whole) for _ in range(kills)])
    (found, stories), (wanted, groups) = comparable(export(shaken)), comparable(export(calm))
    assert {url: row for url, row in found.items() if wanted.get(url) != row} == {}
    assert found.keys() == wanted.keys()
    assert stories == groups
    assert editions(shaken) == editions(calm)
    assert json_of(shaken, "search", "ton giao")["total"] == json_of(calm, "search", "ton giao")["total"] > 0


def test_a_killed_weekly_run_is_finished_by_the_next(tmp_path, newsroom):
    disturbed_equals_undisturbed(tmp_path, newsroom, kills=3, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_many_kills_at_random_moments(tmp_path, newsroom, seed):
    disturbed_equals_undisturbed(tmp_path, newsroom, kills=20, seed=seed)


def test_a_second_run_changes_nothing_and_says_so(tmp_path, newsroom):
    where = home(tmp_path / "home", newsroom)
    first = json_of(where, "weekly")
    files, asked = edition_files(where), dict(newsroom.hits)
    done = run(where, "weekly")
    assert done.returncode == 0 and "giữ nguyên" in done.stdout
    assert edition_files(where) == files
    known = {row["url"] for row in export(where) if row["text"] == "full"}
    asked_again = {
        newsroom.url(outlet) + path
        for (outlet, path), count in newsroom.hits.items()
        if count > asked.get((outlet, path), 0)
    }
    assert not known & asked_again
    assert first["collected"]["new"] == len(export(where))
