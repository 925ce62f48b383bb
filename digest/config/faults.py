"""Collecting all faults of one file: what, where, and the nearest word that was perhaps meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from yaml import Node
from yaml.error import Mark

from digest.errors import Fault
from digest.wording import _

_MOST = 200  # faults told of one file: nobody reads more, and a hostile file has no end of them


@dataclass(frozen=True, slots=True)
class Named:
    """A name that a file defines or refers to, and where."""

    name: str
    node: Node


@dataclass(slots=True)
class Faults:
    """The faults of one file while it is read, with the names that it defines and refers to."""

    name: str
    text: str
    found: list[Fault] = field(default_factory=list)
    defined: dict[str, dict[str, Node]] = field(default_factory=dict)
    referred: dict[str, list[Named]] = field(default_factory=dict)

    def say(self, where: Node | Mark | None, what: str, fix: str = "") -> None:
        """Notes a fault at a node's or mark's beginning."""
        mark = where.start_mark if isinstance(where, Node) else where
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        self.at(line, column, what, fix)

    def at(self, line: int, column: int, what: str, fix: str = "") -> None:
        """Notes a fault at a line and column that count from 1."""
        if len(self.found) < _MOST:
            self.found.append(Fault(what, line, column, fix))

    def define(self, sort: str, name: str, node: Node) -> None:
        """Notes that a name of a sort ("topic") is defined here; twice is a fault."""
        names = self.defined.setdefault(sort, {})
        if name in names:
            line = names[name].start_mark.line + 1
            self.say(node, _("id “{name}” đã dùng ở dòng {line}", name=name, line=line), _("Đặt id khác"))
        else:
            names[name] = node

    def refer(self, sort: str, name: str, node: Node) -> None:
        """Notes that a name of a sort is used here."""
        self.referred.setdefault(sort, []).append(Named(name, node))

    def in_order(self) -> list[Fault]:
        """All faults from the top of the file to its end."""
        return sorted(dict.fromkeys(self.found), key=lambda fault: (fault.line, fault.column))


def meant(word: str, words: Iterable[str]) -> str:
    """ "Có phải ý bạn là “topics”?", or the words there are, or nothing."""
    there = [one for one in words if one]
    near = difflib.get_close_matches(word[:100], there, 1, 0.6)
    if near:
        return _("Có phải ý bạn là “{word}”?", word=near[0])
    return _("Chỉ dùng được: {words}", words=", ".join(there)) if 0 < len(there) <= 40 else ""
