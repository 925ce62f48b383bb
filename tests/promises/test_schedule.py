"""The weekly run by a scheduler: what is handed in, what was missed, who is told; with real processes and letters."""

from __future__ import annotations

import email
import email.policy
import json
import shutil
import subprocess
import sys
import threading
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from runs import run

from digest.demo.mailbox import start_mailbox
from digest.errors import DigestError, UsageError
from digest.jobs import schedule
from digest.jobs.notice import News, Told, news
from digest.jobs.setup import make_workspace
from digest.storage import sources
from digest.storage.engine import Archive
from digest.workspace import Workspace

FRIDAY = schedule.due("fri 16:30")
SOURCES = """
format: 1
site: {{name: Bản tin thử, url: https://bantin.example.vn}}
fetch: {{delay: 0, allow_private: [127.0.0.0/8]}}
sources:
  - {{id: nguon-a, outlet: Báo Thử, kind: feed, url: 'http://127.0.0.1:{port}/a.rss'}}
topics:
  - {{id: dan-van, name: Dân vận, query: '"dân vận"'}}
bulletins:
  - {{id: ban-tin, name: Bản tin thử, cadence: weekly, sections: {{dan-van: 4}}, formats: [txt]}}
centers:
  - {{id: dong-mau, name: Trung tâm, sender: 'Trung tâm <bantin@dongmau.test>', recipients: recipients/dong-mau.csv}}
"""


class Feed(BaseHTTPRequestHandler):
    """A feed that answers with nothing new, or fails."""

    broken = False

    def do_GET(self):
        body = b'<rss version="2.0"><channel><title>x</title></channel></rss>'
        self.send_response(500 if type(self).broken else 200 if self.path == "/a.rss" else 404)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        pass


@pytest.fixture
def home(tmp_path):
    Feed.broken = False
    with ThreadingHTTPServer(("127.0.0.1", 0), Feed) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        make_workspace(Workspace(tmp_path / "home"), SOURCES.format(port=server.server_address[1]))
        yield tmp_path / "home"
        server.shutdown()


@pytest.fixture
def mailbox(tmp_path):
    with start_mailbox(tmp_path / "mailbox") as opened:
        yield opened


def weekly(home, mailbox, now, *words, code=0):
    done = run(
        home, "weekly", "--notify", *words,
        DIGEST_NOW=now, DIGEST_SMTP_URL=mailbox.url, DIGEST_EDITOR="bientap@dongmau.test",
    )  # fmt: skip
    assert done.returncode == code, (done.stdout, done.stderr)
    return done


def letters(mailbox):
    return [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in mailbox.letters
    ]


# --- when it is due, and what was missed ------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ("2026-11-20T16:30:00+07:00", "2026-11-20T16:30:00+07:00"),
        ("2026-11-20T16:29:59+07:00", "2026-11-13T16:30:00+07:00"),
        ("2026-11-23T08:00:00+07:00", "2026-11-20T16:30:00+07:00"),
        (
            "2026-11-20T10:00:00+00:00",
            "2026-11-20T16:30:00+07:00",
        ),  # the same day in Greenwich, later in Hà Nội
        ("2026-11-26T23:59:00+07:00", "2026-11-20T16:30:00+07:00"),
    ],
)
def test_when_it_was_last_due(now, before):
    assert FRIDAY.before(datetime.fromisoformat(now)) == datetime.fromisoformat(before)


@pytest.mark.parametrize(
    "said", ["", "fri", "thứ sáu 16:30", "fri 24:00", "fri 16:60", "fri16:30", "5 16:30"]
)
def test_what_is_no_moment_of_a_week(said):
    with pytest.raises(UsageError):
        schedule.due(said)


def test_a_missed_run_is_made_up_for_once(home, mailbox):
    weekly(home, mailbox, "2026-11-20T09:00:00+07:00", "--if-missed")  # last week's was never run
    done = weekly(home, mailbox, "2026-11-20T16:00:00+07:00", "--if-missed")
    assert "không phải chạy bù" in done.stdout
    assert (
        "không phải chạy bù" not in weekly(home, mailbox, "2026-11-20T16:30:00+07:00", "--if-missed").stdout
    )
    # The PC was off on Friday the 27th: on Monday the run is made up for, and it is that week's.
    done = weekly(home, mailbox, "2026-11-30T08:00:00+07:00", "--if-missed", "fri 16:30")
    assert "2026-W48" in done.stdout
    assert "chạy bù" in weekly(home, mailbox, "2026-11-30T09:00:00+07:00", "--if-missed", "fri 16:30").stdout


def test_a_run_that_was_cut_off_counts_as_missed(home):
    from digest.jobs.session import opened
    from digest.storage import runs

    now = datetime(2026, 11, 20, 10, tzinfo=UTC)
    with opened(Workspace(home), now=lambda: now) as session:
        with session.archive.writing() as conn:
            cut = runs.start(conn, "weekly", now)
        assert schedule.missed(session, FRIDAY)
        for code, answered, is_missed in (
            (1, True, True),
            (3, True, False),
            (3, False, True),
            (0, True, False),
        ):
            with session.archive.writing() as conn:
                runs.finish(conn, cut, now, code, {"answered": answered})
            assert schedule.missed(session, FRIDAY) is is_missed


def test_a_run_without_network_counts_as_missed_and_json_stays_json(home, mailbox):
    Feed.broken = True
    weekly(home, mailbox, "2026-11-20T16:30:00+07:00", "--if-missed", code=3)
    weekly(home, mailbox, "2026-11-20T17:30:00+07:00", "--if-missed", code=3)  # again: nobody answered
    Feed.broken = False
    weekly(home, mailbox, "2026-11-20T18:30:00+07:00", "--if-missed")
    done = weekly(home, mailbox, "2026-11-20T19:30:00+07:00", "--if-missed", "--json")
    assert json.loads(done.stdout) == {"missed": False} and "không phải chạy bù" in done.stderr


# --- the editor is told -----------------------------------------------------------------------


def test_a_failing_source_is_told_once_and_again_after_it_was_well(home, mailbox):
    weekly(home, mailbox, "2026-11-20T16:30:00+07:00")
    assert letters(mailbox) == []
    Feed.broken = True
    weekly(home, mailbox, "2026-11-27T16:30:00+07:00", code=3)
    (told,) = letters(mailbox)
    assert (
        str(told["to"]) == "bientap@dongmau.test"
        and told["from"].addresses[0].addr_spec == "bantin@dongmau.test"
    )
    assert told["auto-submitted"] == "auto-generated" and "27/11/2026" in told["subject"]
    assert "nguon-a (Báo Thử)" in told.get_content() and "500" in told.get_content()
    weekly(home, mailbox, "2026-12-04T16:30:00+07:00", code=3)
    assert len(letters(mailbox)) == 1
    Feed.broken = False
    weekly(home, mailbox, "2026-12-11T16:30:00+07:00")
    Feed.broken = True
    weekly(home, mailbox, "2026-12-18T16:30:00+07:00", code=3)
    assert len(letters(mailbox)) == 2


def test_a_source_that_fell_silent_is_told(home, mailbox):
    archive = Archive.open(Workspace(home).database_url())
    begin = datetime(2026, 9, 1, tzinfo=UTC)
    with archive.writing() as conn:
        for day in range(40):
            sources.record(conn, "nguon-a", begin + timedelta(days=day), True, 3)
    archive.close()
    weekly(home, mailbox, "2026-11-20T16:30:00+07:00")
    (told,) = letters(mailbox)
    assert "nguon-a (Báo Thử): " in told.get_content() and "không có bài mới" in told.get_content()


def test_a_run_that_cannot_begin_is_told_once_a_day(home, mailbox):
    text = (home / "sources.yaml").read_text(encoding="utf-8")
    (home / "sources.yaml").write_text(text.replace("cadence: weekly", "cadence: wekly"), encoding="utf-8")
    for now in ("2026-11-20T16:30:00+07:00", "2026-11-20T17:30:00+07:00", "2026-11-21T17:30:00+07:00"):
        weekly(home, mailbox, now, code=2)
    first, second = letters(mailbox)
    assert "sources.yaml:10" in first.get_content() and "weekly" in first.get_content()
    assert first["from"].addresses[0].addr_spec == "bientap@dongmau.test"  # whose centers, nobody can say now
    assert first["subject"] != second["subject"]


def test_a_run_held_up_by_another_is_told(home, mailbox):
    with Workspace(home).lock("việc khác"):
        weekly(home, mailbox, "2026-11-20T16:30:00+07:00", code=4)
    assert "việc khác" in letters(mailbox)[0].get_content()


def test_a_mail_server_that_is_gone_changes_nothing_of_the_run(home):
    Feed.broken = True
    done = run(
        home, "weekly", "--notify", DIGEST_SMTP_URL="smtp://127.0.0.1:1", DIGEST_EDITOR="bientap@dongmau.test"
    )
    assert done.returncode == 3


def test_nobody_is_told_without_a_setting(home, mailbox):
    Feed.broken = True
    assert run(home, "weekly", "--notify", DIGEST_SMTP_URL=mailbox.url).returncode == 3
    assert letters(mailbox) == []


def test_news_are_what_the_editor_does_not_know():
    now = datetime(2026, 11, 20, tzinfo=UTC)
    states = {"a": ("failing", "a (A)", "500"), "b": ("silent", "b (B)", "…")}
    told = Told({"a": "failing", "c": "silent"}, ("x",), now - timedelta(hours=1))
    assert news(told, ["x"], states, now) == News((), (("b (B)", "…"),))
    assert news(told, ["x"], {}, now + timedelta(hours=24)) == News(("x",), ())
    assert news(told, ["y"], {"a": ("silent", "a (A)", "…")}, now) == News(("y",), (("a (A)", "…"),))
    assert not news(told, [], {"a": states["a"]}, now)


# --- what schedulers are handed ---------------------------------------------------------------

ODD = "Bản tin 50% của \"tổ\" $1 & 'nhà'"


@pytest.fixture
def odd_home(tmp_path):
    name = "Bản tin 50% & nhà" if sys.platform == "win32" else ODD
    make_workspace(Workspace(tmp_path / name))
    return Workspace(tmp_path / name)


def wanted(home):
    return ["-m", "digest", "--home", str(home), "weekly", "--notify", "--if-missed", "fri 16:30"]


def test_windows_is_handed_a_task_that_catches_up(odd_home):
    made = schedule.plan(odd_home, "windows", FRIDAY)
    ((_path, data),) = made.files
    assert data.startswith(b"\xff\xfe")
    task = ET.fromstring(data.decode("utf-16"))
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    said = {one.tag.rpartition("}")[2]: one.text for one in task.iter() if one.text and one.text.strip()}
    assert said["StartWhenAvailable"] == "true" and said["DisallowStartIfOnBatteries"] == "false"
    assert datetime.fromisoformat(said["StartBoundary"]).strftime("%a %H:%M") == "Fri 16:30"
    assert task.find(".//t:DaysOfWeek/t:Friday", space) is not None
    assert said["Arguments"] == subprocess.list2cmdline(wanted(odd_home.home))
    assert said["WorkingDirectory"] == str(odd_home.home)
    assert made.commands[0][:3] == ("schtasks", "/Create", "/F")


def test_systemd_is_handed_units_that_it_finds_right(odd_home, tmp_path):
    made = schedule.plan(odd_home, "systemd", FRIDAY)
    (service_path, _service), (timer_path, timer) = made.files
    assert (service_path.suffix, timer_path.suffix) == (".service", ".timer")
    lines = timer.decode().splitlines()
    assert "Persistent=true" in lines and "OnCalendar=Fri *-*-* 16:30:00 Asia/Ho_Chi_Minh" in lines
    assert service_path.stem == timer_path.stem and any(
        timer_path.name in command for command in made.commands
    )
    if shutil.which("systemd-analyze"):
        for path, data in made.files:
            (tmp_path / path.name).write_bytes(data)
        checked = subprocess.run(
            ["systemd-analyze", "verify", *(str(tmp_path / path.name) for path, _data in made.files)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        ours = [line for line in checked.stderr.splitlines() if service_path.stem in line]
        assert ours == []


@pytest.mark.skipif(sys.platform == "win32", reason="cron is not there")
def test_cron_runs_the_very_command(odd_home, tmp_path):
    ((_path, data),) = schedule.plan(odd_home, "cron", FRIDAY).files
    line = data.decode().splitlines()[1]
    minute, *stars, _command = line.split(" ", 5)
    assert (minute, stars) == ("30", ["*"] * 4)
    # What crond does with a line: an escaped % is one, then /bin/sh runs it.
    command = line.split(" ", 5)[5].replace("\\%", "%").replace(" >/dev/null", "")
    shown = tmp_path / "shown"
    shown.write_text('import sys; print("\\n".join(sys.argv[1:]))', encoding="utf-8")
    program = command.replace(f"{sys.executable} -m", f"{sys.executable} {shown} -m", 1)
    done = subprocess.run(["/bin/sh", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == wanted(odd_home.home)


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Schedulers of our own, first in the PATH, which write down what they are asked."""
    folder = tmp_path / "bin"
    folder.mkdir()
    asked = tmp_path / "asked"
    for name in ("schtasks", "systemctl", "loginctl", "crontab"):
        keep = f'[ "$1" = -l ] && {{ cat {tmp_path}/tab 2>/dev/null; exit; }}; cp "$1" {tmp_path}/tab; '
        body = f'#!/bin/sh\n{keep if name == "crontab" else ""}echo {name} "$@" >> {asked}\n'
        (folder / name).write_text(body, encoding="utf-8")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    monkeypatch.setenv("HOME", str(tmp_path / "nguoi-dung"))
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="our schedulers are shell scripts")
def test_cron_is_told_once_and_other_lines_stay(programs, home):
    (programs / "tab").write_bytes(b"0 1 * * * /usr/bin/khac\xe0 \xff")
    for at in ("fri 16:30", "mon 07:05"):
        schedule.install(schedule.plan(Workspace(home), "cron", schedule.due(at)), "cron")
    lines = (programs / "tab").read_bytes().replace(b"\xe0 \xff", b"").decode().splitlines()
    assert b"\xe0 \xff" in (programs / "tab").read_bytes()
    assert lines[0] == "0 1 * * * /usr/bin/khac" and len(lines) == 4
    assert lines[2].startswith("5 * * * * ") and "mon 07:05" in lines[2]


@pytest.mark.skipif(sys.platform == "win32", reason="our schedulers are shell scripts")
def test_a_crontab_that_cannot_be_read_is_not_replaced(programs, home):
    made = schedule.plan(Workspace(home), "cron", FRIDAY)
    crontab = programs / "bin" / "crontab"
    working = crontab.read_text(encoding="utf-8")
    crontab.write_text(
        working.replace("#!/bin/sh\n", "#!/bin/sh\n[ $1 = -l ] && { echo not allowed >&2; exit 1; }\n")
    )
    with pytest.raises(DigestError, match="not allowed"):
        schedule.install(made, "cron")
    assert not (programs / "tab").exists()
    crontab.write_text(
        working.replace("#!/bin/sh\n", "#!/bin/sh\n[ $1 = -l ] && { echo no crontab for me >&2; exit 1; }\n")
    )
    schedule.install(made, "cron")
    assert len((programs / "tab").read_text(encoding="utf-8").splitlines()) == 3


def test_workspaces_of_one_name_have_tasks_of_their_own(tmp_path):
    names = {
        schedule.plan(Workspace(tmp_path / where / "ban-tin"), "windows", FRIDAY).commands[0][4]
        for where in "ab"
    }
    assert len(names) == 2 and all(name.startswith("digest\\digest-ban-tin-") for name in names)


@pytest.mark.skipif(sys.platform == "win32", reason="our schedulers are shell scripts")
def test_installing_hands_the_files_in(programs, home, monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    for name in ("windows", "systemd"):
        made = schedule.plan(Workspace(home), name, FRIDAY)
        schedule.install(made, name)
        assert all(path.read_bytes() == data for path, data in made.files)
        assert all(programs in path.parents for path, _data in made.files)
    timer = schedule.plan(Workspace(home), "systemd", FRIDAY).files[1][0].name
    asked = (programs / "asked").read_text(encoding="utf-8").splitlines()
    assert asked[0].startswith("schtasks /Create /F /TN")
    assert asked[1:] == [
        "systemctl --user daemon-reload", f"systemctl --user enable --now {timer}",
        "loginctl enable-linger",
    ]  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="our schedulers are shell scripts")
def test_a_scheduler_that_refuses_or_is_not_there_is_said(programs, home, monkeypatch):
    made = schedule.plan(Workspace(home), "windows", FRIDAY)
    Path(programs / "bin" / "schtasks").write_text("#!/bin/sh\necho denied >&2; exit 5\n", encoding="utf-8")
    with pytest.raises(DigestError, match="denied"):
        schedule.install(made, "windows")
    monkeypatch.setenv("PATH", str(programs / "khong-co"))
    with pytest.raises(DigestError, match="schtasks"):
        schedule.install(made, "windows")


def test_the_command_prints_and_writes_nothing(home):
    before = sorted(home.rglob("*"))
    for name in schedule.SCHEDULERS:
        done = run(home, "admin", "schedule", "--for", name, "--at", "mon 7:05")
        assert done.returncode == 0 and "--if-missed" in done.stdout and "mon 07:05" in done.stdout
    assert sorted(home.rglob("*")) == before
    assert run(home, "admin", "schedule", "--for", "cron", "--at", "thứ hai").returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX nice values")
@pytest.mark.parametrize("command", ["weekly", "collect"])
def test_work_goes_behind_readers_who_are_served_on_the_same_machine(home, command):
    code = (
        "import os, sys\nfrom digest.cli.main import run\ncode = run(['--home', *sys.argv[1:]])\n"
        "print(os.getpriority(os.PRIO_PROCESS, 0))\nsys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(home), command], capture_output=True, text=True, check=True
    )
    assert int(done.stdout.split()[-1]) >= 5
