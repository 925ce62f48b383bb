"""What every Word file of ours begins and ends with: page, styles, running foot, properties, settled bytes."""

from __future__ import annotations

import io
from datetime import datetime, time
from typing import Any

from docx import Document
from docx.shared import Mm

from digest.bulletin import tokens
from digest.bulletin.render import pdf, wordml, wordstyles
from digest.bulletin.render.wordwriter import TWIPS_PER_MM, WordWriter
from digest.bulletin.render.zipped import repacked
from digest.bulletin.view import View


def begin(view: View) -> WordWriter:
    """An empty document of the edition's page size, with our margins and styles."""
    wide, high = pdf.page_size(view)
    margins = tokens.MARGINS_MM
    document = Document()
    wordstyles.apply(document)
    wordml.settle(document)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(wide), Mm(high)
    section.top_margin, section.bottom_margin = Mm(margins["top"]), Mm(margins["bottom"])
    section.left_margin, section.right_margin = Mm(margins["inner"]), Mm(margins["outer"])
    section.footer_distance = Mm(10)
    return WordWriter(document, round((wide - margins["inner"] - margins["outer"]) * TWIPS_PER_MM))


def foot(word: WordWriter, footer: Any, title: str) -> None:
    """The running foot: the title, and the page's number at the right."""
    line = word.style(footer.paragraphs[0], "Footer")
    word.right_tab(line)
    line._p.extend([wordml.run(title), wordml.tab(), *wordml.field("PAGE", "1")])


def properties(word: WordWriter, view: View, title: str, *, subject: str = "", keywords: str = "") -> None:
    """What Word shows of a file without opening it; dated as the edition, so that its bytes are too."""
    known, issued = word.document.core_properties, datetime.combine(view.issued, time.min)
    known.title, known.language = _property(title), "vi-VN"
    known.author = known.last_modified_by = _property(view.publisher or view.site_name)
    known.subject, known.comments, known.keywords = subject, "", _property(keywords)
    known.created = known.modified = known.last_printed = issued
    known.revision = 1


def _property(text: str) -> str:
    return text[:255]  # what python-docx, after Word, allows


def saved(word: WordWriter) -> bytes:
    """The file; the same document gives the same bytes."""
    out = io.BytesIO()
    word.document.save(out)
    return repacked(out.getvalue())
