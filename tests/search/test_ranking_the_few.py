"""The few that PostgreSQL chose are ranked as if all their words had been indexed."""

import random
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import pytest

from digest import query
from digest.query import And, Node, Phrase, Words
from digest.search import analysis
from digest.search.document import Document
from digest.search.engines.postgres_few import Few, drafted
from digest.search.engines.postgres_terms import Vocabulary, numbered
from digest.search.results import Request
from digest.search.topics import in_memory

SYLLABLES = [
    "tôn",
    "giáo",
    "tộn",
    "giao",
    "dân",
    "tộc",
    "hội",
    "nhập",
    "xã",
    "đảng",
    "bến",
    "thử",
    "Hạ",
    "hoà",
    "hòa",
    "35",
    "NQ-TW",
    "Ðức",
]


class Row(NamedTuple):
    article: int
    story: int
    day: int | None
    minute: int
    exact: str


def documents() -> list[Document]:
    rng = random.Random(11)

    def text(most: int) -> str:
        return ", ".join(rng.choice(SYLLABLES) for _one in range(rng.randrange(most)))

    moment = datetime(2026, 11, 1, tzinfo=UTC)
    return [
        Document(
            id, id, text(8), text(12), tuple(text(30) for _ in range(3)), "Báo Bến Thử", (),
            date(2026, 11, 1) if id % 3 else None, moment,
        )
        for id in range(1, 121)
    ]  # fmt: skip


def row(one: Document) -> Row:
    minute = int(one.moment.timestamp()) // 60
    day = one.day.toordinal() if one.day else None
    return Row(one.id, one.story, day, minute, numbered(one, Vocabulary()).exact)


def forms(node: Node) -> set[str]:
    if isinstance(node, And):
        return set().union(*map(forms, node.parts))
    assert isinstance(node, Words | Phrase)
    texts = [node.text] if isinstance(node, Phrase) else [word.text for word in node.words]
    return {token for text in texts for token in analysis.folded(text)}


@pytest.mark.parametrize(
    "text", ["tôn giáo", "ton giao", '"dân tộc"', "hội nhập đảng xã", "duc 35", '"bến thử" hoà', "vắng mặt"]
)
def test_an_index_of_the_querys_words_alone_ranks_as_a_whole_one(text: str) -> None:
    node = query.parse(text)
    made = documents()
    rows: list[Any] = [row(one) for one in made]
    known = {"ton": 40, "=tôn": 30, "giao": 60, "=giáo": 50, "ton giao": 20, "=tôn giáo": 15, "duc": 9}
    request = Request(text, limit=200, today=date(2026, 11, 20))
    few = Few(drafted(rows, forms(node)), known, 5000).rank(node, request)
    assert few == Few(in_memory(made), known, 5000).rank(node, request)
    assert len(few) == len(made)
