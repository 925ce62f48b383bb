"""Looking at sources from the desk, and at the runs of the year: what would be stored, how it went."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import samples
import valid
from conftest import Served
from test_desk import PASSWORD, Editor, desk_home, home  # noqa: F401 fixtures

from digest.demo.newsroom import start_newsroom
from digest.demo.sources import sources_yaml
from digest.storage import articles, runs
from digest.storage.engine import Archive
from digest.web.app import create_app

pytestmark = pytest.mark.timeout(120)


def test_what_would_be_stored_is_shown_and_nothing_is_stored(home, make_client):  # noqa: F811
    with start_newsroom(samples.NOW) as newsroom:
        home.sources_path.write_text(sources_yaml(newsroom), encoding="utf-8")
        editor = Editor(make_client(home, desk=True), "mau")
        text = editor.page("/bien-tap/nguon/")
        assert valid.faults(text) == []
        first = re.search(r'action="(/bien-tap/nguon/[^"]+)"', text)[1]
        before = count(home)
        answer = apart(editor.post, first)
        text = answer.get_data(as_text=True)
    assert answer.status_code == 200 and valid.faults(text) == []
    titles = [piece.title for piece in newsroom.pieces()]
    assert sum(title in text for title in titles) >= 1
    assert "đoạn sẽ lưu" in text and count(home) == before


def apart(ask, path):
    """Asked in a thread, as the server does: a browser's tests keep an event loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(ask, path).result()


def count(home) -> int:  # noqa: F811
    archive = Archive.open(home.database_url())
    with archive.reading() as conn:
        found = articles.count(conn)
    archive.close()
    return found


def test_a_source_that_does_not_answer_says_why(home, make_client):  # noqa: F811
    text = home.sources_path.read_text(encoding="utf-8")
    here = re.sub(r"url: https://baosongvan\S+/rss", "url: http://127.0.0.1:9/rss", text)
    home.sources_path.write_text(here, encoding="utf-8")
    editor = Editor(make_client(home, desk=True), "mau")
    text = apart(editor.post, "/bien-tap/nguon/song-van").get_data(as_text=True)
    assert "Chưa lấy được nguồn này" in text and valid.faults(text) == []
    assert editor.post("/bien-tap/nguon/khong-co").status_code == 404


def test_only_editors_ask_sources(home, make_client):  # noqa: F811
    client = make_client(home, desk=True)
    assert client.get("/bien-tap/nguon/").status_code == 303
    assert client.post("/bien-tap/nguon/song-van").status_code == 303


def test_the_runs_of_a_year_are_drawn_and_told(own, make_client):
    client = make_client(own)
    assert "Chưa chạy lần nào" in client.get("/suc-khoe/lan-chay").get_data(as_text=True)
    archive = Archive.open(own.database_url())
    with archive.writing() as conn:
        for week in range(60):
            begun = samples.NOW - timedelta(weeks=60 - week)
            number = runs.start(conn, "weekly", begun)
            report = {"week": f"W{week}", "collected": {"new": week, "updated": 1, "failed": [{}]}}
            runs.finish(conn, number, begun + timedelta(minutes=7), 3 if week == 59 else 0, report)
        runs.start(conn, "weekly", samples.NOW)
        runs.start(conn, "collect", samples.NOW)
    archive.close()
    text = client.get("/suc-khoe/lan-chay").get_data(as_text=True)
    assert valid.faults(text) == []
    assert text.count('<rect class="bar') == 52 and text.count("<tr>") == 53
    assert "chưa xong, hoặc đã bị ngắt" in text and "xong một phần" in text and "W59" in text
    assert "W8<" not in text


@pytest.mark.browser
def test_the_new_rooms_are_open_to_everyone(home, chromium):  # noqa: F811
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    archive = Archive.open(home.database_url())
    with archive.writing() as conn:
        number = runs.start(conn, "weekly", samples.NOW)
        runs.finish(conn, number, samples.NOW, 0, {"week": "2026-W47", "collected": {"new": 3}})
    archive.close()
    served = Served(create_app(home, desk=True))
    try:
        for scheme, width in (("light", 360), ("dark", 1280)):
            context = chromium.new_context(
                viewport={"width": width, "height": 800}, color_scheme=scheme, base_url=served.url
            )
            page = context.new_page()
            page.goto("/bien-tap/vao")
            page.get_by_label("Tên đăng nhập").fill("mau")
            page.get_by_label("Mật khẩu").fill(PASSWORD)
            page.get_by_role("button", name="Vào bàn biên tập").click()
            for path in ("/bien-tap/", "/bien-tap/nguon/", "/suc-khoe/lan-chay", "/suc-khoe"):
                page.goto(path)
                assert axe.run(page).response["violations"] == [], (path, scheme)
                assert page.evaluate("document.documentElement.scrollWidth") <= width
            context.close()
    finally:
        served.close()
