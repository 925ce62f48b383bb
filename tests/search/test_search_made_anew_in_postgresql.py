"""The tables in PostgreSQL made anew beside those in use: readers see one or the other, a kill loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from digest import query
from digest.model import Content
from digest.search import analysis, serving
from digest.search.document import Document
from digest.search.engines import postgres_filling, postgres_sync, postgres_tables
from digest.search.engines.postgres import Postgres
from digest.search.engines.postgres_terms import LEVELS, Vocabulary, number, numbered
from digest.search.results import Request
from digest.storage import articles
from digest.storage.engine import Archive
from tests.storage.postgres_server import Server, running

NOW = datetime(2026, 11, 24, tzinfo=UTC)


class Killed(Exception):
    """Stands for the end of the process."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as made:
        yield made


@pytest.fixture
def archive(server: Server) -> Iterator[Archive]:
    made = Archive.open(server.new())
    for number_ in range(40):
        put(made, number_, f"Tin số {number_} về kênh thuỷ lợi", "Nạo vét kênh." * (number_ % 3))
    yield made
    made.close()


def put(archive: Archive, place: int, title: str, lead: str = "") -> int:
    content = Content(title, "", lead, ("Nông dân ra đồng.",), published=NOW - timedelta(hours=place))
    with archive.writing() as conn:
        url = f"https://bao.example.vn/{place}.html"
        return articles.save(conn, url=url, source="s", outlet="Báo", content=content, fetched=NOW).id


def total(archive: Archive, text: str) -> int:
    return Postgres(archive).find(query.parse(text), Request(text)).total


def counts_of(archive: Archive) -> dict[int, int]:
    """The counts as they stand; they must be those of the texts."""
    with archive.reading() as conn:
        tables = postgres_tables
        tables.at(conn)
        kept = {row.term: row.articles for row in conn.execute(sa.select(tables.counts)) if row.articles}
        both = sa.func.unnest(tables.texts.c.terms.op("||")(tables.texts.c.accented)).label("term")
        true = conn.execute(sa.select(both, sa.func.count()).group_by("term")).all()
    assert kept == {row[0]: row[1] for row in true}
    return kept


def generations(archive: Archive) -> int:
    with archive.reading() as conn:
        named = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'digest_search\\_%'"
        return int(conn.execute(sa.text(named)).scalar_one())


def test_readers_have_the_old_tables_until_the_new_ones_are_whole(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres_sync.sync(archive)
    put(archive, 50, "Kênh mới")
    seen = []
    indexing = postgres_filling.index

    def looked_at(conn: sa.Connection, group: tuple[sa.Index, ...]) -> None:
        seen.append(total(archive, "kênh"))
        indexing(conn, group)

    monkeypatch.setattr(postgres_filling, "index", looked_at)
    with archive.reading() as before:
        old = postgres_tables.size(postgres_tables.at(before))
        assert postgres_sync.sync(archive, anew=True) == 41
        assert postgres_tables.size(postgres_tables.at(before)) == old == 40  # its own moment, to the end
    assert set(seen) == {40}
    assert total(archive, "kênh") == 41
    assert generations(archive) == 2
    assert postgres_sync.sync(archive) == 0
    assert generations(archive) == 1


@pytest.mark.parametrize("where", ["fill", "index", "measure", "use"])
def test_a_making_anew_that_was_killed_is_gone_on_with(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    postgres_sync.sync(archive)
    clean = counts_of(archive)
    monkeypatch.setattr(postgres_sync, "BATCH", 5)
    monkeypatch.setattr(postgres_sync, "KEPT", 2)
    room = postgres_tables if where == "use" else postgres_filling
    whole = getattr(room, where)
    turns = 0

    def until_killed(*args: object) -> object:
        nonlocal turns
        turns += 1
        if turns > (3 if where == "fill" else 0):
            raise Killed
        return whole(*args)

    with monkeypatch.context() as here:
        here.setattr(room, where, until_killed)
        with pytest.raises(Killed):
            postgres_sync.sync(archive, anew=True)
    assert total(archive, "kênh") == 40
    changed = put(archive, 3, "Tin đính chính về mương")  # was in the part that is done
    put(archive, 60, "Kênh mới")
    assert postgres_sync.sync(archive) == (32 if where == "fill" else 2)
    assert (total(archive, "kênh"), total(archive, "mương")) == (40, 1)
    with archive.reading() as conn:
        assert postgres_tables.row(conn, changed).exact.startswith(" tin  đính  chính ")  # type: ignore[union-attr]
    assert counts_of(archive) != clean
    assert postgres_sync.sync(archive) == 0
    assert generations(archive) == 1


def test_mostly_out_of_date_is_made_anew_and_little_is_put_in(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    postgres_sync.sync(archive)
    monkeypatch.setattr(postgres_sync, "MOST_CHANGED", 10)
    for place in range(15):
        put(archive, place, f"Tin số {place} về mương")
    assert postgres_sync.sync(archive) == 15
    assert (generations(archive), total(archive, "mương")) == (1, 15)
    for place in range(40):
        put(archive, place, f"Tin số {place} về kênh đào")
    assert postgres_sync.sync(archive) == 40
    assert (generations(archive), total(archive, "mương"), total(archive, "đào")) == (2, 0, 40)
    counts_of(archive)
    assert serving.state(archive, tmp_path).articles == 40


def test_tables_of_an_older_layout_give_way(archive: Archive) -> None:
    with archive.writing() as conn:
        conn.execute(sa.text("CREATE SCHEMA digest_search"))
        conn.execute(sa.text("CREATE TABLE digest_search.stamp (analysis int, seq bigint)"))
    with archive.reading() as conn:
        assert postgres_tables.present(conn) is None
    assert postgres_sync.sync(archive) == 40
    assert total(archive, "kênh") == 40


# --- terms as numbers ---------------------------------------------------------------------------

words = st.sampled_from(["tôn", "giáo", "Hòa", "lý", "_ly", "hoà", "ΑΣ", "35-NQ/TW", "đảng", "y\u0301", "a"])
lines = st.one_of(st.lists(words, max_size=8).map(" ".join), st.text(max_size=20))


@given(text=lines)
def test_tokens_are_those_of_the_analysis(text: str) -> None:
    found = Vocabulary().tokens(text)
    assert [one.exact for one in found] == analysis.exact(text)
    assert [one.folded for one in found] == analysis.folded(text)


@given(title=lines, lead=lines, body=st.lists(lines, max_size=3))
def test_a_document_has_the_numbers_that_queries_ask_for(title: str, lead: str, body: list[str]) -> None:
    one = Document(1, 1, title, lead, tuple(body), "Báo", (), None, NOW)
    made = numbered(one, Vocabulary())
    fields = [analysis.exact(text) for text in (title, lead, *body)]
    exact = {term for run in fields for term in (*run, *(f"{a} {b}" for a, b in pairwise(run)))}
    folded = [analysis.folded(text) for text in (title, lead, *body)]
    plain = {term for run in folded for term in (*run, *(f"{a} {b}" for a, b in pairwise(run)))}
    assert sorted(made.terms.tolist()) == sorted(map(number, plain))
    assert sorted(made.accented.tolist()) == sorted(number(f"={term}") for term in exact)
    heavier = set(made.heavier.tolist())
    assert {number(f"^{token}") for token in folded[0]} <= heavier
    levels = range(1, 1 + len(LEVELS))
    assert heavier <= {number(f"^{token}") for token in folded[0]} | {
        number(f"{term}~{level}") for term in plain for level in levels
    }
    assert made.exact.split("\n") == ["".join(f" {token} " for token in run) for run in fields]
