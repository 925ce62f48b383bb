"""The same article out of every layout, without selectors and without a word from a feed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fictional import LEAD, PARAGRAPHS, TITLE
from layouts import LAYOUTS, LINKS, P1, P2, P3, P4, TEASERS, Layout, ld, site

from digest.collect.extract import Refused, extract
from digest.collect.page import Page
from digest.model import Content, Entry, Source

URL = "https://bao.example.vn/tin-100234.html"
SOURCE = Source("thu", "Báo Thử", "feed", "https://bao.example.vn/rss")


def read(html: str, entry: Entry | None = None) -> Content:
    page = Page(URL, html.encode(), "utf-8", "text/html", datetime(2026, 11, 20, 3, tzinfo=UTC))
    return extract(page, entry or Entry(URL), SOURCE)


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


def bare(body: str, title: str = "Báo Thử") -> str:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


WALLS = {
    "challenge": bare("<h1>bao.example.vn</h1><p>Verifying you are human. This may take a few seconds.</p>", "Just a moment..."),
    "cookie by script": bare("<script>document.cookie='D1N=a';location.reload()</script>", ""),
    "no script": bare("<noscript>Please enable JavaScript.</noscript><div id=root></div>", "Ứng dụng"),
    "log-in": bare("<h2>Đăng nhập</h2><form><input><input type=password></form><p>Bạn cần đăng nhập để xem nội dung này.</p>"),
    "log-in asked for": bare("<p>Vui lòng đăng nhập hoặc đăng ký thành viên để đọc tiếp bài viết này.</p>"),
    "pay": bare(f"<h1>{TITLE}</h1><p>{LEAD}</p><div>Bài viết dành cho thành viên trả phí. Đăng ký gói để đọc toàn bộ.</div>", TITLE),
    "gone": bare("<h1>Rất tiếc!</h1><p>Nội dung bạn yêu cầu không tồn tại hoặc đã bị gỡ bỏ.</p>"),
    "gone, with teasers": site(f"<h2>Trang bạn tìm không có</h2><p>Mời bạn xem các tin mới nhất.</p><ul>{LINKS}</ul>{TEASERS}", title="Báo Thử"),
    "maintenance": bare("<h1>Hệ thống đang bảo trì</h1><p>Website đang được nâng cấp. Mong quý độc giả thông cảm.</p>"),
    "consent": bare("<h1>Quyền riêng tư</h1><p>Chúng tôi sử dụng cookie để lưu thông tin trên thiết bị. Nhấn Đồng ý để tiếp tục.</p>"),
    "firewall": bare("<h1>Forbidden</h1><p>Your IP address has been blocked by the web application firewall.</p>", "Forbidden"),
    "picture puzzle": bare("<form><p>Nhập mã xác nhận trong hình để tiếp tục</p><input></form>", "Xác nhận"),
    "program error": bare("<h1>Server Error in / Application.</h1><p>An unhandled exception occurred during the request.</p>"),
    "for sale": bare("<p>This domain is for sale. Related searches</p>", "bao.example.vn"),
    "of a kind not seen before": bare("<h1>Chào bạn!</h1><p>Xin chờ trong giây lát, chúng tôi đang chuẩn bị mọi thứ cho bạn.</p>"),
    "another language": bare("<h1>Bitte warten</h1><p>Wir bereiten gerade alles für Sie vor, es dauert nicht lange.</p>", "Bitte warten"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(WALLS))
def test_what_stands_in_place_of_the_article_is_not_taken_for_it(name):
    with pytest.raises(Refused) as raised:
        read(WALLS[name], Entry(URL, TITLE, LEAD))
    assert raised.value.kind != "secret" and raised.value.reason


@pytest.mark.parametrize(
    "title",
    [
        "Cổng thông tin xã Bến Thử đang bảo trì, bà con nộp hồ sơ tại chỗ", "Không tìm thấy trang sổ cũ của thôn Hạ Sơn",
        "Đăng nhập một lần cho mọi dịch vụ công của xã Bến Thử", "Cảnh giác trang giả: captcha của kẻ lừa đảo",
    ],
)  # fmt: skip
def test_a_short_article_about_such_pages_is_an_article(title):
    content = read(
        site(f"<h1>{title}</h1><p class=time>20/11/2026 08:15</p>{P1}{P2}", title=title), Entry(URL, title)
    )
    assert len(content.paragraphs) == 2


SECRETS = (
    "<p>Độ mật: MẬT</p>", "<table><tr><td>ĐẢNG BỘ XÃ BẾN THỬ</td><td>MẬT</td></tr></table>", "<p><b>M Ậ T</b></p>", "<p>TỐI MẬT</p>",
    "<p><em>(Tài liệu lưu hành nội bộ)</em></p>", "<p>TÀI LIỆU THAM KHẢO NỘI BỘ</p>", "<p>Tài liệu sinh hoạt chi bộ - lưu hành nội bộ</p>",
    "<p>Lưu hành nội bộ - Không phổ biến trên các phương tiện thông tin đại chúng</p>",
)  # fmt: skip


@pytest.mark.parametrize("mark", SECRETS)
@pytest.mark.parametrize("place", ["before", "after", "end"])
def test_what_is_marked_secret_or_internal_is_refused_wherever_the_mark_stands(mark, place):
    parts = {"before": "", "after": "", "end": ""} | {place: mark}
    with pytest.raises(Refused) as raised:
        read(site(f"{parts['before']}<h1>{TITLE}</h1>{parts['after']}{P1}{P2}{P3}{P4}{parts['end']}"))
    assert raised.value.kind == "secret"


def test_an_article_that_speaks_of_secrecy_is_none():
    said = "<p>Theo luật, độ mật gồm tuyệt mật, tối mật và mật; tài liệu lưu hành nội bộ thì khác, ông Mẫu nói.</p>"
    assert len(read(site(f"<h1>{TITLE}</h1>{said}<p>Đoàn kết nội bộ</p>{P1}{P2}{P3}{P4}")).paragraphs) == 6
