"""Backups are whole, taken while everything runs, verified hash by hash, and never a way in."""

import contextlib
import hashlib
import json
import os
import sqlite3
import stat
import subprocess
import sys
import textwrap
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from digest.errors import StorageError, UsageError
from digest.model import ApprovedEdition, Content, EditionFile
from digest.storage import articles, backup, carry, deliveries, editions, restore, verify
from digest.storage.bundle import MANIFEST
from digest.storage.engine import Archive
from digest.workspace import Workspace, atomic_write

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
PASSPHRASE = "ba con mèo vàng ngủ"
ADDRESS = "thoa.be@example.vn"


def fill(archive):
    with archive.writing() as conn:
        for n in range(30):
            content = Content(title=f"Bài {n}", paragraphs=("Đoạn một.", "Đoạn hai."))
            articles.save(
                conn, url=f"https://x.example/{n}", source="s", outlet="o", content=content, fetched=NOW
            )
        day = date(2026, 11, 16)
        pinned = ApprovedEdition(
            "b/2026-W47", "b", 0, "B", day, day, "## A\n", NOW, articles=2, pins=((1, 1), (2, 1)),
            files=(EditionFile("html", "b-2026-W47.html", "", 0),),
        )  # fmt: skip
        editions.approve(conn, pinned, {"html": b"<html>frozen"})
        told = deliveries.open_dispatch(conn, "b/2026-W47", "ben-thu", NOW)
        deliveries.plan(conn, told.id, [("hash", "message")], NOW)


@pytest.fixture
def home(tmp_path, empty_archive, monkeypatch):
    for name in [name for name in os.environ if name.startswith("DIGEST_")]:
        monkeypatch.delenv(name)
    workspace = Workspace(tmp_path / "nhà")
    workspace.home.mkdir()
    workspace.archive_path.write_bytes(empty_archive.read_bytes())
    atomic_write(workspace.sources_path, b"format: 1\n")
    atomic_write(workspace.recipients_dir / "ben-thu.csv", f"email,name\n{ADDRESS},Thoa\n".encode())
    draft = workspace.edition_dir("b/2026-W48")
    atomic_write(draft / "edition.md", "## Nháp\n".encode())
    atomic_write(draft / ".digest.json", b"{}")
    atomic_write(workspace.edition_dir("b/2026-W47") / "b-2026-W47.html", b"<html>frozen")
    (workspace.home / "settings.toml").write_text('smtp_url = "smtp://u:sesame@h"\n', encoding="utf-8")
    workspace.secret_key()
    return workspace


@pytest.fixture
def archive(home):
    opened = Archive.open(home.database_url())
    fill(opened)
    yield opened
    opened.close()


@pytest.fixture
def made(home, archive, tmp_path):
    target = tmp_path / "sao lưu" / "digest.zip"
    backup.backup(home, archive, target, when=NOW)
    return target


def contents(archive):
    """Every row of every table."""
    with archive.reading() as conn:
        return {
            table.name: sorted(map(repr, conn.execute(sa.select(table)).all()))
            for table in carry.metadata.sorted_tables
        }


def test_restored_elsewhere_everything_is_equal(home, archive, made, tmp_path):
    elsewhere = Workspace(tmp_path / "máy khác")
    done = restore.restore(made, elsewhere)
    assert (done.manifest.articles, done.manifest.editions) == (30, 1)
    back = Archive.open(elsewhere.database_url())
    assert contents(back) == contents(archive)
    back.close()
    for path in ("sources.yaml", "output/b/2026-W48/edition.md", "output/b/2026-W48/.digest.json"):
        assert (elsewhere.home / path).read_bytes() == (home.home / path).read_bytes()
    assert (elsewhere.home / "output/b/2026-W47/b-2026-W47.html").read_bytes() == b"<html>frozen"
    assert elsewhere.secret_key() == home.secret_key()
    assert verify.verify(elsewhere) == []
    assert not (elsewhere.home / restore.STAGING).exists()
    assert elsewhere.index_dir.is_dir() and list(elsewhere.recipients_dir.iterdir()) == []
    if os.name != "nt":
        assert stat.S_IMODE(elsewhere.key_path.stat().st_mode) == 0o600


def test_neither_addresses_nor_passwords_are_inside(made):
    with zipfile.ZipFile(made) as zipped:
        everything = b"".join(zipped.read(name) for name in zipped.namelist())
    assert ADDRESS.encode() not in everything
    assert b"sesame" not in everything


def test_recipients_go_along_only_locked(home, archive, tmp_path):
    lists = [home.recipients_dir / "ben-thu.csv"]
    target = tmp_path / "with.zip"
    with pytest.raises(UsageError, match="cần mật khẩu"):
        backup.backup(home, archive, target, when=NOW, recipients=lists)
    with pytest.raises(UsageError, match="quá ngắn"):
        backup.backup(home, archive, target, when=NOW, recipients=lists, passphrase="ngắn")
    assert not target.exists()
    backup.backup(home, archive, target, when=NOW, recipients=lists, passphrase=PASSPHRASE)
    with zipfile.ZipFile(target) as zipped:
        everything = b"".join(zipped.read(name) for name in zipped.namelist())
    assert ADDRESS.encode() not in everything and ADDRESS.encode().hex().encode() not in everything

    with pytest.raises(UsageError, match="Xem lại mật khẩu"):
        restore.restore(target, Workspace(tmp_path / "sai"), passphrase="ba con mèo đen ngủ")
    assert not (tmp_path / "sai").exists()
    without = restore.restore(target, Workspace(tmp_path / "không"))
    assert (without.recipients, without.locked_left) == (0, True)
    elsewhere = Workspace(tmp_path / "có")
    assert restore.restore(target, elsewhere, passphrase=PASSPHRASE).recipients == 1
    assert (elsewhere.recipients_dir / "ben-thu.csv").read_bytes() == lists[0].read_bytes()


def test_a_list_outside_the_home_folder_is_not_taken(home, archive, tmp_path):
    outside = tmp_path / "lists.csv"
    outside.write_text("email\n", encoding="utf-8")
    with pytest.raises(UsageError, match="nằm ngoài"):
        backup.backup(
            home, archive, tmp_path / "x.zip", when=NOW, recipients=[outside], passphrase=PASSPHRASE
        )


def test_an_editors_own_abbreviations_come_along(home, archive, tmp_path):
    own = "KDC = khu dân cư\n".encode()
    atomic_write(home.home / "abbreviations.txt", own)
    backup.backup(home, archive, tmp_path / "b.zip", when=NOW)
    back = Workspace(tmp_path / "back")
    restore.restore(tmp_path / "b.zip", back)
    assert (back.home / "abbreviations.txt").read_bytes() == own


def test_a_backup_replaces_a_backup_and_nothing_else(home, archive, made):
    backup.backup(home, archive, made, when=NOW)
    with pytest.raises(UsageError, match="không ghi đè"):
        backup.backup(home, archive, home.sources_path, when=NOW)
    assert home.sources_path.read_text(encoding="utf-8") == "format: 1\n"
    assert sorted(path.name for path in made.parent.iterdir()) == [made.name]


def test_only_an_empty_folder_is_restored_into(made, home, tmp_path):
    with pytest.raises(UsageError, match="không trống"):
        restore.restore(made, home)
    empty = tmp_path / "trống"
    empty.mkdir()
    with Workspace(empty).lock("khôi phục"):
        restore.restore(made, Workspace(empty))
    assert Workspace(empty).sources_path.exists()


def test_an_interrupted_restore_can_be_run_again(made, tmp_path):
    elsewhere = Workspace(tmp_path / "dở dang")
    (elsewhere.home / restore.STAGING / "output").mkdir(parents=True)
    (elsewhere.home / "output" / "b").mkdir(parents=True)
    restore.restore(made, elsewhere)
    assert verify.verify(elsewhere) == []


WRITER = """
    import sys
    from datetime import UTC, datetime
    from digest.model import Content
    from digest.storage import articles
    from digest.storage.engine import Archive

    archive, n = Archive.open(sys.argv[1]), 0
    while True:
        n += 1
        content = Content(title=f"Mới {n}", paragraphs=("Một.",))
        with archive.writing() as conn:
            articles.save(conn, url=f"https://new.example/{n}", source="s", outlet="o", content=content,
                          fetched=datetime.now(UTC))
        print(n, flush=True)
"""


def test_a_backup_taken_while_another_process_writes_is_whole(home, archive, tmp_path):
    code = textwrap.dedent(WRITER)
    writer = subprocess.Popen(
        [sys.executable, "-c", code, home.database_url()], stdout=subprocess.PIPE, text=True
    )
    try:
        assert writer.stdout.readline() == "1\n"
        counts = [backup.backup(home, archive, tmp_path / f"{n}.zip", when=NOW).articles for n in range(3)]
    finally:
        writer.kill()
        writer.communicate()
    assert 31 <= counts[0] < counts[1] < counts[2]
    for n, count in enumerate(counts):
        elsewhere = Workspace(tmp_path / f"r{n}")
        restore.restore(tmp_path / f"{n}.zip", elsewhere)
        assert verify.verify(elsewhere) == []
        with contextlib.closing(Archive.open(elsewhere.database_url())) as back, back.reading() as conn:
            assert articles.count(conn) == count


# --- hostile and damaged files --------------------------------------------------------------------


def rebuilt(made: Path, target: Path, change) -> Path:
    """A copy of a backup with `change(members: dict, manifest: dict)` done to it."""
    with zipfile.ZipFile(made) as zipped:
        members = {name: zipped.read(name) for name in zipped.namelist() if name != MANIFEST}
        manifest = json.loads(zipped.read(MANIFEST))
    change(members, manifest)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in members.items():
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name)
            zipped.writestr(info, data, zipfile.ZIP_DEFLATED)
        zipped.writestr(MANIFEST, json.dumps(manifest))
    return target


def add(path, data=b"x"):
    def change(members, manifest):
        members[path] = data
        name = path.filename if isinstance(path, zipfile.ZipInfo) else path
        manifest["files"].append(
            {"path": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        )

    return change


def link():
    info = zipfile.ZipInfo("output/b/2026-W48/link.md")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info


def state(**values):
    return lambda _members, manifest: manifest.update(values)


def damage(members, _manifest):
    members["sources.yaml"] = b"format: 2\n"


def other_key(members, manifest):
    del members["secret.key"]
    manifest["files"] = [one for one in manifest["files"] if one["path"] != "secret.key"]


def bomb(members, manifest):
    add("output/b/2026-W48/bomb.md", b"\0" * 80_000_000)(members, manifest)


HOSTILE = {
    "parent": add("../evil.md"),
    "deep parent": add("output/b/../../../evil.md"),
    "absolute": add("/tmp/evil.md"),
    "drive": add("output/b/C:evil/x"),
    "backslash": add("output\\b\\2026-W48\\evil.md"),
    "reserved": add("output/b/2026-W48/nul.md"),
    "stranger": add("settings.toml"),
    "stranger at the top": add("digest.lock"),
    "folder": add("output/b/2026-W48/"),
    "link": add(link()),
    "other case": add("SOURCES.yaml"),
    "bomb": bomb,
    "newer format": state(format=2),
    "newer schema": state(schema="9999"),
    "no format": state(format="x"),
    "negative size": lambda _m, manifest: manifest["files"][0].update(size=-1),
    "manifest without files": state(files=None),
    "unstated file": lambda members, _m: members.update({"output/b/2026-W48/x.md": b"x"}),
    "stated file missing": lambda members, _m: members.pop("sources.yaml"),
    "wrong hash": damage,
    "no key": other_key,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_and_damaged_backups_are_refused_and_leave_nothing(made, tmp_path, name):
    target = tmp_path / "r" / "home"
    target.parent.mkdir()
    bad = rebuilt(made, tmp_path / "bad.zip", HOSTILE[name])
    with pytest.raises(StorageError):
        restore.restore(bad, Workspace(target))
    assert list(target.parent.iterdir()) == []
    assert not (tmp_path / "evil.md").exists()


def test_a_damaged_archive_with_a_right_hash_is_refused(made, tmp_path, archive):
    def change(members, manifest):
        raw = tmp_path / "raw.sqlite3"
        raw.write_bytes(members["archive.sqlite3"])
        with contextlib.closing(sqlite3.connect(raw)) as conn:
            conn.execute("DELETE FROM revisions WHERE article = 7")
            conn.commit()
        data = members["archive.sqlite3"] = raw.read_bytes()
        for one in manifest["files"]:
            if one["path"] == "archive.sqlite3":
                one.update(size=len(data), sha256=hashlib.sha256(data).hexdigest())

    bad = rebuilt(made, tmp_path / "bad.zip", change)
    with pytest.raises(StorageError, match="Bài 7 thiếu"):
        restore.restore(bad, Workspace(tmp_path / "r"))
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("keep", [0, 10, 0.5, 0.9, 0.999])
def test_a_truncated_backup_is_refused(made, tmp_path, keep):
    data = made.read_bytes()
    bad = tmp_path / "bad.zip"
    bad.write_bytes(data[: int(len(data) * keep) if keep < 1 else keep])
    with pytest.raises(StorageError):
        restore.restore(bad, Workspace(tmp_path / "r"))
    assert not (tmp_path / "r").exists()


def test_flipped_bytes_are_found(made, tmp_path):
    data = bytearray(made.read_bytes())
    for n in range(0, len(data), max(1, len(data) // 12)):
        bad = tmp_path / "bad.zip"
        bad.write_bytes(bytes(data[:n]) + bytes([data[n] ^ 0xFF]) + bytes(data[n + 1 :]))
        target = Workspace(tmp_path / f"r{n}")
        try:
            restore.restore(bad, target)
        except StorageError:
            assert not target.home.exists()
        else:  # a byte that means nothing, such as a file's time
            assert verify.verify(target) == []


def test_a_missing_file_is_said_so(tmp_path):
    with pytest.raises(UsageError, match="Không có tệp"):
        restore.restore(tmp_path / "x.zip", Workspace(tmp_path / "r"))


# --- verify ---------------------------------------------------------------------------------------


def test_a_sound_workspace_has_nothing_to_tell(home, archive):
    assert verify.verify(home) == []


def findings(home):
    return [(finding.what, finding.serious) for finding in verify.verify(home)]


def tampered(home, *statements):
    with contextlib.closing(sqlite3.connect(home.archive_path)) as conn:
        for statement in statements:
            conn.execute(statement)
        conn.commit()


def test_frozen_text_and_files_that_changed_are_found(home, archive):
    tampered(
        home,
        "DROP TRIGGER guard_editions_update",
        "DROP TRIGGER guard_edition_files_update",
        "UPDATE editions SET text = 'khác'",
        "UPDATE edition_files SET data = x'00'",
    )
    found = findings(home)
    assert ("Nội dung số đã duyệt không còn như khi duyệt", True) in found
    assert ("Tệp b-2026-W47.html của số đã duyệt không còn như khi duyệt", True) in found


def test_dangling_rows_are_found(home, archive):
    tampered(
        home, "INSERT INTO taggings (article, topic, by, present, score) VALUES (999, 'x', 'rule', 1, 1)"
    )
    assert findings(home) == [("Kho bài có 1 dòng trỏ tới dòng không còn", True)]


def test_a_damaged_file_is_found(home, archive):
    archive.close()
    data = bytearray(home.archive_path.read_bytes())
    data[8192:12288] = os.urandom(4096)
    home.archive_path.write_bytes(bytes(data))
    found = verify.verify(home)
    assert found and found[0].serious and "restore" in found[0].fix


def test_an_approved_file_changed_on_disk_is_a_hint(home, archive):
    (home.edition_dir("b/2026-W47") / "b-2026-W47.html").write_bytes(b"edited")
    assert findings(home) == [("Tệp trên đĩa khác bản đã duyệt", False)]


# --- other databases ------------------------------------------------------------------------------


def test_an_archive_moves_to_postgresql_and_back_with_nothing_lost(home, archive, postgres, tmp_path):
    there = Archive.open(postgres.new())
    moved = carry.move(archive, there)
    assert (moved["articles"].rows, moved["editions"].rows, moved["deliveries"].rows) == (30, 1, 1)
    with archive.reading() as conn:
        assert moved == {table.name: carry.standing(conn, table) for table in carry.metadata.sorted_tables}
    assert contents(there) == contents(archive)
    with there.writing() as conn:
        saved = articles.save(
            conn, url="https://x.example/new", source="s", outlet="o", content=Content("Mới"), fetched=NOW
        )
        assert (saved.id, saved.outcome) == (31, "new")
    with pytest.raises(StorageError, match="đã duyệt"), there.writing() as conn:
        conn.execute(sa.text("UPDATE editions SET title = 'x'"))
    with pytest.raises(StorageError, match="đã có dữ liệu"):
        carry.move(archive, there)
    manifest = backup.backup(home, there, tmp_path / "p.zip", when=NOW)
    assert manifest.articles == 31
    elsewhere = Workspace(tmp_path / "r")
    restore.restore(tmp_path / "p.zip", elsewhere)
    back = Archive.open(elsewhere.database_url())
    assert contents(back) == contents(there)
    back.close()
    there.close()
