"""An archive of its own for each test, on SQLite and on PostgreSQL, copied from one migrated once."""

import shutil
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from digest.storage.engine import Archive
from digest.storage.schema import counters, metadata
from tests.storage.postgres_server import running

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def empty_archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("storage") / "archive.sqlite3"
    Archive.open(f"sqlite:///{path.as_posix()}").close()
    return path


@pytest.fixture(scope="session")
def postgres():
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def shared_postgres(postgres):
    """One database for all tests, emptied after each: making a new one takes seconds on a slow disk."""
    opened = Archive.open(postgres.new())
    yield opened
    opened.close()


@pytest.fixture
def url(tmp_path, empty_archive):
    """A SQLite archive's."""
    path = tmp_path / "archive.sqlite3"
    shutil.copyfile(empty_archive, path)
    return f"sqlite:///{path.as_posix()}"


@pytest.fixture(params=["sqlite", "postgresql"])
def archive(request):
    """Each test that takes it runs on both databases."""
    if request.param == "sqlite":
        opened = Archive.open(request.getfixturevalue("url"))
        yield opened
        opened.close()
        return
    opened = request.getfixturevalue("shared_postgres")
    yield opened
    with opened.writing() as conn:
        conn.execute(sa.text(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY CASCADE"))
        conn.execute(sa.insert(counters).values(name="changed", value=0))


@pytest.fixture
def writing(archive):
    with archive.writing() as conn:
        yield conn


@pytest.fixture
def now():
    return NOW
