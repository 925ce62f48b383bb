"""The one-file page and the e-book: without errors, in order, readable by screen readers."""

from __future__ import annotations

import io
import itertools
import zipfile

import html5lib
import pytest
from lxml import etree

from digest.bulletin.render import RENDERERS
from tests.bulletin.render.sample import edition


@pytest.fixture(scope="module")
def page() -> str:
    return RENDERERS["html"].render(edition()).decode()


@pytest.mark.parametrize("form", ["html", "email"])
def test_html5lib_finds_no_error(form: str) -> None:
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(RENDERERS[form].render(edition()).decode())
    assert parser.errors == []


def _tree(text: str) -> etree._ElementTree:
    return html5lib.parse(text, treebuilder="lxml", namespaceHTMLElements=False)


def test_headings_go_down_one_step_at_a_time(page: str) -> None:
    levels = [int(h.tag[1]) for h in _tree(page).iter() if h.tag in ("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    main = levels[levels.index(1) :]
    assert all(b <= a + 1 for a, b in itertools.pairwise(main))


def test_ids_are_single_and_every_inner_link_leads_somewhere(page: str) -> None:
    tree = _tree(page)
    ids = tree.xpath("//@id")
    assert len(set(ids)) == len(ids)
    for href in tree.xpath("//a/@href"):
        assert href.startswith(("https://", "#"))
        assert not href.startswith("#") or href[1:] in ids


def test_links_have_names_of_their_own(page: str) -> None:
    names: dict[str, set[str]] = {}
    for link in _tree(page).xpath("//a"):
        names.setdefault("".join(link.itertext()).strip(), set()).add(link.get("href"))
    assert "" not in names
    double = {name: hrefs for name, hrefs in names.items() if len(hrefs) > 1}
    assert set(double) <= {item.title for item in edition().items} | {"Nguồn của số này", "[12]"}


def test_it_speaks_vietnamese_and_names_its_regions(page: str) -> None:
    tree = _tree(page)
    assert tree.getroot().get("lang") == "vi"
    assert len(tree.xpath("//main")) == 1 and tree.xpath("//nav/@aria-labelledby")
    assert tree.xpath("//*[@role='img'][not(@aria-label)]") == []
    assert tree.xpath("//body/a[1]/@href") == ["#noi-dung"]
    assert tree.xpath("//th[not(@scope)]") == []


def test_fonts_are_inside_and_the_file_stays_small(page: str) -> None:
    assert page.count("data:font/woff2") == 2
    assert len(page.encode()) < 150_000


def test_the_book_obeys_the_rules_of_epub() -> None:
    data = RENDERERS["epub"].render(edition())
    assert data[30:58] == b"mimetypeapplication/epub+zip"  # OCF 3.3: first, stored, without extra field
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        names = set(book.namelist())
        parsed = {
            name: etree.fromstring(book.read(name)) for name in names if name.endswith((".xhtml", ".opf"))
        }
    opf = parsed["EPUB/book.opf"]
    space = {"o": "http://www.idpf.org/2007/opf", "d": "http://purl.org/dc/elements/1.1/"}
    listed = {f"EPUB/{href}" for href in opf.xpath("//o:item/@href", namespaces=space)}
    assert listed == {n for n in names if n.startswith("EPUB/")} - {"EPUB/book.opf"}
    assert opf.xpath("//o:item[@properties='nav']", namespaces=space)
    assert set(opf.xpath("//o:itemref/@idref", namespaces=space)) <= set(
        opf.xpath("//o:item/@id", namespaces=space)
    )
    for name in ("identifier", "title", "language"):
        assert opf.xpath(f"string(//d:{name})", namespaces=space)
    assert opf.xpath("//o:meta[@property='dcterms:modified']", namespaces=space)
    ids = {name: set(root.xpath("//@id")) for name, root in parsed.items()}
    for root in parsed.values():
        for href in root.xpath("//@href"):
            if href.startswith("http"):
                continue
            file, _hash, place = str(href).partition("#")
            if file.endswith(".xhtml"):
                assert f"EPUB/{file}" in names
                assert not place or place in ids[f"EPUB/{file}"]
