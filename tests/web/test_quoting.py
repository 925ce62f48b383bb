"""What an article's page quotes: the article's own words, few, in order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digest.model import Content
from digest.text.normalise import clean
from digest.web.quoting import MOST, choose

WORDS = st.lists(
    st.sampled_from(
        [
            "xã",
            "Đồng",
            "Mẫu",
            "rừng",
            "46",
            "hộ",
            "nhận",
            "khoán",
            "nước",
            "sạch",
            "“lời”",
            "(bản)",
            "đường",
            "thôn",
        ]
    ),
    min_size=1,
    max_size=30,
)
SENTENCES = WORDS.map(lambda words: " ".join(words).capitalize() + ".")
PARAGRAPHS = st.lists(st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join), max_size=6)


@given(PARAGRAPHS, SENTENCES)
def test_every_excerpt_is_in_the_article_letter_for_letter_and_in_order(paragraphs, lead):
    content = Content("Đồng Mẫu giữ rừng", lead=lead, paragraphs=tuple(paragraphs))
    whole = " ".join(map(clean, paragraphs))
    chosen = choose(content)
    at = 0
    for text in chosen:
        if text is not None:
            at = whole.index(text, at) + len(text)
    assert sum(1 for text in chosen if text) <= MOST
    assert None not in (chosen[:1] + chosen[-1:])


def test_what_the_headline_announces_is_quoted():
    content = Content(
        "Bản Khe Mẫu nhận khoán 312 ha rừng",
        paragraphs=(
            "Trời mưa từ sáng sớm ở huyện và ai cũng mang theo áo tơi. Tuy nhiên không ai vắng mặt buổi họp hôm ấy.",
            "Bản Khe Mẫu đã nhận khoán 312 ha rừng từ đầu năm nay, chia cho 46 hộ.",
        ),
    )
    assert "Bản Khe Mẫu đã nhận khoán 312 ha rừng từ đầu năm nay, chia cho 46 hộ." in choose(content)
