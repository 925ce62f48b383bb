"""Bettering topics: judged on labelled articles, terms proposed out of editors' corrections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from digest.errors import UsageError
from digest.jobs import labels
from digest.jobs.session import Session
from digest.model import Article, Topic
from digest.search import proposals, serving
from digest.search.proposals import Evaluation, Proposal
from digest.storage import articles, taggings
from digest.wording import _


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """Topics on labelled articles. `missing`: lines whose article the archive does not have; `unknown`:
    labels that no topic of sources.yaml has; `titles` of the articles by id."""

    topics: tuple[Evaluation, ...]
    articles: int
    missing: tuple[int, ...]
    unknown: tuple[str, ...]
    titles: Mapping[int, str]


def evaluate(session: Session, path: Path) -> EvaluationReport:
    """Runs the queries of all topics that the file names over its articles; nothing is stored.

    An article labelled with a narrow topic belongs to the wider ones above it too."""
    read = labels.read(path)
    named = frozenset(topic for label in read for topic in label.topics)
    known = {topic.id: topic for topic in session.config.topics}
    asked = [topic for topic in session.config.topics if _family(known, named) & {topic.id}]
    if not asked:
        raise UsageError(
            _("Tệp không nhắc tới chủ đề nào của sources.yaml"),
            str(path),
            _("Các tên đang có: {names}", names=", ".join(known) or _("(chưa có)")),
        )
    found = _found(session, read)
    meant: dict[int, frozenset[str]] = {}
    for label in read:
        article = found.get(label.line)
        if article is not None:
            meant[article.id] = meant.get(article.id, frozenset()) | _family(known, label.topics)
    judged = list({article.id: article for article in found.values()}.values())
    wanted = {topic.id for topic in asked}
    evaluated = proposals.evaluate(session.config.topics, session.config.sources, judged, meant)
    return EvaluationReport(
        topics=tuple(one for one in evaluated if one.topic in wanted),
        articles=len(judged),
        missing=tuple(label.line for label in read if label.line not in found),
        unknown=tuple(sorted(named - known.keys())),
        titles={article.id: article.content.title for article in judged},
    )


def _family(known: Mapping[str, Topic], names: Iterable[str]) -> frozenset[str]:
    """These topics and the wider ones that they lie in."""
    out: set[str] = set()
    for name in names:
        topic = known.get(name)
        while topic is not None and topic.id not in out:
            out.add(topic.id)
            topic = known.get(topic.parent or "")
    return frozenset(out)


def _found(session: Session, read: Iterable[labels.Label]) -> dict[int, Article]:
    """By line: the article that a label is about."""
    read = list(read)
    with session.archive.reading() as conn:
        by_id = articles.get_many(conn, [one.id for one in read if one.own is None and one.id])
        out: dict[int, Article] = {}
        for one in read:
            found = one.own or by_id.get(one.id) or (articles.by_url(conn, one.url) if one.url else None)
            if found is not None:
                out[one.line] = found
    return out


def propose(session: Session) -> list[Proposal]:
    """Terms to add to topics' queries or to drop from them; none where editors corrected little."""
    with session.archive.reading() as conn:
        said: dict[tuple[str, bool], list[int]] = defaultdict(list)
        for article, name, present in taggings.corrections(conn):
            said[name, present].append(article)
        by_topic = {
            topic.id: tuple(
                list(articles.get_many(conn, ids).values())
                for ids in (said[topic.id, True], said[topic.id, False], taggings.by_rule(conn, topic.id))
            )
            for topic in session.config.topics
            if said[topic.id, True] or said[topic.id, False]
        }
    counting = serving.counting(session.archive, session.workspace.index_dir)
    out: list[Proposal] = []
    for topic in session.config.topics:
        if topic.id in by_topic:
            put_on, taken_off, kept = by_topic[topic.id]
            out += proposals.additions(counting, topic, put_on)
            out += proposals.drops(topic, kept, taken_off)
    return out
