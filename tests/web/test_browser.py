"""Readers' pages in a real browser: a journey without script, no sideways scroll, targets, accessibility, hostile texts."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import samples
from conftest import Served

from digest.web.app import create_app

pytestmark = pytest.mark.browser

PAGES = {
    "search": "/?q=người có uy tín&topic=dan-toc",
    "start": "/",
    "article": "/bai/1",
    "whole-article": "/bai/4",
    "difference": "/bai/1/khac-biet/1/2",
    "nothing": "/?q=giữ rừng đầu nguồn&month=2026-02",
    "not-understood": "/?q=“tôn giáo VÀ đất đai",
    "bulletins": "/ban-tin",
    "edition": "/ban-tin/bao-cao-vien/2026-W47",
    "topics": "/chu-de",
    "topic": "/chu-de/dan-toc",
    "outlets": "/bao-dai",
    "calendar": "/lich",
    "how-to": "/cach-tim",
    "about": "/gioi-thieu",
    "health": "/suc-khoe",
    "missing": "/khong-co",
}


@pytest.fixture
def page_of(chromium, served):
    contexts = []

    def make(*, width: int = 360, scheme: str = "light", script: bool = True, url: str = ""):
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            java_script_enabled=script,
            base_url=url or served.url,
        )
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_reader_finds_reads_and_comes_back_without_script(page_of, served, width):
    page = page_of(width=width, script=False)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    page.get_by_role("searchbox").fill("nguoi co uy tin")
    page.get_by_role("button", name="Tìm").click()
    assert "bài về “nguoi co uy tin”" in page.locator("h1").inner_text()
    if width < 860:
        page.get_by_role("link", name="Lọc", exact=True).click()
    page.locator("#loc").get_by_role("link", name="Tôn giáo").click()
    page.get_by_role("link", name="Xã Đồng Mẫu gặp mặt chức sắc").click()
    assert page.locator("h1").inner_text().startswith("Xã Đồng Mẫu gặp mặt chức sắc")
    assert page.get_by_role("link", name="Đọc trên Đài Phát thanh Bến Thử").is_visible()
    page.get_by_role("link", name="Về kết quả tìm").click()
    assert "topic=ton-giao" in page.url
    page.get_by_role("link", name="Nền tối").click()
    assert "/~toi/?q=" in page.url
    if width < 860:
        page.get_by_role("link", name="Danh mục").click()
    page.get_by_role("navigation", name="Danh mục").get_by_role("link", name="Bản tin").click()
    assert page.url.endswith("/~toi/ban-tin")
    page.get_by_role("link", name="Bản tin báo cáo viên số 1").first.click()
    assert "Con đường 2,4 km" in page.content()
    assert asked and all(url.startswith(served.url) for url in asked)
    assert page.context.cookies() == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways_even_in_the_largest_text(page_of, name):
    for width, wishes in ((320, ""), (360, "/~rat-lon"), (768, "/~rat-lon")):
        page = page_of(width=width)
        page.goto(wishes + PAGES[name])
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width, wishes)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page_of, name, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for width in (360, 1280) if scheme == "light" else (360,):
        page = page_of(width=width, scheme=scheme)
        page.goto(PAGES[name])
        found = axe.run(
            page,
            options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
        )
        said = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found.response["violations"]]
        assert said == [], (name, width)


SMALL = """() => [...document.querySelectorAll('a, button, summary, input:not([type=hidden])')].filter(e => {
  const b = e.getBoundingClientRect(), s = getComputedStyle(e);
  if (!b.width || s.visibility === 'hidden' || e.closest('.hidden, .skip')) return false;
  // WCAG 2.5.8 excepts links inside text and headings; ours stand in p, h1-h3, dd, td.
  if (e.tagName === 'A' && s.display === 'inline') return false;
  return b.height < 44 || b.width < 44;
}).map(e => e.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("name", PAGES)
def test_targets_are_large_enough_for_a_thumb(page_of, name):
    page = page_of(width=360)
    page.goto(PAGES[name])
    assert page.evaluate(SMALL) == []


def test_the_keyboard_reaches_content_first_and_sees_where_it_is(page_of):
    page = page_of(width=1280)
    page.goto("/bai/1")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_what_is_meant_is_offered_while_typing_and_taken_by_keyboard(page_of):
    page = page_of(width=360)
    page.goto("/")
    field = page.get_by_role("combobox")
    field.press_sequentially("nguoi co")
    offers = page.get_by_role("option")
    offers.first.wait_for()
    assert "người có" in offers.first.inner_text()
    field.press("ArrowDown")
    assert offers.first.get_attribute("aria-selected") == "true"
    assert field.input_value() == offers.first.inner_text()
    field.press("Escape")
    assert field.input_value() == "nguoi co" and not page.get_by_role("listbox").is_visible()
    field.press_sequentially(" u")
    offers.first.wait_for()
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/?q=*")
    assert "bài về “người có uy" in page.locator("h1").inner_text()


def test_offers_are_open_to_everyone(page_of):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = page_of(width=360)
    page.goto("/")
    page.get_by_role("combobox").press_sequentially("nguoi co")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert axe.run(page).response["violations"] == []
    assert page.evaluate(SMALL) == []


def test_the_citation_is_copied_by_one_click(page_of):
    page = page_of(width=360)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/bai/1")
    page.get_by_role("button", name="Chép").click()
    page.get_by_role("button", name="Đã chép").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith("Hoài Mẫu: “Người có uy tín")


SHIFT = """() => new Promise(done => { let sum = 0;
new PerformanceObserver(l => { for (const e of l.getEntries()) sum += e.value; }).observe({type: 'layout-shift', buffered: true});
setTimeout(() => done(sum), 300); })"""


@pytest.mark.parametrize("name", ["search", "start", "article", "edition", "topics"])
@pytest.mark.parametrize("slowed", [1, 6])
def test_nothing_moves_while_a_page_appears_on_a_slow_telephone_either(page_of, name, slowed):
    page = page_of(width=360)
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    page.goto(PAGES[name], wait_until="networkidle")
    assert page.evaluate(SHIFT) == 0


def test_the_first_page_is_light(page_of):
    page = page_of(width=360)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    inside: set[str] = set()  # fonts inside the style sheet are told as requests too
    session.on(
        "Network.requestWillBeSent",
        lambda event: event["request"]["url"].startswith("data:") and inside.add(event["requestId"]),
    )
    session.on(
        "Network.loadingFinished",
        lambda event: event["requestId"] in inside or sizes.append(event["encodedDataLength"]),
    )
    page.goto("/?q=người có uy tín", wait_until="networkidle")
    assert sum(sizes) <= 60_000, sizes
    assert len(sizes) <= 5, "few requests: each costs a round trip on a telephone"


# --- hostile texts ---------------------------------------------------------------------------

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "javascript:alert(1)",
    '" autofocus onfocus="alert(1)',
    "</script><script>alert(1)</script>",
    "{{7*7}}{% raw %}",
    "<a href='javascript:alert(1)'>x</a>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "\u202e<b>bidi</b>\u0000\u0008",
    "<style>@import 'http://evil.example'</style>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "]]><script>alert(1)</script>",
]


def payloads() -> list[str]:
    """Ours, and a bench's own list of payloads where DIGEST_XSS names one (a JSON list with `payload`)."""
    more = os.environ.get("DIGEST_XSS")
    return PAYLOADS + (
        [one["payload"] for one in json.loads(Path(more).read_text(encoding="utf-8"))] if more else []
    )


def test_nothing_that_came_from_the_network_runs(page_of, tmp_path):
    workspace = samples.hostile(tmp_path / "home", payloads())
    served = Served(create_app(workspace))
    try:
        page = page_of(width=1280, url=served.url)
        page.add_init_script(
            "window.ran = []; window.alert = window.confirm = window.prompt = (...a) => { window.ran.push(a); };"
        )
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
        count = len(payloads())
        paths = [f"/bai/{number}" for number in range(1, count + 1)] + [
            f"/bai/{number}/khac-biet/1/2" for number in range(1, count + 1)
        ]
        paths += [
            "/",
            "/?q=script",
            "/?q=<script>alert(1)</script>",
            '/?q="><svg onload=alert(1)>',
            "/chu-de",
            "/chu-de/doc",
            "/bao-dai",
            "/lich/2026-11-19",
            "/ban-tin",
            "/ban-tin/doc/2026-W47",
            "/suc-khoe",
        ]
        for path in paths:
            page.goto(path, wait_until="load")
            assert page.evaluate("window.ran") == [], path
            assert page.url.startswith(served.url), path
        assert all(url.startswith(served.url) for url in asked)
        page.goto("/bai/1")
        assert page.locator("h1").inner_text() == "<script>alert(1)</script>"
    finally:
        served.close()
