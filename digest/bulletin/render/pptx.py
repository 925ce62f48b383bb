"""Slides for speakers by python-pptx (the extra `pptx`): an article a slide, its source in the notes."""

from __future__ import annotations

import io
from datetime import datetime, time
from importlib import import_module
from typing import Any

from digest.bulletin import tokens
from digest.bulletin.render import captions
from digest.bulletin.render.zipped import repacked
from digest.bulletin.view import Prose, Table, View, ViewItem, ViewSection
from digest.errors import RenderError
from digest.wording import _

_FONT = "Arial"  # on every office machine, with all Vietnamese letters
_FULL = 420  # letters of lead and excerpts on one slide at 24 pt; what is more goes on a next slide
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

    def body(self, slide: Any, lines: list[tuple[str, bool]], size: float = 24, top: float = 4.8) -> None:
        """A text box below the title with the red and black rule above it."""
        rule = slide.shapes.add_connector(1, self.cm(1.8), self.cm(4.5), self.cm(32), self.cm(4.5))
        rule.line.width, rule.line.color.rgb = self.pt(2.25), _colour(tokens.LIGHT.ink)
        red = slide.shapes.add_connector(1, self.cm(1.8), self.cm(4.5), self.cm(4.2), self.cm(4.5))
        red.line.width, red.line.color.rgb = self.pt(2.25), _colour(tokens.LIGHT.son)
        box = slide.shapes.add_textbox(self.cm(1.8), self.cm(top), self.cm(30.2), self.cm(13))
        self.text(box.text_frame, lines, size)


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
    slides.body(slide, [line for line in lines if line[0]], 22)
    if section.note:
        slide.notes_slide.notes_text_frame.text = _said(section.note)
    for item in section.items:
        _article(slides, item)
    for table in section.tables:
        _facts(slides, table)


def _article(slides: _Slides, item: ViewItem) -> None:
    lines = [(item.lead, True)] if item.lead else []
    lines += [(captions.CUT if part is None else f"“{part}”", False) for part in item.excerpts]
    source = f"{item.outlet}{captions.after_outlet(item)}"
    for n, shown in enumerate(_shared(lines)):
        slide = slides.add(_TITLE_ONLY, item.title if n == 0 else f"{item.title} (tiếp)", 28)
        slides.body(slide, [*shown, (f"Nguồn: {source}", False)], 22)
        parts = [source, captions.others(item), captions.letters(item.link), item.url]
        if item.note and n == 0:
            parts.insert(0, _said(item.note))
        slide.notes_slide.notes_text_frame.text = "\n".join(filter(None, parts))


def _shared(lines: list[tuple[str, bool]]) -> list[list[tuple[str, bool]]]:
    """The lines in heaps that fit on a slide each; at least one heap."""
    heaps: list[list[tuple[str, bool]]] = [[]]
    for line in lines:
        if heaps[-1] and sum(len(text) for text, _bold in heaps[-1]) + len(line[0]) > _FULL:
            heaps.append([])
        heaps[-1].append(line)
    return heaps


def _said(blocks: Prose) -> str:
    return f"{captions.NOTE}: " + "\n".join(block.text for block in blocks)


def _facts(slides: _Slides, table: Table) -> None:
    slide = slides.add(_TITLE_ONLY, table.caption, 28)
    rows = [", ".join(cell.text for cell in row if cell.text) for row in table.rows]
    slides.body(slide, [(", ".join(table.head), True), *[(row, False) for row in rows if row]], 18)
