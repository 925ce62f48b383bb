"""A right file becomes a Config; a wrong one says everything that is wrong with it, and where."""

import lxml.html
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digest import config
from digest.config import values
from digest.errors import FileFaults, UsageError
from digest.model import Config, Source, Topic


def faults_of(text):
    with pytest.raises(FileFaults) as caught:
        config.parse(text)
    return [
        (fault.line, fault.column, str(caught.value).splitlines()[n])
        for n, fault in enumerate(caught.value.faults)
    ]


def the_fault(text):
    (fault,) = faults_of(text)
    return fault


def test_a_right_file(small):
    read = config.parse(small)
    assert read.sources == (
        Source("bao-ben-thu", "Báo Bến Thử", "feed", "https://bao.example.vn/rss", topics=("nuoc-sach",)),
    )
    assert read.topics[1] == Topic("truong-hoc", "Trường học", "trường", parent="nuoc-sach")
    assert read.bulletins[0].sections == (("nuoc-sach", 3), ("truong-hoc", 2))
    assert read.centers[0].bulletins == ("ban-tin-xa",)
    assert read.site.url == "https://ban-tin.example.vn"


@pytest.mark.parametrize(
    "text", ["format: 1", "format: 1\nsources: []\ntopics:\ncenters: []\nsite:\nfetch:\n"]
)
def test_empty_lists_are_right(text):
    assert config.parse(text) == Config()


def test_every_key_of_every_part():
    read = config.parse(
        """
fetch: {concurrency: 4, per_host: 1, delay: 0.5, timeout: 9, max_bytes: 5000, keep_html: no, allow_private: [127.0.0.0/8, '::1']}
sources:
  - {id: a, outlet: A, kind: listing, url: 'http://127.0.0.1:8000/muc?p=1', enabled: false, weight: 2, topics: [t], limit: 7,
     include: ['/bai/\\d+'], exclude: [video], show: link, dates: month-first,
     selectors: {link: 'h3 > a[href$=".html"]', title: h1, lead: .sapo, body: .content, date: time, author: .tg, remove: [.qc, aside]}}
topics: [{id: t, name: T, query: a b, min_score: 0}]
bulletins:
  - {id: b, name: B, audience: Ai, publisher: P, letterhead: {style: state, lines: [A, A], place: X}, cadence: monthly, sections: {t: 1},
     minutes: 5, formats: [html, epub], page: A4, imprint: In}
centers:
  - {id: c, name: C, sender: a@b.vn, reply_to: 'Văn phòng <vp@b.vn>', recipients: recipients/c.csv}
"""
    )
    source, bulletin = read.sources[0], read.bulletins[0]
    assert read.centers[0].reply_to == "Văn phòng <vp@b.vn>"
    assert (read.fetch.delay, read.fetch.keep_html, read.fetch.allow_private) == (
        0.5,
        False,
        ("127.0.0.0/8", "::1/128"),
    )
    assert (source.enabled, source.weight, source.limit, source.dates) == (False, 2.0, 7, "month-first")
    assert (source.include, source.selectors.remove) == (("/bai/\\d+",), (".qc", "aside"))
    assert read.topics[0].min_score == 0.0
    assert (bulletin.letterhead.lines, bulletin.page, bulletin.formats) == (
        ("A", "A"),
        "a4",
        ("html", "epub"),
    )


def test_all_faults_come_at_once_in_order_with_line_and_column(small):
    wrong = (
        small.replace("kind: feed", "kind: fed")
        .replace("[nuoc-sach]", "[nuoc-sac]")
        .replace("cadence", "candence")
    )
    assert [(line, column) for line, column, _text in faults_of(wrong)] == [
        (6, 11),
        (8, 14),
        (15, 5),
        (17, 5),
    ]
    assert "sources.yaml:6:11: Không có lựa chọn “fed”. Có phải ý bạn là “feed”?" in faults_of(wrong)[0][2]
    assert "Có phải ý bạn là “nuoc-sach”?" in faults_of(wrong)[1][2]
    assert "Bản tin này thiếu mục: cadence" in faults_of(wrong)[2][2]
    assert "Có phải ý bạn là “cadence”?" in faults_of(wrong)[3][2]


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("sources:", "source:", 3, "Có phải ý bạn là “sources”?"),
        ("    outlet: Báo Bến Thử\n", "", 4, "thiếu mục: outlet"),
        ("kind: feed", "kind: feed\n    kind: feed", 7, "đã có ở dòng 6"),
        ("outlet: Báo Bến Thử", "outlet: 12", 5, "phải là chữ, nhưng đang là số. Đặt trong dấu nháy: '12'"),
        ("outlet: Báo Bến Thử", "outlet: [Báo]", 5, "phải là chữ, nhưng đang là danh sách"),
        ("outlet: Báo Bến Thử", "outlet: ''", 5, "không được để trống"),
        ("kind: feed", "kind: feed\n    enabled: có", 7, "true (có) hay false (không)"),
        ("kind: feed", "kind: feed\n    limit: nhiều", 7, "phải là số nguyên, nhưng đang là chữ"),
        ("kind: feed", "kind: feed\n    limit: 2.5", 7, "phải là số nguyên"),
        ("kind: feed", "kind: feed\n    limit: 0", 7, "từ 1 đến"),
        ("kind: feed", "kind: feed\n    weight: .inf", 7, "không phải một số"),
        ("kind: feed", "kind: feed\n    include: ['[']", 7, "Mẫu “[” viết chưa đúng"),
        ("kind: feed", "kind: feed\n    include: /bai/", 7, "phải là danh sách"),
        (
            "kind: feed",
            "kind: feed\n    selectors: {link: 'h3 >> a'}",
            7,
            "Bộ chọn CSS “h3 >> a” viết chưa đúng",
        ),
        ("kind: feed", "kind: feed\n    selectors: {likn: a}", 7, "Có phải ý bạn là “link”?"),
        ("url: https://bao.example.vn/rss", "url: bao.example.vn/rss", 7, "không phải địa chỉ trang web"),
        ("url: https://bao.example.vn/rss", "url: file:///etc/passwd", 7, "không phải địa chỉ trang web"),
        ("url: https://bao.example.vn/rss", "url: 'http://[::1'", 7, "không phải địa chỉ trang web"),
        (
            "url: https://bao.example.vn/rss",
            "url: 'https://ten:mk@bao.example.vn/'",
            7,
            "kèm tên và mật khẩu",
        ),
        ("id: bao-ben-thu", "id: Báo", 4, "Chỉ dùng chữ thường không dấu"),
        ("id: bao-ben-thu", "id: ../x", 4, "không dùng được"),
        ("id: bao-ben-thu", "id: con", 4, "Windows không cho"),
        ("nuoc-sach: 3", "nuoc-sach: ba", 18, "phải là số nguyên"),
        ("truong-hoc: 2}", "truong-hok: 2}", 18, "Có phải ý bạn là “truong-hoc”?"),
        ("cadence: weekly", "cadence: weekly\n    page: a0", 18, "Khổ giấy “a0”"),
        ("cadence: weekly", "cadence: weekly\n    page: 9x999", 18, "Khổ giấy"),
        ("cadence: weekly", "cadence: weekly\n    formats: [html, pfd]", 18, "Có phải ý bạn là “pdf”?"),
        ("cadence: weekly", "cadence: weekly\n    formats: [html, html]", 18, "có hai lần"),
        ("recipients/ben-thu.csv", "../ben-thu.csv", 23, "không phải tệp trong thư mục làm việc"),
        ("recipients/ben-thu.csv", "C:\\ben-thu.csv", 23, "không phải tệp trong thư mục làm việc"),
        ("recipients/ben-thu.csv", "recipients/aux.csv", 23, "không phải tệp trong thư mục làm việc"),
        ("<bantin@example.vn>", "<bantin>", 22, "không phải người gửi thư"),
        ("bulletins: [ban-tin-xa]", "reply-to: vp@b.vn", 24, "Có phải ý bạn là “reply_to”?"),
        ("bulletins: [ban-tin-xa]", "reply_to: van phong", 24, "không phải người gửi thư"),
        ("bulletins: [ban-tin-xa]", "bulletins: [ban-tin]", 24, "Có phải ý bạn là “ban-tin-xa”?"),
        ("format: 1", "format: 2", 1, "chỉ đọc được số 1"),
        ("parent: nuoc-sach", "parent: truong-hoc", 13, "nằm trong chính nó"),
        ("query: trường", "query: 'topic:nuoc-sach'", 13, "không dùng “topic:” được"),
    ],
)
def test_each_fault_says_what_and_where(small, old, new, line, says):
    assert old in small
    found_line, _column, text = the_fault(small.replace(old, new))
    assert found_line == line
    assert says in text


def test_an_id_that_is_wrong_or_there_already_leaves_what_refers_to_it_dangling(small):
    twice = faults_of(small.replace("id: truong-hoc", "id: nuoc-sach"))
    assert "id “nuoc-sach” đã dùng ở dòng 10" in twice[0][2]
    assert "Không có chủ đề nào tên “truong-hoc”" in twice[-1][2]
    dossier = faults_of(small.replace("id: ban-tin-xa", "id: chuyen-de-xa"))
    assert "dành cho các chuyên đề" in dossier[0][2]
    assert [line for line, _column, _text in dossier] == [15, 24]


def test_a_query_that_does_not_parse_is_shown_at_its_place(small):
    line, column, text = the_fault(small.replace('OR "giếng khoan"\'', "OR \"giếng khoan'"))
    assert (line, column) == (12, 28)
    assert "Dấu ngoặc kép mở ra mà không đóng lại" in text
    block = small.replace('\'"nước sạch" OR "giếng khoan"\'', '>-\n      "nước sạch"\n      OR (giếng AND )')
    assert the_fault(block)[0] == 14


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("sources:\n\t- id: a\n", 2, "phím Tab"),
        ("site: {name: a: b}\n", 1, "Dấu"),
        ("site:\n  name: Bản tin: xã\n", 2, "Dấu hai chấm"),
        ("site:\n  name: 'Bản tin\n", 3, "không đóng lại"),
        ("sources:\n  - id: a\n - id: b\n", 3, "không đều"),
        ("sources: *x\n", 1, "Bí danh"),
        ("a: 1\n---\nb: 2\n", 2, "---"),
        ('site: {name: "\x07"}\n', 1, "mã 0007"),
        ("", 1, "Tệp trống"),
        ("null\n", 1, "Tệp trống"),
        ("# chỉ có ghi chú\n", 1, "Tệp trống"),
        ("- a\n", 1, "nhóm mục"),
        ("chữ\n", 1, "nhóm mục"),
        ("{[a]: 1}\n", 1, "Tên mục phải là chữ"),
        ("sources: !!python/object/apply:os.system [ls]\n", 1, "Thẻ “!!python/object/apply:os.system”"),
        ("sources: !!set {a, b}\n", 1, "Thẻ “!!set”"),
        ("sources: !x []\n", 1, "Thẻ “!x”"),
    ],
)
def test_what_is_no_yaml_of_ours_is_said_in_words(text, line, says):
    found_line, _column, said = the_fault(text)
    assert found_line == line
    assert says in said


def test_a_value_can_be_used_again_by_name(small):
    again = small.replace(
        "    topics: [nuoc-sach]\n",
        "    selectors: &s {title: h1}\n  - {id: b, outlet: B, kind: feed, url: 'http://b.vn', selectors: *s}\n",
    )
    assert {source.selectors.title for source in config.parse(again).sources} == {"h1"}


def test_files_of_windows_are_read(tmp_path, small):
    path = tmp_path / "sources.yaml"
    for data in (
        small.replace("\n", "\r\n").encode("utf-8-sig"),
        small.encode("utf-16"),
        small.encode("utf-8"),
    ):
        path.write_bytes(data)
        assert config.load(path) == config.parse(small)


def test_a_file_that_is_not_utf8_says_how_to_save_it(tmp_path, small):
    path = tmp_path / "sources.yaml"
    path.write_bytes(small.encode("utf-8").replace("Bến".encode(), b"B\xea\xecn"))
    with pytest.raises(UsageError, match=r"không phải UTF-8 \(dòng 2\)"):
        config.load(path)


def test_a_file_that_is_not_there_or_too_large(tmp_path):
    path = tmp_path / "sources.yaml"
    with pytest.raises(UsageError, match="Không đọc được tệp"):
        config.load(path)
    path.write_bytes(b"#" * 500_000)
    with pytest.raises(UsageError, match="quá 400000"):
        config.load(path)


@given(st.text("abh1.#[]=\"'>+~,*: -()_\\$^", max_size=24))
@example('h3 > a[href$=".html"]')
@example("a:not(.x, .y)")
@example("p::text")
@example("ns|p")
@example("p:hoverr")
def test_a_selector_is_right_exactly_when_collecting_can_run_it(selector):
    try:
        lxml.html.fromstring("<div><p>x</p></div>").cssselect(selector.strip())
        right = True
    except Exception:
        right = False
    try:
        assert values.a_selector(selector.strip()) == selector.strip()
        assert right
    except UsageError:
        assert not right


@pytest.mark.parametrize(
    ("selector", "why"),
    [
        ("h1::text", "không dùng được phần có dấu ::"),
        ("p:-soup-contains('x')", "không có loại “:-soup-contains"),
        ("a:not(.x, .y)", "viết :not(.a):not(.b)"),
        (".list > > a", "không hiểu từ chỗ “> a”"),
        (".list >", "phần cuối còn thiếu"),
    ],
)
def test_a_wrong_selector_is_explained(selector, why):
    with pytest.raises(UsageError) as raised:
        values.a_selector(selector)
    assert why in str(raised.value)
