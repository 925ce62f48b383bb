"""The printed edition: tagged, with its fonts, codes that can be read, contents that tell the truth."""

from __future__ import annotations

import io
import itertools
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from digest.bulletin.render import RENDERERS, glyphs, pdf, qr
from digest.bulletin.render.tidy import tidy
from digest.errors import RenderError
from digest.text.normalise import clean
from tests.bulletin.render.sample import edition


@pytest.fixture(scope="module", params=["pdf", "pdf-large"])
def reader(request: pytest.FixtureRequest) -> PdfReader:
    return PdfReader(io.BytesIO(RENDERERS[request.param].render(edition())))


def test_it_says_what_it_is_and_is_tagged(reader: PdfReader) -> None:
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in catalogue
    assert str(catalogue["/Lang"]).lower().startswith("vi")
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part>1<" in catalogue["/Metadata"].get_data()
    assert reader.metadata.title == "Bản tin báo cáo viên số 12"


def _nodes(node: object) -> list[DictionaryObject]:
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, ArrayObject):
        return [found for part in node for found in _nodes(part)]
    if not isinstance(node, DictionaryObject):
        return []
    return [node, *_nodes(node.get("/K"))]


def test_pictures_have_words_and_headings_their_levels(reader: PdfReader) -> None:
    nodes = _nodes(reader.trailer["/Root"]["/StructTreeRoot"])
    kinds = [str(node.get("/S")) for node in nodes]
    figures = [node for node in nodes if node.get("/S") == "/Figure"]
    assert len(figures) == 12 and all("bantin.example.vn" in str(f.get("/Alt")) for f in figures)
    levels = [int(kind[2]) for kind in kinds if re.fullmatch("/H[1-6]", kind)]
    assert levels[0] == 1 and all(b <= a + 1 for a, b in itertools.pairwise(levels))
    assert kinds.count("/H2") == 12 and "/H1" in kinds and "/TH" in kinds and "/Link" in kinds


def test_all_fonts_are_inside(reader: PdfReader) -> None:
    fonts = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            fonts[str(inner["/BaseFont"])] = inner["/FontDescriptor"].get_object()
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & set(font) for font in fonts.values())
    assert {name.split("+")[1].split("-")[0] for name in fonts} == {"Tinos", "BeVietnamPro"}


def test_the_outline_has_every_section_and_article(reader: PdfReader) -> None:
    def titles(level: list[object]) -> list[str]:
        return [t for part in level for t in (titles(part) if isinstance(part, list) else [part.title])]

    found = titles(reader.outline)
    for section in edition().sections:
        assert section.name in found
        assert all(item.title in found for item in section.items)


def test_contents_name_the_pages_on_which_articles_begin() -> None:
    view = edition()
    reader = PdfReader(io.BytesIO(RENDERERS["pdf"].render(view)))
    for order, page in pdf.page_numbers(tidy(view)).items():
        title = next(item.title for item in view.items if item.order == order)
        text = re.sub(r"\s+", " ", reader.pages[page - 1].extract_text())
        assert title in text
    front = reader.pages[0].extract_text()
    assert re.search(r"doanh nghiệp: hai cách làm\s+5", front)


def test_sizes_are_those_asked_for() -> None:
    for name, (wide, high) in (("190x270", (190, 270)), ("a4", (210, 297)), ("a5", (148, 210))):
        page = PdfReader(io.BytesIO(RENDERERS["pdf"].render(edition(page=name)))).pages[0]
        assert float(page.mediabox.width) == pytest.approx(wide / 25.4 * 72, abs=0.1)
        assert float(page.mediabox.height) == pytest.approx(high / 25.4 * 72, abs=0.1)


def test_an_unknown_size_is_refused_in_words() -> None:
    with pytest.raises(RenderError, match=r"a3.*190x270"):
        RENDERERS["pdf"].render(edition(page="a3"))


def test_more_than_64_pages_are_refused() -> None:
    item = edition().items[0]
    items = tuple(replace(item, order=n, excerpts=("Dòng dài. " * 500,)) for n in range(1, 34))
    section = replace(edition().sections[0], items=items)
    with pytest.raises(RenderError, match=r"\d+ trang, quá mức 64 trang"):
        RENDERERS["pdf"].render(edition(sections=(section,)))


def test_codes_can_be_read_and_are_large_enough() -> None:
    zxing = pytest.importorskip("zxingcpp")
    image = pytest.importorskip("PIL.Image")
    for item in edition().items:
        picture = image.open(io.BytesIO(qr.png(item.link)))
        (read,) = zxing.read_barcodes(picture)
        assert read.text == item.link and read.ec_level == "M"
    assert qr.code(item.link).size_mm(18) >= 17
    assert qr.code("https://example.vn/" + "a" * 400).size_mm(18) > 18


@pytest.mark.browser
@pytest.mark.parametrize("form", ["pdf", "pdf-large"])
def test_codes_on_paper_can_be_read_even_from_a_coarse_copy(form: str, tmp_path: Path) -> None:
    zxing, image = pytest.importorskip("zxingcpp"), pytest.importorskip("PIL.Image")
    if shutil.which("pdftoppm") is None:
        pytest.skip("poppler-utils is not installed: apt-get install poppler-utils")
    (tmp_path / "edition.pdf").write_bytes(RENDERERS[form].render(edition()))
    draw = ["pdftoppm", "-r", "100", "-gray", "-png", str(tmp_path / "edition.pdf"), str(tmp_path / "page")]
    subprocess.run(draw, check=True, capture_output=True)
    read = {
        code.text for page in tmp_path.glob("page*.png") for code in zxing.read_barcodes(image.open(page))
    }
    assert read == {item.link for item in edition().items}


@pytest.mark.browser
@pytest.mark.parametrize("form", ["pdf", "pdf-large"])
def test_pdftotext_finds_every_word_in_order_of_reading(form: str, tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler-utils is not installed: apt-get install poppler-utils")
    view = edition()
    (tmp_path / "edition.pdf").write_bytes(RENDERERS[form].render(view))
    done = subprocess.run(["pdftotext", str(tmp_path / "edition.pdf"), "-"], check=True, capture_output=True)
    lines = [line.strip() for line in done.stdout.decode().replace("\f", "\n").splitlines()]
    own = [line for line in lines if line not in (view.title, view.publisher) and not line.isdigit()]
    text = clean(" ".join(own))
    for item in view.items:
        for words in (item.title, item.lead, *filter(None, item.excerpts), *(b.text for b in item.note)):
            assert words in text


def test_a_code_is_drawn_as_its_modules_say() -> None:
    code = qr.code("https://bantin.example.vn/b/1834")
    dark = set()
    for x, y, wide in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", code.path):
        dark |= {(int(x) + n, int(y)) for n in range(int(wide))}
    corner = {(x, y) for x in range(7) for y in range(7) if x in (0, 6) or y in (0, 6)}
    corner |= {(x, y) for x in (2, 3, 4) for y in (2, 3, 4)}
    assert {(x, y) for x, y in dark if x < 7 and y < 7} == corner
    assert 0.4 < len(dark) / code.modules**2 < 0.6


def test_letters_that_no_font_has_are_said_so() -> None:
    assert glyphs.printable("Bến Thử: Ố Ẩ, 3.260 m², 15 ₫ → “ổn”") == "Bến Thử: Ố Ẩ, 3.260 m², 15 ₫ → “ổn”"
    assert glyphs.printable("a😀b") == "a□b"
    assert glyphs.plain("★ ạ") == "□ ạ"
    assert glyphs.printable("x" * 40).replace("\u200b", "") == "x" * 40


def test_coverage_agrees_with_the_fonts() -> None:
    fonts = pytest.importorskip("fontTools.ttLib")
    known = set()
    for name in ("Tinos-Regular.ttf", "BeVietnamPro-Regular.ttf"):
        known |= set(fonts.TTFont(pdf.HOME / "fonts" / name).getBestCmap())
    vietnamese = {ord(c) for c in "ăâđêôơưĂÂĐÊÔƠƯ"} | set(range(0x1EA0, 0x1EFA))
    assert vietnamese <= known
    assert {chr(code) for code in vietnamese} <= glyphs._known()
