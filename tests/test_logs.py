"""Log lines on request: where they go, that each is whole, and that nobody is named in them."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from digest import logs
from digest.cli.main import run
from digest.errors import UsageError
from digest.jobs.setup import make_workspace
from digest.workspace import Workspace

SOURCES = "format: 1\nsources: []\ntopics: []\nbulletins: []\ncenters: []\n"


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("DIGEST_")]:
        monkeypatch.delenv(name)
    yield make_workspace(Workspace(tmp_path / "home"), SOURCES)
    for handler in [one for one in logging.getLogger().handlers if one.get_name() == logs._HANDLER]:
        logging.getLogger().removeHandler(handler)
        handler.close()
    logging.getLogger("digest").setLevel(logging.NOTSET)


def settings(home, **values):
    home.settings_path.write_text("".join(f'{k} = "{v}"\n' for k, v in values.items()), encoding="utf-8")


def logs_in(folder):
    return sorted(path for path in folder.glob("digest.log*") if path.suffix != ".lock")


def test_nothing_is_written_unasked(home):
    assert run(["--home", str(home.home), "status"]) == 0
    assert not list(home.home.glob("*.log"))


def test_a_line_of_json_for_each_command_without_its_arguments(home):
    settings(home, log="nhật ký/digest.log", log_format="json")
    where = ["--home", str(home.home)]
    assert run([*where, "admin", "suppress", "hoa.sen@hopthu.test"]) == 0
    assert run([*where, "search", "dân vận"]) in (0, 1)
    assert run([*where, "approve", "khong-co/2026-W01"]) == 2
    text = (home.home / "nhật ký" / "digest.log").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    ours = [line for line in lines if line["logger"] == "digest.run"]
    assert [line["command"] for line in ours] == ["admin suppress", "search", "approve"]
    assert (ours[0]["code"], ours[2]["code"], ours[2]["level"]) == (0, 2, "WARNING")
    assert all(line["seconds"] >= 0 and line["at"].endswith("+00:00") for line in ours)
    assert "hoa.sen" not in text and "dân vận" not in text


def test_text_is_the_default_and_breaks_stay_inside_a_json_line(home, capsys):
    settings(home, log="digest.log")
    assert logs.begin(home)
    logging.getLogger("digest.x").info("thư tới %s hỏng", "Hoa <hoa.sen@hopthu.test>", extra={"code": 3})
    line = (home.home / "digest.log").read_text(encoding="utf-8")
    assert "INFO digest.x thư tới Hoa <…> hỏng code=3" in line
    settings(home, log="-", log_format="json")
    logs.begin(home)
    try:
        raise ValueError("xuống\ndòng hoa.sen@hopthu.test")
    except ValueError:
        logging.getLogger("digest.x").exception("hỏng\nrồi")
    told = json.loads(capsys.readouterr().err)
    assert told["message"] == "hỏng\nrồi" and "ValueError" in told["trace"] and "hoa.sen" not in told["trace"]


def test_nobody_writes_a_line_or_stands_in_a_list(home):
    settings(home, log="digest.log")
    logs.begin(home)
    logging.getLogger("digest.x").info("GET /x\n2026 ERROR giả", extra={"to": ["hoa.sen@hopthu.test"]})
    lines = (home.home / "digest.log").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 and "\\n2026 ERROR" in lines[0] and "hoa.sen" not in lines[0]


def test_files_turn_over(home, monkeypatch):
    monkeypatch.setattr(logs, "LARGEST", 2_000)
    settings(home, log="digest.log")
    logs.begin(home)
    for number in range(400):
        logging.getLogger("digest.x").info("dòng số %s", number)
    files = logs_in(home.home)
    assert len(files) == 1 + logs.KEPT and all(path.stat().st_size <= 2_000 for path in files)
    assert "dòng số 399" in (home.home / "digest.log").read_text(encoding="utf-8")


def test_processes_that_write_one_log_follow_each_other(home, monkeypatch):
    """Several serve the web view; each line is there once, and no file grows beyond its size."""
    settings(home, log="digest.log")
    monkeypatch.setattr(logs, "KEPT", 40)
    program = (
        "import sys, logging; from pathlib import Path; from digest import logs; from digest.workspace import Workspace\n"
        "logs.LARGEST, logs.KEPT = 5000, 40; logs.begin(Workspace(Path(sys.argv[1])))\n"
        "for n in range(300): logging.getLogger('digest.x').info('%s-%s.', sys.argv[2], n)\n"
    )
    words = [sys.executable, "-c", program, str(home.home)]
    both = [subprocess.Popen([*words, name]) for name in ("a", "b")]
    assert [one.wait(60) for one in both] == [0, 0]
    files = logs_in(home.home)
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    assert len(files) > 3 and all(path.stat().st_size < 10_000 for path in files)
    for name in ("a", "b"):
        assert sum(text.count(f" {name}-{n}.") for n in range(300)) == 300


def test_a_file_that_another_process_holds_is_written_on(home, monkeypatch):
    monkeypatch.setattr(logs, "LARGEST", 500)
    settings(home, log="digest.log")
    older = home.home / "digest.log.1"
    older.write_text("tuần trước\n", encoding="utf-8")
    logs.begin(home)

    def held(source, _target):
        raise PermissionError(13, "in use", str(source))

    monkeypatch.setattr(Path, "replace", held)
    for number in range(50):
        logging.getLogger("digest.x").info("dòng số %s", number)
    text = (home.home / "digest.log").read_text(encoding="utf-8")
    assert all(f"dòng số {number}\n" in text for number in range(50))
    assert older.read_text(encoding="utf-8") == "tuần trước\n"  # what could not make room moved nothing


def test_what_is_no_form_or_no_place_is_said(home):
    settings(home, log="digest.log", log_format="xml")
    with pytest.raises(UsageError, match="xml"):
        logs.begin(home)
    (home.home / "tep").write_text("", encoding="utf-8")
    settings(home, log="tep/digest.log")
    with pytest.raises(UsageError):
        logs.begin(home)


def test_without_a_console_it_works_all_the_same(home):
    """As pythonw on Windows starts it: there is no standard output at all."""
    settings(home, log="digest.log")
    program = (
        "import sys; sys.stdout = sys.stderr = None; from digest.cli.main import main; main(sys.argv[1:])"
    )
    for words in (["status"], ["weekly"], ["approve", "khong-co/2026-W01"]):
        done = subprocess.run([sys.executable, "-c", program, "--home", str(home.home), *words], check=False)
        assert done.returncode == (2 if words[0] == "approve" else 0)
    text = Path(home.home / "digest.log").read_text(encoding="utf-8")
    assert "digest.run weekly" in text and "command=approve code=2" in text
