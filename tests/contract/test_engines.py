"""What every search engine promises, whichever it is: the same match sets, date order, one hit a story."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest import query
from digest.errors import QueryError
from digest.search import index
from digest.search.document import Document
from digest.search.engines import Engine
from digest.search.engines.blocks import Blocks
from digest.search.engines.plain import Plain
from digest.search.results import Request
from tests.storage.postgres_server import running

WORDS = [
    "tôn",
    "giáo",
    "tôn",
    "tạo",
    "dân",
    "tộc",
    "dân",
    "tốc",
    "hoà",
    "hòa",
    "giải",
    "giai",
    "Bến",
    "Thử",
    "ben",
    "thu",
    "xã",
    "Hạ",
    "Sơn",
    "hạ",
    "son",
    "lý",
    "lí",
    "35-NQ/TW",
    "đảng",
]
TODAY = date(2026, 11, 24)


def some_documents(count: int, seed: int = 1) -> list[Document]:
    rng = random.Random(seed)

    def text(most: int) -> str:
        return " ".join(rng.choices(WORDS, k=rng.randrange(1, most)))

    made = []
    for id in range(1, count + 1):
        day = None if rng.random() < 0.1 else TODAY - timedelta(days=rng.randrange(40))
        moment = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(5000))
        story = id if rng.random() < 0.8 else rng.randrange(1, id + 1)
        topics = tuple(sorted(rng.sample(["ton-giao", "dan-toc", "hoi-nhap"], rng.randrange(3))))
        outlet = rng.choice(["Báo Bến Thử", "Đài Hạ Sơn"])
        made.append(
            Document(
                id, story, text(6), text(8), tuple(text(12) for _ in range(3)), outlet, topics, day, moment
            )
        )
    return made


DOCUMENTS = some_documents(60)


@contextmanager
def in_postgres() -> Iterator[Engine]:
    from digest.search.engines import postgres_filling as filling
    from digest.search.engines import postgres_tables as tables
    from digest.search.engines.postgres import Postgres
    from digest.storage.engine import Archive

    with running() as server, closing(Archive.open(server.new())) as archive:
        with archive.writing() as conn:
            tables.make(conn)
            filling.put(conn, some_documents(30, seed=9), (), 1)
        with archive.writing() as conn:
            filling.put(conn, DOCUMENTS[:40], range(1, 31), 2)
            filling.put(conn, DOCUMENTS[40:], (), 3)
        yield Postgres(archive)


@pytest.fixture(scope="module", params=["whoosh", "whoosh-plain", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if request.param == "postgresql":
        with in_postgres() as found:
            yield found
        return
    folder: Path = tmp_path_factory.mktemp("index")
    index.rebuild(folder, some_documents(30, seed=9), 1)  # other texts under the same ids, replaced next
    index.update(folder, DOCUMENTS[:40], range(1, 31), 2)
    index.update(folder, DOCUMENTS[40:], (), 3)
    opened = index.Index.open(folder)
    yield Blocks(opened) if request.param == "whoosh" else Plain(opened, folder / opened.name)


def expected(text: str) -> set[int]:
    node = query.parse(text)
    return {one.id for one in DOCUMENTS if query.matches(node, one.doc())}


def whole(engine: Engine, text: str, **more: object) -> set[int]:
    """All articles that match, the other ones of their stories among them."""
    found = engine.find(query.parse(text), Request(text, limit=500, **more))  # type: ignore[arg-type]
    shown = [one.article for one in found.ranked if one.whole]
    assert len(shown) == len(set(shown))
    return set(shown)


def heads(ids: set[int]) -> set[int]:
    return {one.story for one in DOCUMENTS if one.id in ids}


QUERIES = [
    "tôn giáo", "ton giao", '"tôn giáo"', '"ton giao"', '"tôn tạo" OR "dân tộc"', "hòa giải", '"hoà giải"',
    '"hoa giai"', "35-NQ/TW", "lý", "tôn -giáo", "NOT tôn", "topic:ton-giao", "topic:ton-giao -topic:dan-toc",
    "outlet:hạsơn", 'outlet:"ha son"', "from:2026-11-10 to:2026-11-20", "title:tôn", 'title:"bến thử"',
    "(tôn OR dân) AND (giáo OR tộc)", '"bến thử xã"', '"ben thu xa ha"', "đảng tôn giáo dân tộc hoà", "xyzxyz",
]  # fmt: skip


@pytest.mark.parametrize("text", QUERIES)
def test_match_sets_are_those_of_the_query_language(engine: Engine, text: str) -> None:
    wanted = expected(text)
    assert heads(whole(engine, text)) == heads(wanted)
    found = engine.find(query.parse(text), Request(text, limit=500))
    if wanted:
        assert found.total == len(wanted)
        assert found.stories == len(heads(wanted))


pieces = st.sampled_from(WORDS)
phrases = st.lists(pieces, min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"')
terms = st.one_of(
    pieces, phrases, pieces.map(lambda w: f"title:{w}"), st.sampled_from(["topic:dan-toc", "from:2026-11-05"])
)
queries = st.recursive(
    terms,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]} AND {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} OR {two[1]})"),
        inner.map(lambda one: f"NOT {one}"),
    ),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=queries)
def test_any_query_matches_what_its_meaning_says(engine: Engine, text: str) -> None:
    wanted = expected(text)
    found = engine.find(query.parse(text), Request(text, limit=500))
    if wanted:
        assert found.total == len(wanted)
    assert heads({one.article for one in found.ranked if one.whole}) == heads(wanted)


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_order_by_date_is_the_same_everywhere(engine: Engine, sort: str) -> None:
    matching = [one for one in DOCUMENTS if one.id in expected('"tôn giáo"')]
    sign = -1 if sort == "newest" else 1
    ordered = sorted(matching, key=lambda one: (sign * (int(one.moment.timestamp()) // 60), -one.id))
    stories = list(dict.fromkeys(one.story for one in ordered))
    found = engine.find(query.parse('"tôn giáo"'), Request('"tôn giáo"', sort=sort, limit=500))
    assert [one.story for one in found.ranked] == stories


@pytest.mark.parametrize("sort", ["relevance", "newest"])
def test_pages_neither_overlap_nor_leave_out(engine: Engine, sort: str) -> None:
    node = query.parse("tôn")
    all_at_once = [one.article for one in engine.find(node, Request("tôn", sort=sort, limit=500)).ranked]
    paged = [
        one.article
        for offset in range(0, 70, 7)
        for one in engine.find(node, Request("tôn", sort=sort, limit=7, offset=offset)).ranked
    ]
    assert paged == all_at_once


def test_filters_of_a_request(engine: Engine) -> None:
    request = Request(
        topics=("ton-giao", "hoi-nhap"), outlets=("Đài Hạ Sơn",), first=date(2026, 11, 1), limit=500
    )
    wanted = {
        one.id
        for one in DOCUMENTS
        if set(one.topics) & {"ton-giao", "hoi-nhap"}
        and one.outlet == "Đài Hạ Sơn"
        and one.day
        and one.day >= date(2026, 11, 1)
    }
    found = engine.find(None, request)
    assert found.total == len(wanted) > 0
    assert heads({one.article for one in found.ranked}) == heads(wanted)


def test_facets_count_all_that_matched(engine: Engine) -> None:
    wanted = [one for one in DOCUMENTS if one.id in expected("tôn")]
    facets = engine.find(query.parse("tôn"), Request("tôn", limit=1)).facets()
    assert dict(facets.outlets) == {
        name: sum(one.outlet == name for one in wanted) for name in {one.outlet for one in wanted}
    }
    assert dict(facets.topics) == {
        topic: sum(topic in one.topics for one in wanted) for one in wanted for topic in one.topics
    }
    assert sum(count for _month, count in facets.months) == sum(one.day is not None for one in wanted)


def test_what_agrees_in_accents_never_stands_below_what_does_not(engine: Engine) -> None:
    ranked = engine.find(query.parse("tôn tạo"), Request("tôn tạo", limit=1)).ranked
    text = next(one for one in DOCUMENTS if one.id == ranked[0].article)
    exactly = query.matches(query.parse('"tôn tạo"'), text.doc())
    assert exactly or engine.name == "whoosh-plain"  # which compares no accents in ranking


def test_every_query_that_parses_is_answered(engine: Engine) -> None:
    for text in ["-tôn", "a", "đ", "…a…", "title:35-NQ/TW", "NOT (tôn OR NOT giáo)", "1 2 3 4 5", "AND OR"]:
        try:
            node = query.parse(text, query.READER)
        except QueryError:
            continue
        assert engine.find(node, Request(text)).total >= 0
