"""Topics over what is new: each topic's query run over the articles, the taggings decided from that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from digest import query, tagging
from digest.model import Article, Source, Tagging, Topic
from digest.search.document import document
from digest.tagging import Found


def tag(topics: Sequence[Topic], sources: Sequence[Source], articles: Iterable[Article]) -> list[Tagging]:
    """The taggings by rule of these articles; a query that does not parse raises QueryError."""
    articles = list(articles)
    return tagging.decide(topics, sources, articles, find(topics, articles))


def find(topics: Sequence[Topic], articles: Sequence[Article]) -> Iterator[Found]:
    """Every article and topic whose query it matches, with what stands where."""
    nodes = [(topic.id, query.parse(topic.query)) for topic in topics]
    for article in articles:
        doc = document(article).doc()
        for topic, node in nodes:
            if query.matches(node, doc):
                yield tagging.find(article.id, topic, node, doc)
