"""`digest serve` as a real program: several processes on one port, one dies, the first dies, the port is taken."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(120)


@contextmanager
def serving(home: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program, in a group of its own as a shell starts it, and the address it says it is at."""
    command = [sys.executable, "-m", "digest", "--home", str(home), "serve", "--port", "0", *options]
    program = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
        preexec_fn=_as_at_a_terminal if os.name == "posix" else None,
    )
    try:
        yield program, re.search(r"http://\S+", program.stderr.readline())[0]
    finally:
        program.kill()
        program.wait()
        program.stderr.close()


def _as_at_a_terminal() -> None:
    """These tests may themselves run in the background, where Ctrl+C is ignored by all that is started."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url + "healthz", timeout=10) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def others(program: subprocess.Popen[str]) -> set[int]:
    """The processes beside the first, by Linux's own account."""
    tasks = Path(f"/proc/{program.pid}/task").iterdir()
    return {int(one) for task in tasks for one in (task / "children").read_text().split()}


def until(true) -> None:
    while not true():  # the test's time limit ends it
        time.sleep(0.1)


def test_one_process_serves_and_stops_with_its_end(workspace):
    with serving(workspace.home, "--workers", "1") as (program, url):
        assert answers(url)
        program.terminate()
        program.wait()
        assert not answers(url)


def test_the_desk_says_where_it_is(workspace):
    with serving(workspace.home, "--desk") as (program, url):
        desk = re.search(r"http://\S+", program.stderr.readline())[0]
        assert desk == url + "bien-tap/"
        with urllib.request.urlopen(desk, timeout=10) as answer:
            assert answer.status == 200


def test_readiness_is_said_in_json_with_and_without_an_archive(make_client, workspace, own):
    assert make_client(workspace).get("/readyz").get_json() == {"status": "ok", "problems": {}}
    for file in own.home.glob("archive.sqlite3*"):
        file.unlink()
    answer = make_client(own).get("/readyz")
    assert answer.status_code == 503 and answer.get_json()["status"] == "failing"
    assert "archive" in answer.get_json()["problems"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_a_process_that_dies_is_replaced_and_the_last_one_frees_the_port(workspace):
    with serving(workspace.home, "--workers", "3") as (program, url):
        until(lambda: len(others(program)) >= 2)
        dying = max(others(program))
        os.kill(dying, signal.SIGKILL)
        until(lambda: dying not in others(program) and len(others(program)) >= 2)
        assert all(answers(url) for _ in range(10))
        program.kill()
        program.wait()
        until(lambda: not answers(url))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
@pytest.mark.parametrize("amid", [False, True], ids=["all-serving", "others-starting"])
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_a_service_manager_end_all_of_it_without_a_word(workspace, sign, amid):
    with serving(workspace.home, "--workers", "3") as (program, url):
        until(lambda: len(others(program)) >= (1 if amid else 3))  # two that serve, one of Python's own
        assert amid or answers(url)
        seen = others(program)
        os.killpg(program.pid, sign) if sign == signal.SIGINT else program.send_signal(sign)
        said = program.stderr.read()  # the end of it comes when the last process has let go of it
        assert (program.wait(), said) == (0, "")
        until(lambda: not any(running(one) for one in seen))
        assert not answers(url)


def running(process: int) -> bool:
    """Whether it is there and has not ended: who ended is there until somebody asks for it."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_taken_port_is_said_in_words(workspace):
    with serving(workspace.home, "--workers", "1") as (_program, url):
        port = re.search(r":(\d+)/", url)[1]
        command = [sys.executable, "-m", "digest", "--home", str(workspace.home), "serve", "--port", port]
        second = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
        assert second.returncode == 2
        assert f"Không mở được cổng {port}" in second.stderr and "--port" in second.stderr
