"""A backup may be made at any moment: while articles are collected, and while letters go out."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from runs import comparable, export, home, json_of, run, start

from digest import clock
from digest.demo.mailbox import start_mailbox
from digest.demo.newsroom import Newsroom, start_newsroom
from digest.demo.sources import RECIPIENTS_PATH
from digest.jobs import backup
from digest.jobs.session import opened
from digest.workspace import Workspace

MOST = 4
WORDS = ("url", "source", "outlet", "title", "lead", "paragraphs", "captions", "author", "published", "text")


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with start_newsroom(clock.now()) as room:
        yield room


def backups_during(process: subprocess.Popen[str], where: Path, into: Path) -> list[Path]:
    """One backup after another until the process has ended."""
    made: list[Path] = []
    while process.poll() is None and len(made) < MOST:
        if not (where / "archive.sqlite3").exists():
            continue
        made.append(into / f"{process.pid}-{len(made)}.zip")
        with opened(Workspace(where)) as session:
            backup.backup(session, made[-1])
    assert process.communicate(timeout=300) and process.returncode == 0
    return made


def restored(file: Path) -> Path:
    where = file.with_suffix("")
    assert run(where, "admin", "restore", str(file)).returncode == 0
    assert json_of(where, "admin", "verify")["ok"] is True
    return where


def test_backups_made_while_collecting_and_sending_are_whole(newsroom, tmp_path):
    where = home(tmp_path / "home", newsroom)
    people = "".join(f"nguoi{n}@example.vn,Người {n}\n" for n in range(400))
    (where / RECIPIENTS_PATH).write_text(f"email,name\n{people}", encoding="utf-8")
    made = backups_during(start(where, "weekly"), where, tmp_path)
    final, _groups = comparable(export(where))
    name = json_of(where, "weekly")["editions"][0]["id"]
    json_of(where, "approve", name)
    with start_mailbox(tmp_path / "mailbox") as mailbox:
        sending = start(where, "send", name, "--center", "ben-thu", DIGEST_SMTP_URL=mailbox.url)
        made += backups_during(sending, where, tmp_path)
        assert len(mailbox.letters) == 400
        assert len(made) >= 2
        for file in (made[0], made[-1]):
            # What it holds of an article is what there is in the end; topics and stories may have come later.
            for row in export(restored(file)):
                assert {key: row[key] for key in WORDS} == {key: final[row["url"]][key] for key in WORDS}
    whole = tmp_path / "whole.zip"
    with opened(Workspace(where)) as session:
        backup.backup(session, whole)
    back = restored(whole)
    assert export(back) == export(where)
    (back / RECIPIENTS_PATH).write_text(f"email,name\n{people}", encoding="utf-8")
    with start_mailbox(tmp_path / "again") as again:
        json_of(back, "send", name, "--center", "ben-thu", DIGEST_SMTP_URL=again.url)
        assert again.letters == []
    frozen = {path.name: path.read_bytes() for path in (where / "output" / name).glob("*.*")}
    for path in (back / "output" / name).glob("*.*"):
        assert path.read_bytes() == frozen[path.name]
