"""The shapes that values in a YAML file may have: each reads a node, notes faults, describes itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from digest.config.document import has_plain_tag, is_text
from digest.config.faults import Faults, meant
from digest.errors import QueryError, UsageError
from digest.wording import _, mark

MISSING: Final = object()
"""What a shape gives for a node that it noted a fault of."""

_TYPES = {
    "str": mark("chữ"),
    "timestamp": mark("chữ"),
    "int": mark("số"),
    "float": mark("số"),
    "bool": mark("có/không"),
    "null": mark("trống"),
    "map": mark("nhóm mục"),
    "seq": mark("danh sách"),
}


class Shape(Protocol):
    """One shape."""

    def read(self, node: Node, faults: Faults) -> Any:
        """The value, or MISSING with the fault noted."""

    def schema(self) -> dict[str, Any]:
        """The same in JSON Schema's words."""


def _wrong_type(node: Node, faults: Faults, wanted: str) -> object:
    if not has_plain_tag(node):
        tag = node.tag.replace("tag:yaml.org,2002:", "!!")
        faults.say(node, _("Thẻ “{tag}” không dùng được ở đây", tag=tag[:80]), _("Xóa thẻ ấy"))
        return MISSING
    there = _(_TYPES[node.tag.rpartition(":")[2]])
    fix = ""
    if isinstance(node, ScalarNode) and there != _("trống") and wanted == _("chữ"):
        fix = _("Đặt trong dấu nháy: '{value}'", value=node.value[:60])
    faults.say(node, _("Chỗ này phải là {wanted}, nhưng đang là {there}", wanted=wanted, there=there), fix)
    return MISSING


@dataclass(frozen=True, slots=True)
class Text:
    """Text; `check` gives the value or raises UsageError; `defines` and `refers` name a sort of ids."""

    check: Callable[[str], str] | None = None
    choices: tuple[str, ...] = ()
    defines: str = ""
    refers: str = ""
    longest: int = 500
    pattern: str = ""

    def read(self, node: Node, faults: Faults) -> Any:
        """The text, stripped and checked."""
        if not isinstance(node, ScalarNode) or not is_text(node):
            return _wrong_type(node, faults, _("chữ"))
        value = node.value.strip()
        if not value:
            faults.say(node, _("Chỗ này không được để trống"))
            return MISSING
        if len(value) > self.longest:
            faults.say(node, _("Dài quá {most} chữ", most=self.longest))
            return MISSING
        if self.choices and value not in self.choices:
            faults.say(node, _("Không có lựa chọn “{value}”", value=value[:60]), meant(value, self.choices))
            return MISSING
        return self._checked(value, node, faults)

    def _checked(self, value: str, node: ScalarNode, faults: Faults) -> Any:
        try:
            value = self.check(value) if self.check else value
        except QueryError as problem:
            line, column = _within(node, faults.text, value, problem.position)
            faults.at(line, column, problem.what, problem.fix)
            return MISSING
        except UsageError as problem:
            faults.say(node, problem.what, problem.fix)
            return MISSING
        if self.defines:
            faults.define(self.defines, value, node)
        if self.refers:
            faults.refer(self.refers, value, node)
        return value

    def schema(self) -> dict[str, Any]:
        """A string, with its choices or pattern."""
        more: dict[str, Any] = {"enum": list(self.choices)} if self.choices else {"minLength": 1}
        if self.pattern:
            more["pattern"] = self.pattern
        return {"type": "string", **more}


def _within(node: ScalarNode, text: str, value: str, position: int) -> tuple[int, int]:
    """Line and column (from 1) of a place in a value, found by the letters that stand there."""
    begin, end = node.start_mark.index, node.end_mark.index
    written = text.removeprefix("\ufeff")[begin:end]
    sought = value[position : position + 12].split("\n")[0]
    at = written.find(sought, min(position, len(written))) if sought else -1
    at = written.find(sought) if sought and at < 0 else at
    if at < 0:
        return node.start_mark.line + 1, node.start_mark.column + 1
    before = written[:at]
    if "\n" in before:
        return node.start_mark.line + 1 + before.count("\n"), len(before) - before.rfind("\n")
    return node.start_mark.line + 1, node.start_mark.column + 1 + at


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `low` to `high`, whole unless `fraction`."""

    low: float
    high: float
    fraction: bool = False

    def read(self, node: Node, faults: Faults) -> Any:
        """An int, or a float if fractions are allowed."""
        kind = node.tag.rpartition(":")[2]
        if not isinstance(node, ScalarNode) or kind not in (("int", "float") if self.fraction else ("int",)):
            return _wrong_type(node, faults, _("số") if self.fraction else _("số nguyên"))
        try:
            written = node.value.replace("_", "")
            value = float(written) if self.fraction else int(written, 10)
        except ValueError:  # octal, sexagesimal and the like: nobody means them here
            faults.say(node, _("“{value}” không phải một số viết thường", value=node.value[:40]))
            return MISSING
        if not self.low <= value <= self.high:
            faults.say(node, self._out_of_range())
            return MISSING
        return value

    def _out_of_range(self) -> str:
        if self.low == self.high:  # a format that a later release may have moved on from
            return _(
                "Bản digest này chỉ đọc được số {low}; số lớn hơn thì cần nâng cấp", low=_plain(self.low)
            )
        return _("Số phải từ {low} đến {high}", low=_plain(self.low), high=_plain(self.high))

    def schema(self) -> dict[str, Any]:
        """A number with its limits."""
        kind = "number" if self.fraction else "integer"
        return {"type": kind, "minimum": self.low, "maximum": self.high}


def _plain(number: float) -> str:
    return f"{number:g}" if number < 1_000_000 else f"{number:.0f}"


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def read(self, node: Node, faults: Faults) -> Any:
        """A bool."""
        if not isinstance(node, ScalarNode) or not node.tag.endswith(":bool"):
            _wrong_type(node, faults, _("true (có) hay false (không)"))
            return MISSING
        return node.value.lower() in ("true", "yes", "on")

    def schema(self) -> dict[str, Any]:
        """A boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one shape; an empty one is fine, and so is a key with nothing behind it."""

    item: Shape
    once: bool = True

    def read(self, node: Node, faults: Faults) -> Any:
        """A tuple of the items without faults."""
        if node.tag.endswith(":null"):
            return ()
        if not isinstance(node, SequenceNode) or not has_plain_tag(node):
            return _wrong_type(node, faults, _("danh sách (mỗi mục một dòng bắt đầu bằng “- ”)"))
        items = [(self.item.read(child, faults), child) for child in node.value]
        read = [(value, child) for value, child in items if value is not MISSING]
        if self.once:
            self._say_repeated(read, faults)
        return tuple(value for value, _child in read)

    def _say_repeated(self, read: list[tuple[Any, Node]], faults: Faults) -> None:
        seen: set[str] = set()
        for value, child in read:
            if isinstance(value, str) and value in seen:
                faults.say(child, _("“{value}” có hai lần trong danh sách", value=value[:60]), _("Bỏ một"))
            elif isinstance(value, str):
                seen.add(value)

    def schema(self) -> dict[str, Any]:
        """An array."""
        return {"type": ["array", "null"], "items": self.item.schema()}


@dataclass(frozen=True, slots=True)
class Counts:
    """A mapping of ids to numbers whose order counts, as `sections` is."""

    number: Number
    refers: str

    def read(self, node: Node, faults: Faults) -> Any:
        """A tuple of (id, number)."""
        if node.tag.endswith(":null"):
            return ()
        if not isinstance(node, MappingNode) or not has_plain_tag(node):
            return _wrong_type(node, faults, _("nhóm mục, mỗi mục là “chủ-đề: số bài”"))
        found = []
        for name, key, child in keys_of(node, faults):
            faults.refer(self.refers, name, key)
            value = self.number.read(child, faults)
            if value is not MISSING:
                found.append((name, value))
        return tuple(found)

    def schema(self) -> dict[str, Any]:
        """An object of numbers."""
        return {"type": "object", "additionalProperties": self.number.schema()}


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys, made into a dataclass; `fixed` keys are checked and not handed on."""

    make: Callable[..., Any]
    fields: Mapping[str, Shape]
    required: tuple[str, ...] = ()
    what: str = ""
    fixed: tuple[str, ...] = ()

    def read(self, node: Node, faults: Faults) -> Any:
        """The dataclass, or MISSING if a required key is missing or faulty."""
        if node.tag.endswith(":null") and not self.required:
            return self.make()
        if not isinstance(node, MappingNode) or not has_plain_tag(node):
            return _wrong_type(node, faults, _("nhóm mục dạng “tên: giá trị”"))
        values: dict[str, Any] = {}
        given: set[str] = set()
        for name, key, child in keys_of(node, faults):
            given.add(name)
            if name not in self.fields:
                self._say_unknown(name, key, faults)
                continue
            value = self.fields[name].read(child, faults)
            if value is not MISSING:
                values[name] = value
        self._say_missing(node, given, faults)
        if not all(name in values for name in self.required):
            return MISSING
        return self.make(**{name: value for name, value in values.items() if name not in self.fixed})

    def _say_unknown(self, name: str, key: Node, faults: Faults) -> None:
        if name == "<<":
            faults.say(key, _("Không dùng được “<<” ở đây"), _("Viết đủ các mục ra"))
        else:
            faults.say(key, _("Không có mục nào tên “{name}”", name=name[:60]), meant(name, self.fields))

    def _say_missing(self, node: MappingNode, given: set[str], faults: Faults) -> None:
        missing = [name for name in self.required if name not in given]
        if missing:
            names = ", ".join(missing)
            faults.say(node, _("{what} thiếu mục: {names}", what=_(self.what), names=names), _("Thêm vào"))

    def schema(self) -> dict[str, Any]:
        """An object that has no other keys."""
        return {
            "type": "object",
            "additionalProperties": False,
            "required": list(self.required),
            "properties": {name: shape.schema() for name, shape in self.fields.items()},
        }


def keys_of(node: MappingNode, faults: Faults) -> list[tuple[str, ScalarNode, Node]]:
    """(name, its node, the value's node) of a mapping; a name that comes twice is a fault, and told."""
    seen: dict[str, int] = {}
    found: list[tuple[str, ScalarNode, Node]] = []
    for key, child in node.value:
        if not isinstance(key, ScalarNode):
            faults.say(key, _("Tên mục phải là chữ"))
            continue
        if key.value in seen:
            faults.say(
                key,
                _("Mục “{name}” đã có ở dòng {line}", name=key.value[:60], line=seen[key.value]),
                _("Bỏ một trong hai"),
            )
            continue
        seen[key.value] = key.start_mark.line + 1
        found.append((key.value, key, child))
    return found
