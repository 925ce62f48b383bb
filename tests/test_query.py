"""The query language: what it accepts, what it means, and that no input is too much for it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digest import query
from digest.errors import QueryError
from digest.query import And, Dated, Doc, Field, Not, Or, Phrase, Title, Words

ARTICLE = Doc(
    title="Đồng Mẫu tập huấn công tác tôn giáo",
    lead="Sáng 24/11, phường Đồng Mẫu mở lớp tập huấn.",
    body=("Lớp học có 120 chức sắc, chức việc.", "Nghị quyết 35-NQ/TW được giới thiệu lại ở Bến Thử."),
    topics=frozenset({"ton-giao"}),
    outlet="Báo Nhân Dân",
    day=date(2026, 11, 24),
)


def holds(text: str) -> bool:
    return query.matches(query.parse(text), ARTICLE)


def words(node: query.Node) -> list[str]:
    assert isinstance(node, Words)
    return [word.text for word in node.words]


def test_plain_words_are_one_best_match_group() -> None:
    node = query.parse("tôn giáo Đồng Mẫu")
    assert words(node) == ["tôn", "giáo", "Đồng", "Mẫu"]
    assert isinstance(node, Words)
    assert not node.strict


@pytest.mark.parametrize("operator", ["AND", "VÀ", "VA\u0300"])
def test_and_makes_every_word_wanted(operator: str) -> None:
    node = query.parse(f"tôn giáo {operator} dân tộc")
    assert words(node) == ["tôn", "giáo", "dân", "tộc"]
    assert isinstance(node, Words)
    assert node.strict


@pytest.mark.parametrize("operator", ["OR", "HOẶC"])
def test_or_binds_weaker_than_words_side_by_side(operator: str) -> None:
    node = query.parse(f"tôn giáo {operator} dân tộc")
    assert isinstance(node, Or)
    assert [words(part) for part in node.parts] == [["tôn", "giáo"], ["dân", "tộc"]]


@pytest.mark.parametrize("text", ["đảng -đoàn", "đảng NOT đoàn", "đảng KHÔNG đoàn", "đảng AND NOT đoàn"])
def test_negation(text: str) -> None:
    node = query.parse(text)
    assert isinstance(node, And)
    assert words(node.parts[0]) == ["đảng"]
    assert isinstance(node.parts[1], Not)


@pytest.mark.parametrize("text", ["và hoặc không", "and or not", "NGHỊ QUYẾT VÀ KHÔNG AND"])
def test_operators_are_words_in_small_letters_and_in_a_query_all_in_capitals(text: str) -> None:
    assert words(query.parse(text)) == text.split()


@pytest.mark.parametrize("text", ['"tôn giáo"', "“tôn giáo”", "«tôn giáo»", "„tôn giáo“"])
def test_quotes_straight_or_curly(text: str) -> None:
    assert query.parse(text) == Phrase("tôn giáo", 0, len(text))


def test_hyphens_within_or_between_are_no_negation() -> None:
    assert words(query.parse("KT-XH 2020 - 2025 35-NQ/TW")) == ["KT-XH", "2020", "2025", "35-NQ/TW"]


def test_brackets_of_plain_words_stay_part_of_the_best_match() -> None:
    node = query.parse("nghị quyết (khóa X)")
    assert words(node) == ["nghị", "quyết", "khóa", "X"]


def test_filters() -> None:
    node = query.parse('topic:ton-giao outlet:"Nhân Dân" title:lễ title:"đại hội" -topic:dan-toc')
    assert isinstance(node, And)
    assert node.parts[0] == Field("topic", "ton-giao", 0, 14)
    assert node.parts[1] == Field("outlet", "Nhân Dân", 15, 32)
    assert isinstance(node.parts[2], Title)
    assert isinstance(node.parts[3], Title)
    assert isinstance(node.parts[4], Not)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("date:2026-W47", date(2026, 11, 16), date(2026, 11, 22)),
        ("date:2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("date:2/2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("date:2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("date:24/11/2026", date(2026, 11, 24), date(2026, 11, 24)),
        ("from:2026-11-24", date(2026, 11, 24), None),
        ("to:2026-11", None, date(2026, 11, 30)),
    ],
)
def test_dates(text: str, first: date | None, last: date | None) -> None:
    node = query.parse(text)
    assert isinstance(node, Dated)
    assert (node.first, node.last) == (first, last)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ('đảng "đoàn', 5),
        ("(đảng", 0),
        ("đảng)", 4),
        ("đảng AND", 5),
        ("OR đảng", 0),
        ("đảng OR OR đoàn", 8),
        ("đảng ()", 6),
        ("đảng topic:", 5),
        ("đảng date:2026-13", 5),
        ("đảng date:2026-W60", 5),
        ("đảng topics:x", 5),
        ('đảng "…"', 5),
        ("*", 0),
        ("", 0),
        ("NOT", 0),
    ],
)
def test_errors_say_where(text: str, position: int) -> None:
    with pytest.raises(QueryError) as caught:
        query.parse(text)
    assert caught.value.position == position
    assert str(caught.value)


def test_a_time_or_an_address_is_no_filter() -> None:
    assert words(query.parse("lúc 10:30 https://bao.example.vn/tin")) == [
        "lúc", "10:30", "https://bao.example.vn/tin",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "ton giao", "TON GIAO", '"ton giao"', '"tôn giáo"', "tập chức", "35-NQ/TW", '"35 nq tw"', "mẫu OR xyz",
        "topic:ton-giao", "outlet:nhandan OR outlet:nhân", 'outlet:"bao nhan dan"', "date:2026-W48", "from:2026",
        "title:ton", 'title:"tôn giáo"', "tôn -xyz", '"chức sắc, chức việc"', "(xyz OR tôn) giáo", "NOT xyz",
    ],
)  # fmt: skip
def test_matching(text: str) -> None:
    assert holds(text)


@pytest.mark.parametrize(
    "text",
    [
        "tôn xyz", '"ton giáo"', '"tôn giao"', '"giáo tôn"', "topic:dan-toc", "outlet:tiền", "date:2026-W47",
        "to:2026-10", "title:chức", 'title:"giao ton"', "tôn -giáo", '"tôn giáo sáng"', "NOT tôn", '"việc nghị quyết"',
    ],
)  # fmt: skip
def test_not_matching(text: str) -> None:
    assert not holds(text)


def test_old_and_new_tone_places_and_both_letters_i_are_one_in_phrases() -> None:
    doc = Doc("Hoà giải ở Mỹ Lý")
    assert query.matches(query.parse('"hòa giải"'), doc)
    assert query.matches(query.parse('"mỹ lí"'), doc)
    assert not query.matches(query.parse('"hóa giải"'), doc)


def test_an_article_without_a_date_is_in_no_period() -> None:
    assert not query.matches(query.parse("from:1990"), Doc("Tin"))


BAD = [
    "*", "(" * 10_000, "-" * 10_000, "-(" * 5_000, "NOT " * 5_000, '"' * 9_999, "a" * 1_000_000, "a " * 500_000,
    "(" * 1_000_000, "title:" * 2_000, "“" * 10_000, "a AND " * 3_000, "\u0301" * 10_000, "topic:\"" * 5_000,
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad[:8])
@pytest.mark.parametrize("bounds", [query.READER, query.TOPIC])
@pytest.mark.timeout(60)
def test_hostile_queries_are_answered(bad: str, bounds: query.Bounds) -> None:
    with pytest.raises(QueryError):
        query.parse(bad, bounds)


def test_depth_is_bounded_and_enough() -> None:
    assert query.parse("(" * 10 + "đảng" + ")" * 10, query.READER)
    with pytest.raises(QueryError):
        query.parse("(" * 11 + "đảng" + ")" * 11, query.READER)


PIECES = st.sampled_from(
    [
        *'()"“”-*:… ',
        " AND ",
        " OR ",
        " VÀ ",
        "NOT ",
        "KHÔNG ",
        "đảng",
        "tôn giáo",
        "topic:",
        "date:",
        "title:",
        "2026-W47",
        "-",
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join)))
@example("a" * 1_001)
def test_any_text_is_answered_with_a_tree_or_a_place(text: str) -> None:
    try:
        node = query.parse(text, query.READER)
    except QueryError as error:
        assert 0 <= error.position <= max(len(text), 0)
        assert error.length >= 1
    else:
        assert query.matches(node, ARTICLE) in (True, False)
