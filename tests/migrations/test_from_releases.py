"""Workspaces of every released version, with data in every table, are taken up whole; new ones are left alone."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from digest.cli.main import run
from digest.errors import StorageError
from digest.storage import carry, engine, schema, upgrade
from digest.storage.engine import Archive
from digest.workspace import Workspace

RELEASES = sorted((Path(__file__).parents[1] / "data" / "releases").iterdir())
EDITION = "ban-tin/2026-W47"


@pytest.fixture(params=RELEASES, ids=lambda folder: folder.name)
def release(request: pytest.FixtureRequest) -> Path:
    """The folder of one release: archive.sql, sources.yaml, edition.md, export.jsonl."""
    return request.param


@pytest.fixture
def home(tmp_path: Path, release: Path) -> Workspace:
    """A workspace as that release left it; its search index did not travel."""
    workspace = Workspace(tmp_path / "home")
    folder = workspace.edition_dir(EDITION)
    folder.mkdir(parents=True)
    shutil.copy(release / "sources.yaml", workspace.sources_path)
    shutil.copy(release / "edition.md", folder / "edition.md")
    with closing(sqlite3.connect(workspace.archive_path)) as raw:
        raw.executescript((release / "archive.sql").read_text(encoding="utf-8"))
    return workspace


def command(home: Workspace, *words: str) -> int:
    return run(["--home", str(home.home), *words])


def test_every_table_of_a_release_has_data(release):
    with closing(sqlite3.connect(":memory:")) as raw:
        raw.executescript((release / "archive.sql").read_text(encoding="utf-8"))
        names = [
            name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        ]
        empty = [
            name for name in names if not raw.execute(f"SELECT EXISTS (SELECT 1 FROM {name})").fetchone()[0]
        ]
    assert len(names) >= 20 and empty == []


def test_what_a_release_archived_comes_out_as_it_was(home, release, capsys):
    assert command(home, "admin", "export") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    before = [
        json.loads(line) for line in (release / "export.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    for row, had in zip(rows, before, strict=True):
        assert {key: row[key] for key in had} == had  # a later release may add keys, and takes none away


def test_the_upgraded_workspace_is_whole_and_goes_on(home, monkeypatch, capsys):
    monkeypatch.setenv("DIGEST_NOW", "2026-11-20T10:00:00+07:00")
    assert command(home, "admin", "reindex") == 0
    capsys.readouterr()
    assert command(home, "admin", "verify", "--json") == 0
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [one for one in found if one["serious"]] == []
    assert command(home, "search", "dan van", "--json") == 0
    assert json.loads(capsys.readouterr().out)["total"] == 2
    assert command(home, "build", EDITION) == 2  # approved: it does not change any more
    assert command(home, "approve", EDITION) == 0
    assert (home.edition_dir(EDITION) / "ban-tin-2026-W47.txt").read_bytes()
    capsys.readouterr()
    assert command(home, "status", "--json") == 0
    assert json.loads(capsys.readouterr().out)["dispatches"][0]["sent"] == 2


def contents(archive: Archive) -> dict[str, carry.Carried]:
    with archive.reading() as conn:
        return {table.name: carry.standing(conn, table) for table in schema.metadata.sorted_tables}


# --- the next release, invented ---------------------------------------------------------------------

STEP = '''
"""An invented step."""
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9001", "{head}", None, None


def upgrade() -> None:
    with op.batch_alter_table("runs") as runs:
        runs.add_column(sa.Column("machine", sa.Text(), server_default="", nullable=False))
    {then}
'''


@pytest.fixture
def next_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The program as it would be with one more migration; gives that migration's file."""
    folder = tmp_path / "migrations"
    shutil.copytree(upgrade.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    step = folder / "versions" / "m9001_invented.py"
    step.write_text(STEP.format(head=schema.HEAD, then="pass"), encoding="utf-8")
    monkeypatch.setattr(upgrade, "MIGRATIONS", folder)
    monkeypatch.setattr(upgrade, "HEAD", "9001")
    monkeypatch.setattr(engine, "HEAD", "9001")
    yield step


def raw(home: Workspace, statement: str, name: str = "") -> list[tuple[object, ...]]:
    path = home.archive_path.with_name(home.archive_path.name + name)
    with closing(sqlite3.connect(path)) as conn:
        return conn.execute(statement).fetchall()


def test_an_upgrade_keeps_every_row_and_a_copy_of_what_was(home, next_release):
    with closing(sqlite3.connect(home.archive_path)) as conn:
        before = "\n".join(conn.iterdump())
    with closing(Archive.open(home.database_url())) as archive:
        upgraded = contents(archive)
    assert all(one.rows for one in upgraded.values())
    assert raw(home, "SELECT DISTINCT machine FROM runs") == [("",)]
    assert raw(home, "SELECT version_num FROM alembic_version") == [("9001",)]
    with closing(sqlite3.connect(home.archive_path.with_name("archive.sqlite3.before-9001"))) as conn:
        assert "\n".join(conn.iterdump()) == before
    with closing(Archive.open(home.database_url())) as archive:  # and only once
        assert contents(archive) == upgraded


def test_an_upgrade_that_fails_midway_changes_nothing(home, next_release):
    next_release.write_text(
        STEP.format(head=schema.HEAD, then='op.execute("DELETE FROM sessions"); raise RuntimeError("cut")')
    )
    with closing(sqlite3.connect(home.archive_path)) as conn:
        before = "\n".join(conn.iterdump())
    with pytest.raises(RuntimeError, match="cut"):
        Archive.open(home.database_url())
    with closing(sqlite3.connect(home.archive_path)) as conn:
        assert "\n".join(conn.iterdump()) == before


def test_the_old_program_refuses_the_upgraded_workspace_and_leaves_it_alone(
    home, next_release, monkeypatch, capsys
):
    Archive.open(home.database_url()).close()
    for module in (upgrade, engine):
        monkeypatch.setattr(module, "HEAD", schema.HEAD)
    before = {path.name: path.read_bytes() for path in home.home.iterdir() if path.is_file()}
    for words in (("status",), ("weekly",), ("admin", "verify")):
        assert command(home, *words) == 1
        said = capsys.readouterr()
        assert "bản digest mới hơn" in said.err + said.out and "9001" in said.err + said.out
    after = {
        path.name: path.read_bytes()
        for path in home.home.iterdir()
        if path.is_file() and not path.name.endswith(".lock")
    }
    assert after == {name: data for name, data in before.items() if not name.endswith(".lock")}


def test_formats_of_a_later_release_are_refused_by_name(home, capsys):
    text = home.sources_path.read_text(encoding="utf-8")
    home.sources_path.write_text(text.replace("format: 1", "format: 2"), encoding="utf-8")
    assert command(home, "status") == 2
    assert "sources.yaml:1:9: Bản digest này chỉ đọc được số 1" in capsys.readouterr().err
    home.sources_path.write_text(text, encoding="utf-8")
    edition = home.edition_dir("ban-tin/2026-W48")
    edition.mkdir()
    words = (home.edition_dir(EDITION) / "edition.md").read_text(encoding="utf-8")
    words = words.replace("format: 1", "format: 2").replace("2026-W47", "2026-W48")
    (edition / "edition.md").write_text(words, encoding="utf-8")
    assert command(home, "build", "ban-tin/2026-W48") in (1, 2)
    assert "format" in capsys.readouterr().err


def test_an_upgrade_without_room_for_the_copy_does_not_begin(home, next_release, monkeypatch):
    def full(_archive: Archive, _target: Path) -> None:
        raise StorageError("Đĩa đã đầy")

    monkeypatch.setattr(Archive, "copy_to", full)
    with pytest.raises(StorageError, match="đầy"), contextlib.closing(Archive.open(home.database_url())):
        pass
    assert raw(home, "SELECT version_num FROM alembic_version") == [(schema.HEAD,)]
