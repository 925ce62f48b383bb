"""Whatever is typed is answered: a result or an error that names the place, never a hang or a crash."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest import query
from digest.errors import QueryError
from digest.search import index, matching
from digest.search.engines.blocks import Blocks
from digest.search.find import Request, search
from digest.search.results import Result
from digest.storage.engine import Archive
from tests.contract.test_engines import WORDS, some_documents
from tests.search.conftest import FIRST, Put

pytestmark = pytest.mark.timeout(60)

MEGABYTE = 1_000_000
PIECES = [
    *WORDS, "*", "?", "(", ")", '"', "“", "”", "-", "AND", "OR", "NOT", "VÀ", "HOẶC", "KHÔNG", "title:", "topic:",
    "date:", "from:", "to:", "outlet:", "2026-W47", "24/11/2026", "toon", "giaos", "gi\u0301ao", "UBND", "\0", "\\",
    "[a-z]*", "đ9", "'; DROP TABLE", "🙂", "\u202e", "ﷺ", "a" * 60, "1.2.3.4.5", "ТОН", "\n\t",
]  # fmt: skip


@pytest.fixture
def ask(archive: Archive, tmp_path: Path, put: Put):  # type: ignore[no-untyped-def]
    for one in some_documents(40):
        put(one.title, one.lead, *one.body, outlet=one.outlet)
    folder = tmp_path / "index"
    index.sync(archive, folder)

    def run(text: str, **more: object) -> Result | QueryError:
        try:
            return search(archive, folder, Request(text, **more))  # type: ignore[arg-type]
        except QueryError as said:
            assert str(said)
            assert 0 <= said.position <= len(text)
            return said

    return run


def big() -> Iterator[str]:
    """Queries made to hurt."""
    yield from (
        "*",
        "?",
        "***",
        "* AND *",
        '"*"',
        "-*",
        "title:*",
        "NOT *",
        "()",
        '""',
        "",
        " ",
        "-",
        "--tôn",
    )
    yield "a" * MEGABYTE
    yield "tôn " * (MEGABYTE // 4)
    yield "(" * 10_000
    yield "(" * 10_000 + "tôn" + ")" * 10_000
    yield ")" * 10_000
    yield '"' * 10_001
    yield "-" * 10_000 + "tôn"
    yield "NOT " * 10_000 + "tôn"
    yield " OR ".join(["tôn"] * 10_000)
    yield "(" * 9 + "tôn OR " * 50 + "dân" + ")" * 9
    yield "-".join(WORDS[:20] * 10)[:999]
    yield " ".join(f'"{one} {two} {one}"' for one in WORDS[:8] for two in WORDS[:8])[:999]
    yield "date:9999-99-99 from:0000 to:tôn"
    yield "e\u0301" * 499
    yield "\u0301" * 999


def test_queries_made_to_hurt_are_answered(ask) -> None:  # type: ignore[no-untyped-def]
    answers = [ask(text) for text in big()]
    assert sum(isinstance(one, QueryError) for one in answers) > 15
    assert any(isinstance(one, Result) and one.total for one in answers)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.one_of(
        st.lists(st.sampled_from(PIECES), max_size=24).map(" ".join),
        st.lists(st.sampled_from(PIECES), max_size=24).map("".join),
        st.text(max_size=300),
    ),
    sort=st.sampled_from(["relevance", "newest", "oldest"]),
    offset=st.sampled_from([0, 3, 10_000]),
)
def test_any_text_is_answered(ask, text: str, sort: str, offset: int) -> None:  # type: ignore[no-untyped-def]
    answer = ask(text, sort=sort, offset=offset)
    assert isinstance(answer, QueryError | Result)


def test_the_work_of_a_query_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "index"
    index.rebuild(folder, some_documents(300), 1)
    looked: list[int] = []
    among = matching.Run.among

    def counted(run, texts):  # type: ignore[no-untyped-def]
        looked.append(sum(len(text) for text in texts))
        return among(run, texts)

    monkeypatch.setattr(matching.Run, "among", counted)
    monkeypatch.setattr(matching, "AT_ONCE", 10)
    monkeypatch.setattr(matching.Matcher.__init__, "__defaults__", (3_000,))
    opened = index.Index.open(folder)
    hard = " OR ".join(f'"{a} {b} {c}"' for a in WORDS[:6] for b in WORDS[:3] for c in WORDS[:3])
    node = query.parse(hard)
    for engine in (Blocks(opened), Blocks(opened)):  # each query has the whole of it
        looked.clear()
        with pytest.raises(QueryError, match="dò quá nhiều bài"):
            engine.find(node, Request(hard))
        assert 0 < sum(looked) <= 3_000
    assert Blocks(opened).find(query.parse("tôn giáo OR dân tộc"), Request()).total > 0


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_pages_are_not_shifted_by_what_comes_meanwhile(
    archive: Archive, tmp_path: Path, put: Put, sort: str
) -> None:
    folder = tmp_path / "index"
    for number in range(30):
        put(f"Tôn giáo ở Bến Thử kỳ {number}", "Lớp tập huấn.", "Gặp mặt chức sắc.")
    index.sync(archive, folder)

    def page(offset: int, upto: int = 0) -> Result:
        return search(archive, folder, Request("tôn giáo", sort=sort, limit=7, offset=offset, upto=upto))

    first = page(0)
    before = [hit.id for at in range(0, 35, 7) for hit in page(at).hits]
    fresh = [put(f"Tôn giáo, tin thêm {n}", published=FIRST.replace(year=2025 + n)) for n in range(5)]
    index.sync(archive, folder)
    after = [hit.id for at in range(0, 35, 7) for hit in page(at, first.newest).hits]
    assert after == before
    assert page(0, first.newest).total == first.total == 30
    assert {hit.id for at in range(0, 42, 7) for hit in page(at).hits} == {*before, *fresh}
