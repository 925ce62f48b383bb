"""Grown out of one PC: the archive moves to PostgreSQL, and every command goes on as before."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from runs import comparable, edition_files, export, home, json_of, run, start

from digest import clock
from digest.demo.mailbox import start_mailbox
from digest.demo.newsroom import Newsroom, start_newsroom
from tests.storage.postgres_server import Server, running


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with start_newsroom(clock.now()) as room:
        yield room


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory, newsroom: Newsroom, postgres: Server) -> Any:
    """A home after a weekly run, its archive moved: (folder, the export before, what `move` said)."""
    where = home(tmp_path_factory.mktemp("moved") / "home", newsroom)
    json_of(where, "weekly")
    before, url = export(where), postgres.new().replace("+psycopg", "")
    said = json_of(where, "admin", "move", "--to", url)
    (where / "settings.toml").write_text(f'database_url = "{url}"\n', encoding="utf-8")
    return where, before, said


def test_the_move_is_counted_and_the_same_articles_come_out(moved):
    where, before, said = moved
    assert said["articles"]["rows"] == len(before) > 40
    assert all(re.fullmatch("[0-9a-f]{64}", one["sha256"]) for one in said.values())
    assert export(where) == before


def test_moving_again_is_refused(moved, postgres):
    where, _before, _said = moved
    url = next(line for line in (where / "settings.toml").read_text().splitlines()).split('"')[1]
    again = run(where, "admin", "move", "--to", url)
    assert again.returncode == 2 and "chính cơ sở dữ liệu này" in again.stderr
    old = run(where, "admin", "move", "--to", url, DIGEST_DATABASE_URL=f"sqlite:///{where}/archive.sqlite3")
    assert old.returncode == 1 and "đã có dữ liệu" in old.stderr


def test_a_server_that_is_not_there_is_said_so_without_its_password(moved):
    where, _before, _said = moved
    gone = run(where, "status", DIGEST_DATABASE_URL="postgresql://u:bi-mat@127.0.0.1:9/digest")
    assert gone.returncode == 1 and "Không nối được" in gone.stderr and "bi-mat" not in gone.stderr


def test_the_week_goes_on_there(moved, tmp_path):
    where, before, _said = moved
    files = edition_files(where)
    report = json_of(where, "weekly")
    assert report["collected"]["new"] == 0 and edition_files(where) == files
    found = json_of(where, "search", "ton giao")
    assert found["total"] > 0 and found["engine"].startswith("postgresql")
    assert json_of(where, "article", str(found["hits"][0]["id"]))["title"] == found["hits"][0]["title"]
    name = report["editions"][0]["id"]
    assert json_of(where, "build", name)["state"] == "built"
    assert json_of(where, "approve", name)["state"] == "approved"
    with start_mailbox(tmp_path / "mailbox") as mailbox:
        for _again in range(2):
            json_of(where, "send", name, "--center", "ben-thu", DIGEST_SMTP_URL=mailbox.url)
        assert len(mailbox.letters) == 3
    status = json_of(where, "status")
    assert status["index"]["behind"] == 0 and status["dispatches"][0]["sent"] == 3
    assert json_of(where, "admin", "verify") == {"ok": True, "findings": []}
    assert comparable(export(where)) == comparable(before)


def test_a_backup_from_there_is_restored_as_a_sqlite_workspace(moved, tmp_path):
    where, _before, _said = moved
    made = run(where, "admin", "backup", str(tmp_path / "b.zip"))
    assert made.returncode == 0, made.stderr
    back = tmp_path / "back"
    assert run(back, "admin", "restore", str(tmp_path / "b.zip")).returncode == 0
    assert (back / "archive.sqlite3").exists() and export(back) == export(where)
    assert json_of(back, "admin", "verify")["ok"] is True


DEAD = """
WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id)
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, worker_id)
SELECT 'hosts', 'digest.collect_host', '127.0.0.1', '127.0.0.1', '{"host": "127.0.0.1"}', status, worker
FROM dead, (VALUES ('doing'::procrastinate_job_status, true), ('todo', false)) AS jobs (status, begun),
LATERAL (SELECT CASE WHEN begun THEN dead.id END AS worker) AS owner
"""


def asked(where: Path, **more: str) -> int:
    """How many sources a machine that shares them asked."""
    done = run(where, "collect", "--shared", **more)
    found = re.search(r"(\d+) nguồn", done.stdout + done.stderr)
    assert done.returncode == 0 and found, (done.returncode, done.stdout, done.stderr)
    return int(found[1])


def test_a_host_whose_machine_died_and_that_was_put_up_again_is_collected(moved, postgres):
    where, _before, _said = moved
    url = (where / "settings.toml").read_text().split('"')[1].replace("postgresql:", "postgresql+psycopg:")
    later = (clock.now() + timedelta(hours=2)).isoformat()
    assert asked(where, DIGEST_NOW=later) > 0
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as conn:
        conn.execute(sa.text(DEAD))
    # What was tried two hours ahead was tried by a wrong clock, and counts for nothing now.
    assert asked(where) > 0
    with engine.begin() as conn:
        assert conn.scalar(sa.text("SELECT count(*) FROM procrastinate_jobs")) == 0
    assert asked(where) == 0


def test_readers_pages_are_served_from_there(moved):
    where, _before, _said = moved
    serving = start(where, "serve", "--port", "0")
    try:
        assert serving.stderr is not None
        lines = [serving.stderr.readline()]
        url = re.search(r"http://127\.0\.0\.1:\d+", "".join(lines))
        assert url, lines
        with urllib.request.urlopen(f"{url[0]}/api/v1/search?q=ton+giao", timeout=30) as answer:
            found = json.load(answer)
        assert found["total"] > 0 and found["engine"].startswith("postgresql")
    finally:
        serving.kill()
        serving.communicate()
