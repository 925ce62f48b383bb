"""What the built-in kinds know of real outlets' habits."""

import gzip
from datetime import UTC, datetime

import fictional
import pytest
from loopback_outlet import NOW

from digest.collect.kinds import Unreadable, feed, listing, sitemap
from digest.collect.page import Page
from digest.model import Selectors, Source

BASE = "https://bao.example.vn"


def page(body, url=BASE + "/vao", charset="utf-8"):
    return Page(url, body if isinstance(body, bytes) else body.encode(), charset, "", NOW)


def source(kind, **more):
    return Source("thu", "Báo Thử", kind, BASE + "/vao", **more)


def rss(item):
    return page(
        f"<rss version='2.0'><channel><title>Báo</title><link>{BASE}/</link><item>{item}</item></channel></rss>"
    )


def only(reading):
    (entry,) = reading.entries
    return entry


def test_a_summary_loses_its_picture_and_keeps_its_words():
    item = "<link>/tin-1.html</link><description><![CDATA[<a href='/tin-1.html'><img src='/a.jpg'/></a>Xã Bến Thử &amp; thôn Đồng Mẫu]]></description>"
    assert only(feed.read(rss(item), source("feed"))).lead == "Xã Bến Thử & thôn Đồng Mẫu"


def test_an_empty_title_leaves_the_summary_to_name_the_article():
    item = (
        "<title></title><link>/van-ban-12.html</link><description>Nghị định về nhà văn hóa thôn</description>"
    )
    entry = only(feed.read(rss(item), source("feed")))
    assert (entry.title, entry.lead) == ("", "Nghị định về nhà văn hóa thôn")


def test_us_dates_need_the_hint_of_the_source():
    item = "<title>Tin</title><link>/tin-1.html</link><pubDate>3/5/2026 3:34:00 PM</pubDate>"
    assert only(feed.read(rss(item), source("feed", dates="month-first"))).published == datetime(
        2026, 3, 5, 8, 34, tzinfo=UTC
    )


def test_titles_that_only_look_like_markup_are_kept_letter_by_letter():
    item = "<title>'; DROP TABLE bai; -- ${7*7} =1+1</title><link>/tin-1.html</link>"
    assert only(feed.read(rss(item), source("feed"))).title == "'; DROP TABLE bai; -- ${7*7} =1+1"


def test_external_entities_are_never_read():
    body = (
        "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
        + rss("<title>a &x; b</title><link>/tin-1.html</link>").body.decode()
    )
    assert "root:" not in only(feed.read(page(body), source("feed"))).title


def test_a_json_feed():
    body = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/tin-9.html", "title": "Tin thôn", "date_published": "2026-11-20T08:00:00+07:00", "authors": [{"name": "Lê Thử"}]}]}'
    entry = only(feed.read(page(body), source("feed")))
    assert (entry.title, entry.author, entry.published) == (
        "Tin thôn",
        "Lê Thử",
        datetime(2026, 11, 20, 1, 0, tzinfo=UTC),
    )


def test_a_note_of_a_json_feed_without_title_is_named_by_its_text():
    body = '{"items": [{"url": "/tin-9.html", "content_text": "Thôn Hạ Sơn mở lớp học buổi tối."}]}'
    assert only(feed.read(page(body), source("feed"))).lead == "Thôn Hạ Sơn mở lớp học buổi tối."


def test_a_link_is_its_text_whatever_stands_in_its_tag():
    item = "<title>Tin</title><link uri='at://did:thu/bai.1'>https://bao.example.vn/tin-1.html</link>"
    assert only(feed.read(rss(item), source("feed"))).url == BASE + "/tin-1.html"


def test_tags_nested_without_end_are_said_to_be_so_before_they_cost_anything():
    with pytest.raises(Unreadable, match="lồng nhau"):
        feed.read(rss("<title>a</title>" + "<sau>" * 20_000), source("feed"))


def test_unclosed_line_breaks_in_quoted_text_are_no_nesting():
    item = (
        f"<title>Tin</title><link>/tin-1.html</link><description><![CDATA[{'a<br>' * 6000}]]></description>"
    )
    assert only(feed.read(rss(item), source("feed"))).title == "Tin"


def test_a_web_page_is_no_feed():
    with pytest.raises(Unreadable):
        feed.read(page(fictional.page()), source("feed"))


def test_a_listing_gives_title_lead_and_date_of_each_article():
    reading = listing.read(
        page(fictional.listing(BASE, range(10001, 10004), "/muc?page=2")), source("listing")
    )
    first = reading.entries[0]
    assert len(reading.entries) == 3
    assert first.title == f"{fictional.TITLE} đợt 10001"
    assert first.lead.startswith("Đợt 10001.")
    assert first.published is not None
    assert reading.more == (f"{BASE}/muc?page=2",)


def test_menus_tags_and_other_outlets_are_no_articles():
    body = (
        "<nav><a href='/chuyen-muc-xay-dung-dang-va-he-thong-chinh-tri-12345'>Xây dựng Đảng và hệ thống chính trị</a></nav>"
        "<a href='https://khac.example/tin-hay-nhat-trong-ngay-hom-nay-99999.html'>Tin hay nhất trong ngày hôm nay ở báo khác</a>"
        "<a href='/tag/nha-van-hoa-12345.html'>Nhà văn hóa thôn ở các xã trong huyện</a>"
        "<h2><a href='/tin-that-su-cua-xa-ben-thu-10001.html'>Tin thật sự của xã Bến Thử hôm nay</a></h2>"
    )
    assert only(listing.read(page(body), source("listing"))).url.endswith("10001.html")


def test_the_headline_wins_over_a_summary_that_is_linked_too():
    body = (
        "<div><h3><a href='/tin-10001.html'>Xã Bến Thử làm đường mới</a></h3>"
        "<p><a href='/tin-10001.html'>Con đường dài hai cây số nối thôn Đồng Mẫu với chợ xã Bến Thử được bà con góp công làm.</a></p></div>"
    )
    assert only(listing.read(page(body), source("listing"))).title == "Xã Bến Thử làm đường mới"


def test_a_selector_says_which_links_are_articles():
    body = "<div class='a'><a href='/x'>Ngắn</a></div><div class='b'><a href='/y-10001.html'>Một tin dài ở ngoài khối chọn của trang</a></div>"
    chosen = source("listing", selectors=Selectors(link=".a a"))
    assert only(listing.read(page(body), chosen)).url == f"{BASE}/x"


@pytest.mark.parametrize(
    ("link", "onward"),
    [
        ("<a rel='next' href='/muc/trang-2'>2</a>", "/muc/trang-2"),
        ("<a href='?p=2'>Trang tiếp</a>", "/muc?p=2"),
        (
            "<a href='/muc?page=1'>1</a><a href='/muc?page=2'>2</a><a href='/muc?page=9'>Cuối</a>",
            "/muc?page=2",
        ),
        ("<a href='/muc?page=1'>1</a>", ""),
    ],
)
def test_the_page_that_follows(link, onward):
    body = fictional.listing(BASE, [10001]) + link
    assert listing.read(page(body, BASE + "/muc"), source("listing")).more == (
        (BASE + onward,) if onward else ()
    )


def test_a_packed_sitemap_newest_first():
    body = fictional.sitemap(BASE, [1, 2]).replace("2026-11-20T08:15", "2026-11-19T08:15", 1)
    reading = sitemap.read(page(gzip.compress(body.encode())), source("sitemap"))
    assert [entry.url for entry in reading.entries] == [f"{BASE}/bai-2.html", f"{BASE}/bai-1.html"]


def test_lastmod_orders_but_is_no_date_of_publication():
    body = f"<urlset><url><loc>{BASE}/a</loc><lastmod>2026-11-01</lastmod></url><url><loc>{BASE}/b</loc><lastmod>2026-11-09</lastmod></url></urlset>"
    reading = sitemap.read(page(body), source("sitemap"))
    assert [(entry.url, entry.published) for entry in reading.entries] == [
        (f"{BASE}/b", None),
        (f"{BASE}/a", None),
    ]


def test_an_index_names_its_newest_sitemaps():
    maps = "".join(
        f"<sitemap><loc>{BASE}/sd-{n}.xml</loc><lastmod>2026-11-{n:02d}</lastmod></sitemap>"
        for n in range(1, 9)
    )
    reading = sitemap.read(page(f"<sitemapindex>{maps}</sitemapindex>"), source("sitemap"))
    assert reading.entries == ()
    assert reading.more == tuple(f"{BASE}/sd-{n}.xml" for n in (8, 7, 6, 5, 4))
