"""An archive in PostgreSQL is searched there: same answers, same commands, nothing else to be set."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

import pytest

from digest import query
from digest.errors import QueryError, SearchError
from digest.jobs import article as article_job
from digest.jobs import index as index_job
from digest.jobs import search as search_job
from digest.jobs import searches, topics
from digest.jobs.session import Session, opened
from digest.model import Content
from digest.search import find, index, serving
from digest.search.engines import postgres, postgres_tables
from digest.search.engines.postgres import Postgres
from digest.search.find import Request
from digest.search.snippets import Seeker
from digest.storage import articles, taggings
from digest.storage.engine import Archive
from digest.workspace import Workspace
from tests.storage.postgres_server import running

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SOURCES = """format: 1
site: {name: Bản tin Bến Thử, url: https://bantin.example.vn}
sources: []
topics: [{id: ton-giao, name: Tôn giáo, query: '"tôn giáo"', min_score: 0}]
bulletins: []
centers: []
"""
HEADS = [
    "b",
    "c",
    "ch",
    "d",
    "đ",
    "g",
    "h",
    "kh",
    "l",
    "m",
    "n",
    "nh",
    "ph",
    "qu",
    "s",
    "t",
    "th",
    "tr",
    "v",
    "x",
]
TAILS = [
    "a",
    "á",
    "à",
    "ả",
    "an",
    "án",
    "ang",
    "ao",
    "ân",
    "ất",
    "ê",
    "ên",
    "ết",
    "i",
    "inh",
    "o",
    "oan",
    "ôn",
    "ông",
    "ương",
]
SYLLABLES = [head + tail for head in HEADS for tail in TAILS]


@pytest.fixture(scope="module")
def server() -> Iterator[object]:
    with running() as made:
        yield made


@pytest.fixture
def session(server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("DIGEST_DATABASE_URL", server.new())
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    with opened(Workspace(tmp_path), now=lambda: NOW) as made:
        yield made


def put(archive: Archive, number: int, title: str, lead: str = "", *body: str) -> int:
    content = Content(title, "", lead, body, published=NOW - timedelta(hours=number))
    with archive.writing() as conn:
        url = f"https://bao.example.vn/{number}.html"
        return articles.save(conn, url=url, source="s", outlet="Báo Bến Thử", content=content, fetched=NOW).id


def ids(session: Session, text: str, **more: object) -> list[int]:
    asked = search_job.Asked(text, **more)  # type: ignore[arg-type]
    return [hit.id for hit in search_job.search(session, asked).hits if hit.whole]


def test_the_commands_search_where_the_archive_is(session: Session) -> None:
    with pytest.raises(SearchError):
        ids(session, "tôn giáo")
    one = put(session.archive, 1, "Công tác tôn giáo ở Bến Thử", "Gặp mặt chức sắc.")
    two = put(session.archive, 2, "Gieo cấy vụ đông", "Nông dân ra đồng, theo Nghị quyết 35-NQ/TW.")
    index_job.bring_up(session)
    assert not session.workspace.index_dir.exists()
    found = search_job.search(session, search_job.Asked("ton giao"))
    assert ([hit.id for hit in found.hits], found.engine) == ([one], "postgresql")
    assert found.facets.topics == (("ton-giao", 1),)
    assert ids(session, "35-NQ/TW") == [two]
    assert ids(session, "topic:ton-giao") == [one]
    for typed, understood in (("toon giaos", "tôn giáo"), ("35NQ/TW", "35-NQ/TW")):
        assert search_job.search(session, search_job.Asked(typed)).understood == understood
    with pytest.raises(QueryError):
        ids(session, '"tôn')
    state = serving.state(session.archive, session.workspace.index_dir)
    assert (state.ok, state.articles) == (True, 2)


LONG = "cán bộ xã Bến Thử gặp mặt chức sắc nhân ngày hội lúa mới"


def test_of_more_than_are_ranked_the_likeliest_are_though_they_are_the_oldest(session: Session) -> None:
    words = LONG.split()
    first = put(session.archive, 500, " ".join(reversed(words)), "Ngắn.")
    second = put(session.archive, 501, "Chuyện khác", "Ngắn.", "Mùa đông ấm. " + "Hoa đào nở. " * 3)
    word_by_word = put(session.archive, 502, "Chuyện nữa", "Ngắn.", f"Hôm qua, {LONG}, trời lại mưa.")
    for number in range(postgres.BEST + 20):  # every word in a paragraph of its own, and so much else
        paragraphs = (f"{word} số {number} hoa đào " + "chuyện đồng áng " * 9 for word in words)
        put(session.archive, number, f"Tin {number}", "", *paragraphs)
    index_job.bring_up(session)
    assert set(ids(session, LONG)[:2]) == {word_by_word, first}
    assert ids(session, '"mùa đông ấm" OR lúa')[0] == second


def test_corrections_takedowns_and_a_new_beginning(session: Session) -> None:
    put(session.archive, 1, "Tin về cầu Sông Vân")
    index_job.bring_up(session)
    fixed = put(session.archive, 1, "Tin về phà Sông Vân")
    index_job.bring_up(session)
    assert (ids(session, "cầu"), ids(session, "phà")) == ([], [fixed])
    with session.archive.writing() as conn:
        articles.mark(conn, fixed, "takedown", "thử", NOW)
    assert ids(session, "phà") == []
    index_job.bring_up(session)
    assert serving.state(session.archive, session.workspace.index_dir).articles == 0
    with session.archive.writing() as conn:
        articles.mark(conn, fixed, "live", "", NOW)
    assert index_job.reindex(session).articles == 1
    assert ids(session, "phà") == [fixed]


def test_saved_searches_likeness_and_proposals_there_too(session: Session) -> None:
    one = put(session.archive, 1, "Nạo vét kênh thuỷ lợi ở Hạ Sơn", "Kênh thuỷ lợi nội đồng được nạo vét.")
    two = put(session.archive, 2, "Vũng Quý nạo vét kênh thuỷ lợi nội đồng", "Dân công góp nghìn ngày công.")
    for number in range(3, 40):
        put(session.archive, number, f"Lễ hội cầu ngư lần {number}", "Thuyền rồng rộn rã ba ngày hội.")
    index_job.bring_up(session)
    assert [hit.id for hit in article_job.like(session, one)] == [two]
    searches.keep(session, "Kênh", search_job.Asked("thuỷ lợi"))
    three = put(session.archive, 50, "Mương thuỷ lợi Đồng Mẫu")
    with session.archive.writing() as conn:
        for article in (one, two):
            taggings.set_editor(conn, article, "ton-giao", True, "lan", NOW)
    index_job.bring_up(session)
    (news,), _faults = searches.news(session)
    assert [hit.id for hit in news.hits] == [three]
    assert "nạo vét" in {p.term for p in topics.propose(session)}


@pytest.fixture(scope="module")
def both(server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, Path, list[str]]]:  # type: ignore[no-untyped-def]
    """One archive of 400 articles in words as unevenly frequent as a language's, under both engines; queries."""
    rng = random.Random(5)
    words = rng.sample(SYLLABLES, 350)
    weights = list(accumulate(1 / rank for rank in range(1, 351)))

    def text(count: int) -> str:
        return " ".join(rng.choices(words, cum_weights=weights, k=count))

    archive = Archive.open(server.new())
    asked: list[str] = []
    for number in range(400):
        title, lead, body = text(8), text(25), [text(60), text(60)]
        put(archive, number, title, lead, *body)
        if number % 4 == 0:
            source = rng.choice([title, lead, body[0]]).split()
            at, size = rng.randrange(len(source) - 5), rng.randrange(2, 6)
            asked.append(" ".join(source[at : at + size]))
    folder = tmp_path_factory.mktemp("both") / "index"
    index.sync(archive, folder)
    serving.sync(archive, folder)
    yield archive, folder, asked
    archive.close()


def test_both_engines_find_the_same_in_the_same_order_of_days(both) -> None:  # type: ignore[no-untyped-def]
    archive, folder, asked = both
    for text in [
        *asked[:40],
        *(f'"{one}"' for one in asked[40:60]),
        *(f"title:{one}" for one in asked[60:80]),
    ]:
        request = Request(text, sort="newest", limit=30)
        one, two = (find.search(archive, folder, request, engine=name) for name in ("whoosh", "postgresql"))
        assert [(hit.id, hit.whole) for hit in one.hits if hit.whole] == [
            (hit.id, hit.whole) for hit in two.hits if hit.whole
        ]
        if one.hits and one.hits[0].whole:
            assert (one.total, one.stories, one.facets) == (two.total, two.stories, two.facets)


def test_the_best_ten_of_both_engines_overlap(both) -> None:  # type: ignore[no-untyped-def]
    archive, folder, asked = both
    shares = []
    for text in asked:
        one, two = (
            {hit.id for hit in find.search(archive, folder, Request(text, facets=False), engine=name).hits}
            for name in ("whoosh", "postgresql")
        )
        shares.append(len(one & two) / max(len(one), len(two), 1))
    assert len(shares) == 100
    assert sum(shares) / len(shares) >= 0.6
    first = [
        [find.search(archive, folder, Request(text), engine=name).hits[0].id for text in asked]
        for name in ("whoosh", "postgresql")
    ]
    assert sum(a == b for a, b in zip(*first, strict=True)) >= 80


def test_snippets_and_counts_come_from_the_archive_itself(both) -> None:  # type: ignore[no-untyped-def]
    archive, _folder, asked = both
    found = Postgres(archive).find(query.parse(asked[0]), Request(asked[0]))
    hits = find.hits(archive, found.ranked, Seeker(query.parse(asked[0])), show={})
    assert all(hit.snippet.text for hit in hits)
    counts = postgres_tables.Counts(archive)
    assert counts.articles == 400
    assert all(counts.counts("exact", asked[0].split()))
