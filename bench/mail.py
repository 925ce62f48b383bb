"""Letters a second to a loopback sink, beside a plain smtplib loop that sends one prepared letter.

    python bench/mail.py [--recipients 10000] [--rounds 3]

The sink is Postfix's smtp-sink (`apt install postfix`); without it aiosmtpd in a process of its
own, which is itself the brake. The loop and the dispatch take turns, 500 letters at a time, so that
whatever else the machine does hits both; preparing the dispatch counts as its time. Goals: ratio ≥ 0.7 with and without a PDF of 200 KB, memory
≤ 200 MB and flat.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import smtplib
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from digest.mail.dispatch import Sending, run
from digest.mail.message import LINK, NAME, Attachment, Letter, Template
from digest.mail.recipients import Person, read_text
from digest.mail.server import Server
from digest.model import ApprovedEdition
from digest.storage import editions
from digest.storage.engine import Archive

SLICE = 500
SECRET = b"only for measuring, nothing here is secret"
AIOSMTPD = """
import sys, time
from aiosmtpd.controller import Controller
class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 OK"
Controller(Sink(), hostname="127.0.0.1", port=int(sys.argv[1])).start()
time.sleep(86400)
"""


def letter(edition: str, pdf: bool) -> Letter:
    """Twenty short articles, as text and as HTML of about 30 KB."""
    words = "Hội nghị bàn về việc sửa đường liên thôn ở xã Bến Thử và bầu ban đại diện mới. " * 4
    text = "\n\n".join(f"{n}. Tin số {n}\n{words}" for n in range(1, 21))
    cells = "".join(
        f'<tr><td style="font:17px/26px Arial,sans-serif"><h2>Tin số {n}</h2><p>{words}</p></td></tr>'
        for n in range(1, 21)
    )
    return Letter(
        edition,
        "dong-mau",
        "Trung tâm chính trị xã Đồng Mẫu <bantin@dongmau.test>",
        "Bản tin báo cáo viên số 12",
        f"Kính gửi {NAME},\n\n{text}\n\nThôi nhận: {LINK}\n",
        f'<html lang="vi"><p>Kính gửi {NAME}</p><table>{cells}</table><a href="{LINK}">Thôi nhận</a></html>',
        (Attachment("ban-tin.pdf", "application/pdf", bytes(range(256)) * 800),) if pdf else (),
        site_url="https://bantin.example.vn",
    )


class Loop:
    """The limit: one connection, one prepared letter, nothing remembered."""

    def __init__(self, server: Server, template: Template, people: tuple[Person, ...]) -> None:
        self.prepared = template.compose(people[0], datetime.now(UTC))
        self.sender, self.people = template.sender.spec, iter(people)
        self.smtp = smtplib.SMTP(server.host, server.port, local_hostname="localhost")
        self.seconds = 0.0

    def send(self, number: int) -> None:
        """So many letters more."""
        began = time.perf_counter()
        for person in itertools.islice(self.people, number):
            self.smtp.sendmail(self.sender, person.address.spec, self.prepared)
        self.seconds += time.perf_counter() - began


class TakingTurns:
    """A Progress that lets the loop send as many letters as the dispatch has, a slice at a time.

    So both meet the same moments of a machine that does other things as well.
    """

    def __init__(self, loop: Loop) -> None:
        self.loop, self.sent, self.away = loop, 0, 0.0

    def stage(self, name: str, total: int) -> None:
        """The letters begin."""

    def advance(self, steps: int = 1, note: str = "") -> None:
        """One letter more."""
        self.sent += steps
        if self.sent % SLICE == 0:
            began = time.perf_counter()
            self.loop.send(SLICE)
            self.away += time.perf_counter() - began


def measured(server: Server, home: Path, made: Letter, people: tuple[Person, ...]) -> tuple[float, float]:
    """Letters a second of the loop, and through `digest`: each its own letter, noted before and after."""
    archive = Archive.open(f"sqlite:///{(home / 'archive.sqlite3').as_posix()}")
    year, number = made.edition.rpartition("/")[2].split("-W")
    edition = ApprovedEdition(
        made.edition,
        "ban-tin",
        0,
        number,
        date(int(year), 1, 5),
        date(int(year), 1, 11),
        "…",
        datetime.now(UTC),
    )
    with archive.writing() as conn:
        editions.approve(conn, edition, {})
    turns = TakingTurns(Loop(server, Template(made, SECRET), people))
    began = time.perf_counter()
    report = run(archive, Sending(made, people, server), SECRET, progress=turns)
    took = time.perf_counter() - began - turns.away
    archive.close()
    turns.loop.send(len(people))
    turns.loop.smtp.quit()
    if report.sent != len(people):
        raise SystemExit(f"only {report.sent} of {len(people)} were sent: {report.stopped}")
    return len(people) / turns.loop.seconds, len(people) / took


@contextmanager
def sink() -> Iterator[tuple[str, Server]]:
    """A server that takes everything and keeps nothing."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    postfix = shutil.which("smtp-sink", path="/usr/sbin:/usr/local/sbin:/usr/libexec/postfix")
    user = ["-u", "nobody"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = (
        [postfix, *user, f"127.0.0.1:{port}", "100"]
        if postfix
        else [sys.executable, "-c", AIOSMTPD, str(port)]
    )
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _until(lambda: _answers(port))
        yield "smtp-sink" if postfix else "aiosmtpd", Server("127.0.0.1", port)
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 0.5):
            return True
    except OSError:
        return False


def _until(true: Callable[[], bool]) -> None:
    for _attempt in range(200):
        if true():
            return
        time.sleep(0.05)
    raise SystemExit("the sink does not answer")


class Memory(threading.Thread):
    """Looks at this process's resident memory ten times a second (Linux)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: list[float] = []
        self.over = threading.Event()

    def run(self) -> None:
        while Path("/proc/self/statm").exists() and not self.over.wait(0.1):
            self.seen.append(
                int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 1e6
            )

    def told(self) -> str:
        self.over.set()
        if len(self.seen) < 4:
            return "memory not measured"
        quarter = len(self.seen) // 4
        first, last = (
            statistics.median(self.seen[quarter : 2 * quarter]),
            statistics.median(self.seen[-quarter:]),
        )
        return f"memory at most {max(self.seen):.0f} MB, {first:.0f} → {last:.0f} MB over the run"


def main() -> None:
    """Prints one line for each size of letter."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--recipients", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    rows = "".join(f"nguoi{n}@thu.test,Nguyễn Văn Số {n}\n" for n in range(asked.recipients))
    people = read_text("email,name\n" + rows, "list").people
    with sink() as (name, server), tempfile.TemporaryDirectory() as home:
        for at, pdf in enumerate((False, True)):
            memory, rounds = Memory(), []
            size = Template(letter("a/2026-W01", pdf), SECRET).size
            memory.start()
            for turn in range(asked.rounds):
                made = letter(f"bao-cao-vien/2026-W{1 + at * asked.rounds + turn:02d}", pdf)
                rounds.append(measured(server, Path(home), made, people))
            a, b = (statistics.median(one) for one in zip(*rounds, strict=True))
            what = "with a PDF of 200 KB" if pdf else "without attachment"
            print(f"{what} ({size // 1000} KB), {len(people)} recipients, {name}:")
            print(f"  plain loop {a:.0f}/s, digest {b:.0f}/s, ratio {b / a:.2f}; {memory.told()}", flush=True)


if __name__ == "__main__":
    main()
