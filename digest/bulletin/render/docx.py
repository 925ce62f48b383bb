"""Word by python-docx: real styles, contents filled in, header and footer, links, codes; fit to work on.

Page numbers in the contents are those of the PDF, whose sizes and breaks this file follows; Word works
them out again when an editor asks it to update the field.
"""

from __future__ import annotations

import io
from datetime import datetime, time
from typing import Any

from docx import Document
from docx.enum.text import WD_BREAK
from docx.shared import Mm, Pt

from digest.bulletin import tokens
from digest.bulletin.render import captions, pdf, qr, wordml, wordstyles
from digest.bulletin.render.zipped import repacked
from digest.bulletin.view import Cell, Prose, Table, View, ViewItem, ViewSection

_SIZES = tokens.PRINT
_INK, _SON, _EDGE = (colour[1:] for colour in (tokens.LIGHT.ink, tokens.LIGHT.son, tokens.LIGHT.edge))
_TWIPS_PER_MM = 1440 / 25.4


def render(view: View) -> bytes:
    """The edition as a Word file; the same view gives the same bytes."""
    wide, high = pdf.page_size(view)
    document = Document()
    wordstyles.apply(document)
    _page(document, view, wide, high)
    _properties(document, view)
    _Writer(document, view, wide).write()
    out = io.BytesIO()
    document.save(out)
    return repacked(out.getvalue())


def _page(document: Any, view: View, wide: float, high: float) -> None:
    section, margins = document.sections[0], tokens.MARGINS_MM
    section.page_width, section.page_height = Mm(wide), Mm(high)
    section.top_margin, section.bottom_margin = Mm(margins["top"]), Mm(margins["bottom"])
    section.left_margin, section.right_margin = Mm(margins["inner"]), Mm(margins["outer"])
    section.header_distance, section.footer_distance = Mm(9), Mm(10)
    section.different_first_page_header_footer = True
    document.settings.element.append(wordml.element("mirrorMargins"))
    room = round((wide - margins["inner"] - margins["outer"]) * _TWIPS_PER_MM)
    section.header.paragraphs[0].text = view.publisher or view.site_name
    for footer in (section.footer, section.first_page_footer):
        line = footer.paragraphs[0]
        line.style = document.styles["Footer"]
        stops = wordml.element("tabs", wordml.element("tab", val="right", pos=room))
        line._p.get_or_add_pPr().append(stops)
        line._p.extend([wordml.run(captions.title(view)), wordml.tab(), *wordml.field("PAGE", "1")])


def _properties(document: Any, view: View) -> None:
    known, issued = document.core_properties, datetime.combine(view.issued, time.min)
    known.title, known.author, known.language = captions.title(view), view.publisher or view.site_name, "vi-VN"
    known.subject, known.comments = f"{captions.span(view)}. {captions.volume(view)}", ""
    known.keywords = ", ".join(section.name for section in view.sections)
    known.created = known.modified = known.last_printed = issued
    known.last_modified_by, known.revision = known.author, 1


class _Writer:
    """Writes one edition into a document, from the letterhead to the imprint."""

    def __init__(self, document: Any, view: View, wide: float) -> None:
        self.document, self.view = document, view
        margins = tokens.MARGINS_MM
        self.room = round((wide - margins["inner"] - margins["outer"]) * _TWIPS_PER_MM)
        self.long = len(view.items) >= pdf.LEAST_FOR_CONTENTS
        self.begins = pdf.page_numbers(view) if self.long else {}
        self.bookmarks = 0

    def write(self) -> None:
        """Everything, in printing order."""
        self._letterhead()
        self._masthead()
        if self.view.corrects:
            self._paragraph("Lead", captions.corrects(self.view))
        self._prose(self.view.foreword, "Normal")
        if self.long:
            self._contents()
        for section in self.view.sections:
            self._section(section)
        self._sources()
        self._imprint()

    # --- page 1 ---

    def _letterhead(self) -> None:
        head = self.view.letterhead
        dated = captions.place_and_date(self.view)
        if head.style == "none" or not head.lines:
            line = self._paragraph("Source")
            self._right_tab(line)
            line._p.extend([wordml.run(self.view.publisher, bold=True), wordml.tab(), wordml.run(dated)])
            return
        table = self._table(1, [self.room * 44 // 100, self.room - self.room * 44 // 100])
        ours, theirs = table.rows[0].cells
        lines = [(text, text == head.lines[-1], False) for text in head.lines]
        if head.style == "party":
            self._lines(ours, [*lines, ("*", False, False)])
            self._lines(theirs, [(captions.PARTY, True, False), (dated, False, True)], underline=0)
        else:
            self._lines(ours, lines, underline=len(lines) - 1)
            middle = [(captions.STATE, True, False), (captions.MOTTO, True, False), (dated, False, True)]
            self._lines(theirs, middle, underline=1)

    def _lines(self, cell: Any, lines: list[tuple[str, bool, bool]], underline: int = -1) -> None:
        """Centred lines of (text, bold, italic); the one with the number `underline` has a rule."""
        for n, (text, bold, italic) in enumerate(lines):
            line = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
            line.style = self.document.styles["Letterhead"]
            made = wordml.run(text, bold=bold, italic=italic)
            if n == underline:
                made.rPr.append(wordml.element("u", val="single"))
            line._p.append(made)

    def _masthead(self) -> None:
        head = captions.masthead(self.view)
        self._paragraph("Kicker", head.kicker.upper())
        line = self._paragraph("Title")
        self._right_tab(line)
        size = next((s for s in (42, 36, 30, 26) if len(head.name) * s * 0.55 < self.room / 20 - 100), 26)
        name, number = wordml.run(head.name), wordml.run(head.number)
        for made, points in ((name, size), (number, _SIZES.number)):
            made.get_or_add_rPr().append(wordml.element("sz", val=round(points * 2)))
        line._p.extend([name, wordml.tab(), number])
        self._double_rule()
        line = self._paragraph("Source")
        self._right_tab(line)
        line.paragraph_format.space_after = Pt(16)
        line._p.extend([wordml.run(captions.span(self.view)), wordml.tab(), wordml.run(captions.volume(self.view))])

    def _double_rule(self) -> None:
        """The kẻ đôi as a row of 3 pt: thick above with 24 mm in red, thin below."""
        red = round(tokens.PRINT.mark * _TWIPS_PER_MM)
        table = self._table(1, [red, self.room - red])
        wordml.row_property(table.rows[0], wordml.element("trHeight", val=70, hRule="exact"))
        for cell, colour in zip(table.rows[0].cells, (_SON, _INK), strict=True):
            cell.paragraphs[0].style = self.document.styles["Rule"]
            wordml.cell_borders(cell, top=("single", 2.25, colour), bottom=("single", 0.5, _INK))

    def _contents(self) -> None:
        line = self._paragraph("Contents Heading", captions.CONTENTS)
        last = None
        for section in self.view.sections:
            last = self._paragraph("toc 1", section.name)
            if line is not None:
                code = [wordml.field_mark("begin"), wordml.field_code(r'TOC \o "1-2" \h \z \u'), wordml.field_mark("separate")]
                for made in reversed(code):
                    last._p.pPr.addnext(made)
                line = None
            for item in section.items:
                last = self._paragraph("toc 2")
                self._right_tab(last)
                page = str(self.begins.get(item.order, ""))
                number = wordml.field(f"PAGEREF {_mark(item)} \\h", page)
                last._p.append(wordml.inner_link(_mark(item), wordml.run(item.title), wordml.tab(), *number))
        if last is not None:
            last._p.append(wordml.field_mark("end"))
            last.add_run().add_break(WD_BREAK.PAGE)

    # --- articles ---

    def _section(self, section: ViewSection) -> None:
        self._paragraph("Heading 1", section.name)
        counted = captions.counted(section)
        if counted:
            self._paragraph("Count", counted)
        self._note(section.note)
        for n, item in enumerate(section.items):
            self._article(item, first=n == 0)
        for table in section.tables:
            self._facts(table)

    def _article(self, item: ViewItem, first: bool) -> None:
        title = self._paragraph("Heading 2", item.title)
        if not first:
            wordml.paragraph_borders(title._p.get_or_add_pPr(), top=("single", 0.5, 10, _EDGE))
            title.paragraph_format.space_before = Pt(20)
        self.bookmarks += 1
        wordml.bookmark(title, _mark(item), self.bookmarks)
        if item.lead:
            self._paragraph("Lead", item.lead)
        for part in item.excerpts:
            self._paragraph("Quote", captions.CUT if part is None else part)
        self._note(item.note)
        self._citation(item)

    def _note(self, blocks: Prose) -> None:
        if blocks:
            name = self._paragraph("Note")
            name._p.append(wordml.run(captions.NOTE, bold=True))
            name.paragraph_format.keep_with_next = True
            self._prose(blocks, "Note")

    def _citation(self, item: ViewItem) -> None:
        code = qr.code(item.link) if item.link else None
        if code is None:
            self._cited(self._paragraph("Source"), item)
            return
        side = code.size_mm(_SIZES.qr) * (code.modules + 2 * qr.QUIET) / code.modules
        table = self._table(1, [round((side + 2) * _TWIPS_PER_MM), self.room - round((side + 2) * _TWIPS_PER_MM)])
        wordml.row_property(table.rows[0], wordml.element("cantSplit"))
        picture, words = table.rows[0].cells
        picture.paragraphs[0].style = self.document.styles["Code"]
        shape = picture.paragraphs[0].add_run().add_picture(io.BytesIO(qr.png(item.link)), width=Mm(side))
        shape._inline.docPr.set("descr", f"Mã QR mở {captions.letters(item.link)}")
        shape._inline.docPr.set("name", f"QR {item.order}")
        words._tc.get_or_add_tcPr().append(wordml.element("vAlign", val="center"))
        self._cited(words.paragraphs[0], item)

    def _cited(self, line: Any, item: ViewItem) -> None:
        line.style = self.document.styles["Source"]
        line._p.extend([wordml.run(item.outlet, bold=True), wordml.run(captions.after_outlet(item))])
        for text in (captions.others(item), captions.LEAD_ONLY if item.text == "none" else ""):
            if text:
                line.add_run().add_break()
                line._p.append(wordml.run(text, style="Quiet"))
        if item.link:
            line.add_run().add_break()
            line._p.append(wordml.run(captions.BY_CODE, style="Quiet"))
            line.add_run().add_break()
            wordml.external_link(line, item.link, wordml.run(captions.letters(item.link), style="Hyperlink"))

    def _facts(self, table: Table) -> None:
        caption = self._paragraph("Caption", table.caption)
        caption.paragraph_format.keep_with_next = True
        columns = max(len(table.head), 1)
        widths = [self.room // columns] * columns
        self._list(widths, [Cell(text) for text in table.head], [list(row) for row in table.rows])

    # --- the end ---

    def _sources(self) -> None:
        if not self.view.items:
            return
        head = self._paragraph("Heading 1", captions.SOURCES)
        head.paragraph_format.page_break_before = self.long
        self._paragraph("Count", captions.outlets(self.view))
        coded = captions.by_address(self.view)
        if coded:
            self._paragraph("Source", coded)
        shares = [0.05, 0.5, 0.19, 0.16, 0.10] if coded else [0.05, 0.58, 0.21, 0.16]
        names = ["", "Bài", "Báo, đài", "Ngày", "Mã"][: len(shares)]
        widths = [round(self.room * share) for share in shares]
        self._list(widths, [Cell(name) for name in names], [self._source(item, bool(coded)) for item in self.view.items])

    def _source(self, item: ViewItem, coded: bool) -> list[Cell]:
        row = [str(item.order), item.title, item.outlet, captions.day(item)]
        if coded:
            row.append(captions.code(self.view, item))
        elif item.link or item.url:
            row[1] += f"\n{captions.letters(item.link or item.url)}"
        return [Cell(text) for text in row]

    def _list(self, widths: list[int], head: list[Cell], rows: list[list[Cell]]) -> None:
        table = self._table(1 + len(rows), widths)
        wordml.row_property(table.rows[0], wordml.element("cantSplit"), wordml.element("tblHeader"))
        for n, (row, cells) in enumerate(zip(table.rows, [head, *rows], strict=True)):
            if n:
                wordml.row_property(row, wordml.element("cantSplit"))
            for place, cell in zip(row.cells, cells, strict=False):
                line = place.paragraphs[0]
                line.style = self.document.styles["Table Head" if n == 0 else "Table Text"]
                line.add_run(cell.text + (f" [{cell.source}]" if cell.text and cell.source else ""))
                wordml.cell_borders(place, bottom=("single", 1 if n == 0 else 0.5, _INK if n == 0 else _EDGE))

    def _imprint(self) -> None:
        self._paragraph("Rule").paragraph_format.space_before = Pt(28)
        self._double_rule()
        pairs = captions.imprint(self.view) or [("", self.view.publisher or self.view.site_name)]
        half = (len(pairs) + 1) // 2
        table = self._table(half, [self.room // 2, self.room - self.room // 2])
        for n, (label, text) in enumerate(pairs):
            line = table.rows[n // 2].cells[n % 2].paragraphs[0]
            line.style = self.document.styles["Source"]
            if label:
                line._p.append(wordml.run(label, bold=True))
                line.add_run().add_break()
            line._p.append(wordml.run(text))
        self._paragraph("Rule")

    # --- small pieces ---

    def _paragraph(self, style: str, text: str = "") -> Any:
        return self.document.add_paragraph(text, style=self.document.styles[style])

    def _table(self, rows: int, widths: list[int]) -> Any:
        table = self.document.add_table(rows, len(widths))
        wordml.fixed_table(table, widths)
        return table

    def _right_tab(self, line: Any) -> None:
        stops = wordml.element("tabs", wordml.element("tab", val="right", pos=self.room))
        line._p.get_or_add_pPr().append(stops)

    def _prose(self, blocks: Prose, style: str) -> None:
        number = 0
        for block in blocks:
            number = number + 1 if block.kind == "numbered" else 0
            line = self._paragraph(style)
            mark = {"item": "– ", "numbered": f"{number}. "}.get(block.kind, "")
            if mark:
                line._p.append(wordml.run(mark))
            for part in block.runs:
                made = wordml.run(part.text, "Hyperlink" if part.href else "", part.bold, part.italic)
                if part.href:
                    wordml.external_link(line, part.href, made)
                else:
                    line._p.append(made)


def _mark(item: ViewItem) -> str:
    """The name of an article's bookmark; Word's own contents use names like it."""
    return f"_Toc{900000000 + item.order}"
