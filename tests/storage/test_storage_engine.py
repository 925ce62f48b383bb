"""Opening, transactions, many threads and processes at once, kills, upgrades, damaged and full disks."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from digest.errors import StorageError
from digest.model import Content
from digest.storage import articles, schema, upgrade
from digest.storage.engine import Archive


@pytest.fixture
def archive(url):
    """SQLite's alone: what PostgreSQL does with its files is PostgreSQL's affair."""
    opened = Archive.open(url)
    yield opened
    opened.close()


def save(conn, n, now, text="Nội dung"):
    content = Content(title=f"Bài {n}", paragraphs=(text, text))
    return articles.save(
        conn, url=f"https://x.example/{n}", source="s", outlet="o", content=content, fetched=now
    )


def test_a_new_archive_is_made_with_its_folder(tmp_path):
    path = tmp_path / "mới" / "archive.sqlite3"
    Archive.open(f"sqlite:///{path.as_posix()}").close()
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == (schema.HEAD,)
    raw.close()


def test_writers_keep_foreign_keys_and_sync_fully(archive):
    with archive.writing() as conn:
        asked = [conn.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("foreign_keys", "synchronous")]
    assert asked == [1, 2]


def test_the_tables_are_what_the_migrations_make(archive):
    with archive.reading() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": False})
        assert compare_metadata(context, schema.metadata) == []


def test_head_is_the_last_migration():
    config = Config()
    config.set_main_option("script_location", str(upgrade.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


def test_an_exception_takes_everything_back(archive, now):
    with pytest.raises(RuntimeError, match="giữa chừng"), archive.writing() as conn:
        save(conn, 1, now)
        raise RuntimeError("giữa chừng")
    with archive.reading() as conn:
        assert articles.count(conn) == 0


def test_readers_cannot_write(archive, now):
    with pytest.raises(StorageError, match="chỉ cho đọc"), archive.reading() as conn:
        save(conn, 1, now)


def test_a_reader_sees_one_moment_and_does_not_block_writers(archive, now):
    with archive.reading() as reader:
        assert articles.count(reader) == 0
        with archive.writing() as conn:
            save(conn, 1, now)
        assert articles.count(reader) == 0
    with archive.reading() as reader:
        assert articles.count(reader) == 1


def test_threads_that_read_then_write_never_fail(archive, now):
    failed: list[BaseException] = []

    def work(first: int) -> None:
        try:
            for n in range(first, first + 10):
                with archive.writing() as conn:
                    articles.count(conn)
                    save(conn, n, now)
                with archive.reading() as conn:
                    articles.count(conn)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(100 * n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with archive.reading() as conn:
        numbers = [article.changed for article in articles.changed_after(conn, 0)]
    assert numbers == list(range(1, 121))


WORKER = """
    import sys
    from datetime import UTC, datetime
    from digest.model import Content
    from digest.storage import articles
    from digest.storage.engine import Archive

    archive = Archive.open(sys.argv[1])
    first, count = int(sys.argv[2]), int(sys.argv[3])
    for n in range(first, first + count):
        content = Content(title=f"Bài {n}", paragraphs=("Đoạn một.", "Đoạn hai."))
        with archive.writing() as conn:
            articles.save(conn, url=f"https://x.example/{n}", source="s", outlet="o", content=content,
                          fetched=datetime.now(UTC))
        print(n, flush=True)
"""


def worker(url, first, count):
    code = textwrap.dedent(WORKER)
    return subprocess.Popen(
        [sys.executable, "-c", code, url, str(first), str(count)], stdout=subprocess.PIPE, text=True
    )


def test_processes_that_open_a_new_archive_at_once_all_succeed(tmp_path):
    url = f"sqlite:///{(tmp_path / 'archive.sqlite3').as_posix()}"
    workers = [worker(url, 100 * n, 8) for n in range(3)]
    outputs = [one.communicate(timeout=120)[0].split() for one in workers]
    assert [one.returncode for one in workers] == [0] * 3
    assert [len(output) for output in outputs] == [8] * 3
    archive = Archive.open(url)
    with archive.reading() as conn:
        assert articles.count(conn) == 24
    archive.close()


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a POSIX signal")
@pytest.mark.parametrize("pause", [0.0, 0.013, 0.04, 0.11])
def test_kill_at_any_instant_leaves_everything_whole(url, pause):
    writer = worker(url, 0, 100_000)
    told = [writer.stdout.readline()]
    time.sleep(pause)
    writer.send_signal(signal.SIGKILL)
    told += writer.communicate()[0].splitlines()
    acknowledged = [int(line) for line in told if line.strip()]
    archive = Archive.open(url)
    with archive.reading() as conn:
        assert conn.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert conn.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        kept = list(articles.iterate(conn))
    archive.close()
    assert len(kept) in (len(acknowledged), len(acknowledged) + 1)
    assert all(article.content.paragraphs == ("Đoạn một.", "Đoạn hai.") for article in kept)
    assert [article.story for article in kept] == [article.id for article in kept]


def test_an_older_program_refuses_a_newer_archive_and_leaves_it_alone(url):
    path = Path(url.removeprefix("sqlite:///"))
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match="nâng cấp digest"):
        Archive.open(url)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.glob("*.before-*")] == []


def test_a_copy_is_kept_before_an_upgrade(tmp_path, monkeypatch, now):
    path = tmp_path / "archive.sqlite3"
    url = f"sqlite:///{path.as_posix()}"
    archive = Archive.open(url)
    with archive.writing() as conn:
        save(conn, 1, now)
        conn.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
    archive.close()
    monkeypatch.setattr(
        upgrade,
        "bring_up",
        lambda conn: conn.execute(sa.text("UPDATE alembic_version SET version_num = '0001'")),
    )
    Archive.open(url).close()
    copy = tmp_path / f"archive.sqlite3.before-{schema.HEAD}"
    with sqlite3.connect(copy) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == ("0000",)
        assert raw.execute("SELECT count(*) FROM articles").fetchone() == (1,)
    raw.close()


def test_a_file_that_is_no_database_is_said_so(tmp_path):
    path = tmp_path / "archive.sqlite3"
    path.write_bytes(b"This is a letter to my grandmother. " * 200)
    with pytest.raises(StorageError, match="không phải kho bài"):
        Archive.open(f"sqlite:///{path.as_posix()}")
    assert path.read_bytes().startswith(b"This is a letter")


@pytest.mark.parametrize("url", ["nonsense", "sqlite://", "oracle-nope://x/y"])
def test_a_wrong_address_is_said_so(url):
    with pytest.raises(StorageError):
        Archive.open(url)


def test_a_full_disk_is_said_and_nothing_is_half_kept(archive, now):
    with archive.writing() as conn:
        save(conn, 1, now)
    with pytest.raises(StorageError, match="Đĩa đã đầy"), archive.writing() as conn:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar()
        conn.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        for n in range(2, 400):
            save(conn, n, now, text="Một đoạn dài. " * 300)
    with archive.reading() as conn:
        assert articles.count(conn) == 1


def test_a_lock_that_outlasts_patience_is_said(url, now, monkeypatch):
    monkeypatch.setattr("digest.storage.engine.BUSY_SECONDS", 0.1)
    archive = Archive.open(url)
    other = sqlite3.connect(archive.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="đang bận"), archive.writing() as conn:
        save(conn, 1, now)
    other.rollback()
    other.close()
    archive.close()
