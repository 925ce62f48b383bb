"""Reading kept pages again after extraction has become better."""

from __future__ import annotations

from collections.abc import Sequence

from digest.collect import reextract as reading
from digest.collect.reextract import Reextracted
from digest.jobs.index import bring_up
from digest.jobs.session import Session
from digest.model import Progress


def reextract(session: Session, ids: Sequence[str], progress: Progress) -> Reextracted:
    """What reads better becomes a revision; stories, topics and index follow."""
    sources = [session.source(name) for name in ids]
    done = reading.reextract(session.archive, session.config, sources=sources, progress=progress)
    bring_up(session, progress)
    return done
