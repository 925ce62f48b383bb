"""The parts of WordprocessingML that python-docx has no calls for: fields, links, borders, languages."""

from __future__ import annotations

from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

Element = Any  # an lxml element of python-docx's own classes


def element(name: str, /, *children: Element, **attributes: object) -> Element:
    """<w:name w:attribute="…">; `name` and attributes without their prefix."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key.rstrip('_')}"), str(value))
    made.extend(children)
    return made


def run(text: str, style: str = "", bold: bool = False, italic: bool = False) -> Element:
    """A run of text, not yet in a paragraph."""
    looks = [element("rStyle", val=style)] if style else []
    looks += [element("b")] if bold else []
    looks += [element("i")] if italic else []
    words = element("t")
    words.text = text
    words.set(qn("xml:space"), "preserve")
    return element("r", element("rPr", *looks), words) if looks else element("r", words)


def tab() -> Element:
    """A run with a tab stop."""
    return element("r", element("tab"))


def field_mark(kind: str) -> Element:
    """A run that begins, separates or ends a complex field."""
    return element("r", element("fldChar", fldCharType=kind))


def field_code(code: str) -> Element:
    """A run with a field's instruction."""
    words = element("instrText")
    words.text = f" {code} "
    words.set(qn("xml:space"), "preserve")
    return element("r", words)


def field(code: str, result: str) -> list[Element]:
    """A whole complex field with the result that is shown until Word works it out itself."""
    return [field_mark("begin"), field_code(code), field_mark("separate"), run(result), field_mark("end")]


def external_link(paragraph: Any, address: str, *runs: Element) -> None:
    """Appends a link to an address outside the document."""
    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = element("hyperlink", *runs, history=1)
    link.set(qn("r:id"), relation)
    paragraph._p.append(link)


def inner_link(anchor: str, *runs: Element) -> Element:
    """A link to a bookmark of this document."""
    return element("hyperlink", *runs, anchor=anchor, history=1)


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """Puts all that the paragraph has now into a bookmark."""
    start = element("bookmarkStart", id=number, name=name)
    properties = paragraph._p.pPr
    if properties is None:
        paragraph._p.insert(0, start)
    else:
        properties.addnext(start)
    paragraph._p.append(element("bookmarkEnd", id=number))


# Children of pPr and tcPr must stand in the schema's order, or Word refuses the file.
_AFTER_BORDERS = (
    "w:shd",
    "w:tabs",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:jc",
    "w:outlineLvl",
    "w:rPr",
)


def paragraph_borders(properties: Element, **sides: tuple[str, float, float, str]) -> None:
    """Borders of a paragraph or style: top=(kind, points, distance in points, RRGGBB)."""
    borders = element("pBdr")
    for side in ("top", "left", "bottom", "right"):
        if side in sides:
            kind, points, space, colour = sides[side]
            borders.append(element(side, val=kind, sz=round(points * 8), space=round(space), color=colour))
    _before(properties, borders, _AFTER_BORDERS)


def shading(properties: Element, colour: str) -> None:
    """The ground of a paragraph or style."""
    _before(properties, element("shd", val="clear", color="auto", fill=colour), _AFTER_BORDERS[1:])


def _before(parent: Element, child: Element, later: tuple[str, ...]) -> None:
    for name in later:
        found = parent.find(qn(name))
        if found is not None:
            found.addprevious(child)
            return
    parent.append(child)


def cell_borders(cell: Any, **sides: tuple[str, float, str]) -> None:
    """Borders of a table cell: top=(kind, points, RRGGBB)."""
    borders = element("tcBorders")
    for side in ("top", "left", "bottom", "right"):
        if side in sides:
            kind, points, colour = sides[side]
            borders.append(element(side, val=kind, sz=round(points * 8), space=0, color=colour))
    _before(cell._tc.get_or_add_tcPr(), borders, ("w:shd", "w:noWrap", "w:tcMar", "w:vAlign"))


def fixed_table(table: Any, widths: list[int], indent: int = 0) -> None:
    """A table of fixed columns (twentieths of a point) without inner margins, as layout and lists want."""
    table.autofit = False
    properties = table._tbl.tblPr
    for name in ("w:tblW", "w:tblCellMar", "w:tblInd"):
        found = properties.find(qn(name))
        if found is not None:
            properties.remove(found)
    margins = element("tblCellMar", element("left", w=0, type_="dxa"), element("right", w=100, type_="dxa"))
    later = ("w:tblBorders", "w:tblLayout", "w:tblLook")
    _before(properties, element("tblW", w=sum(widths), type_="dxa"), ("w:jc", *later))
    _before(properties, element("tblInd", w=indent, type_="dxa"), later)
    _before(properties, margins, ("w:tblLook",))
    for grid, wide in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        grid.set(qn("w:w"), str(wide))
    for row in table._tbl.tr_lst:
        for cell, wide in zip(row.tc_lst, widths, strict=True):
            got = cell.get_or_add_tcPr()
            old = got.find(qn("w:tcW"))
            if old is not None:
                got.remove(old)
            got.insert(0, element("tcW", w=wide, type_="dxa"))


def row_property(cell: Any, *children: Element) -> None:
    """Adds properties to the row of a cell: cantSplit, tblHeader, trHeight."""
    cell._tc.getparent().get_or_add_trPr().extend(children)


def settle(document: Any) -> None:
    """Settings that the default template lacks or has for English; its preview picture goes."""
    settings = document.settings.element
    _first_after(settings, element("mirrorMargins"), "w:zoom")
    for name, key, value in (
        ("w:themeFontLang", "w:val", "vi-VN"),
        ("w:decimalSymbol", "w:val", ","),
        ("w:listSeparator", "w:val", ";"),
    ):
        settings.find(qn(name)).set(qn(key), value)
    for setting in settings.find(qn("w:compat")).findall(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")  # else Word's title says "Compatibility Mode"
    relations = document.part.package.rels
    for key in [key for key, one in relations.items() if one.reltype.endswith("/thumbnail")]:
        del relations[key]


def _first_after(parent: Element, child: Element, earlier: str) -> None:
    found = parent.find(qn(earlier))
    if found is None:
        parent.insert(0, child)
    else:
        found.addnext(child)
