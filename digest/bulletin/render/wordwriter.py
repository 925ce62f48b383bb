"""Writes paragraphs, prose, tables and rules into a Word document in our styles; it knows no editions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.shared import Pt

from digest.bulletin import tokens
from digest.bulletin.render import wordml
from digest.bulletin.view import Cell, Prose

TWIPS_PER_MM = 1440 / 25.4
INK, SON, EDGE = (colour[1:] for colour in (tokens.LIGHT.ink, tokens.LIGHT.son, tokens.LIGHT.edge))


class WordWriter:
    """A document and the width of its text, `room`, in twentieths of a point."""

    def __init__(self, document: Any, room: int) -> None:
        self.document, self.room = document, room
        self._ids = {style.name: style.style_id for style in document.styles}

    def style(self, line: Any, name: str) -> Any:
        """Gives a paragraph a style (by id: python-docx's own look-up reads the whole list each time)."""
        line._p.style = self._ids[name]
        return line

    def paragraph(self, style: str, text: str = "") -> Any:
        """A new paragraph at the end of the document."""
        line = self.style(self.document.add_paragraph(), style)
        if text:
            line._p.append(wordml.run(text))
        return line

    def right_tab(self, line: Any) -> None:
        """A tab stop at the right edge; to be set before other properties of the paragraph."""
        stops = wordml.element("tabs", wordml.element("tab", val="right", pos=self.room))
        line._p.get_or_add_pPr().append(stops)

    def table(self, rows: int, widths: Sequence[int], indent: int = 0) -> list[list[Any]]:
        """A new table of fixed columns; its cells, row by row."""
        table = self.document.add_table(rows, len(widths))
        wordml.fixed_table(table, list(widths), indent)
        cells = table._cells
        return [cells[at : at + len(widths)] for at in range(0, len(cells), len(widths))]

    def prose(self, blocks: Prose, style: str) -> None:
        """An editor's paragraphs and lists, with links."""
        number = 0
        for block in blocks:
            number = number + 1 if block.kind == "numbered" else 0
            line = self.paragraph(style)
            mark = {"item": "– ", "numbered": f"{number}. "}.get(block.kind, "")
            if mark:
                line._p.append(wordml.run(mark))
            for part in block.runs:
                made = wordml.run(part.text, "Hyperlink" if part.href else "", part.bold, part.italic)
                if part.href:
                    wordml.external_link(line, part.href, made)
                else:
                    line._p.append(made)

    def double_rule(self) -> None:
        """The kẻ đôi as a row of 3 pt: thick above with 24 mm in red, thin below."""
        red = round(tokens.PRINT.mark * TWIPS_PER_MM)
        (row,) = self.table(1, [red, self.room - red])
        wordml.row_property(row[0], wordml.element("trHeight", val=70, hRule="exact"))
        for cell, colour in zip(row, (SON, INK), strict=True):
            self.style(cell.paragraphs[0], "Rule")
            wordml.cell_borders(cell, top=("single", 2.25, colour), bottom=("single", 0.5, INK))

    def centred(self, cell: Any, lines: Sequence[tuple[str, bool, bool]], underline: int = -1) -> None:
        """Centred lines of (text, bold, italic); the one with the number `underline` has a rule."""
        for n, (text, bold, italic) in enumerate(lines):
            line = self.style(cell.paragraphs[0] if n == 0 else cell.add_paragraph(), "Letterhead")
            made = wordml.run(text, bold=bold, italic=italic)
            if n == underline:
                made.get_or_add_rPr().append(wordml.element("u", val="single"))
            line._p.append(made)

    def listing(
        self, widths: Sequence[int], head: Sequence[str], rows: Sequence[Sequence[Cell]], together: bool
    ) -> None:
        """A table with a head that is repeated on each page; rows stay whole, and all of it if `together`."""
        cells = self.table(1 + len(rows), widths)
        for n, (places, row) in enumerate(zip(cells, [[Cell(name) for name in head], *rows], strict=True)):
            marks = [wordml.element("cantSplit")] + ([wordml.element("tblHeader")] if n == 0 else [])
            wordml.row_property(places[0], *marks)
            for place, cell in zip(places, row, strict=False):
                line = self.style(place.paragraphs[0], "Table Text" if n else "Table Head")
                if together and n < len(rows):
                    line.paragraph_format.keep_with_next = True
                self.cell(line, cell)
            for place in places:
                wordml.cell_borders(place, bottom=("single", 0.5 if n else 1, EDGE if n else INK))

    def cell(self, line: Any, cell: Cell, bold: bool = False) -> None:
        """A cell's words, linked where they lead somewhere, and the number of its source."""
        if cell.href and cell.text:
            wordml.external_link(line, cell.href, wordml.run(cell.text, "Hyperlink", bold))
        elif cell.text:
            line._p.append(wordml.run(cell.text, bold=bold))
        if cell.source:
            line._p.append(wordml.run(f" [{cell.source}]", bold=bold))

    def rows(self, head: Sequence[str], rows: Sequence[Sequence[Cell]], style: str = "Row") -> None:
        """A table whose columns the page has no room for: each row as a few lines."""
        for row in rows:
            said = [(name, cell) for name, cell in zip(head, row, strict=True) if cell.text or cell.source]
            for place, (name, cell) in enumerate(said):
                line = self.paragraph(style)
                line.paragraph_format.keep_with_next = place + 1 < len(said)
                if place == 0:
                    line.paragraph_format.space_before = Pt(6)
                elif name:
                    line._p.append(wordml.run(f"{name}: ", "Quiet"))
                self.cell(line, cell, bold=place == 0)
