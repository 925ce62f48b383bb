"""Raw pages, compressed, so that a better extraction can be had of them later."""

from __future__ import annotations

import zlib

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from digest.storage.schema import pages as p

MOST = 64_000_000  # bytes; nothing larger was ever fetched, so nothing larger is unpacked


def save(conn: Connection, article_id: int, revision: int, html: bytes) -> None:
    """Keeps the page that a revision was made of, in place of an earlier one."""
    here = (p.c.article == article_id) & (p.c.revision == revision)
    conn.execute(sa.delete(p).where(here))
    packed = zlib.compress(html, 6)
    conn.execute(sa.insert(p).values(article=article_id, revision=revision, size=len(html), html=packed))


def get(conn: Connection, article_id: int, revision: int) -> bytes | None:
    """The page of a revision, if it was kept."""
    here = (p.c.article == article_id) & (p.c.revision == revision)
    packed = conn.execute(sa.select(p.c.html).where(here)).scalar()
    return None if packed is None else zlib.decompressobj().decompress(packed, MOST)
