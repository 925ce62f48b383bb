"""Reads the words back out of each kind of file, as the reader of that file would meet them."""

from __future__ import annotations

import io
import re
import zipfile
from email import message_from_bytes, policy

import html5lib
from docx import Document
from docx.oxml.ns import qn
from lxml import etree
from pypdf import PdfReader

from digest.text.normalise import clean


def words(form: str, data: bytes, running: tuple[str, ...] = ()) -> str:
    """All words of a file without white space, in small letters (section names may be in capitals)."""
    return squeezed(READERS[form](data, running))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", clean(text)).casefold()


def _html(data: bytes, _running: tuple[str, ...]) -> str:
    root = html5lib.parse(data.decode(), treebuilder="lxml", namespaceHTMLElements=False).getroot()
    for gone in root.xpath("//style|//script|//head/title"):
        gone.getparent().remove(gone) if not gone.tail else gone.clear()
    return " ".join(root.itertext())


def _txt(data: bytes, _running: tuple[str, ...]) -> str:
    return re.sub(r"\n--- Tin .*\n", "\n", "\n" + data.decode())


def _pdf(data: bytes, running: tuple[str, ...]) -> str:
    """Without the lines that run at the foot of every page."""
    foot = "|".join([*map(re.escape, running), r"\d{1,3}"])
    lines = []
    for page in PdfReader(io.BytesIO(data)).pages:
        own = page.extract_text().splitlines()
        while own and re.fullmatch(f"(?:{foot}|\\s)+", own[-1]):
            own.pop()
        lines += own
    return "\n".join(lines)


def _docx(data: bytes, _running: tuple[str, ...]) -> str:
    body = Document(io.BytesIO(data)).element.body
    lines = []
    for paragraph in body.iter(qn("w:p")):
        lines.append("".join(t.text or "" for t in paragraph.iter(qn("w:t"))))
    return "\n".join(lines)


def _epub(data: bytes, _running: tuple[str, ...]) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        pages = [name for name in book.namelist() if name.endswith(".xhtml")]
        return "\n".join(" ".join(etree.fromstring(book.read(name)).itertext()) for name in pages)


def _eml(data: bytes, running: tuple[str, ...]) -> str:
    letter = message_from_bytes(data, policy=policy.default)
    return _html(letter.get_body(("html",)).get_content().encode(), running)


def _pptx(data: bytes, _running: tuple[str, ...]) -> str:
    import pptx

    lines = []
    for slide in pptx.Presentation(io.BytesIO(data)).slides:
        lines += [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        if slide.has_notes_slide:
            lines.append(slide.notes_slide.notes_text_frame.text)
    return "\n".join(lines)


READERS = {
    "html": _html,
    "txt": _txt,
    "pdf": _pdf,
    "pdf-large": _pdf,
    "docx": _docx,
    "epub": _epub,
    "email": _html,
    "eml": _eml,
    "pptx": _pptx,
    "script": _docx,
}
