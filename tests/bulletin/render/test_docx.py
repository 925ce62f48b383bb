"""The Word file: styles that an editor can work with, contents that are filled in, nothing of this machine."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import zipfile
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from digest.bulletin.render import RENDERERS
from tests.bulletin.render.sample import edition


@pytest.fixture(scope="module")
def data() -> bytes:
    return RENDERERS["docx"].render(edition())


@pytest.fixture(scope="module")
def document(data: bytes) -> Any:
    return Document(io.BytesIO(data))


def test_headings_are_headings(document: Any) -> None:
    found = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert [text for name, text in found if name == "Heading 2"] == [item.title for item in edition().items]
    assert ("Heading 1", "Tôn giáo") in found


def test_contents_are_filled_in_with_pages(document: Any) -> None:
    entries = [p for p in document.paragraphs if p.style.name == "toc 2"]
    assert len(entries) == 12
    marks = {b.get(qn("w:name")) for b in document.element.iter(qn("w:bookmarkStart"))}
    for entry, item in zip(entries, edition().items, strict=True):
        shown = "".join(t.text for t in entry._p.iter(qn("w:t")))
        assert re.fullmatch(re.escape(item.title) + r"\xa0\d+", shown)
        assert next(entry._p.iter(qn("w:hyperlink"))).get(qn("w:anchor")) in marks
    fields = [f.get(qn("w:fldCharType")) for f in document.element.iter(qn("w:fldChar"))]
    assert fields.count("begin") == fields.count("separate") == fields.count("end") == 13


def test_it_is_vietnamese_in_times_new_roman(document: Any, data: bytes) -> None:
    styles = document.styles.element
    assert styles.find(".//" + qn("w:docDefaults")).find(".//" + qn("w:lang")).get(qn("w:val")) == "vi-VN"
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert document.core_properties.language == "vi-VN"


def test_codes_have_words_and_links_lead_out(document: Any) -> None:
    said = [p.get("descr") for p in document.element.iter("{*}docPr")]
    assert len(said) == 12 and all("bantin.example.vn/b/" in text for text in said)
    targets = {r.target_ref for r in document.part.rels.values() if r.reltype.endswith("/hyperlink")}
    assert {item.link for item in edition().items} <= targets
    assert "https://dongmau.example.vn/quy-uoc" in targets


def test_pages_are_numbered_by_fields(document: Any) -> None:
    section = document.sections[0]
    assert "PAGE" in "".join(section.footer._element.itertext())
    assert section.header.paragraphs[0].text == "Trung tâm chính trị phường Bến Thử"
    assert round(section.page_width.mm) == 190 and round(section.page_height.mm) == 270


def test_nothing_in_it_tells_time_or_machine(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any("thumbnail" in name for name in packed.namelist())
        core = packed.read("docProps/core.xml").decode()
    assert "2026-11-23" in core and "python-docx" not in core and "2013" not in core


ORDER = ["pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "numPr", "pBdr", "shd", "tabs"]
ORDER += ["spacing", "ind", "contextualSpacing", "jc", "outlineLvl", "rPr"]


def test_properties_stand_in_the_order_of_the_schema(document: Any) -> None:
    """Word refuses files whose properties are out of order; LibreOffice does not care."""
    for root in (document.element, document.styles.element, document.sections[0].footer._element):
        for properties in root.iter(qn("w:pPr")):
            names = [child.tag.split("}")[1] for child in properties]
            known = [ORDER.index(name) for name in names]
            assert known == sorted(known), names


def times_is_tinos(folder: Path) -> Path:
    """Fonts as a reader's Word has them: without any of such widths LibreOffice takes a far wider one."""
    fonts = Path(str(resources.files("digest.bulletin") / "fonts"))
    settings = folder / "fonts.conf"
    settings.write_text(
        f"<fontconfig><dir>{fonts}</dir><cachedir>{folder / 'cache'}</cachedir>"
        "<alias binding='same'><family>Times New Roman</family><prefer><family>Tinos</family></prefer></alias>"
        "</fontconfig>",
        encoding="utf-8",
    )
    return settings


@pytest.mark.browser
def test_libreoffice_makes_as_many_pages_as_the_pdf(data: bytes, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    (tmp_path / "edition.docx").write_bytes(data)
    subprocess.run(
        [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "pdf",
         "--outdir", str(tmp_path), str(tmp_path / "edition.docx")],
        check=True, capture_output=True, timeout=120,
        env={**os.environ, "FONTCONFIG_FILE": str(times_is_tinos(tmp_path))},
    )  # fmt: skip
    theirs = len(PdfReader(tmp_path / "edition.pdf").pages)
    ours = len(PdfReader(io.BytesIO(RENDERERS["pdf"].render(edition()))).pages)
    assert abs(theirs - ours) <= 1
