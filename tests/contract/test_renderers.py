"""What every rendering promises: the same words, the same bytes each time, and no text that becomes a command."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from digest.bulletin.render import RENDERERS  # noqa: E402
from digest.bulletin.render.glyphs import printable  # noqa: E402
from digest.bulletin.view import Block, Cell, Run, Table, View, ViewSection  # noqa: E402
from digest.model import Letterhead  # noqa: E402
from digest.text.normalise import clean  # noqa: E402
from tests.bulletin.render.reading import READERS, squeezed, words  # noqa: E402
from tests.bulletin.render.sample import edition, prose  # noqa: E402

FORMS = [
    pytest.param(
        form,
        marks=pytest.mark.skipif(
            form == "pptx" and importlib.util.find_spec("pptx") is None,
            reason="the extra pptx is not installed",
        ),
    )
    for form in RENDERERS
]
HOSTILE = {
    "html": "<script>alert('x')</script><b onmouseover=\"x\">&amp;&lt;]]></style><!-- ",
    "typst": '#import "/etc": * $x$ #{} [a] *b* _c_ `d` @e <a1> \\ // /* */ "quoted" ~ -- ...',
    "jinja": "{{ 7*7 }}{% for x in y %}{# #} {name} %s %(x)s",
    "controls": "trước\x00\x07\x1b[31m\x0bsau\u202e đảo\u200b\ufeff\ud800 hết",
    "decomposed": "Đồng Mẫu, Bến Thử: Ố Ẩ ữ".encode().decode(),
    "formula": '=HYPERLINK("http://x.example","bấm") =1+1 +cmd|x',
    "foreign": "中文 العربية 😀 ★ → Ω Ж",
    "lines": "một\r\n\r\n> hai\n## ba\n\t- bốn",
    "long": "x" * 10_000,
    "long-words": "nghiêng " * 900,
}


def _fields(view: View) -> Iterator[str]:
    """Every text that each rendering must print."""
    yield from (block.text for block in view.foreword)
    for section in view.sections:
        yield section.name
        yield from (block.text for block in section.note)
        for item in section.items:
            yield item.title
            yield item.outlet
            yield item.lead
            yield from (part for part in item.excerpts if part)
            yield from (block.text for block in item.note)
            yield item.author
            yield from item.also_in
            yield f"{item.published:%d/%m/%Y}" if item.published else "không rõ ngày đăng"
        for table in section.tables:
            yield table.caption
            yield from (cell.text for row in table.rows for cell in row)


def _prepared(form: str, text: str) -> str:
    return squeezed(printable(clean(text)) if form.startswith("pdf") else text)


@pytest.mark.parametrize("form", FORMS)
def test_the_same_words_are_in_each(form: str) -> None:
    view = edition()
    found = words(form, RENDERERS[form].render(view), (view.title, view.publisher))
    missing = [text for text in _fields(view) if _prepared(form, text) not in found]
    assert not missing
    assert squeezed("Số 12") in found
    assert squeezed("16/11") in found and squeezed("22/11/2026") in found


@pytest.mark.parametrize("form", FORMS)
def test_articles_keep_their_order(form: str) -> None:
    view = edition()
    found = words(form, RENDERERS[form].render(view), (view.title, view.publisher))
    leads = [found.index(_prepared(form, item.lead)) for item in view.items]
    assert leads == sorted(leads)


def test_the_same_view_gives_the_same_bytes_in_another_process() -> None:
    script = (
        "import hashlib, sys; sys.path.insert(0, sys.argv[1])\n"
        "from tests.bulletin.render.sample import edition\n"
        "from digest.bulletin.render import RENDERERS\n"
        "for form in sys.argv[2:]:\n"
        "    print(form, hashlib.sha256(RENDERERS[form].render(edition())).hexdigest())\n"
    )
    forms = [form for form in RENDERERS if form != "pptx" or importlib.util.find_spec("pptx")]
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/Lima", "DIGEST_LANG": "en"}
    done = subprocess.run(
        [sys.executable, "-c", script, str(ROOT), *forms], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    here = {form: hashlib.sha256(RENDERERS[form].render(edition())).hexdigest() for form in forms}
    assert dict(line.split() for line in done.stdout.splitlines()) == here


def _hostile(text: str) -> View:
    """An edition with this text in every place where people or outlets write."""
    base = edition()
    short = text[:1000]
    said = (
        Block((Run(short), Run(short, bold=True, href="javascript:alert(1)"))),
        Block((Run(short),), "item"),
    )
    first, *others = base.sections[0].items
    item = replace(
        first,
        title=text,
        outlet=text[:200],
        author=text[:200],
        lead=text,
        excerpts=(text, None, short),
        note=said,
        also_in=(text[:100],),
    )
    unsafe = replace(others[0], url="javascript:alert(1)", link="javascript:alert(1)")
    facts = Table(text[:200], ("Một", "Hai"), ((Cell(text[:300], 1), Cell("")),))
    section = ViewSection(text[:200], "x", said, (item, unsafe, others[1]), (facts,), 3)
    return replace(
        base,
        title=text[:300],
        name=text[:200],
        publisher=text[:200],
        foreword=said,
        sections=(section, *base.sections[1:]),
        imprint=f"{text[:200]}\nNhãn: {text[:200]}",
        letterhead=Letterhead("state", (text[:80], text[:80]), text[:40]),
    )


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("form", FORMS)
def test_hostile_text_neither_breaks_nor_commands(form: str, kind: str) -> None:
    text = HOSTILE[kind]
    view = _hostile(text)
    data = RENDERERS[form].render(view)
    found = words(form, data, (printable(clean(view.title)), printable(clean(view.publisher))))
    expected = _prepared(form, text)
    if kind not in ("long", "long-words"):  # these run over pages, with running lines between
        assert expected in found
    elif form not in ("txt", "eml", "email"):
        assert expected[:1500] in found
    assert squeezed(edition().items[5].lead) in found
    assert b"javascript:" not in data


@pytest.mark.parametrize("form", FORMS)
def test_little_is_enough(form: str) -> None:
    bare = View(
        id="dinh-chinh/2026-W47-dc1",
        kind="slip",
        name="Bản tin báo cáo viên",
        title="Bản tin báo cáo viên số {number}",
        first=date(2026, 11, 22),
        last=date(2026, 11, 22),
        issued=date(2026, 11, 23),
        corrects="Bản tin báo cáo viên số 12",
    )
    found = words(form, RENDERERS[form].render(bare))
    assert squeezed("đính chính Bản tin báo cáo viên số 12") in found
    assert "{number}" not in found
    one = edition().items[0]
    lonely = replace(one, url="", link="", lead="", excerpts=(), note=(), published=None, author="")
    slip = replace(bare, sections=(ViewSection("Đính chính", items=(lonely,)),))
    assert squeezed(one.title) in words(form, RENDERERS[form].render(slip))


@pytest.mark.parametrize("form", ["pdf", "pdf-large", "docx", "html"])
@pytest.mark.parametrize(("page", "style"), [("a4", "party"), ("a5", "state"), ("190x270", "none")])
def test_every_page_size_and_letterhead(form: str, page: str, style: str) -> None:
    head = Letterhead(style, ("ỦY BAN NHÂN DÂN XÃ ĐỒNG MẪU", "TRUNG TÂM CHÍNH TRỊ"), "Sông Vân")
    view = edition(page=page, letterhead=head)
    found = words(form, RENDERERS[form].render(view), (view.title, view.publisher))
    assert squeezed("Sông Vân, ngày 23 tháng 11 năm 2026") in found
    if form != "html":
        assert (squeezed("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") in found) == (style == "state")
        assert (squeezed("ĐẢNG CỘNG SẢN VIỆT NAM") in found) == (style == "party")


@pytest.mark.parametrize("form", ["html", "email"])
def test_nothing_is_fetched_from_anyone(form: str) -> None:
    text = RENDERERS[form].render(edition()).decode()
    assert not re.search(r"<(?:script|img|iframe|link|object|embed|video|audio|form)\b|@import", text)
    assert not re.search(r"url\((?!data:)|\ssrc=", text)


def test_names_of_files_differ() -> None:
    suffixes = [renderer.suffix for renderer in RENDERERS.values()]
    assert len(set(suffixes)) == len(suffixes)
    assert set(READERS) == set(RENDERERS)
    assert all(renderer.media_type and renderer.label for renderer in RENDERERS.values())


def test_notes_with_lists_keep_their_words() -> None:
    listed = (Block((Run("Câu một"),), "numbered"), Block((Run("Câu hai"),), "numbered"), *prose("Hết."))
    view = edition(foreword=listed)
    for form in ("html", "txt", "pdf", "docx", "email", "epub"):
        found = words(form, RENDERERS[form].render(view))
        assert squeezed("Câu một") in found and squeezed("Câu hai") in found
