"""The head of edition.md: which edition, its title and period; `key: value` lines, valid YAML as well."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from digest.errors import Fault
from digest.text.normalise import clean
from digest.wording import _

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}/[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
KINDS = ("weekly", "monthly", "dossier", "outline", "slip")
_REQUIRED = ("format", "edition", "title", "period")
_LINE = re.compile(r"([^:\s]+)[ \t]*:(?:[ \t]+(.*))?$")
_PLAIN = re.compile(r"[^\W_][^:#\"']*")
_WORDS_OF_YAML = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


@dataclass
class Head:
    """The values of the head, named as Edition names them."""

    id: str = ""
    title: str = ""
    first: date = date.min
    last: date = date.min
    number: int | None = None
    kind: str = ""
    corrects: str = ""
    issued: date | None = None


# --- reading ----------------------------------------------------------------------------------


def read_head(lines: Sequence[str], faults: list[Fault]) -> tuple[Head, int]:
    """The head of a file's lines and the index of the first line after it; adds to `faults`."""
    head = Head()
    begin = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if not lines or lines[begin].rstrip() != "---":
        faults.append(Fault(_("Bản tin phải bắt đầu bằng dòng ---"), begin + 1, 1, _head_fix()))
        return head, begin
    end = next((n for n in range(begin + 1, len(lines)) if lines[n].rstrip() == "---"), None)
    if end is None:
        faults.append(Fault(_("Phần đầu tệp không có dòng --- đóng lại"), begin + 1, 1, _head_fix()))
        return head, len(lines)
    seen: dict[str, int] = {}
    for number, line in enumerate(lines[begin + 1 : end], begin + 2):
        if line.strip() and not line.lstrip().startswith("#"):
            _line(line.strip(), number, head, seen, faults)
    for name in _REQUIRED:
        if name not in seen:
            faults.append(Fault(_("Phần đầu tệp thiếu dòng “{name}:”", name=name), begin + 1, 1, _head_fix()))
    return head, end + 1


def _head_fix() -> str:
    return _("Phần đầu gồm: ---, format: 1, edition: …, title: …, period: …, ---")


def _line(line: str, number: int, head: Head, seen: dict[str, int], faults: list[Fault]) -> None:
    found = _LINE.match(line)
    name = found[1] if found else ""
    if found is None:
        faults.append(Fault(_("Chưa hiểu dòng “{line}”", line=line[:80]), number, 1, _("Viết như: title: …")))
    elif name not in _READ:
        near = difflib.get_close_matches(name, _READ, 1)
        fix = _("Có phải bạn muốn viết: {name}?", name=near[0]) if near else _names_fix()
        faults.append(Fault(_("Không có mục nào tên “{name}”", name=name[:80]), number, 1, fix))
    elif name in seen:
        what = _("“{name}” đã có ở dòng {line}", name=name, line=seen[name])
        faults.append(Fault(what, number, 1, _("Bỏ một trong hai dòng")))
    else:
        seen[name] = number
        if fix := _READ[name](head, _unquoted(found[2] or "")):
            what = _("“{name}” không đúng: {value}", name=name, value=(found[2] or _("(trống)"))[:80])
            faults.append(Fault(what, number, 1, fix))


def _names_fix() -> str:
    return _("Các mục có thể viết: {names}", names=", ".join(_READ))


def _unquoted(raw: str) -> str:
    """The value without the quotes that YAML may put around it."""
    value = raw.strip()
    if len(value) >= 2 and value[0] == value[-1] == "'":
        return clean(value[1:-1].replace("''", "'"))
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return clean(re.sub(r"\\(.)", r"\1", value[1:-1]))
    return clean(value)


def _format(head: Head, value: str) -> str:
    return "" if value == "1" else _("Chương trình này đọc được format: 1")


def _edition(head: Head, value: str) -> str:
    head.id = value
    return "" if ID.fullmatch(value) else _("Viết như: bao-cao-vien/2026-W47")


def _corrects(head: Head, value: str) -> str:
    head.corrects = value
    return "" if not value or ID.fullmatch(value) else _("Viết như: bao-cao-vien/2026-W47")


def _title(head: Head, value: str) -> str:
    head.title = value
    return "" if value else _("Viết tên của số này; {mark} sẽ thành số thứ tự khi duyệt", mark="{number}")


def _kind(head: Head, value: str) -> str:
    head.kind = value
    return "" if value in ("", *KINDS) else _("Chọn một trong: {names}", names=", ".join(KINDS))


def _number(head: Head, value: str) -> str:
    if re.fullmatch(r"[1-9][0-9]{0,5}", value):
        head.number = int(value)
        return ""
    return "" if not value else _("Bỏ dòng này: số thứ tự được cho khi duyệt")


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else None
    except ValueError:
        return None


def _issued(head: Head, value: str) -> str:
    head.issued = _day(value)
    return "" if head.issued or not value else _("Viết ngày như: 2026-11-23")


def _period(head: Head, value: str) -> str:
    first, _slash, last = value.partition("/")
    days = _day(first.strip()), _day(last.strip())
    if days[0] is None or days[1] is None or days[1] < days[0]:
        return _("Viết ngày đầu/ngày cuối như: 2026-11-16/2026-11-22")
    head.first, head.last = days[0], days[1]
    return ""


_READ: dict[str, Callable[[Head, str], str]] = {
    "format": _format,
    "edition": _edition,
    "number": _number,
    "kind": _kind,
    "corrects": _corrects,
    "title": _title,
    "period": _period,
    "issued": _issued,
}


# --- writing ----------------------------------------------------------------------------------


def write_head(head: Head) -> str:
    """The head's lines from --- to ---; what is not set is left out."""
    values: list[tuple[str, object]] = [
        ("format", 1),
        ("edition", head.id),
        ("number", head.number),
        ("kind", head.kind),
        ("corrects", head.corrects),
        ("title", quoted(head.title)),
        ("period", f"{head.first.isoformat()}/{head.last.isoformat()}"),
        ("issued", head.issued.isoformat() if head.issued else None),
    ]
    lines = [f"{name}: {value}" for name, value in values if value not in (None, "")]
    return "\n".join(["---", *lines, "---"])


def quoted(value: str) -> str:
    """A value as YAML reads it back as the same text: bare where that is safe, else in quotes."""
    plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS_OF_YAML and not value[0].isdigit()
    return value if plain else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
