"""An archive of its own for each test, on SQLite and on PostgreSQL, copied from one migrated once."""

import importlib.util
import shutil
from datetime import UTC, datetime

import pytest
from postgres_server import Server, programs

from digest.storage.engine import Archive

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def empty_archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("storage") / "archive.sqlite3"
    Archive.open(f"sqlite:///{path.as_posix()}").close()
    return path


@pytest.fixture(scope="session")
def postgres():
    folder = programs()
    if folder is None or importlib.util.find_spec("psycopg") is None:
        pytest.skip("no PostgreSQL here (apt install postgresql; pip install digest[postgres])")
    server = Server(folder)
    server.start()
    Archive.open(server.new()).close()
    yield server
    server.stop()


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
    else:
        opened = Archive.open(request.getfixturevalue("postgres").new("t1"))
    yield opened
    opened.close()


@pytest.fixture
def writing(archive):
    with archive.writing() as conn:
        yield conn


@pytest.fixture
def now():
    return NOW
