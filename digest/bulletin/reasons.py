"""Why an article is suggested, in an editor's words; every reason can be looked up in the article."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from digest import clock, query, tagging
from digest.model import Article, Tagging, Topic
from digest.query import Doc
from digest.tagging import Mention
from digest.wording import _

KNOWN_HABIT = 4


def mentions(article: Article, topic: Topic | None) -> tuple[Mention, ...]:
    """What of a topic's query stands in the article, the most telling first; () if it does not match."""
    if topic is None:
        return ()
    content = article.content
    doc = Doc(content.title, content.lead, content.paragraphs, outlet=article.outlet)
    node = _parsed(topic.query)
    found = tagging.find(article.id, topic.id, node, doc).mentions
    return tuple(sorted(found, key=lambda one: (-one.title, -one.total)))


_trees: dict[str, query.Node] = {}


def _parsed(text: str) -> query.Node:
    if text not in _trees:
        _trees[text] = query.parse(text)
    return _trees[text]


def fit(found: Sequence[Mention], given: Tagging, name: str) -> str:
    """ "“tăng ni” ở tít, “Phật tử” 5 lần", or who says that the article belongs to the topic."""
    if given.by == "editor":
        return _("ban biên tập xếp vào {topic}", topic=name)
    if not found:
        return _("xếp vào {topic} vì: {why}", topic=name, why=given.why) if given.why else ""
    return ", ".join(_mention(one) for one in found[:3])


def _mention(one: Mention) -> str:
    if one.title:
        return _("“{term}” ở tít", term=one.term)
    if one.total == one.lead:
        return _("“{term}” ở sapo", term=one.term)
    return _("“{term}” {count} lần", term=one.term, count=one.total)


def newness(article: Article, today: date | None) -> str:
    """How new it is; an unknown date is said to be unknown."""
    published = article.content.published
    if published is None:
        return _("không rõ ngày đăng (thu thập {day:%d/%m})", day=clock.day(article.collected))
    day = clock.day(published)
    age = (today - day).days if today else -1
    if age == 0:
        return _("đăng hôm nay")
    if 0 < age <= 7:
        return _("mới đăng {days} ngày", days=age)
    return _("đăng ngày {day:%d/%m/%Y}", day=day)


def spread(others: int) -> str:
    """How many other outlets have the story."""
    return _("{count} báo khác cũng đăng", count=others) if others else ""


def weight(value: float) -> str:
    """What sources.yaml says of the outlet, if it says anything."""
    number = f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    if value > 1:
        return _("báo được ưu tiên ({weight})", weight=number)
    return _("báo ít được ưu tiên ({weight})", weight=number) if value < 1 else ""


def habit(outlet: str, kept: int, made: int) -> str:
    """What the editors did with this outlet's suggestions so far, once there were a few."""
    if made < KNOWN_HABIT:
        return ""
    return _("ban biên tập đã giữ {kept} trên {made} bài gợi ý của {outlet}",
             kept=kept, made=made, outlet=outlet)  # fmt: skip


def text(article: Article) -> str:
    """A warning where only the entry's own words are known."""
    return _("chưa lấy được toàn văn") if article.revision.text == "none" else ""
