"""PDF by typst: tagged (PDF/UA-1), contents with pages, codes, at most 64 pages; also in large print.

All words reach typst as data, never as markup, so no text can become a command.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import typst

from digest.bulletin import tokens
from digest.bulletin.render import captions, columns, qr
from digest.bulletin.render.glyphs import plain, printable
from digest.bulletin.view import Prose, Table, View, ViewItem, ViewSection
from digest.errors import RenderError
from digest.wording import _

HOME = Path(__file__).resolve().parent.parent
MOST_PAGES = 64  # what press law allows a bulletin
LEAST_FOR_CONTENTS = 4  # articles; a slip of one or two needs no list of what is in it
Json = dict[str, Any]


def render(view: View) -> bytes:
    """The edition in the page size that it asks for; RenderError above 64 pages."""
    return _pdf(view, tokens.PRINT)


def render_large(view: View) -> bytes:
    """The same words with nothing below 18 pt."""
    return _pdf(view, tokens.LARGE)


def sources_fit(view: View) -> bool:
    """Whether the list of sources and the imprint stand on one page of the printed edition."""
    return _fit(view, _Room(view, tokens.PRINT))


def _fit(view: View, room: _Room) -> bool:
    return 0 < room.sources(view) < 0.72 * room.height


def page_numbers(view: View) -> dict[int, int]:
    """On which page of the printed edition each article begins, by its order number."""
    return dict(_made(view, tokens.PRINT).begins)


@dataclass(frozen=True, slots=True)
class _Made:
    pdf: bytes
    begins: tuple[tuple[int, int], ...]


def _pdf(view: View, sizes: tokens.PrintSizes) -> bytes:
    made = _made(view, sizes)
    pages = len(re.findall(rb"/Type ?/Page\b", made.pdf))
    if pages > MOST_PAGES and sizes is tokens.PRINT:
        raise RenderError(
            _("Bản in dài {pages} trang, quá mức {most} trang của một bản tin", pages=pages, most=MOST_PAGES),
            where=view.id,
            fix=_("Bỏ bớt bài hoặc rút ngắn đoạn trích, rồi dựng lại"),
        )
    return made.pdf


@lru_cache(maxsize=2)
def _made(view: View, sizes: tokens.PrintSizes) -> _Made:
    """Kept for a moment: the Word file asks for the pages of what was just made."""
    data = compile_data(view, sizes)
    template = HOME / "templates" / "edition.typ"
    # Not the template's bytes: a Compiler made from bytes finds them for its first compile only (0.15).
    compiler = typst.Compiler(template, root=template.parent, font_paths=_fonts())
    for fit in (printable, plain):
        try:
            return _compile(compiler, json.dumps(_with(fit, data), ensure_ascii=False), view)
        except typst.TypstError as fault:
            if fit is plain or "could not be displayed" not in str(fault):
                raise RenderError(
                    _("Chưa dựng được bản PDF: {why}", why=str(fault)), where=view.id
                ) from fault
    raise AssertionError  # the last try returns or raises


def _compile(compiler: typst.Compiler, data: str, view: View) -> _Made:
    stamp = datetime.combine(view.issued, time.min, UTC)
    inputs = {"data": data}
    made = compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"], timestamp=stamp)
    begins = json.loads(compiler.query("<pages>", field="value", one=True))
    if not isinstance(made, bytes):
        raise RenderError(_("Chưa dựng được bản PDF: {why}", why=_("typst không trả về tệp")), where=view.id)
    return _Made(made, tuple((int(order), page) for order, page in begins))


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[HOME / "fonts"])


def _with(fit: Any, value: Any) -> Any:
    """The same JSON with every text made printable; images and addresses to link to stay."""
    if isinstance(value, str):
        return fit(value)
    if isinstance(value, list | tuple):
        return [_with(fit, part) for part in value]
    if isinstance(value, dict):
        return {k: v if k in ("svg", "link", "href") else _with(fit, v) for k, v in value.items()}
    return value


# --- the data that the template reads ---------------------------------------------------------


def compile_data(view: View, sizes: tokens.PrintSizes) -> Json:
    """Everything the template prints, in printing order."""
    head, room = captions.masthead(view), _Room(view, sizes)
    return {
        **_head(view),
        "sizes": asdict(sizes),
        "colours": {name: getattr(tokens.LIGHT, name) for name in ("ink", "ink2", "son", "edge")},
        "page": list(page_size(view)),
        "margins": tokens.MARGINS_MM,
        "kicker": head.kicker.upper(),
        "name": head.name,
        "number": head.number,
        "contents": len(view.items) >= LEAST_FOR_CONTENTS,
        "contents_column": room.width * (0.25 if sizes is tokens.PRINT else 0.28),
        "outlet_column": room.width * 0.2,
        "foreword": _prose(view.foreword),
        "sections": [_section(section, room) for section in view.sections],
        "sources": [_source(view, item) for item in view.sources],
        "sources_together": _fit(view, room),
        "imprint": captions.imprint(view) or [("", view.publisher), ("", captions.letters(view.site_url))],
        "words": {
            "contents": captions.CONTENTS,
            "page": "Trang",
            "note": captions.NOTE,
            "cut": captions.CUT,
            "by_code": captions.BY_CODE,
            "sources": captions.SOURCES,
            "article": "Bài",
            "outlet": "Báo, đài",
            "day": "Ngày",
            "code": "Mã",
        },
    }


def _head(view: View) -> Json:
    return {
        "title": captions.title(view),
        "publisher": view.publisher or view.site_name,
        "description": f"{captions.span(view)}. {captions.volume(view)}",
        "keywords": [section.name for section in view.sections],
        "date": {"year": view.issued.year, "month": view.issued.month, "day": view.issued.day},
        "letterhead": {
            "style": view.letterhead.style if view.letterhead.lines else "none",
            "lines": list(view.letterhead.lines),
        },
        "party": captions.PARTY,
        "state": captions.STATE,
        "motto": captions.MOTTO,
        "place_and_date": captions.place_and_date(view),
        "span": captions.span(view),
        "volume": captions.volume(view),
        "outlets": captions.outlets(view),
        "corrects": captions.corrects(view),
        "by_address": captions.by_address(view),
    }


def page_size(view: View) -> tuple[float, float]:
    """Width and height in mm; RenderError for a size that no one defined."""
    try:
        return tokens.PAGES_MM[view.page.lower()]
    except KeyError:
        raise RenderError(
            _("Không có khổ giấy “{page}”", page=view.page),
            where=view.id,
            fix=_("Chọn một trong: {names}", names=", ".join(tokens.PAGES_MM)),
        ) from None


class _Room:
    """How much fits on a page, estimated: enough to decide what may be kept together."""

    def __init__(self, view: View, sizes: tokens.PrintSizes) -> None:
        wide, high = page_size(view)
        margins = tokens.MARGINS_MM
        self.sizes = sizes
        self.width = (wide - margins["inner"] - margins["outer"]) / 25.4 * 72
        self.height = (high - margins["top"] - margins["bottom"]) / 25.4 * 72

    def high(self, text: str, size: float, line: float) -> float:
        """The height of a paragraph in points; a Vietnamese letter is about 0.47 em wide."""
        return math.ceil(max(len(text), 1) * 0.47 * size / self.width) * line

    def head(self, item: ViewItem, first: list[str | None]) -> float:
        """Title, lead and first excerpt."""
        s = self.sizes
        bodies = [item.lead, *(part or "" for part in first)]
        return self.high(item.title, s.title, s.title_line) + sum(
            self.high(text, s.body, s.body_line) + 6 for text in bodies
        )

    def whole(self, item: ViewItem) -> float:
        """The whole article with note and citation."""
        s = self.sizes
        note = sum(self.high(block.text, s.note, s.note_line) for block in item.note)
        cited = max(s.qr / 25.4 * 72, 4 * s.source_line)
        return self.head(item, list(item.excerpts)) + (note + 2 * s.note_line if note else 0) + cited + 14

    def sources(self, view: View) -> float:
        """The list of sources without the imprint; its titles have half the width."""
        s = self.sizes
        return sum(self.high(2 * item.title, s.sources, s.sources + 3) + 9 for item in view.sources)

    def long(self, texts: list[str | None] | list[str]) -> bool:
        """Whether paragraphs are too long to be kept on one page."""
        return sum(self.high(t or "", self.sizes.body, self.sizes.body_line) for t in texts) > self.height / 3


def _section(section: ViewSection, room: _Room) -> Json:
    return {
        "name": section.name,
        "counted": captions.counted(section),
        "minutes": f"{section.minutes} phút" if section.minutes else "",
        "note": _prose(section.note),
        "long_note": room.long([block.text for block in section.note]),
        "entries": [_item(item, room) for item in section.items],
        "tables": [_table(table, room) for table in section.tables],
    }


def _table(table: Table, room: _Room) -> Json:
    """A table with its columns' shares of the page; a letter of our sans is about 0.55 em wide."""
    return {**asdict(table), "shares": columns.shares(table, room.width / (0.55 * room.sizes.note))}


def _item(item: ViewItem, room: _Room) -> Json:
    first, rest = list(item.excerpts), list[list[str | None]]()
    whole = room.whole(item) < 0.62 * room.height
    if not whole:
        first, *rest = _heaps(item)
    return {
        "order": item.order,
        "title": item.title,
        "lead": item.lead,
        "first": first,
        "rest": [{"words": heap, "long": room.long(heap)} for heap in rest],
        "note": _prose(item.note),
        "long_note": room.long([block.text for block in item.note]),
        "keep": whole,
        "keep_head": room.head(item, first) < 0.62 * room.height,
        "outlet": item.outlet,
        "after_outlet": captions.after_outlet(item),
        "others": captions.others(item),
        "lead_only": captions.LEAD_ONLY if item.text == "none" else "",
        "link": item.link,
        "address": captions.letters(item.link),
        "qr": _qr(item, room.sizes.qr) if item.link else None,
    }


def _heaps(item: ViewItem) -> list[list[str | None]]:
    """The excerpts, each with the […] that stands before it; at least one heap."""
    heaps: list[list[str | None]] = [[]]
    for part in item.excerpts:
        if heaps[-1] and heaps[-1][-1] is not None:
            heaps.append([])
        heaps[-1].append(part)
    return heaps


def _qr(item: ViewItem, wanted: float) -> Json:
    code = qr.code(item.link)
    size = code.size_mm(wanted)
    return {
        "svg": code.svg(),
        "size": size,
        "quiet": qr.QUIET * size / code.modules,
        "alt": f"Mã QR mở {captions.letters(item.link)}",
    }


def _source(view: View, item: ViewItem) -> Json:
    known = captions.code(view, item)
    return {
        "order": item.order,
        "title": item.title,
        "outlet": item.outlet,
        "day": captions.day(item),
        "code": known,
        "under": "" if known else captions.letters(item.link or item.url),
    }


def _prose(blocks: Prose) -> list[Json]:
    return [
        {
            "kind": block.kind,
            "runs": [asdict(run) for run in block.runs if run.text],
            "addresses": captions.addresses(block),
        }
        for block in blocks
    ]
