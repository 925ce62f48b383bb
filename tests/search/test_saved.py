"""Saved searches tell what is new once, and articles like another are found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest.search import index, saved
from digest.search.similar import like
from digest.storage import searches
from digest.storage.engine import Archive
from digest.storage.searches import SavedSearch
from tests.search.conftest import Put

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def keep(archive: Archive, id: str, query: str, **filters: str) -> None:
    with archive.writing() as conn:
        searches.save(conn, SavedSearch(id, id.title(), query, NOW, filters))


def test_each_saved_search_tells_what_is_new_once(archive: Archive, tmp_path: Path, put: Put) -> None:
    folder = tmp_path / "index"
    one = put("Hạ Sơn gieo cấy vụ đông")
    put("Khánh thành cầu Sông Vân", outlet="Đài Hạ Sơn")
    index.sync(archive, folder)
    keep(archive, "gieo-cay", "gieo cấy")
    keep(archive, "dai", "", outlet="Đài Hạ Sơn")
    keep(archive, "hong", '"gieo')
    fresh = saved.news(archive, folder)
    told = {news.saved.id: news for news in fresh}
    assert [hit.id for hit in told["gieo-cay"].hits] == [one]
    assert len(told["dai"].hits) == 1
    assert told["hong"].problem
    saved.tell(archive, fresh)
    put("Hạ Sơn gieo cấy vụ đông, bản sửa", url="https://bao.example.vn/0.html")
    two = put("Bến Thử gieo cấy vụ xuân")
    index.sync(archive, folder)
    again = {news.saved.id: [hit.id for hit in news.hits] for news in saved.news(archive, folder)}
    assert again == {"gieo-cay": [two], "dai": [], "hong": []}


def test_an_old_article_that_comes_late_is_news_behind_any_number_of_newer_ones(
    archive: Archive, tmp_path: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "MOST", 2)
    folder = tmp_path / "index"
    for number in range(4):
        put(f"Hạ Sơn gieo cấy đợt {number}")
    index.sync(archive, folder)
    keep(archive, "gieo-cay", "gieo cấy")
    saved.tell(archive, saved.news(archive, folder))
    late = put("Bến Thử gieo cấy từ tháng trước", published=NOW - timedelta(days=30))
    index.sync(archive, folder)
    assert [[hit.id for hit in news.hits] for news in saved.news(archive, folder)] == [[late]]


def test_articles_like_this_one(archive: Archive, tmp_path: Path, put: Put) -> None:
    folder = tmp_path / "index"
    one = put("Nạo vét kênh thuỷ lợi ở Hạ Sơn", "Kênh thuỷ lợi nội đồng được nạo vét trước vụ xuân.")
    two = put("Vũng Quý nạo vét kênh thuỷ lợi nội đồng", "Dân công đóng góp một nghìn ngày công.")
    for number in range(30):
        put(f"Lễ hội cầu ngư lần {number} ở cửa biển", "Thuyền rồng rộn rã ba ngày hội.")
    index.sync(archive, folder)
    found = like(archive, folder, one)
    assert [hit.id for hit in found] == [two]
    assert like(archive, folder, 10_000) == ()
