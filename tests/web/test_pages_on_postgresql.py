"""Every page over an archive in PostgreSQL: the same words as over SQLite."""

from __future__ import annotations

import re

import pytest
import samples
import valid
from test_reader_pages import PAGES

from digest.storage import articles
from digest.storage.engine import Archive
from digest.web.app import create_app
from tests.storage.postgres_server import running

MORE = [
    "/suc-khoe/lan-chay",
    "/goi-y?q=dan t",
    "/goi-y?q=nguoi co",
    "/atom/moi.xml",
    "/atom/chu-de/dan-toc.xml",
    "/atom/bao-dai/bao-song-van.xml",
    "/atom/ban-tin/bao-cao-vien.xml",
    "/sitemap.xml",
    "/sitemap-trang.xml",
    "/sitemap-bai-1.xml",
    "/api/v1/articles?limit=3",
    "/api/v1/articles?topic=dan-toc&outlet=Báo Sông Vân&from=2026-01-01",
    "/api/v1/articles/1",
    "/api/v1/topics",
    "/api/v1/outlets",
    "/api/v1/editions",
    "/api/v1/editions/bao-cao-vien/2026-W47",
    "/ban-tin/bao-cao-vien/2026-W47/tep/2026-W47.txt",
    "/b/1",
    "/so/bao-cao-vien/1",
    "/readyz",
]


@pytest.fixture(scope="module")
def postgres():
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def moved(tmp_path_factory, postgres):
    return samples.build(tmp_path_factory.mktemp("web") / "home", database=postgres.new())


@pytest.fixture(scope="module")
def there(moved):
    app = create_app(moved)
    yield app.test_client()
    app.extensions["digest"].close()


def told(text: str) -> str:
    """A page without what may differ: how an engine scores, how long it took, how it spells an instant."""
    text = re.sub(r'"(score|took_ms|engine)": ?[^,}]+', "", text)
    return re.sub(r"/api/v1/articles\?[^>]*cursor=[^>]*", "", text)


@pytest.mark.parametrize("path", [path for path in PAGES if not path.startswith("/?")] + MORE)
def test_what_is_listed_is_the_same(client, there, path):
    here, other = client.get(path), there.get(path)
    assert other.status_code == here.status_code < 500
    assert told(other.get_data(as_text=True)) == told(here.get_data(as_text=True))


@pytest.mark.parametrize("path", [path for path in PAGES if path.startswith("/?")])
def test_what_is_searched_is_found(client, there, path):
    here, other = client.get(path), there.get(path)
    assert other.status_code == here.status_code < 500
    html = other.get_data(as_text=True)
    assert valid.faults(html) == []
    count = re.compile(r"<h1[^>]*>([^<]*)")
    assert count.search(html)[1] == count.search(here.get_data(as_text=True))[1]


def test_a_page_follows_the_archive_and_its_index(there, moved):
    assert there.get("/bai/6").status_code == 200
    archive = Archive.open(moved.database_url())
    with archive.writing() as conn:
        articles.mark(conn, 6, "takedown", "theo yêu cầu", samples.NOW)
    archive.close()
    there.application.extensions["digest"]._asked = 0.0  # it asks at most once a second
    assert there.get("/bai/6").status_code == 410
    assert "/tep/" not in there.get("/ban-tin/bao-cao-vien/2026-W47").get_data(as_text=True)
