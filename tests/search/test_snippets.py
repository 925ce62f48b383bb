"""Marks stand on the article's own letters, whatever was asked; snippets are pieces of its text."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import query
from digest.model import Content
from digest.search.snippets import Seeker, snippet, title_marks
from digest.search.spellings import load, spell


def marked(asked: str, text: str) -> list[str]:
    seeker = Seeker(spell(query.parse(asked), load()))
    return [text[start:end] for start, end in title_marks(seeker, text)]


@pytest.mark.parametrize(
    ("asked", "text", "found"),
    [
        ("ton giao", "Công tác tôn giáo ở Bến Thử", ["tôn giáo"]),
        ("tôn giáo", "Tồn tại và giao khoán", ["Tồn", "giao"]),
        ('"tôn giáo"', "Tôn giáo, tồn giao, Tôn-Giáo", ["Tôn giáo", "Tôn-Giáo"]),
        ('"ton giao"', "Tôn giáo, tồn giao", ["Tôn giáo", "tồn giao"]),
        ("lý luận", "Lí luận và lý luận", ["Lí luận", "lý luận"]),
        ("hòa", "Hoà giải, hoa quả", ["Hoà", "hoa"]),
        ("35-NQ/TW", "Nghị quyết số 35-NQ/TW và 35", ["35-NQ/TW"]),
        ("UBND xã", "Ủy ban nhân dân xã Hạ Sơn, UBND huyện", ["Ủy ban nhân dân xã", "UBND"]),
        ("an", "Anh An ăn ở Lan An", ["An ăn", "An"]),
        ("giáo", "Tôn gia\u0301o", ["gia\u0301o"]),
        ("-giáo tôn", "Tôn giáo", ["Tôn"]),
    ],
)
def test_marks(asked: str, text: str, found: list[str]) -> None:
    assert marked(asked, text) == found


def test_the_paragraph_that_holds_most_is_shown() -> None:
    content = Content(
        "Tin ngắn",
        lead="Xã Hạ Sơn họp về gieo cấy.",
        paragraphs=("Không có gì. " * 30, "Rồi bàn việc gieo cấy vụ đông và nạo vét kênh thuỷ lợi. " * 3),
    )
    shown = snippet(Seeker(query.parse("gieo cấy kênh")), content)
    assert shown.part == "body"
    assert {"gieo cấy", "kênh"} <= {shown.text[a:b] for a, b in shown.marks}
    assert snippet(Seeker(query.parse("gieo cấy kênh")), content, "lead").part == "lead"
    assert snippet(Seeker(None), content).text == content.lead


letters = st.text(alphabet="aáàăâbcdđeêioôơuưyýỳ ,.-/ \u0301\u0300ĐÂ1290", max_size=60)


@given(text=letters, asked=st.text(alphabet="aáàâbcdđeiouyý 12", min_size=1, max_size=12))
def test_marks_never_leave_the_text_or_overlap(text: str, asked: str) -> None:
    if not any(letter.isalnum() for letter in asked):
        return
    seeker = Seeker(query.parse(asked))
    shown = snippet(seeker, Content("", lead=text))
    assert shown.text.strip("… ") in text
    last = 0
    for start, end in shown.marks:
        assert last <= start < end <= len(shown.text)
        assert any(letter.isalnum() for letter in normalize("NFC", shown.text[start:end]))
        last = end
