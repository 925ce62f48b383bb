"""The demo's newsroom: five outlets on loopback that behave as real ones do, good and bad."""

import http.client
import json
import re
import unicodedata
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from html import unescape

import feedparser
import pytest
from lxml import etree

from digest.demo.newsroom import start_newsroom
from digest.demo.pieces import OUTLETS

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def newsroom():
    with start_newsroom(NOW) as room:
        yield room


def fetch(url, **headers):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
        return answer.read().decode("utf-8"), answer.headers


def text_of(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_articles_are_enough_and_of_this_week(newsroom):
    good = [piece for piece in newsroom.pieces() if not piece.trouble]
    assert len([piece for piece in good if not piece.copy_of]) >= 44
    assert len({piece.key for piece in newsroom.pieces()}) == len(newsroom.pieces())
    for piece in good:
        assert piece.title and piece.lead and piece.author
        assert 4 <= len(piece.paragraphs) <= 8
        assert timedelta(hours=3) < NOW - piece.published < timedelta(days=9)
    topics = {topic for piece in good for topic in piece.topics}
    assert len(topics) == 9
    assert [piece for piece in good if not piece.topics], "sport and weather belong to no topic"


def test_articles_are_nfc_and_vietnamese_quotes(newsroom):
    for piece in newsroom.pieces():
        words = "\n".join((piece.title, piece.lead, *piece.paragraphs, *piece.captions))
        assert words == unicodedata.normalize("NFC", words)
        assert '"' not in words


def test_every_good_page_holds_its_article(newsroom):
    for piece in newsroom.pieces():
        if piece.trouble in ("missing", "truncated"):
            continue
        html, headers = fetch(newsroom.address(piece))
        assert headers.get_content_type() == "text/html"
        if piece.outlet.template == "script":
            html = json.loads(re.search(r"__STATE__ = (.*);</script>", html)[1])["article"]["content"]
        words = unicodedata.normalize("NFC", text_of(html))
        for text in (*piece.paragraphs, *piece.captions):
            assert text in words


def test_the_five_templates_differ_where_it_matters(newsroom):
    first = {outlet.template: newsroom.pieces(outlet.id)[0] for outlet in OUTLETS}
    html = {name: fetch(newsroom.address(piece))[0] for name, piece in first.items()}
    stated = json.loads(re.search(r'ld\+json">(.*?)</script>', html["modern"], re.S)[1])
    assert stated["headline"] == first["modern"].title
    assert "<h1" in html["classic"] and "ld+json" not in html["classic"]
    assert "(ĐMO) - " in html["portal"] and "<br><br>" in html["portal"] and "<p>" not in html["portal"]
    assert not re.search(r"<(p|h1|article)\b", html["divs"])
    assert (
        html["divs"]
        == unicodedata.normalize("NFD", html["divs"])
        != unicodedata.normalize("NFC", html["divs"])
    )
    body = html["script"].partition("<body>")[2].partition("<script>")[0]
    assert first["script"].paragraphs[0] not in body


@pytest.mark.parametrize("outlet_id", ["bao-song-van", "bao-ha-son", "dai-ben-thu"])
def test_feeds_are_well_formed_and_state_title_link_date(newsroom, outlet_id):
    outlet = next(one for one in OUTLETS if one.id == outlet_id)
    parsed = feedparser.parse(fetch(newsroom.url(outlet_id) + outlet.entry)[0])
    assert not parsed.bozo
    mine = newsroom.pieces(outlet_id)
    assert [(one.title, one.link) for one in parsed.entries] == [
        (piece.title, newsroom.address(piece)) for piece in mine
    ]
    for entry, piece in zip(parsed.entries, mine, strict=True):
        assert datetime(*entry.published_parsed[:6], tzinfo=UTC) == piece.published
        assert piece.lead in unescape(entry.summary)


def test_the_listing_has_pages_and_an_end(newsroom):
    base, seen, number = newsroom.url("bao-dong-mau"), [], 1
    while True:
        html, _headers = fetch(f"{base}/tin-tuc?trang={number}")
        seen += re.findall(r'<h3><a href="([^"]+)"', html)
        if 'rel="next"' not in html:
            break
        number += 1
    assert seen == [piece.path for piece in newsroom.pieces("bao-dong-mau")]
    assert number >= 3
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetch(f"{base}/tin-tuc?trang={number + 1}")


def test_the_sitemap_names_every_article(newsroom):
    xml = fetch(newsroom.url("tap-chi-ly-luan") + "/sitemap-news.xml")[0]
    names = etree.fromstring(xml.encode()).findall("{*}url/{*}loc")
    assert [one.text for one in names] == [newsroom.address(p) for p in newsroom.pieces("tap-chi-ly-luan")]


def test_robots_forbids_one_article(newsroom):
    rules = fetch(newsroom.url("bao-song-van") + "/robots.txt")[0]
    assert "Disallow: /noi-bo/" in rules
    forbidden = [piece for piece in newsroom.pieces() if piece.path.startswith("/noi-bo/")]
    assert [piece.trouble for piece in forbidden] == ["forbidden"]


def test_troubles_are_what_they_say(newsroom):
    trouble = {piece.trouble: piece for piece in newsroom.pieces() if piece.trouble}
    assert set(trouble) == {"forbidden", "truncated", "missing", "internal"}
    with pytest.raises(http.client.IncompleteRead):
        fetch(newsroom.address(trouble["truncated"]))
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetch(newsroom.address(trouble["missing"]))
    assert "LƯU HÀNH NỘI BỘ" in fetch(newsroom.address(trouble["internal"]))[0]


def test_reprints_are_lightly_edited_copies(newsroom):
    by_key = {piece.key: piece for piece in newsroom.pieces()}
    copies = [piece for piece in by_key.values() if piece.copy_of]
    assert len(copies) >= 4
    for copy in copies:
        original = by_key[copy.copy_of]
        assert copy.outlet != original.outlet and copy.title != original.title
        assert copy.published > original.published
        assert len(set(copy.paragraphs) & set(original.paragraphs)) == len(original.paragraphs) - 1


def test_an_unchanged_page_is_answered_with_304_until_it_is_corrected():
    with start_newsroom(NOW) as room:
        piece = next(piece for piece in room.pieces() if piece.slip[0])
        before, headers = fetch(room.address(piece))
        with pytest.raises(urllib.error.HTTPError, match="304"):
            fetch(room.address(piece), **{"If-None-Match": headers["ETag"]})
        assert room.correct() != ()
        after, later = fetch(room.address(piece), **{"If-None-Match": headers["ETag"]})
        wrong, right = piece.slip
        assert wrong in before and right not in before
        assert right in after and wrong not in after
        assert later["ETag"] != headers["ETag"]


def test_a_withdrawn_article_is_gone_from_page_and_feed():
    with start_newsroom(NOW) as room:
        piece = room.pieces("bao-song-van")[0]
        room.withdraw(piece)
        with pytest.raises(urllib.error.HTTPError, match="404"):
            fetch(room.address(piece))
        assert piece.path not in fetch(room.url("bao-song-van") + "/rss/tin-moi.rss")[0]


def test_hits_are_counted_by_outlet_and_path():
    with start_newsroom(NOW) as room:
        piece = room.pieces("bao-ha-son")[0]
        assert room.hits_of("bao-ha-son", piece.path) == 0
        fetch(room.address(piece))
        fetch(room.address(piece))
        assert room.hits_of("bao-ha-son", piece.path) == 2
        assert sum(room.hits.values()) == 2


def test_a_closed_newsroom_can_open_again_on_its_old_ports():
    with start_newsroom(NOW) as room:
        ports = [int(url.rpartition(":")[2]) for url in room.urls.values()]
    with start_newsroom(NOW, ports) as again:
        assert list(again.urls.values()) == [f"http://127.0.0.1:{port}" for port in ports]
        assert "Disallow" in fetch(again.url("bao-song-van") + "/robots.txt")[0]
