"""Slides for speakers by python-pptx (the extra `pptx`): an article a slide, its source in the notes."""

from __future__ import annotations

import io
from datetime import datetime, time
from importlib import import_module
from typing import Any

from digest.bulletin import tokens
from digest.bulletin.render import captions, txt
from digest.bulletin.render.zipped import repacked
from digest.bulletin.view import Prose, Table, View, ViewItem, ViewSection
from digest.errors import RenderError
from digest.wording import _

_FONT = "Arial"  # on every office machine, with all Vietnamese letters
_FULL = 640  # letters of lead and excerpts on one slide; what is more goes on a next slide
_FULL_OF_ROWS = 330  # of a table, whose short rows end in half-empty lines
_TITLE_ONLY = 5  # the layout of python-pptx's default template


def render(view: View) -> bytes:
    """The edition as slides in 16:9."""
    try:
        pptx, util = import_module("pptx"), import_module("pptx.util")
    except ModuleNotFoundError as fault:
        raise RenderError(
            _("Chưa có phần mềm làm tệp trình chiếu"),
            where=view.id,
            fix=_("Cài thêm: pip install python-pptx"),
        ) from fault
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = util.Emu(12192000), util.Emu(6858000)
    _properties(deck, view)
    slides = _Slides(deck)
    _front(slides, view)
    for section in view.sections:
        _section(slides, section)
    out = io.BytesIO()
    deck.save(out)
    return repacked(out.getvalue())


def _properties(deck: Any, view: View) -> None:
    known, issued = deck.core_properties, datetime.combine(view.issued, time.min)
    known.title, known.author = captions.title(view)[:255], (view.publisher or view.site_name)[:255]
    known.created = known.modified = known.last_printed = issued
    known.last_modified_by, known.revision, known.language = known.author, 1, "vi-VN"


class _Slides:
    """Adds slides of our look to a deck."""

    def __init__(self, deck: Any) -> None:
        util = import_module("pptx.util")
        self.deck, self.cm, self.pt = deck, util.Cm, util.Pt

    def add(self, layout: int, title: str, size: float = 32) -> Any:
        """A slide with its title and no other placeholder."""
        slide = self.deck.slides.add_slide(self.deck.slide_layouts[layout])
        for place in list(slide.placeholders):
            if place.placeholder_format.idx != 0:
                place._element.getparent().remove(place._element)
        shape = slide.shapes.title
        shape.left, shape.top, shape.width = self.cm(1.8), self.cm(1.2), self.cm(30.2)
        shape.height = self.cm(3.2)
        self.text(shape.text_frame, [(title, True)], size)
        return slide

    def text(self, frame: Any, lines: list[tuple[str, bool]], size: float) -> None:
        """Fills a frame with (text, bold) paragraphs, left-aligned."""
        enum = import_module("pptx.enum.text")
        frame.word_wrap, frame.vertical_anchor = True, enum.MSO_ANCHOR.TOP
        for n, (text, bold) in enumerate(lines):
            line = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
            line.alignment, line.space_after = enum.PP_ALIGN.LEFT, self.pt(8)
            run = line.add_run()
            run.text, run.font.name, run.font.size, run.font.bold = text, _FONT, self.pt(size), bold
            run.font.color.rgb = _colour(tokens.LIGHT.ink)
            run.font.language_id = _vietnamese()

    def body(self, slide: Any, lines: list[tuple[str, bool]], size: float = 0) -> None:
        """A text box below the kẻ đôi; its letters are as large as the words allow."""
        self._bar(slide, 4.5, 30.2, 0.1, tokens.LIGHT.ink)
        self._bar(slide, 4.5, 2.4, 0.1, tokens.LIGHT.son)
        self._bar(slide, 4.7, 30.2, 0.03, tokens.LIGHT.ink)
        box = slide.shapes.add_textbox(self.cm(1.6), self.cm(5.2), self.cm(30.6), self.cm(12.6))
        self.text(box.text_frame, lines, size or _fitting(sum(len(text) + 40 for text, _bold in lines)))

    def _bar(self, slide: Any, top: float, wide: float, high: float, colour: str) -> None:
        bar = slide.shapes.add_shape(1, self.cm(1.8), self.cm(top), self.cm(wide), self.cm(high))
        bar.fill.solid()
        bar.fill.fore_color.rgb = _colour(colour)
        bar.line.fill.background()
        bar.shadow.inherit = False


def _fitting(letters: int) -> float:
    """Points at which so many letters fill 30 × 12 cm (read from the back of a hall: never below 18)."""
    return next((size for most, size in ((450, 32), (700, 28), (900, 24), (1100, 20)) if letters <= most), 18)


def _colour(value: str) -> Any:
    return import_module("pptx.dml.color").RGBColor(*bytes.fromhex(value[1:]))


def _vietnamese() -> Any:
    return import_module("pptx.enum.lang").MSO_LANGUAGE_ID.VIETNAMESE


def _front(slides: _Slides, view: View) -> None:
    head = captions.masthead(view)
    slide = slides.add(_TITLE_ONLY, f"{head.kicker} {head.name[:1].lower()}{head.name[1:]}", 40)
    lines = [(head.number, True), (captions.place_and_date(view), False), (view.publisher, False)]
    lines += [(f"{captions.span(view)}. {captions.volume(view)}.", False), (captions.corrects(view), True)]
    lines += [(block.text, False) for block in view.foreword]
    slides.body(slide, [line for line in lines if line[0]])
    slide.notes_slide.notes_text_frame.text = captions.title(view)


def _section(slides: _Slides, section: ViewSection) -> None:
    slide = slides.add(_TITLE_ONLY, section.name, 40)
    lines = [(captions.counted(section), False), *[(f"{i.order}. {i.title}", False) for i in section.items]]
    slides.body(slide, [line for line in lines if line[0]])
    if section.note:
        slide.notes_slide.notes_text_frame.text = _said(section.note)
    for item in section.items:
        _article(slides, item)
    for table in section.tables:
        _facts(slides, table, section.name)


def _article(slides: _Slides, item: ViewItem) -> None:
    lines = [(item.lead, True)] if item.lead else []
    lines += [(captions.CUT if part is None else f"“{part}”", False) for part in item.excerpts]
    source = f"{item.outlet}{captions.after_outlet(item)}"
    for n, shown in enumerate(_shared(lines)):
        slide = slides.add(_TITLE_ONLY, item.title if n == 0 else f"{item.title} (tiếp)")
        slides.body(slide, [*shown, (f"Nguồn: {source}", False)])
        parts = [source, captions.others(item), captions.letters(item.link), item.url]
        if item.note and n == 0:
            parts.insert(0, _said(item.note))
        slide.notes_slide.notes_text_frame.text = "\n".join(filter(None, parts))


def _shared(lines: list[tuple[str, bool]], full: int = _FULL) -> list[list[tuple[str, bool]]]:
    """The lines in heaps that fit on a slide each; at least one heap."""
    heaps: list[list[tuple[str, bool]]] = [[]]
    for line in lines:
        if heaps[-1] and sum(len(text) for text, _bold in heaps[-1]) + len(line[0]) > full:
            heaps.append([])
        heaps[-1].append(line)
    return heaps


def _said(blocks: Prose) -> str:
    return f"{captions.NOTE}: " + "\n".join(block.text for block in blocks)


def _facts(slides: _Slides, table: Table, name: str) -> None:
    rows = ["; ".join(txt.marked(cell) for cell in row if cell.text or cell.source) for row in table.rows]
    for shown in _shared([(row, False) for row in rows if row], _FULL_OF_ROWS):
        slide = slides.add(_TITLE_ONLY, table.caption or name, 28)
        slides.body(slide, [("; ".join(filter(None, table.head)), True), *shown])
        addresses = dict.fromkeys(cell.href for row in table.rows for cell in row if cell.href)
        slide.notes_slide.notes_text_frame.text = "\n".join(addresses)
