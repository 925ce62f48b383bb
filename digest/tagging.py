"""From what the index found for each topic's query, and from the sources, to taggings and why; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from digest.model import Article, Source, Tagging, Topic
from digest.query import Doc, Node, Phrase, Words, positive
from digest.text.normalise import fold, same
from digest.text.tokens import count_syllables, syllables
from digest.wording import _

TITLE, LEAD = 3.0, 2.0
"""What one mention in the headline or the lead is worth, against 1 in a paragraph."""
USUAL = 500
"""Syllables of a usual article: in longer ones a mention in the body weighs less."""
CEILING, HALF = 4.0, 8.0
"""No score passes CEILING, and half of it takes a weight of HALF. One mention in the body makes 0.4,
in three paragraphs, or in the headline alone, 1.1: that is what `min_score: 1.0` divides."""


@dataclass(frozen=True, slots=True)
class Mention:
    """How often a term of a query stands in the headline, the lead and each paragraph."""

    term: str
    title: int
    lead: int
    body: tuple[int, ...]

    @property
    def total(self) -> int:
        """All its occurrences."""
        return self.title + self.lead + sum(self.body)


@dataclass(frozen=True, slots=True)
class Found:
    """One article that a topic's query matches; `length` in syllables."""

    article: int
    topic: str
    mentions: tuple[Mention, ...]
    length: int


def find(article: int, topic: str, node: Node, doc: Doc) -> Found:
    """What of the query stands where in an article that matches it."""
    mentions = (_mention(term, doc) for term in _terms(node))
    length = sum(count_syllables(field.text) for field in doc.fields)
    return Found(article, topic, tuple(one for one in mentions if one.total), length)


def _terms(node: Node) -> list[Phrase | Words]:
    """The positive terms, each once."""
    return list({_text(term): term for term in positive(node)}.values())


def _text(term: Phrase | Words) -> str:
    return term.text if isinstance(term, Phrase) else " ".join(word.text for word in term.words)


def _mention(term: Phrase | Words, doc: Doc) -> Mention:
    if isinstance(term, Phrase):
        counts = [field.count(term.text) for field in doc.fields]
    else:
        wanted = [f" {token} " for token in syllables(fold(same(_text(term))))]
        counts = [min(field.folded.count(token) for token in wanted) for field in doc.fields]
    return Mention(_text(term), counts[0], counts[1], tuple(counts[2:]))


def score(found: Found) -> float:
    """How much an article is about a topic, 0 to CEILING; depends on the article and the query alone.

    Weight w = 3 in the headline + 2 in the lead + 1 in each paragraph, a second mention in the same
    place worth half; the body's part is divided by ½ + length/1000. Score = 4·w / (w + 8).
    """
    title = sum(one.title for one in found.mentions)
    lead = sum(one.lead for one in found.mentions)
    paragraphs = [sum(counts) for counts in zip(*(one.body for one in found.mentions), strict=True)]
    body = sum(_fading(count) for count in paragraphs) / (0.5 + 0.5 * found.length / USUAL)
    weight = TITLE * _fading(title) + LEAD * _fading(lead) + body
    return round(CEILING * weight / (weight + HALF), 3)


def _fading(count: int) -> float:
    """1 for the first mention, half for each of the next two: lists of names are no subject."""
    return min(count, 1) + 0.5 * min(max(count - 1, 0), 2)


def why(found: Found) -> str:
    """The reason shown to people: "tôn giáo ×4, chức sắc ×2"."""
    often = sorted(found.mentions, key=lambda one: -one.total)
    return ", ".join(f"{one.term} ×{one.total}" for one in often[:5]) or _("khớp câu tìm")


def decide(
    topics: Sequence[Topic], sources: Sequence[Source], articles: Iterable[Article], found: Iterable[Found]
) -> list[Tagging]:
    """The taggings by rule: what reached its topic's `min_score`, what its source says, and their parents.

    An article that does not match a query is never tagged by it, be `min_score` 0.
    """
    known = {topic.id: topic for topic in topics}
    by_source = {source.id: source for source in sources}
    made: dict[tuple[int, str], Tagging] = {}
    for one in found:
        reached = score(one)
        if one.topic in known and reached >= known[one.topic].min_score:
            _keep(made, Tagging(one.article, one.topic, reached, "rule", why(one)))
    for article in articles:
        source = by_source.get(article.source)
        for topic in source.topics if source else ():
            if topic in known:
                _keep(made, _of_source(article, known[topic]))
    for tagging in list(made.values()):
        for parent in _parents(known, tagging.topic):
            _keep(made, replace(tagging, topic=parent.id, why=f"{known[tagging.topic].name}: {tagging.why}"))
    return sorted(made.values(), key=lambda one: (one.article, -one.score, one.topic))


def _of_source(article: Article, topic: Topic) -> Tagging:
    reason = _("nguồn {source}", source=article.source)
    return Tagging(article.id, topic.id, max(1.0, topic.min_score), "rule", reason)


def _keep(made: dict[tuple[int, str], Tagging], tagging: Tagging) -> None:
    """Two reasons for one tagging become one, with the higher score."""
    before = made.get((tagging.article, tagging.topic))
    if before is None:
        made[tagging.article, tagging.topic] = tagging
        return
    reasons = "; ".join(dict.fromkeys([before.why, tagging.why]))
    best = max(before.score, tagging.score)
    made[tagging.article, tagging.topic] = replace(before, score=best, why=reasons)


def _parents(known: Mapping[str, Topic], topic: str) -> Iterator[Topic]:
    """The wider topics, from near to far; a ring (which config refuses) ends where it closes."""
    seen = {topic}
    at = known[topic].parent
    while at is not None and at in known and at not in seen:
        seen.add(at)
        yield known[at]
        at = known[at].parent
