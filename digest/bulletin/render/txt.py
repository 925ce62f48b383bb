"""Text to paste into a Zalo group: one short list with links, then every article's words, in pieces.

No piece is longer than 2,000 characters, so each can be sent as one message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from digest.bulletin.render import captions
from digest.bulletin.view import Cell, Prose, Table, View, ViewItem, ViewSection

MOST = 2000


def render(view: View) -> bytes:
    """All pieces in one file, with a line between them that says which one follows."""
    short, long = messages(view), pieces(view)
    total = len(short) + len(long)
    marked = [
        f"{_between(n, total, n <= len(short))}\n\n{piece}\n" for n, piece in enumerate([*short, *long], 1)
    ]
    return "\n".join(marked).encode()


def _between(number: int, total: int, is_short: bool) -> str:
    what = "danh sách bài" if is_short else "nội dung"
    return f"--- Tin {number}/{total} ({what}), chép từ dòng dưới ---"


def messages(view: View) -> list[str]:
    """The edition as a list of titles with outlet, day and link: usually one message."""
    head = [
        captions.title(view).upper(),
        captions.dates(view),
        f"{len(view.items)} bài, {view.minutes} phút đọc",
    ]
    if view.publisher:
        head.append(view.publisher.replace("Trung tâm chính trị", "TTCT"))
    parts = ["\n".join(head)]
    for section in view.sections:
        for n, item in enumerate(section.items):
            name = f"{section.name.upper()}\n" if n == 0 else ""
            parts.append(f"{name}{_listed(item)}")
    if view.link:
        parts.append(f"Cả số báo, bản in, bản chữ to:\n{view.link}")
    return list(packed(parts))


def _listed(item: ViewItem) -> str:
    when = captions.day_month(item.published) if item.published else "không rõ ngày"
    return f"{item.order}. {item.title} ({item.outlet}, {when})\n{item.link or item.url}".rstrip()


def pieces(view: View) -> list[str]:
    """Foreword, notes and each article's lead, excerpts, note and citation."""
    imprint = (": ".join(filter(None, pair)) for pair in captions.imprint(view))
    return list(packed([*blocks(view), *imprint]))


def blocks(view: View) -> Iterator[str]:
    """All words of the edition's inside as text, a block for the foreword and for each article."""
    if view.corrects:
        yield captions.corrects(view)
    if view.foreword:
        yield _prose(view.foreword)
    for section in view.sections:
        yield from _section(section)
    if view.cited:
        yield "\n".join([captions.CITED, *map(_cited, view.cited)])


def _cited(item: ViewItem) -> str:
    return f"[{item.order}] {item.title}. {item.outlet}{captions.after_outlet(item)}\n{item.link or item.url}".rstrip()


def _section(section: ViewSection) -> Iterator[str]:
    head = section.name.upper()
    if section.note:
        head = f"{head}\n{captions.NOTE}: {_prose(section.note)}"
    for n, item in enumerate(section.items):
        yield f"{head}\n\n{_article(item)}" if n == 0 else _article(item)
    if not section.items:
        yield head
    for table in section.tables:
        yield _table(table)


def _article(item: ViewItem) -> str:
    lines = [f"{item.order}. {item.title}", item.lead]
    lines += [f"“{part}”" if part is not None else captions.CUT for part in item.excerpts]
    if item.note:
        lines.append(f"{captions.NOTE}: {_prose(item.note)}")
    lines.append(f"{item.outlet}{captions.after_outlet(item)}")
    lines += [captions.others(item), captions.LEAD_ONLY if item.text == "none" else "", item.link or item.url]
    return "\n".join(filter(None, lines))


def _prose(blocks: Prose) -> str:
    lines, number = [], 0
    for block in blocks:
        number = number + 1 if block.kind == "numbered" else 0
        mark = {"item": "- ", "numbered": f"{number}. "}.get(block.kind, "")
        lines.append(mark + block.text + captions.addresses(block, whole=True))
    return "\n".join(lines)


def _table(table: Table) -> str:
    rows = [_row(table.head, row) for row in table.rows]
    return "\n".join(filter(None, [table.caption, *rows]))


def _row(head: tuple[str, ...], row: tuple[Cell, ...]) -> str:
    """ "- Nghị định số 12/2026/NĐ-CP [13]; Nội dung: …; Có hiệu lực từ: 01/01/2027"."""
    said = [
        f"{name}: {marked(cell)}" if name and place else marked(cell)
        for place, (name, cell) in enumerate(zip(head, row, strict=True))
        if cell.text or cell.source
    ]
    return f"- {'; '.join(said)}"


def marked(cell: Cell) -> str:
    """A cell's words with the number of its source."""
    return f"{cell.text} [{cell.source}]".lstrip() if cell.source else cell.text


def packed(parts: Iterable[str], most: int = MOST) -> Iterator[str]:
    """The parts, an empty line between, in pieces of at most `most` characters; long blocks are cut."""
    piece = ""
    for part in (part for block in parts for part in cut(block, most)):
        joined = f"{piece}\n\n{part}" if piece else part
        if len(joined) <= most:
            piece = joined
            continue
        yield piece
        piece = part
    if piece:
        yield piece


def cut(block: str, most: int) -> list[str]:
    """A block in parts of at most `most` characters, cut at line ends, else sentences, else anywhere."""
    parts = []
    while len(block) > most:
        at = _place(block, most)
        parts.append(block[:at].rstrip())
        block = block[at:].lstrip()
    return [*parts, block]


def _place(block: str, most: int) -> int:
    line = block.rfind("\n", most // 3, most)
    if line > 0:
        return line
    ends = [found.start() for found in re.finditer(r"(?<=[.!?…])\s", block[:most])]
    if ends and ends[-1] > most // 3:
        return ends[-1]
    blank = block.rfind(" ", most // 3, most)
    return blank if blank > 0 else most
