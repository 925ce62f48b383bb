"""Extraction without selectors, on pages of outlets that do not exist but are built as real ones are."""

import json
from datetime import UTC, datetime, timedelta

import fictional
import pytest
from fictional import AUTHOR, CAPTION, LEAD, PARAGRAPHS, TITLE, WHEN
from loopback_outlet import NOW

from digest.collect.extract import Refused, announced, extract
from digest.collect.page import Page
from digest.model import Entry, Selectors, Source

URL = "https://bao.example.vn/tin-10001.html"
HEAD = '<meta charset="utf-8">'


def read(html, entry=None, **source):
    page = Page(URL, html.encode(), "utf-8", "text/html", NOW)
    return extract(page, entry or Entry(URL), Source("thu", "Báo Thử", "feed", URL, **source))


def lines(tag="p", **attributes):
    stated = "".join(f' {name.rstrip("_")}="{value}"' for name, value in attributes.items())
    return [f"<{tag}{stated}>{text}</{tag}>" for text in PARAGRAPHS]


def vccorp():
    body = lines(class_="")
    body.insert(
        1,
        f'<figure class="VCSortableInPreviewMode" type="Photo"><img src="a.jpg"><figcaption class="PhotoCMS_Caption"><p>{CAPTION}</p></figcaption></figure>',
    )
    body.insert(
        3,
        '<div class="VCSortableInPreviewMode" type="RelatedNewsBox"><div class="kbwscwl-relatedbox"><ul><li><a href="/khac.html">Thôn Hạ Sơn làm đường mới dài hai cây số</a></li></ul></div></div>',
    )
    return (
        f'<html><head>{HEAD}<title>{TITLE}</title><meta property="article:published_time" content="2026-11-20T08:15:00"><meta name="author" content="bao.example.vn"></head>'
        f'<body><div class="header"><span class="time">Thứ Ba, 24/11/2026 09:30</span></div><h1 class="detail-title" data-role="title">{TITLE}</h1>'
        f'<h2 class="detail-sapo" data-role="sapo">(Baothu.vn) - {LEAD}</h2><div class="detail-content afcbc-body" data-role="content">{"".join(body)}</div>'
        f'<div class="detail-author">{AUTHOR}</div><div class="detail__related"><h3>Tin liên quan</h3><p>Một tin khác hẳn của xã Sông Vân, không thuộc bài này, có cả tóm tắt dài.</p></div></body></html>'
    )


def portal():
    text = "<br/><br/>".join(PARAGRAPHS)
    return (
        f"<HTML><HEAD><TITLE>Cổng thông tin - {TITLE}</TITLE></HEAD><BODY><TABLE><TR><TD><ul><li>Giới thiệu</li><li>Văn bản</li></ul></TD>"
        f'<TD><DIV class="ArticleHeader">{TITLE}</DIV><DIV class="PostDate">Ngày đăng: 20-11-2026 08:15</DIV><DIV class="ArticleLead"><B>(CTTTĐT) - {LEAD}</B></DIV>'
        f"<DIV class=\"ArticleContent\"><i>{CAPTION} |</i><br><br>{text}<br/><br/><b>{AUTHOR}</b></DIV><DIV>Các tin khác:<ul><li><a href='/a'>Thôn Hạ Sơn làm đường mới</a></li></ul></DIV></TD></TR></TABLE></BODY></HTML>"
    )


def wordpress():
    graph = json.dumps(
        {
            "@graph": [
                {
                    "@type": "Article",
                    "headline": TITLE,
                    "datePublished": WHEN.isoformat(),
                    "author": {"name": "admin"},
                }
            ]
        }
    )
    body = lines(style="text-align: justify;")
    body.insert(1, f'<div class="wp-caption"><img src="a.jpg"><p class="wp-caption-text">{CAPTION}</p></div>')
    return (
        f'<html><head><title>{TITLE} - Tạp chí Thử</title><script type="application/ld+json">{graph}</script></head><body><article><h1 class="entry-title">{TITLE}</h1>'
        f'<div class="entry-content"><p style="text-align: justify;"><strong>{LEAD}</strong></p>{"".join(body)}<p style="text-align:right"><strong>{AUTHOR}</strong></p>'
        '<h3>Có liên quan</h3></div><p>Thẻ: <a href="/tag">tin tức</a></p></article></body></html>'
    )


def hashed():
    body = "".join(f'<div class="x9f">{text}</div>' for text in PARAGRAPHS)
    return (
        f'<html><head>{HEAD}<title>{TITLE} | Báo Thử</title><meta property="og:title" content="{TITLE}"></head><body><div class="a1">Thời sự Chính trị</div><div class="b2">'
        f'<div class="c3" role="heading">{TITLE}</div><div class="d4"><span>{AUTHOR}</span> - <span>Thứ Sáu, ngày 20/11/2026 - 08:15</span></div><div class="e5">{LEAD}</div>'
        f'<div class="f6"><img src="a.jpg"><span>{CAPTION}</span></div><div class="g7">{body}</div><div class="h8">Từ khóa: <a>tin tức</a></div><div class="i9">Bình luận (0)</div></div></body></html>'
    )


def scripted():
    content = "".join(lines()) + f"<figure><img src='a.jpg'><figcaption>{CAPTION}</figcaption></figure>"
    post = {
        "title": TITLE,
        "description": LEAD,
        "content": content,
        "author": {"name": AUTHOR},
        "publishedAt": WHEN.isoformat(),
    }
    state = json.dumps({"props": {"pageProps": {"post": post}}}).replace("</", "<\\/")
    return f'<html><head><title>{TITLE}</title></head><body><div id="__next">Đang tải</div><script id="__NEXT_DATA__" type="application/json">{state}</script></body></html>'


PAGES = {make.__name__: make for make in (vccorp, portal, wordpress, hashed, scripted)}


@pytest.fixture(params=sorted(PAGES))
def content(request):
    return read(PAGES[request.param]())


def test_the_headline_is_the_outlets(content):
    assert content.title == TITLE


def test_the_lead_stands_apart_from_its_agency_prefix(content):
    assert content.lead == LEAD
    assert content.dateline in ("", "(Baothu.vn) - ", "(CTTTĐT) - ")


def test_the_text_is_the_paragraphs_and_nothing_else(content):
    assert content.paragraphs == PARAGRAPHS


def test_the_caption_is_kept_beside_the_text(content):
    assert content.captions == (CAPTION,)


def test_the_author_is_named(content):
    assert content.author == AUTHOR


def test_the_date_is_right_to_the_minute(content):
    assert content.published == WHEN.astimezone(UTC)
    assert content.flags == ()


def test_letters_are_composed():
    import unicodedata

    assert read(unicodedata.normalize("NFD", hashed())).paragraphs == PARAGRAPHS


def test_local_time_marked_as_utc_is_read_as_readers_are_shown_it():
    head = '<meta property="article:published_time" content="2026-11-20T08:15:00Z">'
    assert read(fictional.page(head=head)).published == WHEN.astimezone(UTC)


def test_no_date_is_unknown_never_today():
    content = read(fictional.page(date=""))
    assert content.published is None
    assert "no-date" in content.flags


def test_the_clock_in_a_pages_head_is_no_date_of_its_article():
    html = fictional.page(date="").replace(
        "<div class='menu'>",
        "<div class='header'><span class='clock'>Thứ Sáu, 20/11/2026 10:00</span></div><div class='menu'>",
    )
    assert read(html).published is None


def test_a_date_inside_a_sentence_is_no_date_of_publication():
    texts = (
        "Ngày 01/02/2025 xã Bến Thử khởi công nhà văn hóa thôn Đồng Mẫu với sự góp sức của bà con.",
        *PARAGRAPHS,
    )
    assert read(fictional.page(date="", paragraphs=texts)).published is None


def test_the_date_that_was_announced_serves_where_the_page_has_none():
    entry = Entry(URL, published=NOW - timedelta(days=1), published_raw="hôm qua")
    assert read(fictional.page(date=""), entry).published == NOW - timedelta(days=1)


def test_nobody_named_is_nobody():
    assert read(fictional.page(author="")).author == ""


def test_a_short_page_is_kept_with_a_flag():
    assert "short" in read(fictional.page(paragraphs=(PARAGRAPHS[0],))).flags


def test_another_language_is_flagged():
    texts = tuple(
        "The commune opened a new house of culture built by its people over eight months of work. " * 2
        for _n in range(4)
    )
    assert "not-vietnamese" in read(fictional.page(lead="", paragraphs=texts)).flags


def test_lists_and_subheads_belong_to_the_text():
    inside = "<h3>Việc còn lại</h3><ul><li>Mua sách báo cho phòng đọc của thôn.</li><li>Trồng cây quanh sân tập thể thao.</li></ul>"
    html = fictional.page().replace(f"<p>{PARAGRAPHS[3]}</p>", f"{inside}<p>{PARAGRAPHS[3]}</p>")
    paragraphs = read(html).paragraphs
    assert paragraphs[3:6] == (
        "Việc còn lại",
        "Mua sách báo cho phòng đọc của thôn.",
        "Trồng cây quanh sân tập thể thao.",
    )


def test_a_sentence_that_begins_like_a_mark_stays():
    texts = (*PARAGRAPHS[:2], "Xem thêm tại đây.", *PARAGRAPHS[2:])
    assert read(fictional.page(paragraphs=texts)).paragraphs == texts


@pytest.mark.parametrize(
    ("kind", "html"),
    [
        (
            "challenge",
            "<html><head><title>Just a moment...</title></head><body><p>Checking your browser before accessing bao.example.vn.</p></body></html>",
        ),
        (
            "challenge",
            "<html><body><h1>Xác minh bạn là con người</h1><p>Vui lòng bật JavaScript để tiếp tục.</p></body></html>",
        ),
        (
            "gone",
            "<html><head><title>404</title></head><body><p>Không tìm thấy trang bạn yêu cầu. Mời bạn về trang chủ.</p></body></html>",
        ),
        (
            "gone",
            "<html><head><title>Báo Thử</title></head><body><div>Bài viết không tồn tại hoặc đã bị xóa.</div></body></html>",
        ),
        (
            "login",
            "<html><head><title>Đăng nhập</title></head><body><form><input type=password></form><p>Tài khoản của bạn</p></body></html>",
        ),
        (
            "consent",
            "<html><body><p>Chúng tôi dùng cookie. Bấm đồng ý để chấp nhận cookies và đi tiếp.</p></body></html>",
        ),
        ("secret", fictional.page().replace("<h1>", "<p>LƯU HÀNH NỘI BỘ</p><h1>")),
        ("secret", fictional.page().replace("<h1>", "<p><b>MẬT</b></p><h1>")),
        ("secret", fictional.page(title=TITLE + " (Tài liệu lưu hành nội bộ)")),
    ],
)
def test_what_is_no_article_for_the_public_is_refused(kind, html):
    with pytest.raises(Refused) as refused:
        read(html)
    assert refused.value.kind == kind
    assert refused.value.reason


def test_an_article_about_secrecy_is_no_secret():
    texts = (
        "Luật quy định độ mật của tài liệu gồm tuyệt mật, tối mật và mật; tài liệu lưu hành nội bộ không được đăng.",
        *PARAGRAPHS,
    )
    assert read(fictional.page(paragraphs=texts)).paragraphs == texts


def test_an_editors_selectors_take_precedence():
    html = fictional.page().replace(
        "</body>",
        "<div class='khac'><p>Đoạn mà biên tập viên muốn lấy, không phải phần thân bài.</p></div></body>",
    )
    content = read(html, selectors=Selectors(body=".khac", title="title", remove=(".menu",)))
    assert content.paragraphs == ("Đoạn mà biên tập viên muốn lấy, không phải phần thân bài.",)
    assert content.title == f"{TITLE} - Báo Thử"


def test_an_entry_without_its_page_says_only_what_was_announced():
    content = announced(Entry(URL, "", "(TTXTĐ) - " + LEAD))
    assert (content.title, content.dateline, content.lead) == (LEAD, "(TTXTĐ) - ", LEAD)
    assert content.paragraphs == () and content.flags == ("no-date",)


@pytest.mark.parametrize("begun", ["", "<head>", "<head></head>"])
def test_a_body_that_is_begun_by_its_first_element_is_read(begun):
    content = read(
        f"<!doctype html><html>{begun}{HEAD}<title>{TITLE}</title><article><h1>{TITLE}</h1>{''.join(lines())}</article>"
    )
    assert content.title == TITLE
    assert content.paragraphs == PARAGRAPHS


def test_text_behind_an_early_end_of_the_document_is_read():
    html = fictional.page().replace("<div class='content'>", "</body></html><div class='content'>")
    assert read(html).paragraphs == PARAGRAPHS


def test_wrongly_nested_depth_and_junk_do_not_break_reading():
    assert read("<div>" * 150 + fictional.page()).title.startswith(TITLE)
    assert read(
        fictional.page().replace("<p>", "<p><![if !supportLists]><o:p>").replace("</h1>", "")
    ).paragraphs
    assert datetime.now(UTC) > WHEN


def test_a_table_is_text_row_by_row():
    rows = "".join(
        f"<tr><td>{name}</td><td>{number}</td></tr>"
        for name, number in (("Thôn", "Số hộ"), ("Đồng Mẫu", "120"), ("Hạ Sơn", "85"))
    )
    html = fictional.page().replace(f"<p>{PARAGRAPHS[3]}</p>", f"<table>{rows}</table><p>{PARAGRAPHS[3]}</p>")
    assert read(html).paragraphs[3:6] == ("Thôn | Số hộ", "Đồng Mẫu | 120", "Hạ Sơn | 85")
