"""An archive of its own for each test, copied from one that was migrated once."""

import shutil
from datetime import UTC, datetime

import pytest

from digest.storage.engine import Archive

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def empty_archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("storage") / "archive.sqlite3"
    Archive.open(f"sqlite:///{path.as_posix()}").close()
    return path


@pytest.fixture
def url(tmp_path, empty_archive):
    path = tmp_path / "archive.sqlite3"
    shutil.copyfile(empty_archive, path)
    return f"sqlite:///{path.as_posix()}"


@pytest.fixture
def archive(url):
    opened = Archive.open(url)
    yield opened
    opened.close()


@pytest.fixture
def writing(archive):
    with archive.writing() as conn:
        yield conn


@pytest.fixture
def now():
    return NOW
