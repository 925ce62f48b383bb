"""The letter and the text for Zalo: small, complete, the same words in both twins."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.bulletin.render import RENDERERS, txt
from digest.bulletin.render.email import MOST_BYTES, SHORTENED, render_email, subject
from digest.bulletin.view import View
from tests.bulletin.render.reading import READERS, squeezed
from tests.bulletin.render.sample import edition

CENTER = "Trung tâm chính trị phường Bến Thử"
LEAVE = "https://bantin.example.vn/thoi/abc"


def _letter(view: View, **others: str) -> tuple[str, str]:
    return render_email(view, CENTER, ("ĐẢNG BỘ PHƯỜNG BẾN THỬ", "TRUNG TÂM CHÍNH TRỊ"), **others)


def test_both_twins_say_the_same() -> None:
    html, text = _letter(edition(), unsubscribe=LEAVE, attachment_note="bản in PDF, 412 KB.")
    page = squeezed(READERS["email"](html.encode(), ()))
    plain = squeezed(text)
    for item in edition().items:
        for words in (item.title, item.lead, item.outlet, *filter(None, item.excerpts)):
            assert squeezed(words) in page and squeezed(words) in plain
    for words in ("bản in PDF, 412 KB.", "danh sách báo cáo viên, tuyên truyền viên của " + CENTER):
        assert squeezed(words) in page and squeezed(words) in plain
    assert f'href="{LEAVE}"' in html and LEAVE in text


def _long(view: View, letters: int) -> View:
    words = ("Câu văn để đo cỡ thư điện tử của một bản tin. " * (letters // 45 + 1))[:letters]
    section = view.sections[0]
    items = [
        replace(section.items[0], order=n, lead=words[:400], excerpts=(words, None, words))
        for n in range(1, 21)
    ]
    return replace(view, sections=(replace(section, items=tuple(items)),))


def test_twenty_articles_stay_below_what_is_clipped() -> None:
    html, _text = _letter(_long(edition(), 600))
    assert len(html.encode()) < MOST_BYTES
    assert SHORTENED not in html


def test_a_letter_that_is_too_long_loses_excerpts_and_says_so() -> None:
    html, text = _letter(_long(edition(), 3000))
    assert len(html.encode()) < MOST_BYTES
    assert SHORTENED in html
    assert html.count("Hoài Mẫu") == 20 and text.count("Hoài Mẫu") == 20


def test_it_is_made_for_mail_programs() -> None:
    html, _text = _letter(edition())
    assert "max-width:640px" in html and "<!--[if mso]>" in html
    assert html.count('role="presentation"') == html.count("<table") - html.count('<table class="facts"')
    assert "prefers-color-scheme:dark" in html and "#FF9B8C" in html
    assert re.findall(r"<(?:img|script|link|form)\b", html) == []
    body = html.split("</head>")[1]
    assert "style=" in body and "var(--" not in html


def test_without_an_address_to_leave_a_reply_is_enough() -> None:
    html, text = _letter(edition())
    assert "xin trả lời thư này" in html and "xin trả lời thư này" in text
    html, _text = _letter(edition(), unsubscribe="mailto:bantin@example.vn?subject=thoi")
    assert "một lần bấm" not in html


def test_the_subject_names_number_and_week() -> None:
    assert subject(edition()) == "Bản tin báo cáo viên số 12, tuần 16/11–22/11/2026"


def test_the_draft_letter_opens_in_mail_programs() -> None:
    letter = message_from_bytes(RENDERERS["eml"].render(edition()), policy=policy.default)
    assert letter["X-Unsent"] == "1" and letter["Subject"] == subject(edition())
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    assert not letter.defects


def test_the_short_message_lists_every_article_with_its_link() -> None:
    (message,) = txt.messages(edition())
    assert message.startswith(
        "BẢN TIN BÁO CÁO VIÊN SỐ 12\n16/11 – 22/11/2026\n12 bài, 15 phút đọc\nTTCT phường Bến Thử"
    )
    assert (
        "\n\nTÔN GIÁO\n1. Xã Đồng Mẫu: chức sắc" in message and "(Báo Sông Vân, 18/11)\nhttps://" in message
    )
    assert message.endswith("Cả số báo, bản in, bản chữ to:\nhttps://bantin.example.vn/so/12")


def test_no_piece_is_longer_than_a_message() -> None:
    view = _long(edition(), 3000)
    assert all(len(piece) <= 2000 for piece in (*txt.messages(view), *txt.pieces(view)))
    assert [piece for piece in txt.pieces(edition()) if len(piece) > 2000] == []


@settings(deadline=None)
@given(
    st.lists(st.text(alphabet=st.sampled_from("ab .\n!…ữ“"), max_size=300), max_size=12), st.integers(20, 90)
)
def test_cutting_loses_no_letter(blocks: list[str], most: int) -> None:
    pieces = list(txt.packed(blocks, most))
    assert all(0 < len(piece) <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join("".join(blocks).split())
