"""Sentences are exact pieces of the paragraph, cut where a Vietnamese reader would."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.sentences import sentences, spans


@pytest.mark.parametrize(
    "expected",
    [
        [
            "Đoàn công tác của TP. Hải Phòng về xã Bến Thử.",
            "TS. Nguyễn Văn Mẫu và Th.S Trần Thị Thử cùng đi.",
        ],
        ["Hội nghị bàn về nước sạch, trường học, v.v. trong quý I.", "Sau đó, các tổ thảo luận."],
        ["Các hộ nuôi tôm, cua, cá, v.v.", "Ngoài ra còn trồng rừng ngập mặn."],
        ["Sản lượng đạt 1.234,5 tấn.", "Năm 2025 tăng 4,5%.", "Giá là 30.000 đồng/kg."],
        ["Theo C. Mác, Ph. Ăngghen và V.I. Lênin, lý luận gắn với thực tiễn.", "Đó là nguyên tắc."],
        ["Nxb. Chính trị quốc gia, tr. 15.", "Sách dày 200 trang."],
        ["“Phải làm thật. Phải làm ngay”, đồng chí Bí thư nói.", "Mọi người đồng tình."],
        ["“Bà con có đồng ý không?” ông hỏi.", "Cả hội trường đáp: “Có!”", "Không khí rất vui."],
        ["1. Về công tác xây dựng Đảng.", "2. Về công tác dân tộc.", "Điều 5. Phạm vi áp dụng."],
        ["Nội dung gồm: 1. Tổ chức; 2. Kiểm tra.", "Hết."],
        ["a) Người dân góp đất.", "b) Xã làm đường."],
        ["Bà H. kể lại chuyện cũ.", "Ông Q. Lê Thử nghe rất chăm chú."],
        ["Người chứng kiến là bà H.", "Sau đó bà về nhà."],
        ["Kết thúc năm 2025.", "Sang năm mới…", "Trân trọng…/."],
        ["Thật không?!", "Thật.", "Rồi sẽ rõ… và sẽ vui."],
        ["Hội nghị (do đồng chí A. chủ trì. Khách mời: 12 người) kết thúc sớm.", "Ai cũng vui."],
        ["Cuộc họp lần thứ 10.", "100 đại biểu dự."],
        ["Đường dài 4.0 km.", "- Ý thứ nhất.", "- Ý thứ hai."],
    ],
)
def test_cuts_where_a_reader_would(expected):
    assert sentences(" ".join(expected)) == expected


def test_line_breaks_end_a_sentence_unless_it_goes_on():
    assert sentences("Nội dung chính\nNhiệm vụ năm tới\n- Một") == [
        "Nội dung chính",
        "Nhiệm vụ năm tới",
        "- Một",
    ]
    assert sentences("Đoàn về TP.\nHải Phòng và\nlàm việc.") == ["Đoàn về TP.\nHải Phòng và\nlàm việc."]


@given(st.text() | st.text('aBĐ. .…!?\n“”"()1,;:- v', max_size=200))
def test_sentences_hold_every_letter_in_order(paragraph):
    places = spans(paragraph)
    assert all(start < end for start, end in places)
    assert all(one[1] <= other[0] for one, other in pairwise(places))
    assert "".join("".join(sentences(paragraph)).split()) == "".join(paragraph.split())
    assert all(one == one.strip() and one in paragraph for one in sentences(paragraph))


@given(st.text('aB. …!?\n“”"() ', max_size=120))
def test_cutting_a_sentence_again_gives_it_back_whole_or_in_order(paragraph):
    for one in sentences(paragraph):
        assert "".join("".join(sentences(one)).split()) == "".join(one.split())


@pytest.mark.parametrize("unit", [". ", "“", "(", '"a. B', "A. b", "TP. ", "\n", "…. A", "1. A "])
@pytest.mark.timeout(60)
def test_long_paragraphs_are_cut_without_going_back(unit):
    found = spans(unit * (100_000 // len(unit)))
    assert all(one[1] <= next_one[0] for one, next_one in pairwise(found))
