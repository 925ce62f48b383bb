"""The English wording says what the Vietnamese does, and the catalogue people get is the one in the .po."""

import ast
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import digest.wording
from digest.wording import _, speak

ENGLISH = Path(digest.wording.__file__).with_name("locale") / "en" / "LC_MESSAGES"


def translated() -> Catalog:
    return read_po(BytesIO((ENGLISH / "digest.po").read_bytes()), locale="en")


def placeholders(text: str) -> list[str]:
    return sorted(
        f"{name}!{turn or ''}:{form}"
        for _text, name, form, turn in Formatter().parse(text)
        if name is not None
    )


def test_every_translation_has_the_placeholders_of_its_source():
    different = [
        (message.id, message.string)
        for message in translated()
        if message.id and message.string and placeholders(message.id) != placeholders(message.string)
    ]
    assert different == []


def test_the_compiled_catalogue_is_the_one_in_the_po():
    compiled = read_mo(BytesIO((ENGLISH / "digest.mo").read_bytes()))
    assert {m.id: m.string for m in compiled if m.id} == {
        m.id: m.string for m in translated() if m.id and m.string
    }


def test_no_words_hide_inside_an_f_string():
    # Extraction does not see them there, so they would stay Vietnamese in every language.
    hidden = [
        f"{path.name}:{call.lineno}"
        for path in Path(digest.wording.__file__).parent.rglob("*.py")
        for joined in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("_", "mark")
    ]
    assert hidden == []


@pytest.mark.parametrize(
    ("source", "values", "english"),
    [
        ("Tìm", {}, "Search"),
        ("Trang {page} trên {pages}", {"page": 1, "pages": 8}, "Page 1 of 8"),
        ("Không có bài nào cho “{query}”", {"query": "lễ hội"}, "Nothing for “lễ hội”"),
    ],
)
def test_english_is_spoken_when_asked_for(source: str, values: dict[str, object], english: str):
    try:
        speak("en")
        assert _(source, **values) == english
        speak("vi")
        assert _(source, **values) == source.format(**values)
    finally:
        speak("vi")
