"""From a YAML file to its tree of nodes with marks, within bounds on size, depth, aliases and tags."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from yaml import MarkedYAMLError, Node, ScalarNode
from yaml.events import AliasEvent
from yaml.reader import ReaderError

from digest.config.faults import Faults
from digest.errors import UsageError
from digest.wording import _, mark

LARGEST = 400_000  # bytes; a province's 200 sources are 60,000
_DEEPEST = 16
_MOST_NODES = 40_000
_MOST_ALIASES = 500
_TAG = "tag:yaml.org,2002:"
_TYPES = ("str", "int", "float", "bool", "null", "map", "seq", "timestamp")


class _Beyond(Exception):
    """A bound is passed; the text is for people."""

    def __init__(self, what: str, mark: yaml.Mark | None) -> None:
        super().__init__(what)
        self.mark = mark


class _Loader(yaml.SafeLoader):
    """PyYAML's composer, counting."""

    depth = nodes = aliases = 0

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        """One node; _Beyond when it is one too many or lies too deep."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        self.nodes += 1
        self.aliases += isinstance(event, AliasEvent)
        if self.nodes > _MOST_NODES:
            raise _Beyond(_("Tệp có quá nhiều mục (hơn {most})", most=_MOST_NODES), event.start_mark)
        if self.aliases > _MOST_ALIASES:
            raise _Beyond(
                _("Tệp có quá nhiều bí danh “*” (hơn {most})", most=_MOST_ALIASES), event.start_mark
            )
        if self.depth >= _DEEPEST:
            raise _Beyond(_("Các mục lồng nhau quá sâu (hơn {most} tầng)", most=_DEEPEST), event.start_mark)
        self.depth += 1
        node: Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read_text(path: Path) -> str:
    """The text of a file people write; UsageError if it is missing, too large or not UTF-8."""
    where = path.name
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise UsageError(
                _("Tệp dài {size} byte, quá {most}", size=size, most=LARGEST),
                where,
                _("Xem có chép nhầm tệp khác vào đây không"),
            )
        data = path.read_bytes()
    except OSError as problem:
        raise UsageError(
            _("Không đọc được tệp ({why})", why=problem.strerror or type(problem).__name__),
            str(path),
            _("Xem tệp còn ở đó và có quyền đọc không"),
        ) from None
    try:
        wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise UsageError(
            _("Tệp không phải UTF-8 (dòng {line})", line=line),
            where,
            _("Mở bằng Notepad, chọn Save As, mục Encoding chọn UTF-8"),
        ) from None


def compose(text: str, faults: Faults) -> Node | None:
    """The root node, or None with the fault noted."""
    if len(text) > LARGEST:
        faults.at(1, 1, _("Tệp dài quá {most} chữ", most=LARGEST))
        return None
    loader = None
    try:
        loader = _Loader(text.removeprefix("\ufeff"))
        root: Node | None = loader.get_single_node()
    except _Beyond as beyond:
        faults.say(beyond.mark, str(beyond), _("Viết lại cho gọn, theo mẫu trong docs/vi/nguon-tin.md"))
        return None
    except MarkedYAMLError as problem:
        faults.say(problem.problem_mark or problem.context_mark, *_in_words(problem))
        return None
    except ReaderError as problem:
        _say_unreadable(problem, text, faults)
        return None
    finally:
        if loader is not None:
            loader.dispose()
    if root is None or root.tag == _TAG + "null":
        faults.at(
            1, 1, _("Tệp trống"), _("Lấy tệp mẫu: digest init THƯ_MỤC_MỚI, rồi chép sources.yaml ở đó về")
        )
        return None
    return root


def _say_unreadable(problem: ReaderError, text: str, faults: Faults) -> None:
    before = text[: problem.position]
    line = before.count("\n") + 1
    faults.at(
        line,
        len(before) - before.rfind("\n"),
        _("Có ký tự không in được (mã {code})", code=f"{int(problem.character):04X}"),
        _("Xóa ký tự ấy, gõ lại dòng này"),
    )


def has_plain_tag(node: Node) -> bool:
    """Whether a node is of the types that YAML itself has: text, number, yes or no, list, mapping."""
    return node.tag.startswith(_TAG) and node.tag.removeprefix(_TAG) in _TYPES


def is_text(node: Node) -> bool:
    """Whether a node is text: also a date, which YAML takes for something else."""
    return isinstance(node, ScalarNode) and node.tag in (_TAG + "str", _TAG + "timestamp")


_TROUBLES = (
    (
        "'\\t'",
        mark("Dòng này thụt vào bằng phím Tab"),
        mark("Thay Tab bằng dấu cách: YAML chỉ nhận dấu cách"),
    ),
    (
        "mapping values are not allowed",
        mark("Dấu hai chấm ở chỗ không được có"),
        mark("Đặt cả câu trong dấu nháy đơn '…'"),
    ),
    (
        "could not find expected ':'",
        mark("Thiếu dấu hai chấm sau tên mục"),
        mark("Viết như: name: Báo Nhân Dân"),
    ),
    (
        "expected <block end>",
        mark("Các dòng thụt vào không đều nhau"),
        mark("Cho các mục cùng cấp thẳng cột với nhau"),
    ),
    (
        "found unexpected end of stream",
        mark("Dấu nháy hay dấu ngoặc mở ra mà không đóng lại"),
        mark("Thêm dấu đóng"),
    ),
    (
        "did not find expected",
        mark("Dấu ngoặc hay dấu phẩy không khớp"),
        mark("Xem lại các dấu [ ] { } và dấu phẩy"),
    ),
    ("but got", mark("Dấu ngoặc hay dấu phẩy không khớp"), mark("Xem lại các dấu [ ] { } và dấu phẩy")),
    (
        "undefined alias",
        mark("Bí danh “*” chưa được đặt bằng “&” ở phía trên"),
        mark("Đặt nó, hoặc bỏ dấu *"),
    ),
    ("duplicate anchor", mark("Tên “&” này đã đặt ở phía trên"), mark("Đặt tên khác")),
    ("expected a single document", mark("Tệp có nhiều phần cách nhau bằng “---”"), mark("Chỉ để một phần")),
    (
        "cannot start any token",
        mark("Dòng này bắt đầu bằng ký tự không dùng được"),
        mark("Đặt giá trị trong dấu nháy đơn '…'"),
    ),
    (
        "unknown escape character",
        mark("Sau dấu \\ trong nháy kép là chữ không hiểu được"),
        mark("Dùng nháy đơn '…'"),
    ),
)


def _in_words(problem: MarkedYAMLError) -> tuple[str, str]:
    """What PyYAML says, in words for editors."""
    said = f"{problem.problem} {problem.context}"
    for sign, what, fix in _TROUBLES:
        if sign in said:
            return _(what), _(fix)
    return _("YAML viết chưa đúng ({said})", said=problem.problem), _("Xem lại dòng này và dòng ngay trên nó")
