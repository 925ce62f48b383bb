"""Collecting: the entry points asked, new articles archived, then stories, topics and index brought up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from digest.collect import run as collecting
from digest.errors import UsageError
from digest.jobs.index import bring_up
from digest.jobs.session import Session
from digest.model import Failure, Progress, Silent, Source
from digest.storage import runs
from digest.wording import _


@dataclass(frozen=True, slots=True)
class CollectReport:
    """What one run of collecting brought; `sources` is how many entry points were asked."""

    sources: int
    new: int
    updated: int
    unchanged: int
    failed: tuple[Failure, ...]
    warnings: tuple[str, ...] = ()

    @property
    def partly(self) -> bool:
        """Whether an entry point failed (one page's failure alone does not count)."""
        return any(not failure.page for failure in self.failed)

    @property
    def answered(self) -> bool:
        """Whether any entry point answered, or none was asked."""
        broken = {failure.source for failure in self.failed if not failure.page}
        return not self.sources or len(broken) < self.sources

    def json(self) -> dict[str, Any]:
        """The `collected` part of the JSON contract."""
        failed = [{"source": f.source, "url": f.url, "reason": f.reason} for f in self.failed]
        return {"new": self.new, "updated": self.updated, "unchanged": self.unchanged, "failed": failed}


def collect(session: Session, ids: Sequence[str] = (), progress: Progress | None = None) -> CollectReport:
    """Asks the enabled sources, or those named; UsageError for a name that no source has."""
    progress = progress or Silent()
    chosen = _chosen(session, ids)
    with session.archive.writing() as conn:
        run_id = runs.start(conn, "collect", session.now())
    collected = collecting.collect(
        session.archive, session.config, sources=chosen, now=session.now, progress=progress
    )
    bring_up(session, progress)
    report = CollectReport(
        sources=len(chosen),
        new=collected.new,
        updated=collected.updated,
        unchanged=collected.unchanged,
        failed=collected.failed,
        warnings=collected.warnings,
    )
    with session.archive.writing() as conn:
        runs.finish(conn, run_id, session.now(), 3 if report.partly else 0, report.json())
    return report


def _chosen(session: Session, ids: Sequence[str]) -> tuple[Source, ...]:
    if ids:
        return tuple(session.source(name) for name in dict.fromkeys(ids))
    enabled = tuple(source for source in session.config.sources if source.enabled)
    if session.config.sources and not enabled:
        raise UsageError(
            _("Mọi nguồn đều đang tắt"), "sources.yaml", _("Đổi enabled: false thành true ở nguồn cần lấy")
        )
    return enabled
