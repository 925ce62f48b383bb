"""What readers see: every page valid and fit, and the promises about whose words are shown."""

from __future__ import annotations

import re
from datetime import date

import pytest
import samples
import valid

from digest.bulletin.edition import Edition, Section, write
from digest.model import ApprovedEdition
from digest.storage import articles, editions
from digest.storage.engine import Archive

PAGES = [
    "/",
    "/?q=người có uy tín",
    "/?q=nguoi+co+uy+tin&topic=dan-toc&month=2026-11&sort=newest",
    "/?topic=dan-toc&page=2",
    "/?q=không+có+bài+nào+như+vậy+xyzw&month=2020-01",
    "/?q=“tôn giáo VÀ đất đai",
    "/?q=rừng&from=hôm+qua",
    "/bai/1",
    "/bai/1/ban/1",
    "/bai/1/khac-biet/1/2",
    "/bai/4",
    "/bai/5",
    "/ban-tin",
    "/ban-tin/bao-cao-vien?nam=2026",
    "/ban-tin/bao-cao-vien/2026-W47",
    "/chu-de",
    "/chu-de/dan-toc",
    "/chu-de/dan-toc?trang=2",
    "/bao-dai",
    "/bao-dai/bao-song-van",
    "/lich",
    "/lich/2026-11",
    "/lich/2026-02",
    "/lich/2026-11-19",
    "/cach-tim",
    "/gioi-thieu",
    "/suc-khoe",
    "/khong-co-trang-nay",
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("wishes", ["", "/~rat-lon.toi.dam.en"])
def test_every_page_is_valid_html_and_asks_nobody_else(client, path, wishes):
    answer = client.get(wishes + path)
    html = answer.get_data(as_text=True)
    assert answer.status_code in (200, 400, 404)
    assert valid.faults(html) == []
    assert "Set-Cookie" not in answer.headers
    for tag, attribute in (("link", "href"), ("script", "src"), ("img", "src"), ("form", "action")):
        for address in re.findall(rf'<{tag}\b[^>]*\b{attribute}="([^"]*)"', html):
            assert address.startswith(("/", "#")) or "canonical" in html, address
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy


def test_search_finds_with_and_without_accents(client):
    with_accents = client.get("/?q=giữ rừng đầu nguồn").get_data(as_text=True)
    without = client.get("/?q=giu rung dau nguon").get_data(as_text=True)
    title = "Người có uy tín ở bản Khe Mẫu vận động bà con giữ rừng đầu nguồn"
    assert title in with_accents and title in without


def test_every_state_of_a_search_is_in_its_address(client):
    html = client.get("/?q=người có uy tín&topic=dan-toc&sort=newest").get_data(as_text=True)
    assert 'name="topic" value="dan-toc"' in html  # kept when other words are typed
    assert "Bỏ lọc" in html and "q=ng%C6%B0%E1%BB%9Di+c%C3%B3+uy+t%C3%ADn&amp;sort=newest" in html
    assert 'rel="next"' in html and "page=2" in html


def test_months_are_drawn_on_the_server(client):
    html = client.get("/?q=người có uy tín").get_data(as_text=True)
    assert html.count('<rect class="bar') == 12
    assert re.search(r'role="img" aria-label="[^"]*Tháng 11/2026: \d+', html)


def test_nothing_found_says_what_to_do(client):
    html = client.get("/?q=giữ rừng đầu nguồn&month=2026-02").get_data(as_text=True)
    assert "Không có bài nào cho “giữ rừng đầu nguồn” trong tháng 02/2026" in html
    assert "Bỏ bộ lọc tháng" in html and "ở các tháng khác" in html
    assert "Kho có" in html


def test_a_query_that_is_not_understood_marks_the_place_and_offers_repairs(client):
    answer = client.get("/?q=“tôn giáo VÀ đất đai")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "<mark>“</mark>tôn giáo VÀ đất đai" in html
    assert ">“tôn giáo” VÀ đất đai</a>" in html and ">tôn giáo đất đai</a>" in html


def test_a_missing_index_leaves_the_archive_readable(own, make_client):
    import shutil

    shutil.rmtree(own.index_dir)
    client = make_client(own)
    answer = client.get("/?q=rừng")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert "Tạm thời chưa tìm được" in html and "Kho bài vẫn còn nguyên" in html
    assert "T-1124-1047" in html and "Sổ tay cơ sở" in html
    assert client.get("/").status_code == 200
    assert client.get("/bai/1").status_code == 200


# --- whose words are shown ------------------------------------------------------------------


def test_the_original_comes_before_the_excerpts(client):
    html = client.get("/bai/1").get_data(as_text=True)
    assert html.index("Đọc trên Báo Sông Vân") < html.index("Trích nguyên văn")
    assert 'href="https://song-van.example/bai-0.html"' in html


def test_an_outlet_that_allows_a_lead_only_is_quoted_in_a_few_sentences(client, workspace):
    html = client.get("/bai/3").get_data(as_text=True)
    assert "Toàn văn" not in html and "Chỉ trích vài câu" in html
    assert html.count("Ở mỗi xã, nhóm khảo sát") <= 3  # of the 14 paragraphs


def test_an_outlet_that_allows_everything_is_shown_whole(client):
    html = client.get("/bai/4").get_data(as_text=True)
    assert "Toàn văn" in html and "Phường sẽ cho chạy thử ở ba khu phố trước khi ban hành." in html


def test_an_outlet_that_allows_a_link_only_is_a_link_everywhere(client):
    lead = "Chuyện cụ Mẫu, người có uy tín của bản Khe Mẫu."
    for path in (
        "/bai/5",
        "/bai/5/ban/1",
        "/?q=cụ già giữ rừng",
        "/chu-de/dan-toc",
        "/bao-dai/bao-dong-mau",
        "/lich/2026-11-19",
    ):
        assert lead not in client.get(path).get_data(as_text=True), path
    for path in (
        "/atom/moi.xml",
        "/atom/bao-dai/bao-dong-mau.xml",
        "/atom/tim.xml?q=cụ+già",
        "/api/v1/articles?limit=100",
        "/api/v1/articles/5",
        "/api/v1/search?q=cụ già giữ rừng",
    ):
        text = client.get(path).get_data(as_text=True)
        assert lead not in text and "Triệu Văn Mẫu, người có uy tín của bản, đến" not in text, path


def test_an_unknown_date_is_said(client):
    assert "không rõ ngày đăng (thu thập 05/11/2026)" in client.get("/bai/4").get_data(as_text=True)
    assert "không rõ ngày đăng (thu thập 05/11/2026)" in client.get("/?q=nghị quyết chuyển đổi số").get_data(
        as_text=True
    )


def test_revisions_say_what_the_outlet_changed(client):
    html = client.get("/bai/1").get_data(as_text=True)
    assert "tờ báo sửa “45 hộ” thành “46 hộ”" in html
    changed = client.get("/bai/1/khac-biet/1/2").get_data(as_text=True)
    assert "<del>45</del><ins>46</ins>" in changed
    old = client.get("/bai/1/ban/1").get_data(as_text=True)
    assert "Đây là bản cũ" in old and 'content="noindex"' in old


def test_the_same_story_elsewhere_is_named(client):
    assert "Cùng tin này ở 1 báo khác" in client.get("/bai/1").get_data(as_text=True)
    assert "Cũng đăng ở 1 báo" in client.get("/?q=giữ rừng đầu nguồn").get_data(as_text=True)


def test_the_citation_is_ready_to_copy(client):
    html = client.get("/bai/1").get_data(as_text=True)
    assert (
        "Hoài Mẫu: “Người có uy tín ở bản Khe Mẫu vận động bà con giữ rừng đầu nguồn”, Báo Sông Vân, "
        "ngày 19/11/2026, https://song-van.example/bai-0.html, truy cập ngày 24/11/2026." in html
    )


def test_an_article_taken_down_is_nowhere(own, make_client):
    archive = Archive.open(own.database_url())
    with archive.writing() as conn:
        articles.mark(conn, 6, "takedown", "theo yêu cầu", articles.get(conn, 6).collected)
    archive.close()
    client = make_client(own)
    assert client.get("/bai/6").status_code == 410
    assert client.get("/api/v1/articles/6").status_code == 410
    title = "chức sắc và tín đồ các đạo cùng làm đường liên thôn"
    for path in (
        "/",
        "/chu-de/ton-giao",
        "/lich/2026-11-18",
        "/atom/moi.xml",
        "/ban-tin/bao-cao-vien/2026-W47",
    ):
        assert title not in client.get(path).get_data(as_text=True), path


def test_files_that_print_an_article_taken_down_are_kept_back(own, make_client):
    client, page = make_client(own), "/ban-tin/bao-cao-vien/2026-W47"
    files = re.findall(rf'href="({page}/tep/[^"]+)"', client.get(page).get_data(as_text=True))
    assert len(files) > 1
    assert all(client.get(one).status_code == 200 for one in files)
    archive = Archive.open(own.database_url())
    with archive.writing() as conn:
        articles.mark(conn, 6, "takedown", "theo yêu cầu", articles.get(conn, 6).collected)
    archive.close()
    for one in files:
        answer = client.get(one)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 410 and "Tệp này không phát nữa" in text
        assert f'href="{page}"' in text and valid.faults(text) == []
    text = client.get(page).get_data(as_text=True)
    assert "Một bài trong số này đã được gỡ" in text and "/tep/" not in text
    assert "/tep/" not in client.get("/ban-tin").get_data(as_text=True)
    assert "/tep/" not in client.get("/atom/ban-tin/bao-cao-vien.xml").get_data(as_text=True)
    told = client.get("/api/v1/editions/bao-cao-vien/2026-W47").get_json()
    assert (told["withheld"], told["files"], told["text"]) == (True, [], "")


def test_an_article_that_its_outlet_withdrew_says_so(own, make_client):
    archive = Archive.open(own.database_url())
    with archive.writing() as conn:
        articles.mark(conn, 7, "gone", "404", articles.get(conn, 7).collected)
    archive.close()
    client = make_client(own)
    html = client.get("/bai/7").get_data(as_text=True)
    assert "Báo đã gỡ bài này" in html


# --- editions -------------------------------------------------------------------------------


def test_an_edition_is_read_and_its_frozen_files_taken(client):
    html = client.get("/ban-tin/bao-cao-vien/2026-W47").get_data(as_text=True)
    assert "Con đường 2,4 km nối bốn thôn" in html and "Lời ban biên tập" in html
    assert html.index("Sáng nào ông trùm") < html.index("[…]") < html.index("Xã đã vận động được 118 hộ")
    file = client.get("/ban-tin/bao-cao-vien/2026-W47/tep/bao-cao-vien-2026-W47.pdf")
    assert file.data == b"%PDF-1.7 mau" and file.mimetype == "application/pdf"
    page = client.get("/ban-tin/bao-cao-vien/2026-W47/tep/bao-cao-vien-2026-W47.html")
    assert page.headers["Content-Security-Policy"].startswith("sandbox;")


def test_tables_of_an_edition_stand_on_its_page_without_what_was_taken_down(own, make_client):
    edition_id, day = "bao-cao-vien/2026-W48", date(2026, 11, 23)
    row = "| {article=6 revision=1} Con đường bốn thôn | {article=7 revision=1} sân chùa | |"
    rule = "| --- | --- | --- |"
    note = "\n".join(["| Việc | Nơi | Ngày |", rule, row, "| {article=7 revision=1} Ba tối | | |"])
    section = Section("Văn bản mới", note)
    text = write(Edition(edition_id, "Số 2", day, day, number=2, issued=day, sections=(section,)))
    pins = ((6, 1), (7, 1))
    frozen = ApprovedEdition(
        edition_id, "bao-cao-vien", 2, "Số 2", day, day, text, samples.NOW, "mau", 0, 1, pins
    )
    archive = Archive.open(own.database_url())
    with archive.writing() as conn:
        editions.approve(conn, frozen, {})
    client, page = make_client(own), f"/ban-tin/{edition_id}"
    html = client.get(page).get_data(as_text=True)
    assert valid.faults(html) == [] and "0 bài" not in html.partition("<article")[2].partition("muc-1")[2]
    assert "Con đường bốn thôn</a>" in html and 'href="#bai-1"' in html and 'id="bai-2"' in html
    assert "Lớp học buổi tối trong sân chùa Bến Thử" in html  # named among the sources
    with archive.writing() as conn:
        articles.mark(conn, 7, "takedown", "theo yêu cầu", articles.get(conn, 7).collected)
    archive.close()
    html = client.get(page).get_data(as_text=True)
    assert "Con đường bốn thôn" in html and valid.faults(html) == []
    assert not any(words in html for words in ("sân chùa", "Ba tối", "Lớp học buổi tối"))


def test_short_addresses_lead_to_the_long_ones(client):
    assert client.get("/b/1").headers["Location"] == "/bai/1"
    assert client.get("/so/bao-cao-vien/1").headers["Location"] == "/ban-tin/bao-cao-vien/2026-W47"
    assert client.get("/so/bao-cao-vien/99").status_code == 404


# --- wishes in the address ------------------------------------------------------------------


def test_wishes_go_along_every_link_without_a_cookie(client):
    html = client.get("/~lon.toi/chu-de").get_data(as_text=True)
    assert 'data-chu="lon"' in html and 'data-nen="toi"' in html
    links = re.findall(r'<a [^>]*href="(/[^"]*)"', html)
    assert links and all(link.startswith(("/~", "/chu-de")) for link in links)
    assert 'href="/~rat-lon.toi/chu-de"' in html and 'href="/~lon.sang/chu-de"' in html


def test_unknown_wishes_are_no_page(client):
    assert client.get("/~lon.lon/chu-de").status_code == 404
    assert client.get("/~javascript/chu-de").status_code == 404


def test_english_keeps_the_articles_in_vietnamese(client):
    html = client.get("/~en/bai/1").get_data(as_text=True)
    assert '<html lang="en"' in html and '<article class="article" lang="vi">' in html
