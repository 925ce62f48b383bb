"""What happens to PCs: a wrong clock, two runs at once, a PDF that is open, a read-only disk, a bug of ours."""

from __future__ import annotations

import errno
import re
from pathlib import Path

import pytest
from loop_disk import LoopDisk, can_mount
from runs import comparable, edition_files, export, home, json_of, run, start

from digest import clock, workspace
from digest.cli import main as cli
from digest.demo.newsroom import start_newsroom
from digest.errors import StorageError


@pytest.fixture(scope="module")
def newsroom():
    with start_newsroom(clock.now()) as room:
        yield room


@pytest.fixture(scope="module")
def calm(tmp_path_factory, newsroom):
    """A home after an undisturbed weekly run."""
    where = home(tmp_path_factory.mktemp("calm") / "home", newsroom)
    json_of(where, "weekly")
    return where


def words_of(where):
    """The editions of this week, apart from the articles' numbers."""
    week = clock.working_week(clock.now()).name
    return {
        name: re.sub(rb"\{article=\d+ ", b"{", text)
        for name, text in edition_files(where).items()
        if name.endswith("edition.md") and week in name
    }


@pytest.mark.parametrize("wrong", ["2031-05-09T08:00:00+07:00", "1999-12-31T23:59:59+07:00"])
def test_a_clock_that_was_wrong_leaves_no_trace_once_it_is_right(tmp_path, newsroom, calm, wrong):
    where = home(tmp_path / "home", newsroom)
    json_of(where, "weekly", DIGEST_NOW=wrong)
    assert json_of(where, "admin", "verify")["ok"] is True
    for _again in range(2):
        json_of(where, "weekly")
    assert json_of(where, "admin", "verify")["ok"] is True
    assert comparable(export(where)) == comparable(export(calm))
    assert words_of(where) == words_of(calm) != {}
    assert json_of(where, "status")["index"]["behind"] == 0


def test_of_two_runs_at_once_one_is_told_who_works_and_nothing_is_double(tmp_path, newsroom, calm):
    where = home(tmp_path / "home", newsroom)
    both = [start(where, "weekly") for _one in range(2)]
    said = [process.communicate(timeout=300) for process in both]
    codes = sorted(process.returncode for process in both)
    assert codes in ([0, 4], [0, 0]), said  # the second may come when the first is done
    if 4 in codes:
        refused = next(err for process, (_out, err) in zip(both, said, strict=True) if process.returncode)
        assert "chạy bản tin tuần" in refused and "tiến trình" in refused
    assert comparable(export(where)) == comparable(export(calm))
    assert words_of(where) == words_of(calm)


def test_a_pdf_that_a_viewer_holds_open_is_told_and_written_next_time(
    tmp_path, newsroom, monkeypatch, capsys
):
    """On Windows nothing may replace a file that Acrobat shows."""
    where = home(tmp_path / "home", newsroom)
    replace = Path.replace

    def held(self: Path, target: Path) -> Path:
        if Path(target).suffix == ".pdf":
            raise PermissionError(errno.EACCES, "The process cannot access the file", str(target))
        return replace(self, target)

    monkeypatch.setattr(workspace.time, "sleep", lambda _seconds: None)
    monkeypatch.setattr(Path, "replace", held)
    assert cli.run(["--home", str(where), "weekly"]) == 3
    said = capsys.readouterr().out
    assert ".pdf" in said and "đóng lại" in said
    assert not list(where.rglob("*.pdf")) and not list(where.rglob("*.tmp"))
    monkeypatch.setattr(Path, "replace", replace)
    assert cli.run(["--home", str(where), "weekly"]) == 0
    assert list(where.rglob("*.pdf"))


@pytest.fixture
def bug(monkeypatch):
    """`digest status` fails in a way nobody foresaw, with somebody's address in its hands."""

    def fail(_session: object) -> None:
        address = "thoa.be@example.vn"
        raise KeyError(address)

    monkeypatch.setattr("digest.jobs.status.status", fail)


def test_a_crash_leaves_a_report_without_a_person_in_it(calm, bug, capsys):
    assert cli.run(["--home", str(calm), "status"]) == 1
    said = capsys.readouterr().err
    path = Path(re.search(r"người hỗ trợ: (\S+\.txt)", said)[1])
    report = path.read_text(encoding="utf-8")
    path.unlink()
    assert path.parent == calm and "KeyError" in report and "test_accidents.py" in report
    assert "thoa" not in report + said and str(calm) not in report and "Traceback" not in said


def test_a_crash_whose_report_cannot_be_written_is_still_told(calm, bug, monkeypatch, capsys):
    def refused(path: Path, _data: bytes) -> None:
        raise StorageError("Không ghi được tệp", str(path))

    monkeypatch.setattr(cli, "atomic_write", refused)
    assert cli.run(["--home", str(calm), "status"]) == 1
    said = capsys.readouterr().err
    assert "KeyError" in said and "thoa" not in said


@pytest.mark.soak
@pytest.mark.skipif(not can_mount(), reason="mounting a disk of one's own takes root on Linux")
def test_a_read_only_disk_is_told_and_the_next_run_goes_on(tmp_path, newsroom, calm):
    with LoopDisk(tmp_path / "disk", 96) as disk:
        where = home(disk.folder / "home", newsroom)
        json_of(where, "collect")
        disk.read_only(True)
        for words in (["weekly"], ["search", "nong thon"], ["admin", "verify"]):
            done = run(where, *words)
            assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
            assert re.search("chỉ cho đọc|Không ghi được|Không mở được", done.stderr + done.stdout)
        disk.read_only(False)
        json_of(where, "weekly")
        assert comparable(export(where)) == comparable(export(calm))
