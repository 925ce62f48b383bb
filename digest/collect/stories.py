"""Stories: reprints and other reports of one event joined; only with articles of about the same time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from digest.collect import retelling, sketch
from digest.model import Article
from digest.storage import articles, stories
from digest.storage.engine import Archive, chunks

# Two reports of one thing appear within this time.
APART = timedelta(days=21)
# Estimated likeness from which texts are compared exactly; then what makes them one story: so much in common,
# and nearly all of the shorter within the longer (an update of a running story adds and changes more).
LOOK, COMMON, WITHIN = 0.33, 0.42, 0.92
BATCH = 500


def group(archive: Archive, article_ids: Sequence[int]) -> int:
    """Sketches these articles and joins each with those of about its time that report the same; how many were joined.

    Which articles form a story does not depend on the order in which they come.
    """
    joined = 0
    with archive.reading() as conn:
        ordered = stories.by_date(conn, article_ids)
    for some in chunks(ordered, BATCH):
        with archive.reading() as conn:
            fresh = list(articles.get_many(conn, some).values())
            told = [pair for run in _by_time(fresh) for pair in _retold(conn, run)]
        with archive.writing() as conn:
            joined += _group(conn, fresh)
            for one, other in told:
                stories.join(conn, other, one)
            joined += len(told)
    return joined


def _by_time(fresh: Sequence[Article]) -> list[list[Article]]:
    """Articles of known date in runs without a gap, so that none is compared with whole years."""
    dated = sorted(
        (a for a in fresh if a.content.published and a.state == "live"), key=lambda a: (_dated(a), a.id)
    )
    runs: list[list[Article]] = []
    for article in dated:
        if runs and _dated(article) - _dated(runs[-1][-1]) <= retelling.WITHIN:
            runs[-1].append(article)
        else:
            runs.append([article])
    return runs


def _retold(conn: Connection, fresh: Sequence[Article]) -> list[tuple[int, int]]:
    first, last = _dated(fresh[0]) - retelling.WITHIN, _dated(fresh[-1]) + retelling.WITHIN
    return retelling.pairs({article.id for article in fresh}, stories.headlines(conn, first, last))


def _group(conn: Connection, fresh: Sequence[Article]) -> int:
    texts = {article.id: sketch.shingles(article.content) for article in fresh}
    made = sketch.sketches([texts[article.id] for article in fresh])
    for article in fresh:
        if article.story != article.id or article.revision.number > 1:
            stories.leave(conn, article.id)  # its words changed: where it belongs is found anew
    stories.save_signatures(conn, {one.id: signature for one, signature in zip(fresh, made, strict=True)})
    live = {article.id: one for article, one in zip(fresh, made, strict=True) if article.state == "live"}
    met = _near(conn, fresh, live)
    shelf = _Shelf(conn, {article.id: article for article in fresh}, texts)
    same = [(id, other) for id, others in met.items() for other in others if shelf.one_story(id, other)]
    for id, other in same:
        stories.join(conn, max(id, other), min(id, other))
    return len(same)


def _near(conn: Connection, fresh: Sequence[Article], live: dict[int, bytes]) -> dict[int, list[int]]:
    """For each live fresh article, those of about its time that may be reprints, each pair named once."""
    dates = [_dated(article) for article in fresh]
    mine = {article.id for article in fresh}
    about = stories.signatures(conn, min(dates) - APART, max(dates) + APART)
    known = {id: signature for id, signature in about if id not in mine}
    ids = [*known, *live]
    found = sketch.near(list(live.values()), list(known.values()), LOOK)
    return {id: [ids[place] for place in places] for id, places in zip(live, found, strict=True)}


def _dated(article: Article) -> datetime:
    return article.content.published or article.collected


class _Shelf:
    """Articles and their shingles, read when they are first compared."""

    def __init__(self, conn: Connection, known: dict[int, Article], texts: dict[int, set[str]]) -> None:
        self._conn, self._known, self._texts = conn, known, texts

    def one_story(self, one: int, other: int) -> bool:
        """Whether two articles report the same thing in mostly the same words."""
        first, second = self._article(one), self._article(other)
        if abs(_dated(first) - _dated(second)) > APART:
            return False
        common, within = sketch.overlap(self._shingles(one), self._shingles(other))
        return common >= COMMON and within >= WITHIN

    def _article(self, id: int) -> Article:
        if id not in self._known:
            self._known |= articles.get_many(self._conn, [id])
        return self._known[id]

    def _shingles(self, id: int) -> set[str]:
        if id not in self._texts:
            self._texts[id] = sketch.shingles(self._article(id).content)
        return self._texts[id]
