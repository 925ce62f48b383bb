"""Reading the dates that outlets write, strictly (unknown is None, never today), and writing ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from digest.clock import ZONE
from digest.text import date_forms as forms
from digest.text.normalise import clean, fold

_LONGEST = 300  # letters looked at: more is no date string, and bounds the work
_SEOUL = timezone(timedelta(hours=9))
_EPOCHS = range(631_152_000, 4_102_444_800)  # seconds, 1990 to 2100


def parse_date(
    raw: str, *, hint: str | None = None, fetched: datetime | None = None, zone: tzinfo = ZONE
) -> datetime | None:
    """The instant (UTC) that an outlet's date string means, or None where it states none.

    `hint` "month-first" settles numbers that could be read both ways; what is plainly Vietnamese
    ("05/03/2026 15:34", "Thứ Hai, 5/3/2026") stays day-first. `fetched` allows "2 giờ trước".
    `zone` holds where the string names none. A day without a time is its first instant.
    """
    shown = clean(raw[: _LONGEST * 4])[:_LONGEST]
    text = fold(shown)
    try:
        if text.isdigit():
            return _digits(text, zone)
        written = _Written(shown, text, hint, zone)
        found = written.instant() or _partial(text, zone)
        if found is None and fetched is not None and not written.spoiled:
            found = _relative(written, text, fetched, zone)
        return found.astimezone(UTC) if found else None
    except (ValueError, OverflowError):
        return None


@dataclass(slots=True)
class _Day:
    """A date found in the text, before it is known to exist."""

    start: int
    end: int
    year: int
    month: int
    day: int
    zone: tzinfo | None = None


class _Written:
    """One date string while it is read; `spoiled` once something in it cannot be."""

    def __init__(self, shown: str, text: str, hint: str | None, zone: tzinfo) -> None:
        self.shown, self.text, self.hint, self.zone = shown, text, hint, zone
        self.spoiled = False

    def instant(self) -> datetime | None:
        """The absolute date and time stated, or None; ValueError if they cannot exist."""
        days = list(self._days())
        if not days:
            return None
        chosen = self._choose(days)
        self.spoiled = True  # until proven otherwise: a date that cannot be is never taken as relative
        rest = self._without(days)
        clock = self._nearest_time(rest, chosen, days)
        zone = self._zone(rest, clock) or chosen.zone or self.zone
        found = datetime.combine(date(chosen.year, chosen.month, chosen.day), time.min, zone)
        if found.year < 2:  # 0001-01-01 is how some systems write "not set"
            raise ValueError(self.shown)
        return found + _since_midnight(clock) if clock else found

    def _days(self) -> Iterator[_Day]:
        bare = re.fullmatch(r"(\d\d)-(\d\d)-(\d\d)(?:[t ].*)?", self.text)
        if bare:  # ISO 8601 with the century left out
            yield _Day(0, 8, _century(bare[1]), int(bare[2]), int(bare[3]))
            return
        for found in forms.DATE.finditer(self.text):
            yield self._day(found)

    def _day(self, found: re.Match[str]) -> _Day:
        g = found.groups()
        start, end = found.span()
        if g[0]:
            return _Day(start, end, int(g[0]), int(g[1]), int(g[2]))
        if g[3]:
            day, month = self._order(int(g[3]), int(g[5]), found)
            return _Day(start, end, _century(g[6]), month, day)
        if g[7]:
            return _Day(start, end, _century(g[9]), forms.MONTHS[g[8]], int(g[7]))
        if g[10]:
            return _Day(start, end, _century(g[12]), forms.MONTHS[g[10]], int(g[11]))
        if g[13]:
            return _Day(start, found.end(14) + 3, int(g[15]), forms.MONTHS[g[13]], int(g[14]))
        return _Day(start, end, int(g[16]), int(g[17]), int(g[18]), _SEOUL)

    def _order(self, first: int, second: int, found: re.Match[str]) -> tuple[int, int]:
        """(day, month) of two numbers: day first, unless the other order is hinted at or plain."""
        if first > 12 or second > 12:
            return (second, first) if second > 12 else (first, second)
        if forms.VIETNAMESE.search(self.text):
            return first, second
        if settled := self._by_weekday(first, second, _century(found[7])):
            return settled
        month_first = self.hint == "month-first" and not self._vietnamese_form(found)
        if month_first or (self.hint is None and self._american_form(found)):
            return second, first
        return first, second

    def _by_weekday(self, first: int, second: int, year: int) -> tuple[int, int] | None:
        """(day, month) where an English weekday stands beside them and fits one order alone."""
        english = forms.WEEKDAY.search(self.text)
        if not english:
            return None
        orders = ((first, second), (second, first))
        wanted = forms.WEEKDAYS.index(english[1])
        fits = [order for order in orders if date(year, order[1], order[0]).weekday() == wanted]
        return fits[0] if len(fits) == 1 else None

    def _vietnamese_form(self, found: re.Match[str]) -> bool:
        """05/03/2026 15:34: padded, four digits of year, 24 hours, no seconds; such is never American."""
        padded = len(found[4]) == len(found[6]) == 2 and len(found[7]) == 4
        around = self.text[: found.start()] + "|" + self.text[found.end() :]
        return padded and re.fullmatch(r"[\s|,-]*\d\d:\d\d[\s|,-]*", around) is not None

    def _american_form(self, found: re.Match[str]) -> bool:
        """7/9/2026 11:43:00 PM: what .NET and ICU write for en-US; British forms would be padded."""
        after = re.fullmatch(r",? (\d{1,2}):\d\d:\d\d [ap]m", self.text[found.end() :])
        if found.start() or found[5] != "/" or not after:
            return False
        return not any(number.startswith("0") for number in (found[4], found[6], after[1]))

    def _choose(self, days: list[_Day]) -> _Day:
        """Of several dates the one said to be of publication, else one with a time beside it."""

        def rank(one: _Day) -> tuple[bool, bool, bool, int]:
            behind = max((other.end for other in days if other.end <= one.start), default=0)
            before = self.text[behind : one.start]
            published = forms.PUBLISHED.search(before) is not None
            updated = forms.UPDATED.search(before) is not None
            return not published, updated, not self._has_time_beside(one), one.start

        return min(days, key=rank)

    def _has_time_beside(self, day: _Day) -> bool:
        around = self.text[max(0, day.start - 30) : day.end + 12]
        return re.search(r"\d\d?[:h]\d", around) is not None

    def _without(self, days: list[_Day]) -> str:
        """The text with its dates blanked, so that none of their numbers is read as a time or a zone."""
        rest = self.text
        for one in days:
            rest = rest[: one.start] + "\0" * (one.end - one.start) + rest[one.end :]
        return rest

    def _nearest_time(self, rest: str, day: _Day, days: list[_Day]) -> re.Match[str] | None:
        """The time nearest to the chosen date that no other date parts from it."""

        def gap(clock: re.Match[str]) -> int:
            return clock.start() - day.end if clock.start() >= day.end else day.start - clock.end() + 1

        def parted(clock: re.Match[str]) -> bool:
            low, high = sorted((clock.start(), day.start))
            return any(low < other.start < high for other in days if other is not day)

        clocks = [clock for clock in forms.TIME.finditer(rest) if not parted(clock)]
        return min(clocks, key=gap, default=None)

    def _zone(self, rest: str, clock: re.Match[str] | None) -> tzinfo | None:
        """The zone stated, or None; ValueError for an offset that is none."""
        if prefixed := forms.PREFIXED_OFFSET.search(rest):
            return _offset(prefixed)
        if iana := forms.IANA.search(self.shown):
            return _iana(iana[0])
        if clock is None:
            return None
        after = rest[clock.end() :].lstrip(" ([t")
        if forms.BROKEN_OFFSET.match(after):
            raise ValueError(after)
        if (offset := forms.OFFSET.match(after)) and not re.match(r"[+-]\s\d{1,2}(?!\d|:)", after):
            return _offset(offset)
        name = forms.ZONE_NAME.match(after) or forms.ZONE_NAME.search(rest, clock.end())
        return forms.ZONES[name[1]] if name and (name.start() == 0 or len(name[1]) > 2) else None


def _century(year: str) -> int:
    """Two digits of a year as POSIX reads them: 69-99 are 19.., 00-68 are 20.. ."""
    number = int(year)
    if len(year) > 2:
        return number
    return number + (1900 if number >= 69 else 2000)


def _since_midnight(clock: re.Match[str]) -> timedelta:
    """The time of day; ValueError where no clock shows it."""
    hour, minute, second = (int(part or 0) for part in clock.groups()[:3])
    half = clock[4]
    if half in forms.AFTERNOON and hour < 12:
        hour += 12
    if half in forms.MORNING and hour == 12:
        hour = 0
    if (hour, minute, second) == (24, 0, 0):
        return timedelta(days=1)
    if hour > 23 or minute > 59 or second > 60:
        raise ValueError(clock[0])
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _offset(found: re.Match[str]) -> tzinfo:
    hours, minutes = int(found[2]), int(found[3] or 0)
    if hours > 14 or minutes > 59:
        raise ValueError(found[0])
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(-span if found[1] == "-" else span)


def _iana(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name.rstrip("/"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _partial(text: str, zone: tzinfo) -> datetime | None:
    """W3C's year and month alone."""
    found = re.fullmatch(r"(\d{4})-(\d{2})", text)
    return datetime(int(found[1]), int(found[2]), 1, tzinfo=zone) if found else None


def _digits(text: str, zone: tzinfo) -> datetime | None:
    """Seconds or milliseconds since 1970, or year, month, day, hour, minute, second run together."""
    if len(text) in (10, 13):
        seconds = int(text[:10])
        return datetime.fromtimestamp(seconds, UTC) if seconds in _EPOCHS and len(text) != 11 else None
    layout = {4: "%Y", 6: "%y%m%d", 8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}.get(len(text))
    if layout is None or (layout != "%y%m%d" and not 1900 <= int(text[:4]) <= 2100):
        return None
    return datetime.strptime(text, layout).replace(tzinfo=zone).astimezone(UTC)


def _relative(written: _Written, text: str, fetched: datetime, zone: tzinfo) -> datetime | None:
    """What "2 giờ trước", "Hôm qua 08:16" mean to who read it at `fetched`."""
    if word := forms.DAY_WORD.search(text):
        day = fetched.astimezone(zone).date() - timedelta(days=forms.DAYS_BACK[word[1]])
        clock = forms.TIME.search(text)
        start = datetime.combine(day, time.min, zone)
        return start + _since_midnight(clock) if clock else start
    ago = forms.AGO.search(text) or forms.SINCE.search(text) or forms.BARE_AGO.fullmatch(text)
    if ago:
        return _before(fetched, int(ago[1]) if ago[1].isdigit() else 1, ago[2], int(ago[3] or 0))
    return fetched if forms.JUST_NOW.fullmatch(text) else None


def _before(fetched: datetime, count: int, unit: str, minutes: int) -> datetime:
    if unit in forms.SECONDS:
        return fetched - timedelta(seconds=count * forms.SECONDS[unit], minutes=minutes)
    months = fetched.year * 12 + fetched.month - 1 - count * forms.MONTHS_BACK[unit]
    day = fetched.day
    while True:  # 31 May less three months is the last day of February
        try:
            return fetched.replace(year=months // 12, month=months % 12 + 1, day=day)
        except ValueError:
            if day < 28:
                raise
            day -= 1
