"""Small charts made on the server: bars of articles by month, as SVG without style or script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from digest.web.shown import month_name, number
from digest.wording import _

WIDTH, HEIGHT, GAP = 252, 66, 4


@dataclass(frozen=True, slots=True)
class Bar:
    """A month (2026-11), how many articles, and whether it is the chosen one."""

    month: str
    count: int
    on: bool = False

    @property
    def name(self) -> str:
        """The month as people say it."""
        return month_name(int(self.month[:4]), int(self.month[5:]))


def last_months(counts: Sequence[tuple[str, int]], chosen: str = "", most: int = 12) -> list[Bar]:
    """Bars for the newest `most` months up to the newest that has articles, empty months included."""
    known = dict(counts)
    if not known:
        return []
    newest = max(known)
    year, month = int(newest[:4]), int(newest[5:])
    names = []
    for back in range(most - 1, -1, -1):
        index = year * 12 + month - 1 - back
        names.append(f"{index // 12:04d}-{index % 12 + 1:02d}")
    return [Bar(name, known.get(name, 0), name == chosen) for name in names]


def months_back(today: date, most: int = 12) -> date:
    """The first day of the month `most` - 1 months before today's."""
    index = today.year * 12 + today.month - most
    return date(index // 12, index % 12 + 1, 1)


def bars(of: Sequence[Bar]) -> Markup:
    """Months as columns."""
    said = _("Số bài theo tháng: {list}", list=_in_words(of))
    return columns([(bar.name, bar.count, bar.on) for bar in of], said)


def columns(values: Sequence[tuple[str, int, bool]], said: str) -> Markup:
    """(name, how many articles, whether it stands out) as one picture; `said` tells it to who does not see it."""
    if not values:
        return Markup("")
    most = max(count for _name, count, _on in values) or 1
    step = WIDTH / len(values)
    gap = min(GAP, step / 4)
    drawn = []
    for place, (name, count, on) in enumerate(values):
        high = round((HEIGHT - 2) * count / most, 1)
        box = (
            f'x="{place * step:.1f}" y="{HEIGHT - 1 - high:.1f}" width="{step - gap:.1f}" height="{high:.1f}"'
        )
        title = escape(_("{month}: {count} bài", month=name, count=number(count)))
        drawn.append(f'<rect class="bar{" on" if on else ""}" {box}><title>{title}</title></rect>')
    base = f'<path class="base" d="M0 {HEIGHT - 0.5}H{WIDTH}"/>'
    head = f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(said)}">'
    return Markup(head + "".join(drawn) + base + "</svg>")  # noqa: S704 numbers, and words escaped above


def _in_words(of: Sequence[Bar]) -> str:
    return "; ".join(f"{bar.name}: {number(bar.count)}" for bar in of)


def ends(of: Sequence[Bar]) -> tuple[str, str]:
    """What stands under the first and the last bar: 12/2025, 11/2026."""
    if not of:
        return "", ""
    return tuple(f"{bar.month[5:]}/{bar.month[:4]}" for bar in (of[0], of[-1]))  # type: ignore[return-value]
