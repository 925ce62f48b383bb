"""Bettering topics: how right queries are on labelled articles; terms that corrections suggest."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from digest import query
from digest.model import Article, Source, Topic
from digest.search import analysis, topics
from digest.search.document import document

LEAST_ARTICLES = 2
LEAST_Z = 2.5
"""How many standard errors a term's odds must lie apart before it is proposed (5 in 1,000 by chance)."""
MOST = 10


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A topic on labelled articles: ids tagged rightly, tagged wrongly, missed."""

    topic: str
    right: tuple[int, ...]
    wrong: tuple[int, ...]
    missed: tuple[int, ...]

    @property
    def precision(self) -> float:
        """Of those tagged, the share that belongs there; 1 where nothing was tagged."""
        return len(self.right) / (len(self.right) + len(self.wrong)) if self.right or self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Of those that belong there, the share tagged; 1 where nothing belongs there."""
        return len(self.right) / (len(self.right) + len(self.missed)) if self.right or self.missed else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def evaluate(
    asked: Sequence[Topic],
    sources: Sequence[Source],
    articles: Sequence[Article],
    labels: Mapping[int, Collection[str]],
) -> list[Evaluation]:
    """Each topic's taggings by rule against people's labels (article id → topic ids)."""
    tagged = defaultdict(set)
    for one in topics.tag(asked, sources, articles):
        tagged[one.topic].add(one.article)
    out = []
    for topic in asked:
        meant = {article.id for article in articles if topic.id in labels.get(article.id, ())}
        here = tagged[topic.id]
        out.append(
            Evaluation(topic.id, *(tuple(sorted(ids)) for ids in (here & meant, here - meant, meant - here)))
        )
    return out


@dataclass(frozen=True, slots=True)
class Proposal:
    """A term to add to a topic's query or to drop from it, with the counts that say why.

    add: in `inside` of `of` articles that editors put on the topic, in `outside` of `rest` others.
    drop: brought `inside` of `of` articles that editors took off again, `outside` of `rest` they left.
    """

    topic: str
    term: str
    kind: str
    inside: int
    of: int
    outside: int
    rest: int
    z: float


class Counting(Protocol):
    """Whatever knows how many articles there are, and in how many of them a term stands."""

    articles: int

    def counts(self, field: str, terms: Sequence[str]) -> list[int]:
        """In how many articles each term of a field stands."""


def additions(archive: Counting, topic: Topic, put_on: Sequence[Article]) -> list[Proposal]:
    """Pairs of syllables that mark the articles which editors put on a topic by hand, against the archive."""
    counts: Counter[str] = Counter()
    for article in put_on:
        counts.update(_pairs(article))
    own = " ".join(analysis.exact(topic.query))
    often = [term for term, count in counts.items() if count >= LEAST_ARTICLES and term not in own]
    made = []
    for term, total in zip(often, archive.counts("exact", often), strict=True):
        inside, outside = counts[term], max(total - counts[term], 0)
        rest = max(archive.articles - len(put_on), outside)
        z = difference(inside, len(put_on), outside, rest)
        made.append(Proposal(topic.id, term, "add", inside, len(put_on), outside, rest, z))
    return _best(made)


def _pairs(article: Article) -> set[str]:
    doc = document(article)
    texts = (doc.title, doc.lead, *doc.body)
    pairs = (pair for text in texts for pair in pairwise(analysis.exact(text)))
    return {" ".join(pair) for pair in pairs if all(token.isalpha() and len(token) > 1 for token in pair)}


def drops(topic: Topic, kept: Sequence[Article], taken_off: Sequence[Article]) -> list[Proposal]:
    """Terms of a topic's query that brought more of what editors took off than of what they left."""
    left, off = (_brought(topic, articles) for articles in (kept, taken_off))
    made = []
    for term, inside in off.items():
        outside = left.get(term, 0)
        z = difference(inside, len(taken_off), outside, len(kept))
        if inside >= LEAST_ARTICLES and inside > outside:
            made.append(Proposal(topic.id, term, "drop", inside, len(taken_off), outside, len(kept), z))
    return sorted(made, key=lambda one: (-one.inside, one.term))[:MOST]


def _brought(topic: Topic, articles: Iterable[Article]) -> Counter[str]:
    """In how many of the articles each term of the query stands."""
    node = query.parse(topic.query)
    counts: Counter[str] = Counter()
    for one in articles:
        doc = document(one).doc()
        for term in query.positive(node):
            counts[_text(term)] += query.matches(term, doc)
    return counts


def _text(term: query.Words | query.Phrase) -> str:
    return term.text if isinstance(term, query.Phrase) else " ".join(word.text for word in term.words)


def difference(inside: int, of: int, outside: int, rest: int) -> float:
    """How many standard errors the logarithms of two odds lie apart (half an article added to each count)."""
    cells = [inside + 0.5, of - inside + 0.5, outside + 0.5, rest - outside + 0.5]
    odds = math.log(cells[0] / cells[1]) - math.log(cells[2] / cells[3])
    return odds / math.sqrt(sum(1 / cell for cell in cells))


def _best(made: Iterable[Proposal]) -> list[Proposal]:
    strong = [one for one in made if one.z >= LEAST_Z]
    return sorted(strong, key=lambda one: (-one.z, one.term))[:MOST]
