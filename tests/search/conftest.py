"""Small archives of invented communes for the tests of the search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest.model import Content
from digest.storage import articles
from digest.storage.engine import Archive

FIRST = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)

Put = Callable[..., int]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    made = Archive.open(f"sqlite:///{(tmp_path / 'archive.sqlite3').as_posix()}")
    yield made
    made.close()


@pytest.fixture
def put(archive: Archive) -> Put:
    """put("Headline", "Lead", "Paragraph", …, outlet=…, published=…) → the article's id."""
    count = iter(range(10_000))

    def save(title: str, lead: str = "", *paragraphs: str, **more: object) -> int:
        number = next(count)
        outlet = str(more.get("outlet", "Báo Bến Thử"))
        url = str(more.get("url", f"https://bao.example.vn/{number}.html"))
        published = more.get("published", FIRST + timedelta(hours=number))
        assert published is None or isinstance(published, datetime)
        content = Content(title, "", lead, paragraphs, (), "", published)
        with archive.writing() as conn:
            return articles.save(
                conn, url=url, source="ben-thu", outlet=outlet, content=content, fetched=FIRST
            ).id

    return save
