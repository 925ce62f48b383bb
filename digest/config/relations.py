"""Faults between the parts of sources.yaml: names that no one defined, topics that contain themselves."""

from __future__ import annotations

from digest.config.faults import Faults, meant
from digest.wording import _, mark

_MISSING = {
    "topic": mark("Không có chủ đề nào tên “{name}” trong mục topics"),
    "bulletin": mark("Không có bản tin nào tên “{name}” trong mục bulletins"),
}


def check_relations(faults: Faults) -> None:
    """Notes every name that is referred to and not defined, and topics whose `parent` leads back to them."""
    for sort, names in faults.referred.items():
        defined = faults.defined.get(sort, {})
        for one in names:
            if one.name not in defined:
                faults.say(one.node, _(_MISSING[sort], name=one.name[:60]), meant(one.name, defined))
