"""The week's work: collect, tag, index, draft and build every bulletin that is due; safe to run again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from digest import clock
from digest.errors import DigestError, LockedError, StorageError
from digest.jobs import searches as saved
from digest.jobs.collect import CollectReport, collect
from digest.jobs.drafting import draft_and_build
from digest.jobs.edition import EditionReport, failed
from digest.jobs.material import Pool, pool
from digest.jobs.session import Session
from digest.model import Bulletin, Progress, Silent
from digest.storage import runs, taggings
from digest.wording import _


@dataclass(frozen=True, slots=True)
class WeeklyReport:
    """What one weekly run did; `by_topic`: (topic name, new articles) for topics that have any;
    `searches`: (name of a saved search, articles that came since the last report), likewise."""

    week: clock.Period
    collected: CollectReport
    editions: tuple[EditionReport, ...]
    by_topic: tuple[tuple[str, int], ...]
    searches: tuple[tuple[str, int], ...]
    warnings: tuple[str, ...]
    started: datetime
    finished: datetime

    @property
    def partly(self) -> bool:
        """Whether an entry point failed or an edition could not be built."""
        return self.collected.partly or any(edition.failed for edition in self.editions)

    @property
    def changed(self) -> bool:
        """Whether any file of an edition was written."""
        return any(edition.changed for edition in self.editions)

    def json(self) -> dict[str, Any]:
        """The `weekly` shape of the JSON contract."""
        return {
            "week": self.week.name,
            "collected": self.collected.json(),
            "editions": [edition.json() for edition in self.editions],
            "warnings": list(self.warnings),
        }


def weekly(session: Session, week: clock.Period, progress: Progress | None = None) -> WeeklyReport:
    """Does all that is due in `week`, under the workspace lock that the caller holds."""
    progress = progress or Silent()
    started = session.now()
    with session.archive.writing() as conn:
        run_id = runs.start(conn, "weekly", started)
    collected = collect(session, (), progress)
    due = [
        (bulletin, period) for bulletin in session.config.bulletins if (period := due_period(bulletin, week))
    ]
    progress.stage(_("Dựng bản tin"), len(due))
    pools: dict[clock.Period, Pool] = {}
    editions = []
    for bulletin, period in due:
        if period not in pools:
            pools[period] = pool(session, period)
        editions.append(_edition(session, bulletin, period, pools[period]))
        progress.advance(1, bulletin.name)
    news, faults = saved.news(session)
    report = WeeklyReport(
        week=week,
        collected=collected,
        editions=tuple(editions),
        by_topic=_new_by_topic(session, started),
        searches=tuple((one.saved.name, len(one.hits)) for one in news if one.hits),
        warnings=(
            *collected.warnings,
            *(warning for edition in editions for warning in edition.warnings),
            *faults,
        ),
        started=started,
        finished=session.now(),
    )
    kept = {**report.json(), "answered": collected.answered}
    with session.archive.writing() as conn:
        runs.finish(conn, run_id, report.finished, 3 if report.partly else 0, kept)
    saved.told(session, news)
    return report


def _edition(session: Session, bulletin: Bulletin, period: clock.Period, candidates: Pool) -> EditionReport:
    """One bulletin's edition; what stands in its way is told and leaves the others alone."""
    try:
        return draft_and_build(session, bulletin, period, candidates)
    except (LockedError, StorageError):
        raise  # these stop every bulletin, not one
    except DigestError as error:
        return failed(session, f"{bulletin.id}/{period.name}", error)


def due_period(bulletin: Bulletin, week: clock.Period) -> clock.Period | None:
    """What a bulletin is due for in this week: the week, the month that ends in it, or nothing."""
    return clock.month_due(week) if bulletin.cadence == "monthly" else week


def _new_by_topic(session: Session, since: datetime) -> tuple[tuple[str, int], ...]:
    with session.archive.reading() as conn:
        counts = taggings.counts(conn, since=since)
    return tuple((topic.name, counts[topic.id]) for topic in session.config.topics if counts.get(topic.id))
