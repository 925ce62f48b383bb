"""Now, weeks, months and periods, all cut in Việt Nam's one time zone; handed in, never read deep inside."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from digest.errors import UsageError
from digest.wording import _

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present instant in UTC; `DIGEST_NOW` (ISO 8601) sets it for rehearsals and tests."""
    fixed = os.environ.get("DIGEST_NOW")
    if not fixed:
        return datetime.now(UTC)
    given = datetime.fromisoformat(fixed)
    return (given if given.tzinfo else given.replace(tzinfo=ZONE)).astimezone(UTC)


def local(instant: datetime) -> datetime:
    """The same instant as clocks in Việt Nam show it."""
    return instant.astimezone(ZONE)


def day(instant: datetime) -> date:
    """The calendar day of an instant in Việt Nam."""
    return local(instant).date()


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `first` to `last`, both included; `name` as in edition ids."""

    first: date
    last: date
    name: str

    @property
    def start(self) -> datetime:
        """The first instant, UTC."""
        return datetime.combine(self.first, time.min, ZONE).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The first instant after it, UTC."""
        return datetime.combine(self.last + timedelta(days=1), time.min, ZONE).astimezone(UTC)

    def __str__(self) -> str:
        return f"{self.first.isoformat()}/{self.last.isoformat()}"


def week(name: str) -> Period:
    """The ISO week "2026-W47" as a period; UsageError if it is no such week."""
    found = re.fullmatch(r"(\d{4})-W(\d{2})", name)
    try:
        if not found:
            raise ValueError(name)
        first = date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        raise UsageError(
            _("“{name}” không phải một tuần", name=name),
            fix=_("Viết như 2026-W47: năm, -W, hai chữ số của tuần"),
        ) from None
    return Period(first, first + timedelta(days=6), name)


def week_of(when: date) -> Period:
    """The ISO week that holds a day."""
    year, number, _weekday = when.isocalendar()
    return week(f"{year}-W{number:02d}")


def working_week(instant: datetime) -> Period:
    """The week that `weekly` means: the current one from Thursday on, the one before until then."""
    today = day(instant)
    return week_of(today if today.isoweekday() >= 4 else today - timedelta(days=7))


def month(name: str) -> Period:
    """The month "2026-11" as a period; UsageError if it is none."""
    try:
        if not re.fullmatch(r"\d{4}-\d{2}", name):
            raise ValueError(name)
        first = date.fromisoformat(f"{name}-01")
    except ValueError:
        raise UsageError(_("“{name}” không phải một tháng", name=name), fix=_("Viết như 2026-11")) from None
    return Period(first, _month_end(first), name)


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def month_due(in_week: Period) -> Period | None:
    """The month whose last day lies in this week, or None (monthly bulletins are due then)."""
    for first in {in_week.first.replace(day=1), in_week.last.replace(day=1)}:
        if in_week.first <= _month_end(first) <= in_week.last:
            return month(f"{first:%Y-%m}")
    return None


def days(first: date, last: date) -> Period:
    """Any span of days, named as dossiers name it: 2026-11-01_2026-11-30."""
    if last < first:
        raise UsageError(
            _("Ngày cuối {last} đứng trước ngày đầu {first}", last=last, first=first),
            fix=_("Đổi chỗ hai ngày"),
        )
    return Period(first, last, f"{first.isoformat()}_{last.isoformat()}")


def period(name: str) -> Period:
    """A period by its name in an edition id: a week, a month or a span of days."""
    if "W" in name:
        return week(name)
    if "_" not in name:
        return month(name)
    first, _sep, last = name.partition("_")
    return days(iso_day(first), iso_day(last))


def iso_day(text: str) -> date:
    """A day written 2026-11-24 or 24/11/2026; UsageError otherwise."""
    vietnamese = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text.strip())
    try:
        if vietnamese:
            return date(int(vietnamese[3]), int(vietnamese[2]), int(vietnamese[1]))
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            _("“{text}” không phải một ngày", text=text), fix=_("Viết như 2026-11-24 hay 24/11/2026")
        ) from None
