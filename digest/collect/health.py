"""How a source fares: failing, silent for longer than its rhythm makes likely, or well."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from digest.storage.sources import Health
from digest.wording import _, mark

# News that come at random, so many a day, leave a gap this improbable once in a thousand (Poisson: e^-x).
IMPROBABLE = math.log(1000)
SHORTEST_SILENCE = timedelta(days=2)
# Before a rhythm is known: a source that brought something and then nothing for three weeks.
UNKNOWN_RHYTHM = timedelta(days=21)
LEAST_GAPS = 4


@dataclass(frozen=True, slots=True)
class Judgement:
    """`state`: ok | new | failing | silent | off; `alarm` says what is wrong, "" where nothing is."""

    state: str
    alarm: str = ""


OFF = Judgement("off")


def judge(health: Health | None, now: datetime) -> Judgement:
    """The state of a source from what is remembered of it."""
    if health is None or health.last_try is None:
        return Judgement("new")
    if health.failures:
        since = _days(now - (health.last_success or health.last_try))
        if health.last_success is None:
            return Judgement("failing", _("chưa lần nào lấy được: {why}", why=health.reason))
        return Judgement(
            "failing",
            _("{n} lần liền không lấy được, lần cuối được là {days} ngày trước: {why}",
              n=health.failures, days=since, why=health.reason),
        )  # fmt: skip
    silence, usual = silent_for(health), longest_likely(health.new_dates)
    if silence is not None and silence > usual:
        return Judgement(
            "silent",
            _("{days} ngày không có bài mới, lâu hơn thường lệ ({usual} ngày); nguồn có thể đã đổi địa chỉ",
              days=_days(silence), usual=_days(usual)),
        )  # fmt: skip
    return Judgement("ok")


def silent_for(health: Health) -> timedelta | None:
    """How long the source answered without anything new; time in which nobody asked does not count."""
    if health.last_new is None or health.last_success is None:
        return None
    return max(timedelta(0), health.last_success - health.last_new)


def longest_likely(new_dates: Sequence[datetime]) -> timedelta:
    """The silence that a source of this rhythm would hardly keep by chance."""
    gaps = [later - earlier for earlier, later in pairwise(new_dates)]
    if len(gaps) < LEAST_GAPS:
        return UNKNOWN_RHYTHM
    mean = sum(gaps, timedelta(0)) / len(gaps)
    return max(SHORTEST_SILENCE, 1.5 * max(gaps), IMPROBABLE * min(mean, sorted(gaps)[len(gaps) // 2] * 2))


def usual_rhythm(new_dates: Sequence[datetime]) -> timedelta | None:
    """The middle of the gaps between runs that brought something; None before there are enough."""
    gaps = sorted(later - earlier for earlier, later in pairwise(new_dates))
    return gaps[len(gaps) // 2] if len(gaps) >= LEAST_GAPS else None


def _days(span: timedelta) -> int:
    return max(0, round(span / timedelta(days=1)))


STATES = {
    "ok": mark("tốt"), "new": mark("chưa hỏi lần nào"), "failing": mark("đang lỗi"),
    "silent": mark("im lặng lâu"), "off": mark("đang tắt"),
}  # fmt: skip
