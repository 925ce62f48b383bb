"""The script to be read aloud to a meeting: Word in 16 pt, with minutes a section and the running time beside.

Every word is the edition's own. Between them stand only the few that tell listeners who speaks: "Theo …",
"Trích", "Lời ban biên tập".
"""

from __future__ import annotations

from docx.shared import Pt

from digest.bulletin.minutes import minutes, syllables
from digest.bulletin.render import captions, wordfile, wordml
from digest.bulletin.render.wordwriter import WordWriter
from digest.bulletin.view import Prose, View, ViewItem, ViewSection

OPENING = "Lời mở đầu"
QUOTED = "Trích:"


def render(view: View) -> bytes:
    """The script as a Word file; the same view gives the same bytes."""
    word, title = wordfile.begin(view), f"Lời đọc: {captions.title(view)}"
    wordfile.foot(word, word.document.sections[0].footer, title)
    wordfile.properties(word, view, title)
    _Script(word, view).write()
    return wordfile.saved(word)


def spoken(section: ViewSection) -> int:
    """The syllables of a section that are read aloud."""
    texts = [section.name, *(block.text for block in section.note)]
    for item in section.items:
        texts += _said(item)
    texts += [cell.text for table in section.tables for row in table.rows for cell in row]
    return syllables(texts)


def _said(item: ViewItem) -> list[str]:
    said = [item.title, item.outlet, captions.after_outlet(item), item.lead]
    return [*said, *(part for part in item.excerpts if part), *(block.text for block in item.note)]


class _Script:
    """One script, written from its title to its imprint; `passed` counts the syllables read so far."""

    def __init__(self, word: WordWriter, view: View) -> None:
        self.word, self.view, self.passed = word, view, 0

    def write(self) -> None:
        """Everything, in the order of reading."""
        view = self.view
        opening = syllables(block.text for block in view.foreword)
        whole = opening + sum(map(spoken, view.sections))
        head = captions.masthead(view)
        self.word.paragraph("Kicker", f"{head.kicker}, lời đọc".upper())
        self.word.paragraph("Heading 2", f"{head.name}. {head.number}")
        self.word.double_rule()
        about = f"{captions.place_and_date(view)}. {captions.span(view)}."
        self.word.paragraph("Source", about).paragraph_format.space_before = Pt(4)
        pace = f"Đọc cả bài khoảng {max(minutes(whole, view.aloud), 1)} phút, {view.aloud} tiếng một phút."
        self.word.paragraph("Source", f"{pace} {view.publisher}".rstrip())
        if view.corrects:
            self.word.paragraph("Lead", captions.corrects(view))
        if view.foreword:
            self._heading(OPENING, opening)
            self._prose(view.foreword)
        for section in view.sections:
            self._section(section)
        for one in view.cited:
            self.word.paragraph(
                "Source", f"[{one.order}] {one.title}. {one.outlet}{captions.after_outlet(one)}"
            )

    def _heading(self, name: str, count: int) -> None:
        """A part's name with its minutes and when it begins."""
        line = self.word.paragraph("Heading 1")
        self.word.right_tab(line)
        need = minutes(count, self.view.aloud)
        since = f", từ phút {self.passed // self.view.aloud + 1}" if self.passed else ""
        told = wordml.run(f"{max(need, 1)} phút{since}", "Quiet")
        told.get_or_add_rPr().append(wordml.element("caps", val=0))
        line._p.extend([wordml.run(name), wordml.tab(), told])
        self.passed += count

    def _section(self, section: ViewSection) -> None:
        self._heading(section.name, spoken(section))
        self._prose(section.note)
        for item in section.items:
            self._article(item)
        for table in section.tables:
            if table.caption:
                self.word.paragraph("Caption", table.caption)
            self.word.rows(table.head, table.rows, "Spoken")

    def _article(self, item: ViewItem) -> None:
        self.word.paragraph("Heading 2", f"{item.order}. {item.title}").paragraph_format.space_before = Pt(14)
        cited = f"Theo {item.outlet}{captions.after_outlet(item)}."
        self.word.paragraph("Spoken", cited)
        for quiet in (captions.others(item), captions.LEAD_ONLY if item.text == "none" else ""):
            if quiet:
                self.word.paragraph("Source", quiet)
        if item.lead:
            self.word.paragraph("Spoken", item.lead)
        if item.excerpts:
            self.word.paragraph("Spoken", QUOTED).paragraph_format.keep_with_next = True
        for part in item.excerpts:
            self.word.paragraph("Spoken Quote", captions.CUT if part is None else part)
        if item.note:
            line = self.word.paragraph("Spoken")
            line._p.append(wordml.run(f"{captions.NOTE}:", bold=True))
            line.paragraph_format.keep_with_next = True
            self._prose(item.note)

    def _prose(self, blocks: Prose) -> None:
        self.word.prose(blocks, "Spoken")
