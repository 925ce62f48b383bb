"""How numbers, days, sizes and addresses are shown on pages; the filters of templates."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlsplit

from digest import clock
from digest.wording import _, spoken

MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def number(count: int) -> str:
    """1.234 in Vietnamese, 1,234 in English."""
    grouped = f"{count:,}"
    return grouped if spoken() == "en" else grouped.replace(",", ".")


def as_day(when: date | datetime) -> date:
    """The calendar day in Việt Nam of an instant; a day is itself."""
    return clock.day(when) if isinstance(when, datetime) else when


def short_day(when: date | datetime) -> str:
    """19/11/2026, or 19 Nov 2026."""
    day = as_day(when)
    if spoken() == "en":
        return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"
    return f"{day:%d/%m/%Y}"


def day_and_month(when: date | datetime) -> str:
    """19/11, or 19 Nov: where the year is plain from the place."""
    day = as_day(when)
    return f"{day.day} {MONTHS_EN[day.month - 1]}" if spoken() == "en" else f"{day:%d/%m}"


def span(first: date, last: date) -> str:
    """16/11 – 22/11/2026: days of a period, the first year left out when it is the same."""
    head = day_and_month(first) if first.year == last.year else short_day(first)
    return f"{head} – {short_day(last)}"


def clock_time(when: datetime) -> str:
    """10:47 19/11/2026 in Việt Nam."""
    local = clock.local(when)
    return f"{local:%H:%M} {short_day(local.date())}"


def month_name(year: int, month: int) -> str:
    """Tháng 11/2026, or Nov 2026."""
    return f"{MONTHS_EN[month - 1]} {year}" if spoken() == "en" else f"Tháng {month:02d}/{year}"


def published(when: datetime | None, collected: datetime) -> str:
    """The day of publication; where it is unknown that is said, with the day of collecting."""
    if when is not None:
        return short_day(when)
    return _("không rõ ngày đăng (thu thập {day})", day=short_day(collected))


def published_day(day: date | None, collected: date) -> str:
    """The same for days instead of instants, as editions have them."""
    if day is not None:
        return short_day(day)
    return _("không rõ ngày đăng (thu thập {day})", day=short_day(collected))


def day_number(day: date) -> str:
    """The day of a month as documents write it: 0 before days under 10."""
    return f"{day.day:02d}"


def month_number(day: date) -> str:
    """The month as documents write it: 0 before months 1 and 2 only."""
    return f"{day.month:02d}" if day.month < 3 else str(day.month)


def size(octets: int) -> str:
    """412 KB, 1,3 MB."""
    if octets < 1_000_000:
        return f"{max(1, round(octets / 1000))} KB"
    shown = f"{octets / 1_000_000:.1f} MB"
    return shown if spoken() == "en" else shown.replace(".", ",")


def host(url: str) -> str:
    """The host of an address without "www.", for people to recognise."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def web_address(url: str) -> str:
    """The address if it is http or https, else "": a link must never run a script."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def instant(when: datetime) -> str:
    """For `<time datetime>` and feeds: 2026-11-19T03:00:00Z."""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


FILTERS = {
    function.__name__: function
    for function in (
        number,
        short_day,
        day_and_month,
        span,
        clock_time,
        month_name,
        published,
        published_day,
        day_number,
        month_number,
        size,
        host,
        web_address,
        instant,
    )
}
