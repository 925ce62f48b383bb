"""What one page alone depends on, so that other changes of the archive leave it kept."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Connection

from digest import clock
from digest.errors import DigestError
from digest.search.results import Result
from digest.storage import articles, sheet
from digest.web.keeping import Proof
from digest.web.shelf import Shelf


def of_article(here: Shelf, number: int, mark: tuple[int, int]) -> Proof:
    """An article's page: its sheet, whose mark this was when it was read, sources.yaml and the day."""

    def now() -> object:
        rest = id(here.words), clock.day(clock.now())
        return _asked(here, lambda conn: sheet.mark(conn, number)), rest

    return (mark, (id(here.words), clock.day(clock.now()))), now


def of_hits(here: Shelf, standing: object, result: Result) -> Proof | None:
    """A page of results: the articles that it shows and names, and how all else stood before they were sought."""
    shown = {hit.article.id: hit.article.changed for hit in result.hits}
    shown |= {other.id: other.changed for hit in result.hits for other in hit.also_in}
    if not shown:
        return None
    ids = tuple(shown)

    def now() -> object:
        return _asked(here, lambda conn: articles.latest_change(conn, ids)), here.standing()

    return (max(shown.values()), standing), now


def _asked(here: Shelf, read: Callable[[Connection], object]) -> object:
    """What the archive says now; nothing that equals anything while it cannot be asked."""
    try:
        with here.reading() as conn:
            return read(conn)
    except DigestError:
        return object()
