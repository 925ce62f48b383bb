"""Bytes become the right text whatever was declared; our own sentences, encoded as old systems did."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.charsets import from_viqr, from_viscii
from digest.text.legacy import decode

TITLE = "Xã Bến Thử đối thoại với đồng bào các dân tộc về chuyển đổi nghề nghiệp"
BODY = (
    "Đồng chí Bí thư Đảng ủy xã nêu rõ: “Mọi việc phải bắt đầu từ nguyện vọng của người dân”. "
    "Hội nghị thống nhất mười nhiệm vụ, trong đó ưu tiên nước sạch, trường học, đường giao thông."
)
PAGE = (
    "<html><head>{meta}<title>"
    + TITLE
    + "</title></head><body><h1>"
    + TITLE
    + "</h1><p>"
    + BODY
    + "</p></body></html>"
)
FEED = '<?xml version="1.0"{label}?><rss><channel><item><title>' + TITLE + "</title></item></channel></rss>"


def w1258(text: str) -> bytes:
    """As Windows wrote it: composed base letters, the five tones as marks behind."""
    out = []
    for letter in normalize("NFC", text):
        try:
            out.append(letter.encode("cp1258"))
        except UnicodeEncodeError:
            apart = normalize("NFD", letter)
            tone = next(mark for mark in apart if mark in "\u0300\u0301\u0303\u0309\u0323")
            out.append(normalize("NFC", apart.replace(tone, "")).encode("cp1258") + tone.encode("cp1258"))
    return b"".join(out)


def meta(name):
    return f'<meta charset="{name}">'


@pytest.mark.parametrize(
    "http", [None, "utf-8", "windows-1258", "iso-8859-1", "no-such-charset", "'us-ascii'"]
)
@pytest.mark.parametrize("declared", ["", meta("utf-8"), meta("windows-1252"), meta("windows-1258")])
def test_content_decides_against_wrong_declarations(http, declared):
    page = PAGE.format(meta=declared)
    assert decode(page.encode(), http, kind="html") == page
    assert decode(w1258(page), http, kind="html") == page


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_byte_order_marks_and_wide_letters(name):
    assert TITLE in decode(PAGE.format(meta=meta("iso-8859-1")).encode(name), "iso-8859-1", kind="html")


def test_decomposed_text_is_composed():
    assert TITLE in decode(normalize("NFD", PAGE).encode(), "utf-8", kind="html")


@pytest.mark.parametrize("misread", ["cp1252", "latin-1"])
@pytest.mark.parametrize("times", [1, 2])
def test_utf8_encoded_twice_is_put_right(misread, times):
    text = PAGE
    for _time in range(times):
        text = "".join(
            bytes([b]).decode(misread, "ignore") or bytes([b]).decode("latin-1") for b in text.encode()
        )
    assert decode(text.encode(), "utf-8", kind="html") == PAGE


def test_only_the_chunks_that_were_encoded_twice_are_touched():
    twice = TITLE.encode().decode("latin-1")
    page = f"<h1>{twice}</h1><p>{BODY}</p><p>“THỊ XÔ, Müller, São Paulo</p>"
    assert (
        decode(page.encode(), None, kind="html")
        == f"<h1>{TITLE}</h1><p>{BODY}</p><p>“THỊ XÔ, Müller, São Paulo</p>"
    )


def test_where_letters_were_lost_nothing_is_guessed():
    lost = "Ä‘á»u hợp lệ, Ä‘á»u đúng"
    assert decode(lost.encode(), None, kind="html") == lost


VNI = {
    **{
        "Đ": "Ñ",
        "đ": "ñ",
        "ử": "öû",
        "ế": "eá",
        "ố": "oá",
        "ớ": "ôù",
        "ồ": "oà",
        "à": "aø",
        "á": "aù",
        "â": "aâ",
        "ộ": "oä",
    },
    **{
        "ề": "eà",
        "ể": "eå",
        "ổ": "oå",
        "ệ": "eä",
        "ư": "ö",
        "ủ": "uû",
        "ọ": "oï",
        "ả": "aû",
        "ắ": "aé",
        "ầ": "aà",
        "ừ": "öø",
    },
    **{
        "ã": "aõ",
        "ạ": "aï",
        "ị": "ò",
        "ĩ": "ó",
        "ỉ": "æ",
        "í": "í",
        "ì": "ì",
        "ơ": "ô",
        "ờ": "ôø",
        "ô": "oâ",
        "ê": "eâ",
        "ú": "uù",
    },
    **{
        "ụ": "uï",
        "ứ": "öù",
        "ự": "öï",
        "ữ": "öõ",
        "ấ": "aá",
        "ậ": "aä",
        "ỹ": "yõ",
        "ò": "oø",
        "ó": "où",
        "ý": "yù",
    },
}
TCVN3 = dict(
    zip(
        "ăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵĐ",
        bytes.fromhex(
            "a8a9aaabacadaeb5b6b7b8b9bbbcbdbec6c7c8c9cacbcccecfd0d1d2d3d4d5d6d7d8dcdddedfe1e2e3e4e5e6e7e8e9"
            "eaebecedeeeff1f2f3f4f5f6f7f8f9fafbfcfdfea7"
        ).decode("latin-1"),
        strict=True,
    )
)


def in_font(text, table):
    return "".join(table.get(letter, letter) for letter in text.replace("“", '"').replace("”", '"'))


@pytest.mark.parametrize("table", [VNI, TCVN3], ids=["vni", "tcvn3"])
@pytest.mark.parametrize("declared", ["x-user-defined", "windows-1252", "iso-8859-1"])
def test_font_encodings_are_read(table, declared):
    page = in_font(PAGE.format(meta=meta(declared)), table)
    wanted = PAGE.format(meta=meta(declared)).replace("“", '"').replace("”", '"')
    assert decode(page.encode("latin-1"), None, kind="html") == wanted
    assert decode(page.encode("utf-8"), "utf-8", kind="html") == wanted  # saved as Unicode later


def test_viscii_and_viqr():
    assert from_viscii(bytes.fromhex("58e32042aa6e20546865df")).startswith("Xã Bến")
    viqr = "<p>Xa~ Be^'n Thu+? ddo^'i thoa.i vo+'i ddo^`ng ba`o ca'c da^n to^.c ve^` nghe^` nghie^.p, so^' 12.</p>"
    assert (
        decode(viqr.encode(), None, kind="html")
        == "<p>Xã Bến Thử đối thoại với đồng bào các dân tộc về nghề nghiệp, số 12.</p>"
    )
    assert from_viqr("Sa`i Go`n. Ho. ddi Ha. Long") == "Sài Gòn. Họ đi Hạ Long"


@pytest.mark.parametrize(
    "text",
    [
        "where are you? I've been here (again): it's 5 + 6^2, e.g. a ~ b.",
        "<p>Señor Muñoz vivía en la mañana con niños pequeños en España, más allá</p>",
        "<p>Le café était déjà fermé, où êtes-vous? Grüße aus München, größere Übungen</p>",
        "Kích thước 5 µm, Đảng bộ xã Hạ Sơn",
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "latin-1"])
def test_other_languages_are_left_alone(text, codec):
    if codec == "latin-1" and "Đ" in text:
        codec = "utf-8"
    assert decode(text.encode(codec), None, kind="html") == text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("中文标题,汉字", "gb2312"),
        ("日本語の見出し", "shift_jis"),
        ("Заголовок статьи", "windows-1251"),
        ("한국어 제목", "euc-kr"),
    ],
)
def test_other_scripts_by_their_declaration(text, name):
    assert decode(text.encode(name), name, kind="html") == text
    assert decode(
        (f'<?xml version="1.0" encoding="{name}"?><t>{text}</t>').encode(name), None, kind="xml"
    ).endswith(f"<t>{text}</t>")


def test_a_feed_loses_the_encoding_of_its_declaration():
    for label, data in (
        (' encoding="windows-1258"', w1258(FEED)),
        (" encoding='utf-16'", FEED.encode()),
        ("", FEED.encode()),
    ):
        assert decode(data.replace(b"{label}", label.encode()), None, kind="xml") == FEED.replace(
            "{label}", ""
        )


@pytest.mark.parametrize(
    "name", ["unicode_escape", "utf-7", "zip", "rot13", "idna", "undefined", "\0", "x" * 9000]
)
def test_codecs_that_are_doors_are_not_opened(name):
    assert decode(rb"<p>+ADw-script+AD4- \x3cb</p>", name, kind="html") == r"<p>+ADw-script+AD4- \x3cb</p>"


@given(
    st.binary(max_size=3000), st.sampled_from([None, "utf-8", "windows-1258", "utf-16", "big5", "tcvn", ""])
)
def test_any_bytes_give_text_that_can_be_stored(data, charset):
    for kind in ("html", "xml"):
        decode(data, charset, kind=kind).encode("utf-8")


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=400))
def test_utf8_without_the_marks_of_double_encoding_comes_back(text):
    if not any(sign in text for sign in "áÄÆ\0\ufeff\ufffe^(+dDÿþ") and not text.lstrip().startswith("<?xml"):
        assert decode(text.encode(), "utf-8", kind="html") == normalize("NFC", text)


@pytest.mark.parametrize(
    "unit", [b"<", b"<!--", b"&&&", b"\xe1\xba", b"<meta ", "Ã¡".encode(), b"a^'", b"\xed\xa0\x80"]
)
@pytest.mark.timeout(60)
def test_a_megabyte_of_anything_is_read(unit):
    assert decode(unit * (1_000_000 // len(unit)), None, kind="html")
