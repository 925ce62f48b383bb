"""`digest check --live`: what would be stored, beside the page's own lines; entry points found from any page of an outlet."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import fictional
import pytest
from loopback_outlet import Reply

from digest import config

HEAD = "format: 1\nfetch: {delay: 0, timeout: 5, allow_private: [127.0.0.0/8]}\nsources:\n"


@pytest.fixture
def check(tmp_path, outlet):
    """Runs `digest check` in a workspace with one source, the outlet's feed."""

    def run(*words: str, kind: str = "feed", path: str = "/rss"):
        source = f"  - {{id: thu, outlet: Báo Thử, kind: {kind}, url: '{outlet.url}{path}'}}\n"
        (tmp_path / "sources.yaml").write_text(HEAD + source, encoding="utf-8")
        command = [sys.executable, "-m", "digest", "--home", str(tmp_path), "check", *words]
        return subprocess.run(
            command, capture_output=True, encoding="utf-8", timeout=60, env=os.environ | {"PYTHONUTF8": "1"}
        )

    return run


def publish(outlet, count=5):
    outlet.pages |= {f"/bai-{n}.html": Reply(fictional.numbered(n)) for n in range(1, count + 1)}
    outlet.pages["/rss"] = Reply(fictional.rss(outlet.url, range(1, count + 1)), kind="application/rss+xml")
    outlet.pages["/"] = Reply(
        fictional.listing(outlet.url, range(1, count + 1)).replace(
            "<body>", "<head><link rel=alternate type='application/rss+xml' href='/rss'></head><body>"
        )
    )


def test_the_three_newest_articles_beside_their_pages(check, outlet):
    publish(outlet)
    told = check("--live").stdout
    assert sorted(outlet.articles_asked()) == ["/bai-3.html", "/bai-4.html", "/bai-5.html"]
    for line in (
        f"tiêu đề │ {fictional.TITLE} đợt 5", "đoạn văn │ Tin số 5, đoạn 0:", f"lời dẫn │ Đợt 5. {fictional.LEAD[:60]}",
        f"tác giả │ {fictional.AUTHOR}", "bỏ qua │ Trang chủ", "bỏ qua │ Giấy phép số 00.",
    ):  # fmt: skip
        assert line in told


def test_the_day_shown_is_the_outlets_own(check, outlet):
    """At five in the morning here it is still the day before in the zone that instants are kept in."""
    publish(outlet, 1)
    text = "<p>Bà con trong thôn bàn việc chung, ai cũng nói hết điều mình nghĩ.</p>" * 6
    outlet.pages["/bai-1.html"] = Reply(f"<h1>{fictional.TITLE}</h1><p>12/11/2026 05:15</p><div>{text}</div>")
    feed = f"<rss version='2.0'><channel><item><title>{fictional.TITLE}</title><link>{outlet.url}/bai-1.html</link></item></channel></rss>"
    outlet.pages["/rss"] = Reply(feed, kind="text/xml")
    assert "\n    12/11/2026 · " in check("--live").stdout


def test_the_same_as_json(check, outlet):
    publish(outlet)
    (look,) = json.loads(check("--live", "--json").stdout)
    assert (look["source"], look["entries"], look["reason"]) == ("thu", 5, "")
    assert [len(article["paragraphs"]) for article in look["articles"]] == [4, 4, 4]
    assert "Trang chủ" in look["articles"][0]["page"]


def test_a_source_that_fails_and_a_page_that_cannot_be_had_are_said(check, outlet):
    publish(outlet, 1)
    outlet.pages["/bai-1.html"] = Reply(status=403)
    assert "máy chủ từ chối (mã 403)" in check("--live").stdout
    outlet.pages["/rss"] = Reply(status=500)
    failed = check("--live")
    assert failed.returncode == 3 and "mã 500" in failed.stdout


@pytest.mark.parametrize(
    ("start", "kinds"), [("/", ["feed", "listing"]), ("/rss", ["feed"]), ("/bai-1.html", ["feed"])]
)
def test_entry_points_are_proposed_from_any_page_ready_to_paste(check, outlet, start, kinds):
    publish(outlet)
    link = "<a href='/rss'>RSS</a>"
    outlet.pages["/bai-1.html"] = Reply(
        fictional.numbered(1).replace("<div class='footer'>", f"<div class='footer'>{link}")
    )
    told = check("--live", outlet.url + start).stdout
    pasted = config.parse(
        HEAD + "\n".join(line for line in told.splitlines() if line.startswith(("  -", "    ")))
    )
    assert [source.kind for source in pasted.sources] == kinds
    assert pasted.sources[0].url == outlet.url + "/rss"


def test_a_page_that_lists_feeds_is_followed(check, outlet):
    publish(outlet)
    outlet.pages["/muc.rss"] = outlet.pages["/rss"]
    outlet.pages["/rss"] = Reply("<html><body><h1>RSS</h1><a href='/muc.rss'>Xã hội</a></body></html>")
    outlet.pages["/gioi-thieu"] = Reply("<html><body><p>Tòa soạn</p><a href='/rss'>RSS</a></body></html>")
    assert f"url: '{outlet.url}/muc.rss'" in check("--live", outlet.url + "/gioi-thieu").stdout


def test_a_page_without_any_entry_point_says_what_to_try(check, outlet):
    outlet.pages["/"] = Reply("<html><body><p>Xin chào</p></body></html>")
    failed = check("--live", outlet.url + "/")
    assert failed.returncode == 1 and "RSS" in failed.stderr
