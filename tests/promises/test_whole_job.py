"""Promise 5 over the whole week: killed, without power, on a full disk, at any instant; nothing lost, nothing double."""

from __future__ import annotations

import email
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from loop_disk import LoopDisk, can_mount
from runs import comparable, environment

from digest import clock
from digest.demo.mailbox import Mailbox, start_mailbox
from digest.demo.newsroom import Newsroom, start_newsroom
from digest.jobs.setup import make_workspace
from digest.storage.engine import Archive
from digest.workspace import Workspace, atomic_write

PROGRAM = Path(__file__).with_name("whole_job.py")
PEOPLE = tuple(f"nguoi{n}@example.vn" for n in range(12))
SOURCES = """
format: 1
site: {{name: Bản tin thử, url: https://bantin.example.vn}}
fetch: {{concurrency: 8, per_host: 4, delay: 0, allow_private: [127.0.0.0/8]}}
sources:
  - {{id: ha-son, outlet: Báo Hạ Sơn, kind: feed, url: {ha_son}, limit: 8}}
  - {{id: ben-thu, outlet: Đài Bến Thử, kind: feed, url: {ben_thu}, limit: 8}}
topics:
  - {{id: nong-thon, name: Nông thôn mới, query: '"nông thôn mới" OR "hợp tác xã" OR "chi bộ"'}}
bulletins:
  - {{id: ban-tin, name: Bản tin thử, cadence: weekly, sections: {{nong-thon: 4}}, formats: [html, pdf, txt]}}
centers:
  - {{id: ben-thu, name: Trung tâm Bến Thử, sender: 'Bến Thử <bantin@example.vn>', recipients: recipients/ben-thu.csv}}
"""
posix = pytest.mark.skipif(os.name == "nt", reason="signals, limits and /proc of POSIX systems")


@dataclass
class World:
    """The newsroom and the mail server outside of the machine that stops."""

    newsroom: Newsroom
    mailbox: Mailbox
    calm: dict[str, Any]
    seconds: float
    size: int

    def home(self, folder: Path) -> Path:
        room = self.newsroom
        ha_son, ben_thu = (
            room.url(one.id) + one.entry for one in room.outlets if one.id in ("bao-ha-son", "dai-ben-thu")
        )
        make_workspace(Workspace(folder), SOURCES.format(ha_son=ha_son, ben_thu=ben_thu))
        rows = "".join(f"{address},Người {n}\n" for n, address in enumerate(PEOPLE))
        atomic_write(folder / "recipients" / "ben-thu.csv", f"email,name\n{rows}".encode())
        return folder

    def start(self, home: Path, *words: str, **more: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(PROGRAM), str(home), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment(DIGEST_SMTP_URL=self.mailbox.url),
            start_new_session=True,
            **more,
        )

    def run(self, home: Path, *words: str, code: int = 0, **more: Any) -> tuple[str, str]:
        process = self.start(home, *words, **more)
        out, err = process.communicate(timeout=300)
        assert process.returncode == code, (process.returncode, err)
        return out, err

    def finish_and_compare(self, home: Path, boot: str = "") -> Counter[str]:
        """Runs the job to its end, and holds what there is then against the undisturbed run."""
        seen = json.loads(self.run(home, "--look", "--boot", boot)[0])
        assert [one for one in seen["verify"]["findings"] if one["serious"]] == []
        assert comparable(seen["export"]) == comparable(self.calm["export"])
        assert [plain(one) for one in seen["editions"]] == [plain(one) for one in self.calm["editions"]]
        assert seen["found"] == self.calm["found"] > 0
        return Counter(seen["ledger"])

    def letters(self) -> Counter[str]:
        """How many letters came to whom; the mailbox is emptied."""
        found: Counter[str] = Counter()
        for path in self.mailbox.letters:
            found[str(email.message_from_bytes(path.read_bytes(), policy=default)["To"])] += 1
            path.unlink()
        return found

    def nobody_twice(self, ledger: Counter[str], *, ahead: int = 1) -> None:
        """One letter each; who is `unknown` (the power went, or the process, amid a letter) has one or none."""
        got = self.letters()
        assert max(got.values()) == 1, got
        assert set(ledger) <= {"sent", "unknown"} and ledger.total() == len(PEOPLE)
        assert ledger["unknown"] <= ahead
        assert ledger["sent"] <= len(got) <= ledger["sent"] + ledger["unknown"]


def plain(edition: list[Any]) -> list[Any]:
    """An edition apart from its articles' numbers, which differ from run to run."""
    return [*edition[:2], re.sub(r"\{article=\d+ ", "{", edition[2])]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("whole")
    with start_newsroom(clock.now()) as room, start_mailbox(folder / "mailbox") as mailbox:
        made = World(room, mailbox, {}, 0.0, 0)
        calm = made.home(folder / "calm")
        began = time.monotonic()
        made.calm = json.loads(made.run(calm, "--look")[0])
        made.seconds = time.monotonic() - began  # verifying included: some kills come when all is done
        made.size = sum(path.stat().st_size for path in calm.rglob("*") if path.is_file())
        assert made.calm["editions"] and Counter(made.calm["ledger"]) == {"sent": len(PEOPLE)}
        made.nobody_twice(Counter(made.calm["ledger"]))
        yield made


def killed_at(world: World, home: Path, seconds: float) -> None:
    process = world.start(home)
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


def killed_and_finished(world: World, folder: Path, dice: random.Random) -> None:
    home = world.home(folder)
    for _time in range(dice.choice((1, 1, 2))):
        killed_at(world, home, dice.uniform(0.3, world.seconds))
    world.nobody_twice(world.finish_and_compare(home), ahead=2)


@posix
def test_killed_amid_the_week_the_next_run_finishes_it(world, tmp_path):
    killed_and_finished(world, tmp_path / "home", random.Random(5))


@pytest.mark.soak
@posix
@pytest.mark.parametrize("seed", range(100))
def test_killed_at_a_hundred_instants(world, tmp_path, seed):
    killed_and_finished(world, tmp_path / "home", random.Random(seed))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the watching disk asks /proc")
def test_without_power_only_what_was_synced_is_left_and_that_is_enough(world, tmp_path):
    whole = world.home(tmp_path / "whole")
    count = int(world.run(whole, "--boot", "first", "--image", str(tmp_path / "none"))[0].splitlines()[-1])
    world.letters()
    for number, cut in enumerate(random.Random(7).sample(range(1, count), 2)):
        image = tmp_path / f"image-{number}"
        home = world.home(tmp_path / f"home-{number}")
        world.run(home, "--boot", "first", "--cut", str(cut), "--image", str(image), code=9)
        world.nobody_twice(world.finish_and_compare(image, "second"), ahead=len(PEOPLE))


root = pytest.mark.skipif(not can_mount(), reason="mounting a disk of one's own takes root on Linux")


@pytest.mark.soak
@root
@pytest.mark.parametrize("seed", range(100))
def test_power_cut_at_a_hundred_instants(world, tmp_path, seed):
    """ext4 on a disk of its own that stops at once: unsynced pages and an uncommitted journal are gone."""
    dice = random.Random(seed)
    with LoopDisk(tmp_path / "disk", 96) as disk:
        home = world.home(disk.folder / "home")
        os.sync()
        process = world.start(home, "--boot", "first")
        time.sleep(dice.uniform(0.3, world.seconds))
        disk.cut_power()
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        disk.power_on()
        world.nobody_twice(world.finish_and_compare(home, "second"), ahead=len(PEOPLE))


@pytest.mark.soak
@root
@pytest.mark.parametrize("seed", range(50))
def test_disk_full_at_fifty_writes(world, tmp_path, seed):
    """The disk fills up somewhere in the week; room made, the next run finishes it."""
    dice = random.Random(seed)
    with LoopDisk(tmp_path / "disk", 96) as disk:
        home = world.home(disk.folder / "home")
        Archive.open(Workspace(home).database_url()).close()  # half of all the bytes are the empty tables
        disk.leave(dice.randrange(world.size * 11 // 10))
        process = world.start(home)
        _out, err = process.communicate(timeout=300)
        assert process.returncode in (0, 1, 3), (process.returncode, err)
        if process.returncode == 1:
            assert re.search("[Đđ]ĩa", err) and "Traceback" not in err, err
        disk.make_room()
        world.nobody_twice(world.finish_and_compare(home), ahead=len(PEOPLE))


def limited(most: int) -> Any:
    def limit() -> None:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    return limit


@posix
def test_a_disk_that_takes_no_more_is_told_and_harms_nothing(world, tmp_path):
    """A limit on the size of files, which needs no root: writing fails in the midst."""
    home = world.home(tmp_path / "home")
    _out, err = world.run(home, code=1, preexec_fn=limited(300_000))
    assert re.search("[Đđ]ĩa|ghi", err) and "Traceback" not in err, err
    world.nobody_twice(world.finish_and_compare(home), ahead=len(PEOPLE))
