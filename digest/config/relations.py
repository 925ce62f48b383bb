"""Faults between the parts of sources.yaml: names that no one defined, topics that contain themselves."""

from __future__ import annotations

from collections.abc import Sequence

from digest.config.faults import Faults, meant
from digest.model import Topic
from digest.wording import _, mark

_MISSING = {
    "topic": mark("Không có chủ đề nào tên “{name}” trong mục topics"),
    "bulletin": mark("Không có bản tin nào tên “{name}” trong mục bulletins"),
}


def check_parents(topics: Sequence[Topic], faults: Faults) -> None:
    """Notes topics whose `parent` leads back to themselves."""
    parents = {topic.id: topic.parent for topic in topics}
    if len(parents) < len(topics):
        return  # an id that comes twice, which is told already, would make rings out of nothing
    for topic in topics:
        at, seen = topic.parent, set[str]()
        while at is not None and at != topic.id and at not in seen:
            seen.add(at)
            at = parents.get(at)
        if at == topic.id:
            what = _("Chủ đề “{name}” nằm trong chính nó", name=topic.id)
            faults.say(faults.defined["topic"][topic.id], what, _("Sửa hoặc bỏ mục parent"))


def check_relations(faults: Faults) -> None:
    """Notes every name that is referred to and not defined."""
    for sort, names in faults.referred.items():
        defined = faults.defined.get(sort, {})
        for one in names:
            if one.name not in defined:
                faults.say(one.node, _(_MISSING[sort], name=one.name[:60]), meant(one.name, defined))
