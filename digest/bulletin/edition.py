"""edition.md: reading it with every fault at its line, writing it, and telling whether an editor touched it.

    ---
    format: 1
    edition: bao-cao-vien/2026-W47
    title: Bản tin báo cáo viên số {number}
    period: 2026-11-16/2026-11-22
    ---
    The foreword.

    ## Section
    The section's note.

    ### {article=1834 revision=2} Headline as the outlet has it
    > An excerpt, letter for letter.
    > […]
    > Another one.

    The editors' own note.

`write(parse(text))` keeps every word and line that an editor typed; only blank lines between parts and
spaces around headings take their one form. A note that itself needs a line beginning with `## ` or `>`
has it with a backslash before it, which reading takes off again.
"""

from __future__ import annotations

import hashlib
import re

from digest.bulletin.head import Head, read_head, write_head
from digest.bulletin.parts import MARK, Edition, Excerpt, Item, Note, Quote, Section, prose
from digest.errors import Fault, FileFaults
from digest.text.normalise import clean, nfc
from digest.wording import _

__all__ = [
    "MARK", "Edition", "Excerpt", "Item", "Note", "Quote", "Section",
    "fingerprint", "parse", "prose", "touched", "write", "write_item",
]  # fmt: skip

NAME = "edition.md"
_HEADING = re.compile(r" {0,3}(#+)(?:[ \t]+(.*))?$")
_CRAMPED = re.compile(r" {0,3}(#{2,})([^#\s].*)$")
_QUOTED = re.compile(r" {0,3}>[ \t]?(.*)$")
_PIN = re.compile(r"\{([^{}]*)\}[ \t]*(.*)$")
_ESCAPED = re.compile(r"^( {0,3}\\*)\\(?=\\*(?:#+(?:[ \t]|$)|##|>))")
_NEEDS_ESCAPE = re.compile(r"^( {0,3})(?=\\*(?:#+(?:[ \t]|$)|##|>))")
_LARGEST = 2**53


# --- reading ----------------------------------------------------------------------------------


def parse(text: str, name: str = NAME) -> Edition:
    """The edition that the file's text says; raises FileFaults with all faults of form at once."""
    lines = nfc(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    faults: list[Fault] = []
    head, begin = read_head(lines, faults)
    body = _Body(faults)
    for number, line in enumerate(lines[begin:], begin + 1):
        body.take(line, number)
    sections = body.finish()
    if any(not fault.warning for fault in faults):
        raise FileFaults(name, sorted(faults, key=lambda fault: fault.line))
    return Edition(**vars(head), foreword=body.foreword, sections=sections, foreword_line=body.foreword_line)


class _Body:
    """The lines after the head, taken one at a time into sections, items, quotes and notes."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        self.foreword, self.foreword_line = "", 0
        self.sections: list[Section] = []
        self.section: Section | None = None
        self.items: list[Item] = []
        self.item: Item | None = None
        self.parts: list[Quote | Note] = []
        self.kept: list[str] = []
        self.kept_line = 0
        self.quoting = False

    def take(self, line: str, number: int) -> None:
        """One more line of the file."""
        if heading := _HEADING.match(line):
            self._heading(len(heading[1]), (heading[2] or "").strip(), number)
        elif cramped := _CRAMPED.match(line):
            self._fault(
                number,
                _("Dấu {marks} dính liền với chữ", marks=cramped[1]),
                _("Thêm một dấu cách sau {marks}", marks=cramped[1]),
            )
        elif quoted := _QUOTED.match(line):
            self._quoted(quoted[1], number)
        else:
            self._text(_ESCAPED.sub(r"\1", line), number)

    def finish(self) -> tuple[Section, ...]:
        """All sections, after the last line."""
        self._close_section()
        return tuple(self.sections)

    def _heading(self, level: int, text: str, number: int) -> None:
        if level == 2:
            self._close_section()
            if not clean(text):
                self._fault(number, _("Mục không có tên"), _("Viết tên mục sau ##"))
            self.section = Section(text, line=number)
        elif level == 3 and self.section is None:
            self._fault(
                number,
                _("Bài đứng trước tên mục đầu tiên"),
                _("Thêm một dòng “## Tên mục” ở phía trên"),
            )
        elif level == 3:
            self._close_item()
            self.item = self._item(text, number)
        else:
            self._fault(
                number,
                _("Không dùng tiêu đề {marks} trong bản tin", marks="#" * min(level, 7)),
                _("## là tên mục, ### là tên bài. Nếu là chữ thường, viết \\ trước dấu #"),
            )

    def _item(self, text: str, number: int) -> Item:
        pinned = _PIN.match(text)
        values = _pin(pinned[1]) if pinned else None
        if pinned is None or values is None:
            self._fault(
                number,
                _("Không rõ bài này là bài nào trong kho"),
                _("Viết như: ### {pin} Tên bài", pin="{article=1834 revision=2}"),
            )
            return Item(0, 0, text, line=number)
        if not clean(pinned[2]):
            self._fault(
                number, _("Bài không có tên"), _("Viết tên bài như trên báo sau dấu {mark}", mark="}")
            )
        return Item(values[0], values[1], pinned[2], line=number)

    def _quoted(self, text: str, number: int) -> None:
        if self.item is None:
            if not (self.quoting and self.kept):
                self._fault(
                    number,
                    _("Đoạn trích này không thuộc bài nào"),
                    _("Đặt nó dưới dòng ### của bài. Nếu là lời của ban biên tập, bỏ dấu >"),
                )
            self.quoting, self.kept = True, [text]
            return
        if not self.quoting:
            self._close_part()
            self.quoting, self.kept_line = True, number
        self.kept.append(text)

    def _text(self, line: str, number: int) -> None:
        if self.quoting:
            self._close_part()
        if line.strip() and not self.kept:
            self.kept_line = number
        if line.strip() or self.kept:
            self.kept.append(line)

    def _close_part(self) -> None:
        """What was gathered goes where it belongs."""
        kept, line, quoting = self.kept, self.kept_line, self.quoting
        self.kept, self.kept_line, self.quoting = [], 0, False
        if self.item is not None:
            if kept:
                self.parts.append(Quote(tuple(kept), line) if quoting else Note("\n".join(kept), line))
        elif quoting:
            return
        elif self.section is not None:
            self.section = Section(self.section.name, "\n".join(kept), (), self.section.line, line)
        else:
            self.foreword, self.foreword_line = prose("\n".join(kept)), line

    def _close_item(self) -> None:
        self._close_part()
        if self.item is not None:
            item = self.item
            self.items.append(Item(item.article, item.revision, item.headline, tuple(self.parts), item.line))
        self.item, self.parts = None, []

    def _close_section(self) -> None:
        self._close_item()
        if self.section is not None:
            kept = self.section
            self.sections.append(Section(kept.name, kept.note, tuple(self.items), kept.line, kept.note_line))
        self.section, self.items = None, []

    def _fault(self, line: int, what: str, fix: str) -> None:
        self.faults.append(Fault(what, line, 1, fix))


def _pin(text: str) -> tuple[int, int] | None:
    """(article, revision) of "article=1834 revision=2" in either order, or None."""
    pairs = [re.fullmatch(r"(article|revision)=(\d{1,16})", word) for word in text.replace(",", " ").split()]
    values = {pair[1]: int(pair[2]) for pair in pairs if pair and pair[2].isascii()}
    if len(pairs) != 2 or len(values) != 2 or not all(0 < value <= _LARGEST for value in values.values()):
        return None
    return values["article"], values["revision"]


# --- writing ----------------------------------------------------------------------------------


def write(edition: Edition) -> str:
    """The edition as its file has it: NFC, \\n at line ends, one blank line between parts."""
    blocks = [write_head(_head(edition))]
    blocks += [_escaped(edition.foreword)] if edition.foreword else []
    for section in edition.sections:
        blocks.append(f"## {section.name}")
        blocks += [_escaped(section.note)] if section.note else []
        blocks += [write_item(item) for item in section.items]
    return "\n\n".join(blocks) + "\n"


def _head(edition: Edition) -> Head:
    return Head(
        id=edition.id,
        title=edition.title,
        first=edition.first,
        last=edition.last,
        number=edition.number,
        kind=edition.kind,
        corrects=edition.corrects,
        issued=edition.issued,
    )


def write_item(item: Item) -> str:
    """One article's lines, without a line end after the last."""
    lines = [f"### {{article={item.article} revision={item.revision}}} {item.headline}"]
    before: Quote | Note | None = None
    for part in item.parts:
        if before is not None or isinstance(part, Note):
            lines.append("")
        if isinstance(part, Note):
            lines.append(_escaped(part.text))
        else:
            lines += [f"> {line}".rstrip() for line in part.lines]
        before = part
    return "\n".join(lines)


def _escaped(text: str) -> str:
    """A note in which no line can be taken for a heading or an excerpt."""
    return "\n".join(_NEEDS_ESCAPE.sub(r"\1\\", line) for line in text.split("\n"))


# --- touched by an editor? ----------------------------------------------------------------------


def fingerprint(text: str) -> str:
    """What is remembered of a text that the program wrote (SHA-256; line ends and BOM left aside)."""
    plain = nfc(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def touched(text: str, remembered: str | None) -> bool:
    """Whether an editor changed the file since the program wrote it; unknown counts as touched."""
    return remembered is None or fingerprint(text) != remembered
