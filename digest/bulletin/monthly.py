"""The chi bộ pack: approved editions of other bulletins rolled up into one for the branch meeting.

What editors already chose, quoted and noted is taken over as they left it; the program adds no words. Of all
articles those come first that more editions hold, then those with an editors' note, then those that stood
higher in their sections, then the newer. A story is told once; what an earlier pack had is left out; the
sections' maxima hold, and so do the minutes, at the speed of reading aloud.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from digest.bulletin.assemble import Archived, quoted
from digest.bulletin.check import check, errors
from digest.bulletin.minutes import Speed, syllables
from digest.bulletin.parts import Edition, Item, Section
from digest.clock import Period
from digest.model import Bulletin, Revision
from digest.wording import _

QUESTIONS = "Câu hỏi thảo luận"


@dataclass(frozen=True, slots=True)
class Rolled:
    """The pack as a draft, and what did not get in: (headline, why)."""

    edition: Edition
    left_out: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    """One article as an approved edition has it, with what speaks for it."""

    item: Item
    section: str
    editions: int
    place: int
    newness: float

    @property
    def rank(self) -> tuple[int, bool, int, float, int]:
        return -self.editions, not self.item.note, self.place, -self.newness, self.item.article


def roll_up(
    bulletin: Bulletin,
    period: Period,
    editions: Sequence[Edition],
    archived: Archived,
    homes: Mapping[int, str],
    rooms: Mapping[str, int],
    *,
    used: Iterable[int] = (),
    taken: int = 0,
    speed: Speed,
) -> Rolled:
    """The pack out of approved editions, the oldest first.

    `rooms`: section name → most articles, in printing order. `homes`: article → the section that its topics
    give it, for those from a section that the pack has not. `used`: articles of earlier packs. `taken`:
    syllables that the pack prints beside. A section for discussion stands empty at the end: its
    questions are the editors' alone.
    """
    stories = {article.id: article.story for article in archived.articles.values()}
    told = {stories[article] for article in used if article in stories}
    left = bulletin.minutes * speed.silent - taken
    chosen: dict[str, list[Item]] = {name: [] for name in rooms}
    out: list[tuple[str, str]] = []
    for choice in sorted(_choices(editions, archived), key=lambda one: one.rank):
        item = choice.item
        home = choice.section if choice.section in rooms else homes.get(item.article, "")
        count = printed(item, archived.revisions[item.pin])
        full = home in rooms and len(chosen[home]) >= rooms[home]
        if reason := _why_not(home in rooms, full, stories[item.article] in told, count > left):
            out.append((item.headline, reason))
            continue
        told.add(stories[item.article])
        left -= count
        chosen[home].append(item)
    return Rolled(_pack(bulletin, period, chosen), tuple(out))


def _pack(bulletin: Bulletin, period: Period, chosen: Mapping[str, Sequence[Item]]) -> Edition:
    """The chosen articles under their sections, and the one that the editors fill."""
    sections = [Section(name, items=tuple(items)) for name, items in chosen.items() if items]
    return Edition(
        id=f"{bulletin.id}/{period.name}",
        title=f"{bulletin.name} số {{number}}",
        first=period.first,
        last=period.last,
        issued=meeting(bulletin, period),
        sections=(*sections, Section(QUESTIONS)),
    )


def meeting(bulletin: Bulletin, period: Period) -> date | None:
    """The day of the meeting that a period's pack is for: in the month that follows it."""
    if not bulletin.meeting:
        return None
    after = date(period.last.year + period.last.month // 12, period.last.month % 12 + 1, 1)
    return after.replace(day=bulletin.meeting)


def printed(item: Item, revision: Revision) -> int:
    """The syllables that a pack prints of one article."""
    content = revision.content
    return syllables((content.title, content.lead, *quoted(item, revision), item.note))


def _why_not(homed: bool, full: bool, told: bool, long: bool) -> str:
    if not homed:
        return _("không thuộc mục nào của bản tin này")
    if told:
        return _("tin này đã có")
    if full:
        return _("mục đã đủ bài")
    return _("hết giờ đọc") if long else ""


def _choices(editions: Sequence[Edition], archived: Archived) -> list[_Choice]:
    """Every live article that any of the editions holds, as the newest one with a note has it, else the newest."""
    found: dict[int, _Choice] = {}
    for edition in editions:
        for section in edition.sections:
            for place, item in enumerate(section.items):
                article = archived.articles.get(item.article)
                if article is None or article.state != "live" or item.pin not in archived.revisions:
                    continue
                before = found.get(item.article)
                older = before is not None and before.item.note and not item.note
                kept = before.item if before is not None and older else item
                when = (article.content.published or article.collected).timestamp()
                found[item.article] = _Choice(
                    _newest(kept, archived),
                    section.name,
                    (before.editions if before else 0) + 1,
                    min(place, before.place) if before else place,
                    when,
                )
    return list(found.values())


def _newest(item: Item, archived: Archived) -> Item:
    """The item on its article's newest revision where that still says all that is quoted; else as it was."""
    revision = archived.articles[item.article].revision
    moved = replace(item, revision=revision.number, headline=revision.content.title)
    tried = Edition("x/x", "x", date.min, date.min, sections=(Section("x", items=(moved,)),))
    return item if errors(check(tried, {moved.pin: revision})) else moved
