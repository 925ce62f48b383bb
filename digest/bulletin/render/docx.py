"""Word by python-docx: real styles, contents filled in, header and footer, links, codes; fit to work on.

Page numbers in the contents are those of the PDF, whose sizes and breaks this file follows; Word works
them out again when an editor asks it to update the field.
"""

from __future__ import annotations

import io
from typing import Any

from docx.enum.text import WD_BREAK
from docx.shared import Mm, Pt

from digest.bulletin import tokens
from digest.bulletin.render import captions, columns, pdf, qr, wordfile, wordml
from digest.bulletin.render.wordwriter import EDGE, TWIPS_PER_MM, WordWriter
from digest.bulletin.view import Cell, Prose, Table, View, ViewItem, ViewSection
from digest.model import Letterhead

_SIZES = tokens.PRINT


def render(view: View) -> bytes:
    """The edition as a Word file; the same view gives the same bytes."""
    word = wordfile.begin(view)
    _running_lines(word, view)
    about = f"{captions.span(view)}. {captions.volume(view)}"
    sections = ", ".join(section.name for section in view.sections)
    wordfile.properties(word, view, captions.title(view), subject=about, keywords=sections)
    _Edition(word, view).write()
    return wordfile.saved(word)


def _running_lines(word: WordWriter, view: View) -> None:
    section = word.document.sections[0]
    section.header_distance, section.different_first_page_header_footer = Mm(9), True
    section.header.paragraphs[0].text = view.publisher or view.site_name
    for footer in (section.footer, section.first_page_footer):
        wordfile.foot(word, footer, captions.title(view))


class _Edition:
    """One edition, written from the letterhead to the imprint."""

    def __init__(self, writer: WordWriter, view: View) -> None:
        self.word, self.view = writer, view
        self.long = len(view.items) >= pdf.LEAST_FOR_CONTENTS
        self.begins = pdf.page_numbers(view) if self.long else {}

    def write(self) -> None:
        """Everything, in printing order."""
        self._letterhead()
        self._masthead()
        if self.view.corrects:
            self.word.paragraph("Lead", captions.corrects(self.view))
        self.word.prose(self.view.foreword, "Normal")
        if self.long:
            self._contents()
        for section in self.view.sections:
            self._section(section)
        self._sources()
        self._imprint()

    # --- page 1 ---

    def _letterhead(self) -> None:
        head, dated = self.view.letterhead, captions.place_and_date(self.view)
        if head.style == "none" or not head.lines:
            line = self.word.paragraph("Source")
            self.word.right_tab(line)
            line._p.extend([wordml.run(self.view.publisher, bold=True), wordml.tab(), wordml.run(dated)])
            return
        ours, theirs = self._sides(head, dated)
        lines = [(text, n == len(head.lines), False) for n, text in enumerate(head.lines, 1)]
        if head.style == "party":
            self.word.centred(ours, [*lines, ("*", False, False)])
            self.word.centred(theirs, [(captions.PARTY, True, False), (dated, False, True)], underline=0)
        else:
            self.word.centred(ours, lines, underline=len(lines) - 1)
            state = [(captions.STATE, True, False), (captions.MOTTO, True, False), (dated, False, True)]
            self.word.centred(theirs, state, underline=1)

    def _sides(self, head: Letterhead, dated: str) -> tuple[Any, Any]:
        """The two sides of the letterhead; on a narrow page one below the other, as in print."""
        nation = captions.PARTY if head.style == "party" else captions.STATE
        room, capital, small = self.word.room / 20, 0.68 * _SIZES.letterhead, 0.45 * _SIZES.letterhead
        left = max(map(len, head.lines)) * capital
        right = max(len(nation) * capital, len(dated) * small)
        if left + right > room:
            ((theirs,), (ours,)) = self.word.table(2, [self.word.room])
        else:
            wide = round((left + (room - left - right) / 2) * 20)
            ((ours, theirs),) = self.word.table(1, [wide, self.word.room - wide])
        return ours, theirs

    def _masthead(self) -> None:
        head, room = captions.masthead(self.view), self.word.room / 20
        self.word.paragraph("Kicker", head.kicker.upper())
        line = self.word.paragraph("Title")
        self.word.right_tab(line)
        beside = len(head.number) * _SIZES.number * 0.55 + 16
        size = next((s for s in (42, 36, 30, 26, 22) if len(head.name) * s * 0.52 < room - beside), 20)
        name, number = wordml.run(head.name), wordml.run(head.number)
        for made, points in ((name, size), (number, _SIZES.number)):
            made.get_or_add_rPr().append(wordml.element("sz", val=round(points * 2)))
        line._p.extend([name, wordml.tab(), number])
        self.word.double_rule()
        under = self.word.paragraph("Source")
        self.word.right_tab(under)
        under.paragraph_format.space_before, under.paragraph_format.space_after = Pt(4), Pt(16)
        span, volume = captions.span(self.view), captions.volume(self.view)
        under._p.extend([wordml.run(span), wordml.tab(), wordml.run(volume)])

    def _contents(self) -> None:
        """A TOC field with its result inside, so that it is there before Word has worked it out."""
        self.word.paragraph("Contents Heading", captions.CONTENTS)
        lines = []
        for section in self.view.sections:
            lines.append(self.word.paragraph("toc 1", section.name))
            lines += [self._entry(item) for item in section.items]
        code = wordml.field_code(r'TOC \o "1-2" \h \z \u')
        for made in (wordml.field_mark("separate"), code, wordml.field_mark("begin")):
            lines[0]._p.pPr.addnext(made)
        lines[-1]._p.append(wordml.field_mark("end"))
        lines[-1].add_run().add_break(WD_BREAK.PAGE)

    def _entry(self, item: ViewItem) -> Any:
        line = self.word.paragraph("toc 2")
        self.word.right_tab(line)
        page = wordml.field(f"PAGEREF {_mark(item)} \\h", str(self.begins.get(item.order, "")))
        title = wordml.run(f"{item.title}\u00a0")  # the number never touches a title that fills its line
        line._p.append(wordml.inner_link(_mark(item), title, wordml.tab(), *page))
        return line

    # --- articles ---

    def _section(self, section: ViewSection) -> None:
        self.word.paragraph("Heading 1", section.name)
        if captions.counted(section):
            self.word.paragraph("Count", captions.counted(section))
        self._note(section.note)
        for n, item in enumerate(section.items):
            self._article(item, first=n == 0, after_note=n == 0 and bool(section.note))
        for table in section.tables:
            self._facts(table)

    def _article(self, item: ViewItem, first: bool, after_note: bool) -> None:
        title = self.word.paragraph("Heading 2", item.title)
        if after_note:
            title.paragraph_format.space_before = Pt(14)
        if not first:
            wordml.paragraph_borders(title._p.get_or_add_pPr(), top=("single", 0.5, 8, EDGE))
            title.paragraph_format.space_before = Pt(15)
        wordml.bookmark(title, _mark(item), item.order)
        if item.lead:
            self.word.paragraph("Lead", item.lead)
        for n, part in enumerate(item.excerpts, 1):
            line = self.word.paragraph("Quote", captions.CUT if part is None else part)
            if n == len(item.excerpts) and item.note:
                line.paragraph_format.space_after = Pt(9)
        self._note(item.note)
        self._citation(item)

    def _note(self, blocks: Prose) -> None:
        if blocks:
            self.word.paragraph("Note")._p.append(wordml.run(captions.NOTE, bold=True))
            self.word.prose(blocks, "Note")

    def _citation(self, item: ViewItem) -> None:
        if not item.link:
            self._cited(self.word.paragraph("Source"), item)
            return
        code = qr.code(item.link)
        dark = code.size_mm(_SIZES.qr)
        quiet = dark * qr.QUIET / code.modules
        side = dark + 2 * quiet  # the white border hangs out into the margin, so that the code is flush left
        left = round(side * TWIPS_PER_MM) + 120
        ((picture, words),) = self.word.table(1, [left, self.word.room - left], -round(quiet * TWIPS_PER_MM))
        wordml.row_property(picture, wordml.element("cantSplit"))
        self._picture(self.word.style(picture.paragraphs[0], "Code"), item, side)
        words._tc.get_or_add_tcPr().append(wordml.element("vAlign", val="center"))
        self._cited(words.paragraphs[0], item)

    def _picture(self, line: Any, item: ViewItem, side: float) -> None:
        inline = line.add_run().add_picture(io.BytesIO(qr.png(item.link)), width=Mm(side))._inline
        inline.docPr.set("descr", f"Mã QR mở {captions.letters(item.link)}")
        inline.docPr.set("name", f"QR {item.order}")
        for edge in ("distT", "distB", "distL", "distR"):  # LibreOffice takes 3 mm where they are missing
            inline.set(edge, "0")

    def _cited(self, line: Any, item: ViewItem) -> None:
        self.word.style(line, "Source")
        line._p.extend([wordml.run(item.outlet, bold=True), wordml.run(captions.after_outlet(item))])
        for text in (captions.others(item), captions.LEAD_ONLY if item.text == "none" else ""):
            if text:
                line.add_run().add_break()
                line._p.append(wordml.run(text, style="Quiet"))
        if item.link:
            line.add_run().add_break()
            line._p.append(wordml.run(captions.BY_CODE, style="Quiet"))
            line.add_run().add_break()
            shown = wordml.run(captions.letters(item.link), style="Hyperlink")
            wordml.external_link(line, item.link, shown)

    def _facts(self, table: Table) -> None:
        if table.caption:
            self.word.paragraph("Caption", table.caption)
        shares = columns.shares(table, self.word.room / 20 / (0.48 * 11))  # Times New Roman of 11 pt
        if shares is None:
            self.word.rows(table.head, table.rows)
        else:
            widths = [round(self.word.room * share) for share in shares]
            self.word.listing(widths, table.head, table.rows, len(table.rows) <= 6)

    # --- the end ---

    def _sources(self) -> None:
        if not self.view.sources:
            return
        self.word.paragraph("Heading 1", captions.SOURCES)
        self.word.paragraph("Count", captions.outlets(self.view))
        coded = captions.by_address(self.view)
        if coded:
            self.word.paragraph("Source", coded).paragraph_format.keep_with_next = True
        rows = [self._source(item, bool(coded)) for item in self.view.sources]
        # In twentieths of a point: an order number, a day and a code fit on one line; titles have the rest.
        order, day, code = 480, 1340, max(780, 130 * max(len(row[-1].text) for row in rows)) if coded else 0
        outlet = min(round(self.word.room * 0.2), 2000)
        widths = [order, self.word.room - order - outlet - day - code, outlet, day, code]
        heads = ["", "Bài", "Báo, đài", "Ngày", "Mã"]
        shown = 5 if coded else 4
        self.word.listing(widths[:shown], heads[:shown], rows, together=pdf.sources_fit(self.view))

    def _source(self, item: ViewItem, coded: bool) -> list[Cell]:
        row = [str(item.order), item.title, item.outlet, captions.day(item)]
        if coded:
            row.append(captions.code(self.view, item))
        elif item.link or item.url:
            row[1] += f"\n{captions.letters(item.link or item.url)}"
        return [Cell(text) for text in row]

    def _imprint(self) -> None:
        self.word.paragraph("Rule").paragraph_format.space_before = Pt(28)
        self.word.double_rule()
        pairs = captions.imprint(self.view) or [("", self.view.publisher or self.view.site_name)]
        left = self.word.room // 2
        rows = self.word.table((len(pairs) + 1) // 2, [left, self.word.room - left])
        for n, (label, text) in enumerate(pairs):
            line = self.word.style(rows[n // 2][n % 2].paragraphs[0], "Source")
            line.paragraph_format.space_before = Pt(5)
            if label:
                line._p.append(wordml.run(label, bold=True))
                line.add_run().add_break()
            line._p.append(wordml.run(text))
        self.word.paragraph("Rule")


def _mark(item: ViewItem) -> str:
    """The name of an article's bookmark; Word's own contents use names like it."""
    return f"_Toc{900000000 + item.order}"
