"""Outlets on loopback and an archive of its own for each test."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import loopback_outlet as outlets
import pytest
from loopback_outlet import FETCH, NOW

from digest.collect.run import Collected, collect
from digest.model import Config, Silent, Site, Source
from digest.storage.engine import Archive


@pytest.fixture
def outlet() -> Iterator[outlets.Outlet]:
    with outlets.opened() as opened:
        yield opened


@pytest.fixture
def second() -> Iterator[outlets.Outlet]:
    with outlets.opened() as opened:
        yield opened


@pytest.fixture(scope="session")
def migrated(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("collect") / "archive.sqlite3"
    Archive.open(f"sqlite:///{path.as_posix()}").close()
    return path


@pytest.fixture
def archive(tmp_path, migrated) -> Iterator[Archive]:
    shutil.copyfile(migrated, tmp_path / "archive.sqlite3")
    opened = Archive.open(f"sqlite:///{(tmp_path / 'archive.sqlite3').as_posix()}")
    yield opened
    opened.close()


class Collecting:
    """Runs of collecting, a chosen time apart."""

    def __init__(self, archive: Archive) -> None:
        self.archive, self.now, self.fetch = archive, NOW, FETCH

    def __call__(self, *sources: Source, after: timedelta = timedelta(0)) -> Collected:
        self.now += after
        config = Config(
            site=Site("Bản tin thử", "http://bantin.example.vn"), fetch=self.fetch, sources=sources
        )
        return collect(self.archive, config, sources=sources, now=lambda: self.now, progress=Silent())


@pytest.fixture
def run(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Collecting:
    monkeypatch.setattr("digest.collect.fetch.BACKOFF", 0.01)
    return Collecting(archive)


@pytest.fixture
def make_source() -> Callable[..., Source]:
    def make(url: str, kind: str = "feed", id: str = "thu", **more: object) -> Source:
        return Source(id=id, outlet="Báo Thử", kind=kind, url=url, **more)  # type: ignore[arg-type]

    return make
