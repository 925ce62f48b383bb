"""Cutting the text of a query into lexemes, each with its place; no letter is looked at twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import normalize

from digest.errors import QueryError
from digest.wording import _

OPENING = '"“”„«'
CLOSING = '"“”»'
OPERATORS = {"AND": "and", "VÀ": "and", "OR": "or", "HOẶC": "or", "NOT": "not", "KHÔNG": "not"}
FIELDS = ("topic", "outlet", "date", "from", "to", "title")

_QUOTED = re.compile(f"[{OPENING}]([^{CLOSING}]*)(?:[{CLOSING}]|$)")
_FIELD = re.compile(r"([a-z]{2,10}):")
_PLAIN = re.compile(rf"[^\s(){OPENING}]+")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Lexeme:
    """kind: word | phrase | field | and | or | not | ( | ) ; a field's `text` is its name."""

    kind: str
    text: str
    start: int
    end: int


def lexemes(text: str) -> list[Lexeme]:
    """All lexemes in order; QueryError for a quotation that does not end."""
    found = list(_cut(text))
    if _all_capitals(found):
        found = [_as_word(one) for one in found]
    return found


def _cut(text: str) -> Iterator[Lexeme]:
    at = 0
    while at < len(text):
        lexeme, at = _next(text, at)
        if lexeme is not None:
            yield lexeme


def _next(text: str, at: int) -> tuple[Lexeme | None, int]:
    """The lexeme that begins here, or None for white space and lone punctuation, and where to go on."""
    letter = text[at]
    if space := _SPACE.match(text, at):
        return None, space.end()
    if letter in "()":
        return Lexeme(letter, letter, at, at + 1), at + 1
    if letter in OPENING:
        return _phrase(text, at)
    if letter == "-" and _negates(text, at):
        return Lexeme("not", "-", at, at + 1), at + 1
    if (field := _FIELD.match(text, at)) and field[1] in FIELDS:
        return Lexeme("field", field[1], at, field.end()), field.end()
    return _word(text, at)


def _negates(text: str, at: int) -> bool:
    """A hyphen negates when it begins a lexeme: "KT-XH" and "2020 - 2025" are left alone."""
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return (before.isspace() or before == "(") and (after.isalnum() or after in OPENING + "(")


def _phrase(text: str, at: int) -> tuple[Lexeme, int]:
    found = _QUOTED.match(text, at)
    if found is None or found.end() == at + 1 + len(found[1]):
        raise QueryError(
            _("Dấu ngoặc kép mở ra mà không đóng lại"), at, fix=_("Thêm dấu ngoặc kép ở cuối cụm từ")
        )
    return Lexeme("phrase", normalize("NFC", found[1]), at, found.end()), found.end()


def _word(text: str, at: int) -> tuple[Lexeme | None, int]:
    found = _PLAIN.match(text, at)
    if found is None:  # cannot be: every other first letter was handled; step on rather than loop
        return None, at + 1
    plain = normalize("NFC", found[0])
    if plain in OPERATORS:
        return Lexeme(OPERATORS[plain], plain, at, found.end()), found.end()
    if not any(letter.isalnum() for letter in plain):
        return None, found.end()
    return Lexeme("word", plain, at, found.end()), found.end()


def _all_capitals(found: list[Lexeme]) -> bool:
    """Whether the whole query is in capitals, as pasted headlines are: then AND, VÀ … are plain words."""
    texts = [one.text for one in found if one.kind in ("word", "phrase")]
    letters = "".join(texts)
    return (
        not any(one.kind == "field" for one in found)
        and letters != letters.lower()
        and letters == letters.upper()
    )


def _as_word(lexeme: Lexeme) -> Lexeme:
    if lexeme.kind in ("and", "or", "not") and lexeme.text != "-":
        return Lexeme("word", lexeme.text, lexeme.start, lexeme.end)
    return lexeme
