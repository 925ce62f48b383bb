"""Topics over what is new: each topic's query run by the index's own code, taggings decided from its hits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from digest import query, tagging
from digest.model import Article, Source, Tagging, Topic
from digest.query import Node
from digest.search.document import Document, document
from digest.search.matching import Matcher
from digest.search.opened import Index
from digest.search.segment import Draft, build
from digest.search.vocabulary import Vocabulary
from digest.tagging import Found

BATCH = 500
"""Articles that are indexed in memory at a time."""


def tag(topics: Sequence[Topic], sources: Sequence[Source], articles: Iterable[Article]) -> list[Tagging]:
    """The taggings by rule of these articles; a query that does not parse raises QueryError.

    A score depends on the article and the query alone, never on what else is archived.
    """
    articles = list(articles)
    return tagging.decide(topics, sources, articles, find(topics, articles))


def find(topics: Sequence[Topic], articles: Sequence[Article]) -> Iterator[Found]:
    """Every article and topic whose query it matches, with what stands where."""
    nodes = [(topic.id, query.parse(topic.query)) for topic in topics]
    for at in range(0, len(articles), BATCH):
        yield from _find(nodes, [document(article) for article in articles[at : at + BATCH]])


def _find(nodes: Sequence[tuple[str, Node]], documents: Sequence[Document]) -> Iterator[Found]:
    matcher = Matcher(in_memory(documents))
    docs = [one.doc() for one in documents]
    for topic, node in nodes:
        for place in np.flatnonzero(matcher.mask(node)).tolist():
            yield tagging.find(documents[place].id, topic, node, docs[place])


def in_memory(documents: Iterable[Document]) -> Index:
    """An index of its own for a few articles; their places are their order."""
    words = Vocabulary()
    draft = Draft(words)
    for one in documents:
        draft.add(one)
    return Index([build(draft.arrays(), words)], [()], words, {}, "memory")
