"""The same article out of every layout, without selectors and without a word from a feed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fictional import LEAD, PARAGRAPHS, TITLE
from layouts import LAYOUTS, P1, Layout, ld, site

from digest.collect.extract import extract
from digest.collect.page import Page
from digest.model import Content, Entry, Source

URL = "https://bao.example.vn/tin-100234.html"
SOURCE = Source("thu", "Báo Thử", "feed", "https://bao.example.vn/rss")


def read(html: str) -> Content:
    page = Page(URL, html.encode(), "utf-8", "text/html", datetime(2026, 11, 20, 3, tzinfo=UTC))
    return extract(page, Entry(URL), SOURCE)


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_the_article_comes_out_whole_and_alone(name):
    layout: Layout = LAYOUTS[name]
    content = read(layout.html)
    assert content.title == TITLE
    assert content.lead == ("Tóm tắt: " * layout.abstract + LEAD if layout.lead else "")
    assert content.author == layout.author
    local = (
        datetime(2026, 11, 20, 1, 15, tzinfo=UTC)
        if layout.minute
        else datetime(2026, 11, 19, 17, 0, tzinfo=UTC)
    )
    assert content.published == local
    assert [text for text in content.paragraphs if text not in layout.more] == list(PARAGRAPHS)
    assert [text for text in content.paragraphs if text in layout.more] == list(layout.more)
    assert content.captions == layout.captions
    assert content.flags == ()


def test_a_photo_essay_keeps_its_captions_and_is_flagged_short():
    captions = [f"{text} Đó là buổi sáng thứ {n}." for n, text in enumerate(PARAGRAPHS)]
    photos = "".join(
        f"<div class=photo><img src={n}.jpg><p>{text}</p></div>" for n, text in enumerate(captions)
    )
    content = read(
        site(
            f"<h1>{TITLE}</h1><div class=date>20/11/2026 08:15</div><p class=sapo>{LEAD}</p><div class=content>{photos}</div>"
        )
    )
    assert (content.title, content.lead, list(content.captions)) == (TITLE, LEAD, captions)
    assert "short" in content.flags


def test_a_page_that_shows_no_text_has_no_lead_by_statement_alone():
    head = f'<meta name=description content="{LEAD}">' + ld(f'{{"@type":"NewsArticle","headline":"{TITLE}"}}')
    content = read(site(f"<h1>{TITLE}</h1><div class=player><video src=a.mp4></video></div>", head))
    assert (content.lead, content.paragraphs, content.captions) == ("", (), ())


@pytest.mark.parametrize("office", ["Bộ Nội vụ", "Ban Tổ chức", "Sở Y tế", "Báo chí", "Đài"])
def test_a_headline_that_begins_with_an_office_is_still_a_headline(office):
    title = f"{office} phối hợp cùng xã Bến Thử khánh thành nhà văn hóa"
    page = site(f"<div>{title}</div><div>20/11/2026 08:15</div>{P1 * 3}", title=f"{title} | Bến Thử Online")
    assert read(page).title == title
