"""Suggesting an edition: which articles, in which section, and why; pure, same input, same output.

A candidate was published in the period or in the seven days before it (date unknown: first collected
then), is still on the outlet's pages, and neither it nor its story stood in an earlier edition of the
bulletin. A story is taken once, by its likely origin: the earliest of it whose text could be had.

    score = outlet's weight × habit × (0.55 × fit + 0.25 × newness + 0.20 × spread)

fit      how much the article is about the section's topic (tagging score over its ceiling), 0 to 1
newness  1 on the period's last day, falling evenly to 0 fourteen days before
spread   other outlets that carry the story: 0 none, ½ one, ⅔ two, ¾ three …: n / (n + 1)
habit    0.9 to 1.1: the share of this outlet's suggestions that the editors kept so far (0.5 until known)

Sections are filled in turn, one article a round, so that none starves. In a section that already has the
outlet, its next article counts × 0.75; one whose headline and lead are nearly another's falls out. An
article stands in the section that it fits best among those with room. What is printed (headline, lead,
excerpts) is reckoned against the bulletin's minutes; what does not fit any more is said. Articles whose
page could not be had come last, for sections that nothing better fills. Ties: older first, then by
address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

from digest import clock
from digest.bulletin import excerpt, reasons
from digest.bulletin.minutes import HOUSE, Speed, minutes, syllables
from digest.clock import Period
from digest.model import Article, Bulletin, Source, Tagging, Topic
from digest.tagging import CEILING, Mention
from digest.text.normalise import clean, fold
from digest.text.tokens import syllables as cut
from digest.wording import _

REACH = timedelta(days=7)
FIT, NEW, SPREAD = 0.55, 0.25, 0.20
SAME_OUTLET = 0.75
ALIKE = 0.6
SHOWN = 8

Excerpts = tuple[str | None, ...]
Chooser = Callable[[Article, Sequence[str]], Excerpts]


@dataclass(frozen=True, slots=True)
class Habit:
    """How many suggestions of an outlet the editors kept, of how many that were made."""

    kept: int = 0
    made: int = 0

    @property
    def factor(self) -> float:
        """0.9 to 1.1; four suggestions half kept are assumed beforehand."""
        return 0.9 + 0.2 * (self.kept + 2) / (self.made + 4)


@dataclass(frozen=True, slots=True)
class Material:
    """What is known when suggesting.

    `stories`: story id → all its articles, those outside the period too. `used`: article → the
    earlier edition of this bulletin that has it. `habits` by outlet. `today` makes reasons
    say how many days ago; without it they name the date. `taken`: syllables that the edition prints
    beside what is suggested.
    """

    articles: Sequence[Article]
    taggings: Mapping[int, Sequence[Tagging]]
    stories: Mapping[int, Sequence[Article]] = field(default_factory=dict)
    used: Mapping[int, str] = field(default_factory=dict)
    sources: Sequence[Source] = ()
    topics: Sequence[Topic] = ()
    habits: Mapping[str, Habit] = field(default_factory=dict)
    today: date | None = None
    taken: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One article for one section: its score, the reasons in words, what would be printed of it."""

    article: Article
    topic: str
    score: float
    reasons: tuple[str, ...]
    excerpts: Excerpts
    syllables: int
    minutes: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A candidate that is not suggested, and why."""

    article: Article
    topic: str
    reason: str


@dataclass(frozen=True, slots=True)
class SectionChoice:
    """The suggestions of one section in order; `further` are the next best, for the desk."""

    topic: str
    name: str
    most: int
    chosen: tuple[Suggestion, ...] = ()
    further: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """A suggested edition; `minutes` of `budget` are used."""

    sections: tuple[SectionChoice, ...]
    left_out: tuple[LeftOut, ...]
    minutes: int
    budget: int

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """All that is suggested, in printing order."""
        return tuple(one for section in self.sections for one in section.chosen)


def choose_excerpts(article: Article, terms: Sequence[str]) -> Excerpts:
    """The program's own choice of what to quote of an article."""
    return excerpt.choose(article.content, terms)


def suggest(
    bulletin: Bulletin,
    period: Period,
    material: Material,
    *,
    speed: Speed = HOUSE,
    excerpts: Chooser = choose_excerpts,
    further: int = SHOWN,
) -> Selection:
    """The edition that the program would make of a period, with the `further` next best of each section."""
    return _Suggesting(bulletin, period, material, speed, excerpts, further).run()


def when(article: Article) -> datetime:
    """The instant that an article counts at: published, or first collected where that is unknown."""
    return article.content.published or article.collected


def is_candidate(article: Article, period: Period) -> bool:
    """Whether an article is live and of the period or the seven days before it."""
    return article.state == "live" and period.start - REACH <= when(article) < period.end


def order(article: Article) -> tuple[datetime, str]:
    """Older first, then by address: never by the archive's numbers."""
    return when(article), article.url


def representatives(material: Material, period: Period) -> tuple[list[Article], list[LeftOut]]:
    """One article for each story that may be told: candidates as they stand, and what fell out."""
    kept: dict[int, Article] = {}
    out: list[LeftOut] = []
    told = {article.story for article in material.articles if article.id in material.used}
    told |= {story for story, some in material.stories.items() if any(a.id in material.used for a in some)}
    candidates = sorted((a for a in material.articles if is_candidate(a, period)), key=_origin)
    for article in candidates:
        if not material.taggings.get(article.id):
            continue
        if article.id in material.used:
            edition = material.used[article.id]
            out.append(LeftOut(article, "", _("đã có ở {edition}", edition=edition)))
        elif article.story in told:
            out.append(LeftOut(article, "", _("tin này đã có ở số trước")))
        elif article.story in kept:
            first = kept[article.story]
            reason = _("cùng một tin với “{title}” của {outlet}", title=clean(first.content.title),
                       outlet=first.outlet)  # fmt: skip
            out.append(LeftOut(article, "", reason))
        else:
            kept[article.story] = article
    return sorted(kept.values(), key=order), out


def _origin(article: Article) -> tuple[bool, datetime, str]:
    return article.revision.text == "none", *order(article)


class _Suggesting:
    """One suggesting: what is open, what is chosen, what is left of the budget."""

    def __init__(
        self,
        bulletin: Bulletin,
        period: Period,
        material: Material,
        speed: Speed,
        excerpts: Chooser,
        further: int,
    ) -> None:
        self.bulletin, self.period, self.material = bulletin, period, material
        self.speed, self.excerpts, self.further = speed, excerpts, further
        self.topics = {topic.id: topic for topic in material.topics}
        self.weights = {source.id: source.weight for source in material.sources}
        self.room = dict(bulletin.sections)
        self.chosen: dict[str, list[Suggestion]] = {topic: [] for topic in self.room}
        self.left = max(0, bulletin.minutes * speed.silent - material.taken)
        self.open, self.out = representatives(material, period)
        self.fits = {article.id: self._fits(article) for article in self.open}
        self.open = [article for article in self.open if self.fits[article.id]]
        self.made: dict[tuple[int, str], Suggestion] = {}
        self.words: dict[int, set[str]] = {}

    def run(self) -> Selection:
        for rest in (False, True):
            pool = [a for a in self.open if (a.revision.text == "none") == rest]
            self._fill(pool)
        sections = tuple(self._section(topic, most) for topic, most in self.bulletin.sections)
        count = self.material.taken + sum(one.syllables for some in self.chosen.values() for one in some)
        used = minutes(count, self.speed.silent)
        return Selection(sections, tuple(self.out), used, self.bulletin.minutes)

    def _fits(self, article: Article) -> dict[str, float]:
        """The article's fit to each section that its taggings name."""
        taggings = self.material.taggings.get(article.id, ())
        fits = {t.topic: min(1.0, t.score / CEILING) for t in taggings if self.room.get(t.topic, 0) > 0}
        return fits | {t.topic: 1.0 for t in taggings if t.by == "editor" and t.topic in fits}

    def _fill(self, pool: list[Article]) -> None:
        """Rounds: the section with the fewest articles takes its best next one, in printing order."""
        closed: set[str] = set()
        while len(closed) < len(self.room):
            for topic, most in self.bulletin.sections:
                fewest = min((len(self.chosen[t]) for t in self.room if t not in closed), default=0)
                if topic in closed or len(self.chosen[topic]) > fewest:
                    continue
                if len(self.chosen[topic]) >= most or not self._take(topic, pool):
                    closed.add(topic)

    def _take(self, topic: str, pool: list[Article]) -> bool:
        """Puts the best article that the section can have into it; False if there is none."""
        mine = [a for a in pool if topic in self.fits[a.id] and self._home(a) == topic]
        for article in sorted(mine, key=lambda a: (-self._score(a, topic), *order(a))):
            twin = self._twin(article)
            made = self._suggestion(article, topic)
            if twin is not None:
                self._drop(pool, article, topic, _("gần giống “{title}”", title=clean(twin.content.title)))
            elif made.syllables > self.left:
                need, there = made.minutes, self.left // self.speed.silent
                self._drop(pool, article, topic, _("hết giờ đọc: cần {need} phút, còn chưa tới {left} phút",
                                                   need=need, left=there + 1))  # fmt: skip
            else:
                pool.remove(article)
                self.open.remove(article)
                self.chosen[topic].append(made)
                self.left -= made.syllables
                return True
        return False

    def _drop(self, pool: list[Article], article: Article, topic: str, reason: str) -> None:
        pool.remove(article)
        self.open.remove(article)
        self.out.append(LeftOut(article, topic, reason))

    def _home(self, article: Article) -> str | None:
        """The section with room that the article fits best; the earlier printed one of equals."""
        with_room = [t for t, most in self.bulletin.sections if len(self.chosen[t]) < most]
        fits = self.fits[article.id]
        return max((t for t in with_room if t in fits), key=lambda t: fits[t], default=None)

    def _score(self, article: Article, topic: str) -> float:
        beside = sum(one.article.outlet == article.outlet for one in self.chosen[topic])
        return self._base(article, topic) * SAME_OUTLET**beside

    def _base(self, article: Article, topic: str) -> float:
        others = len(self.others(article))
        mixed = (
            FIT * self.fits[article.id][topic]
            + NEW * newness(article, self.period)
            + SPREAD * others / (others + 1)
        )
        habit = self.material.habits.get(article.outlet, Habit()).factor
        return self.weights.get(article.source, 1.0) * habit * mixed

    def others(self, article: Article) -> list[str]:
        """Other outlets that have the story, sorted."""
        story = self.material.stories.get(article.story, ())
        return sorted({a.outlet for a in story if a.state == "live"} - {article.outlet})

    def _twin(self, article: Article) -> Article | None:
        """An article already chosen that says nearly the same, by the words of headline and lead."""
        mine = self._key(article)
        for some in self.chosen.values():
            for one in some:
                theirs = self._key(one.article)
                if mine and theirs and len(mine & theirs) >= ALIKE * min(len(mine), len(theirs)):
                    return one.article
        return None

    def _key(self, article: Article) -> set[str]:
        if article.id not in self.words:
            said = cut(fold(f"{article.content.title} {article.content.lead}"))
            self.words[article.id] = {f"{a} {b}" for a, b in pairwise(said)}
        return self.words[article.id]

    def _suggestion(self, article: Article, topic: str) -> Suggestion:
        if (article.id, topic) not in self.made:
            self.made[article.id, topic] = self._make(article, topic)
        return self.made[article.id, topic]

    def _make(self, article: Article, topic: str) -> Suggestion:
        known = self.topics.get(topic)
        found = reasons.mentions(article, known)
        quoted = self.excerpts(article, [mention.term for mention in found])
        content = article.content
        count = syllables((content.title, content.lead, *quoted))
        return Suggestion(
            article,
            topic,
            round(self._base(article, topic), 4),
            tuple(self._reasons(article, topic, found)),
            quoted,
            count,
            minutes(count, self.speed.silent),
        )

    def _reasons(self, article: Article, topic: str, found: Sequence[Mention]) -> list[str]:
        name = self.topics[topic].name if topic in self.topics else topic
        tagging = max(
            (t for t in self.material.taggings[article.id] if t.topic == topic), key=lambda t: t.score
        )
        habit = self.material.habits.get(article.outlet, Habit())
        said = [
            reasons.fit(found, tagging, name),
            reasons.newness(article, self.material.today),
            reasons.spread(len(self.others(article))),
            reasons.weight(self.weights.get(article.source, 1.0)),
            reasons.habit(article.outlet, habit.kept, habit.made),
            reasons.text(article),
        ]
        return [reason for reason in said if reason]

    def _section(self, topic: str, most: int) -> SectionChoice:
        rest = [a for a in self.open if self._nearest_home(a) == topic]
        rest.sort(key=lambda a: (-self._score(a, topic), *order(a)))
        self.out += [LeftOut(a, topic, self._no_room(most)) for a in rest]
        further = tuple(self._suggestion(a, topic) for a in rest[: self.further])
        name = self.topics[topic].name if topic in self.topics else topic
        return SectionChoice(topic, name, most, tuple(self.chosen[topic]), further)

    def _nearest_home(self, article: Article) -> str:
        fits = self.fits[article.id]
        return max((t for t, _most in self.bulletin.sections if t in fits), key=lambda t: fits[t])

    def _no_room(self, most: int) -> str:
        return _("mục đã đủ {most} bài", most=most)


def newness(article: Article, period: Period) -> float:
    """1 on the last day of the period, 0 fourteen days before it."""
    age = (period.last - clock.day(when(article))).days
    return min(1.0, max(0.0, 1 - age / 14))
