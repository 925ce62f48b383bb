"""The styles of our Word files: Times New Roman as offices use it, in the sizes of the printed edition."""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from digest.bulletin import tokens
from digest.bulletin.render import wordml

FONT = "Times New Roman"
_S, _L = tokens.PRINT, tokens.LIGHT
_INK, _INK2, _SON, _LINK, _EDGE = (c[1:] for c in (_L.ink, _L.ink2, _L.son, _L.link, _L.edge))

# name: (size, distance of base lines, space before, after, bold, colour, kept with next)
_PARAGRAPHS: dict[str, tuple[float, float, float, float, bool, str, bool]] = {
    "Title": (_S.name, 50, 0, 4, True, _INK, True),
    "Heading 1": (_S.section, 17, 20, 0, True, _INK, True),
    "Heading 2": (_S.title, _S.title_line, 3, 0, True, _INK, True),
    "Lead": (_S.body, _S.body_line, 3, 4, True, _INK, True),
    "Quote": (_S.body, _S.body_line, 0, 0, False, _INK, True),
    "Note": (12, 16, 0, 0, False, _INK, True),
    "Source": (11, 14, 0, 0, False, _INK, False),
    "Code": (10, 0, 4, 0, False, _INK, False),
    "Count": (10.5, 13, 0, 0, False, _INK2, True),
    "Kicker": (_S.kicker, 16, 16, 0, True, _SON, True),
    "Letterhead": (_S.letterhead, 17, 0, 0, False, _INK, False),
    "Contents Heading": (15, 19, 18, 6, True, _INK, True),
    "toc 1": (_S.contents, 16, 5, 1, True, _INK, True),
    "toc 2": (_S.contents, 16, 0, 2, False, _INK, False),
    "Table Head": (10.5, 14, 2, 2, True, _INK, True),
    "Table Text": (11, 13.5, 3, 3, False, _INK, False),
    "Spoken": (16, 24, 0, 6, False, _INK, False),
    "Spoken Quote": (16, 24, 0, 6, False, _INK, False),
    "Row": (11, 14, 0, 0, False, _INK, False),
    "Caption": (12, 16, 12, 2, True, _INK, True),
    "Header": (9.5, 12, 0, 0, False, _INK2, False),
    "Footer": (9.5, 12, 0, 0, False, _INK2, False),
    "Rule": (2, 3, 0, 0, False, _INK, False),
}


def apply(document: Any) -> None:
    """Makes or changes every style that the file uses; all text is Vietnamese to Word's spelling checker."""
    _defaults(document)
    normal = document.styles["Normal"]
    _looks(normal, _S.body, _S.body_line, 0, 6, False, _INK, False)
    known = {style.name: style for style in document.styles}
    for name, looks in _PARAGRAPHS.items():
        style = known.get(name) or document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _looks(style, *looks)
    _borders(document)
    _letters(document)


def _defaults(document: Any) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for name in ("w:rFonts", "w:lang"):
        found = properties.find(qn(name))
        if found is not None:
            properties.remove(found)
    properties.insert(0, _fonts())
    properties.append(wordml.element("lang", val="vi-VN", eastAsia="vi-VN", bidi="vi-VN"))


def _fonts() -> Any:
    return wordml.element("rFonts", ascii=FONT, hAnsi=FONT, cs=FONT, eastAsia=FONT)


def _looks(
    style: Any, size: float, line: float, before: float, after: float, bold: bool, colour: str, keep: bool
) -> None:
    properties = style.element.get_or_add_rPr()
    for child in list(properties):  # the default template's blue sans headings
        properties.remove(child)
    style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(size), bold, False
    properties.find(qn("w:rFonts")).set(qn("w:cs"), FONT)
    properties.find(qn("w:rFonts")).set(qn("w:eastAsia"), FONT)
    style.font.color.rgb = RGBColor.from_string(colour)
    form = style.paragraph_format
    form.space_before, form.space_after, form.keep_with_next = Pt(before), Pt(after), keep
    form.widow_control, form.alignment = True, WD_ALIGN_PARAGRAPH.LEFT
    if line:
        form.line_spacing, form.line_spacing_rule = Pt(line), WD_LINE_SPACING.AT_LEAST
    if style.name == "Rule":
        form.line_spacing_rule = WD_LINE_SPACING.EXACTLY


def _borders(document: Any) -> None:
    properties = {
        name: document.styles[name].element.get_or_add_pPr()
        for name in ("Title", "Heading 1", "Quote", "Spoken Quote", "Note", "Contents Heading", "Footer")
    }
    for name, left in (("Title", "w:pBdr"), ("Footer", "w:tabs")):  # what the default template has there
        for found in properties[name].findall(qn(left)):
            properties[name].remove(found)
    wordml.paragraph_borders(properties["Heading 1"], top=("single", 1.5, 3, _INK))
    wordml.paragraph_borders(properties["Contents Heading"], top=("single", 1.5, 4, _INK))
    wordml.paragraph_borders(properties["Quote"], left=("single", 2.25, 9, _INK))
    wordml.paragraph_borders(properties["Spoken Quote"], left=("single", 2.25, 9, _INK))
    wordml.paragraph_borders(properties["Footer"], top=("single", 0.5, 3, _EDGE))
    sides = dict.fromkeys(("top", "left", "bottom", "right"), ("single", 0.5, 6, _EDGE))
    wordml.paragraph_borders(properties["Note"], **sides)
    wordml.shading(properties["Note"], "F2F2F2")
    for name in ("Quote", "Spoken Quote"):
        document.styles[name].paragraph_format.left_indent = Pt(12)
    for side in ("left_indent", "right_indent"):
        setattr(document.styles["Note"].paragraph_format, side, Pt(7))
    document.styles["toc 2"].paragraph_format.left_indent = Pt(14)
    document.styles["Letterhead"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.styles["Heading 1"].font.all_caps = True


def _letters(document: Any) -> None:
    """Character styles of links and of what is said quietly."""
    for name, colour, underline in (("Hyperlink", _LINK, True), ("Quiet", _INK2, False)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
        style.font.color.rgb, style.font.underline = RGBColor.from_string(colour), underline
