"""What programs subscribe to: well-formed, complete, and with the words that readers may see."""

from __future__ import annotations

import feedparser
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"


def test_every_feed_is_atom_that_a_reader_understands(client):
    for path in (
        "/atom/moi.xml",
        "/atom/chu-de/dan-toc.xml",
        "/atom/bao-dai/bao-song-van.xml",
        "/atom/ban-tin/bao-cao-vien.xml",
        "/atom/tim.xml?q=rừng",
        "/atom/tim.xml?topic=ton-giao",
    ):
        answer = client.get(path)
        assert answer.mimetype == "application/atom+xml"
        parsed = feedparser.parse(answer.data)
        assert not parsed.bozo and parsed.version == "atom10", path
        assert parsed.entries and all(
            one.id.startswith("https://bantin.example.vn/") and one.title for one in parsed.entries
        )
        root = etree.fromstring(answer.data)
        for need in ("id", "title", "updated", "author"):
            assert root.find(ATOM + need) is not None


def test_a_bulletins_feed_carries_its_files(client):
    entry = feedparser.parse(client.get("/atom/ban-tin/bao-cao-vien.xml").data).entries[0]
    assert entry.title == "Bản tin báo cáo viên số 1"
    assert {link.type for link in entry.links if link.rel == "enclosure"} >= {"application/pdf"}


def test_unknown_feeds_are_no_feeds(client):
    for path in ("/atom/chu-de/khong.xml", "/atom/bao-dai/khong.xml", "/atom/ban-tin/khong.xml"):
        assert client.get(path).status_code == 404
    assert client.get("/atom/tim.xml?q=(").status_code == 400


def test_sitemaps_name_pages_that_exist(client):
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    index = etree.fromstring(client.get("/sitemap.xml").data)
    maps = [loc.text for loc in index.findall(".//s:loc", space)]
    assert len(maps) == 2
    pages = [
        loc.text
        for one in maps
        for loc in etree.fromstring(client.get(one.removeprefix("https://bantin.example.vn")).data).findall(
            ".//s:loc", space
        )
    ]
    assert len(pages) > 70
    for page in pages[::7]:
        assert client.get(page.removeprefix("https://bantin.example.vn")).status_code == 200, page
    assert client.get("/sitemap-bai-2.xml").status_code == 404


def test_robots_and_opensearch(client):
    robots = client.get("/robots.txt").get_data(as_text=True)
    assert "Disallow: /~" in robots and "Sitemap: https://bantin.example.vn/sitemap.xml" in robots
    found = etree.fromstring(client.get("/opensearch.xml").data)
    templates = [one.get("template") for one in found.findall("{http://a9.com/-/spec/opensearch/1.1/}Url")]
    assert "https://bantin.example.vn/?q={searchTerms}" in templates


def test_a_link_in_a_chat_shows_title_and_lead(client):
    html = client.get("/bai/1").get_data(as_text=True)
    assert '<meta property="og:title" content="Người có uy tín ở bản Khe Mẫu' in html
    assert '<meta property="og:description" content="Hai năm liền' in html
    assert '<meta property="og:url" content="https://bantin.example.vn/bai/1">' in html
