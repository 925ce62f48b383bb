"""Văn bản mới: what is read of newly issued documents, and what is left empty."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.bulletin import documents, gazette, tally
from digest.bulletin.documents import find, numbers_in, table
from digest.model import Article, Content
from tests.bulletin.editions import WEEK, article


def told(id: int, title: str, *texts: str, day: int = 18, **more: str) -> Article:
    lead, *paragraphs = texts or ("",)
    when = datetime(2026, 11, day, 3, 0, tzinfo=UTC)
    return article(id, Content(title=title, lead=lead, paragraphs=tuple(paragraphs), published=when), **more)  # type: ignore[arg-type]


def found(*articles: Article, most: int = 9) -> dict[str, dict[str, str]]:
    made = find(articles, WEEK, most)
    return {one.key: {name: said.text for name, said in one.said().items()} for one in made}


CASES = {
    "number, day, subject and force of a decree": (
        "Chính phủ vừa ban hành Nghị định số 912/2026/NĐ-CP ngày 12/11/2026 quy định phụ cấp của cán bộ cấp xã. "
        "Nghị định này có hiệu lực thi hành từ ngày 01/01/2027, thay thế Nghị định số 933/2023/NĐ-CP ngày 10/6/2023.",
        {
            "912/2026/NĐ-CP": {
                "named": "Nghị định số 912/2026/NĐ-CP",
                "about": "quy định phụ cấp của cán bộ cấp xã",
                "issuer": "Chính phủ",
                "issued": "12/11/2026",
                "in_force": "01/01/2027",
            }
        },
    ),
    "who signs for whom": (
        "Ngày 15/11, Thủ tướng Chính phủ Lê Văn Mẫu đã ký ban hành Quyết định số 9345/QĐ-TTg phê duyệt Chương trình "
        "đọc sách giai đoạn 2026 - 2030. Quyết định có hiệu lực kể từ ngày ký.",
        {
            "9345/QĐ-TTG": {
                "named": "Quyết định số 9345/QĐ-TTg",
                "about": "phê duyệt Chương trình đọc sách giai đoạn 2026 - 2030",
                "issuer": "Thủ tướng Chính phủ",
                "issued": "15/11/2026",
                "in_force": "ngày ký",
            }
        },
    ),
    "on behalf": (
        "Thay mặt Bộ Chính trị, Thường trực Ban Bí thư Trần Văn Mẫu vừa ký ban hành Nghị quyết số 999-NQ/TW về kinh tế "
        "tập thể, trong đó yêu cầu cấp ủy làm ngay.",
        {
            "999-NQ/TW": {
                "named": "Nghị quyết số 999-NQ/TW",
                "about": "về kinh tế tập thể",
                "issuer": "Bộ Chính trị",
            }
        },
    ),
    "a deputy's signature says no issuer": (
        "Phó Thủ tướng Lê Văn Mẫu vừa ký Quyết định số 9400/QĐ-TTg ngày 16/11/2026 về việc thành lập hội đồng.",
        {
            "9400/QĐ-TTG": {
                "named": "Quyết định số 9400/QĐ-TTg",
                "about": "về việc thành lập hội đồng",
                "issued": "16/11/2026",
            }
        },
    ),
    "two in one sentence are kept apart": (
        "UBND tỉnh Sông Vân ban hành Kế hoạch số 920/KH-UBND ngày 10 tháng 11 năm 2026 về chuyển đổi số; Tỉnh ủy Sông Vân "
        "ban hành Chỉ thị số 912-CT/TU ngày 11/11/2026 tăng cường công tác dân vận.",
        {
            "920/KH-UBND": {
                "named": "Kế hoạch số 920/KH-UBND",
                "about": "về chuyển đổi số",
                "issuer": "UBND tỉnh Sông Vân",
                "issued": "10/11/2026",
            },
            "912-CT/TU": {
                "named": "Chỉ thị số 912-CT/TU",
                "about": "tăng cường công tác dân vận",
                "issuer": "Tỉnh ủy Sông Vân",
                "issued": "11/11/2026",
            },
        },
    ),
    "force before the number": (
        "Từ ngày 1/12/2026, Thông tư 945/2026/TT-BNV của Bộ Nội vụ hướng dẫn xếp lương chính thức có hiệu lực.",
        {
            "945/2026/TT-BNV": {
                "named": "Thông tư 945/2026/TT-BNV",
                "about": "hướng dẫn xếp lương",
                "issuer": "Bộ Nội vụ",
                "in_force": "01/12/2026",
            }
        },
    ),
    "what is old, or of which nothing says that it is new, is no new document": (
        "Theo Nghị quyết số 957-NQ/TW ngày 22/12/2024 của Bộ Chính trị và Nghị định 930/2026/NĐ-CP, xã làm ba việc.",
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_said_beside_the_number_is_read_and_nothing_else(name: str) -> None:
    text, expected = CASES[name]
    assert found(told(1, "Xã Bến Thử học văn bản mới", text)) == expected


def test_an_entry_of_a_document_feed_is_the_document_itself() -> None:
    feed = told(4, "931/2026/QH15", "Luật sửa đổi một số điều của Luật Mẫu.")
    assert found(feed) == {
        "931/2026/QH15": {
            "named": "931/2026/QH15",
            "about": "Luật sửa đổi một số điều của Luật Mẫu",
        }
    }
    headed = told(5, "Nghị định số 932/2026/NĐ-CP của Chính phủ: Quy định về lớp học cộng đồng")
    assert found(headed)["932/2026/NĐ-CP"]["about"] == "Quy định về lớp học cộng đồng"


def test_articles_complete_each_other_and_contradictions_are_told() -> None:
    first = told(
        1, "Tin", "Chính phủ vừa ban hành Nghị định số 912/2026/NĐ-CP ngày 12/11/2026 về lớp học cộng đồng."
    )
    later = told(
        2, "Tin", "Nghị định số 912/2026/NĐ-CP ban hành ngày 13/11/2026, có hiệu lực từ 15/1/2027.", day=19
    )
    [made] = find([later, first], WEEK, 5)
    assert (made.issued, made.in_force) == (
        documents.Said("12/11/2026", (1, 1)),
        documents.Said("15/01/2027", (2, 1)),
    )
    assert "13/11/2026" in made.against[0] and made.articles == 2


def test_withdrawn_articles_say_nothing_and_what_was_told_is_not_told_again() -> None:
    one = told(1, "Tin", "Chính phủ vừa ban hành Nghị định số 912/2026/NĐ-CP về lớp học cộng đồng.")
    gone = told(1, "Tin", one.content.lead, state="gone")
    assert found(gone) == {}
    assert find([one], WEEK, 5, {"912/2026/NĐ-CP"}) == []
    assert numbers_in(table(find([one], WEEK, 5))) == {"912/2026/NĐ-CP"}


def test_a_table_is_never_longer_than_asked() -> None:
    many = [
        told(n, "Tin", f"Chính phủ vừa ban hành Nghị định số {n}/2026/NĐ-CP về việc mẫu thứ {n}.")
        for n in range(1, 9)
    ]
    assert len(found(*many, most=3)) == 3


_pieces = st.sampled_from(
    [
        "Chính phủ", "Thủ tướng Chính phủ", "UBND xã Bến Thử", "vừa", "ký", "ban hành", "Nghị định số", "Quyết định", "12/2026/NĐ-CP",
        "345/QĐ-TTg", "57-NQ/TW", "ngày", "12/11/2026", "31/2", "1 tháng 12", "về việc", "quy định", "có hiệu lực từ", "từ ngày", "ngày ký",
        "Nghị định này", ",", ".", ";", ":", "(", "của", "thay thế", "lớp học", "số", "/", "-", "2026",
    ]
)  # fmt: skip


@given(st.lists(st.lists(_pieces, max_size=14).map(" ".join), min_size=1, max_size=4))
def test_whatever_is_read_stands_in_its_article(texts: list[str]) -> None:
    one = told(1, texts[0] or "Tin", *texts[1:])
    for document in documents.read(one):
        for said in document.said().values():
            assert tally.says(one.content, said.text), said


@pytest.mark.timeout(60)
def test_hostile_texts_are_read_in_bounded_time() -> None:
    for text in ("Nghị định số " * 20_000, "12/2026/N-" * 20_000, "từ ngày 1/1, " * 20_000, "A" * 100_000, "ngày 1 tháng " * 20_000,
                 "Chính phủ A B C D E vừa mới " * 8_000, "Nghị định này " * 20_000, "12/2026/NĐ-CP của Chính phủ, " * 5_000):  # fmt: skip
        documents.read(told(1, "Tin", text))
        assert gazette.spoken_of(text) is not None
