"""Parsing a query into its tree, within bounds on length, depth and number of terms."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from digest import clock
from digest.errors import QueryError, UsageError
from digest.query.lexer import FIELDS, Lexeme, lexemes
from digest.query.tree import And, Dated, Field, Node, Not, Or, Phrase, Title, Word, Words
from digest.wording import _


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a query may cost: letters, brackets within brackets, words and phrases together."""

    length: int
    depth: int
    terms: int


READER = Bounds(length=1_000, depth=10, terms=64)
"""For what anyone may type into the web view."""
TOPIC = Bounds(length=20_000, depth=20, terms=1_000)
"""For what editors write into sources.yaml."""


def parse(text: str, bounds: Bounds = TOPIC) -> Node:
    """The tree of a query; QueryError, with the place in the text, when it is none or too large."""
    if len(text) > bounds.length:
        raise QueryError(
            _("Câu tìm dài {length} chữ, quá {most}", length=len(text), most=bounds.length),
            bounds.length,
            fix=_("Rút ngắn câu tìm"),
        )
    found = lexemes(text)
    _check_count(found, bounds)
    return _Parser(found, len(text), bounds).whole()


def _check_count(found: Sequence[Lexeme], bounds: Bounds) -> None:
    terms = [one for one in found if one.kind in ("word", "phrase", "field")]
    if not terms:
        raise QueryError(_("Câu tìm không có từ nào"), 0, fix=_("Gõ ít nhất một từ"))
    if len(terms) > bounds.terms:
        over = terms[bounds.terms]
        raise QueryError(
            _("Câu tìm có {count} từ, quá {most}", count=len(terms), most=bounds.terms),
            over.start,
            over.end - over.start,
            fix=_("Bớt từ trong câu tìm"),
        )


class _Parser:
    """Recursive descent; the depth bound keeps it far from Python's own."""

    def __init__(self, found: Sequence[Lexeme], length: int, bounds: Bounds) -> None:
        self.found, self.length, self.bounds = found, length, bounds
        self.at = 0
        self.depth = 0

    def whole(self) -> Node:
        node = self.either()
        if self.at < len(self.found):
            self.fail(_("Dấu “)” không có “(” đi trước"), fix=_("Bỏ dấu này, hoặc thêm “(”"))
        return node

    def peek(self) -> str:
        return self.found[self.at].kind if self.at < len(self.found) else ""

    def take(self) -> Lexeme:
        self.at += 1
        return self.found[self.at - 1]

    def fail(self, what: str, at: Lexeme | None = None, fix: str = "") -> None:
        if at is None and self.at < len(self.found):
            at = self.found[self.at]
        if at is None:
            raise QueryError(what, self.length, 1, fix)
        raise QueryError(what, at.start, at.end - at.start, fix)

    def either(self) -> Node:
        """a b OR c d"""
        parts = [self.every()]
        while self.peek() == "or":
            self.take()
            parts.append(self.every())
        return parts[0] if len(parts) == 1 else Or(tuple(_strict(part) for part in parts))

    def every(self) -> Node:
        """Clauses side by side, or with AND between them."""
        parts = [self.clause()]
        explicit = False
        while self.peek() not in ("", "or", ")"):
            if self.peek() == "and":
                explicit = True
                self.take()
            parts.append(self.clause())
        return _joined(parts, explicit)

    def clause(self) -> Node:
        kind = self.peek()
        if kind == "not":
            return Not(_strict(self.negated()))
        if kind == "(":
            return self.bracket()
        if kind == "word":
            return Words((_word(self.take()),), strict=False)
        if kind == "phrase":
            return self.phrase()
        if kind == "field":
            return self.field()
        return self.misplaced()

    def negated(self) -> Node:
        self.deeper(self.take())
        node = self.clause()
        self.depth -= 1
        return node

    def deeper(self, lexeme: Lexeme) -> None:
        self.depth += 1
        if self.depth > self.bounds.depth:
            self.fail(
                _("Quá nhiều dấu ngoặc lồng nhau (hơn {most})", most=self.bounds.depth),
                lexeme,
                _("Viết câu tìm đơn giản hơn"),
            )

    def bracket(self) -> Node:
        opening = self.take()
        self.deeper(opening)
        node = self.either()
        if self.peek() != ")":
            self.fail(_("Dấu “(” không có “)” đi sau"), opening, _("Thêm “)”, hoặc bỏ dấu này"))
        self.take()
        self.depth -= 1
        return node

    def phrase(self) -> Phrase:
        lexeme = self.take()
        if not any(letter.isalnum() for letter in lexeme.text):
            self.fail(
                _("Trong ngoặc kép không có từ nào"), lexeme, _("Viết cụm từ vào giữa hai dấu ngoặc kép")
            )
        return Phrase(lexeme.text.strip(), lexeme.start, lexeme.end)

    def misplaced(self) -> Node:
        lexeme = self.found[self.at] if self.at < len(self.found) else self.found[-1]
        if lexeme.kind in ("and", "or", "not"):
            self.fail(
                _("“{operator}” thiếu từ ở bên cạnh", operator=lexeme.text),
                lexeme,
                _("Viết như: đảng AND đoàn; muốn tìm chính từ này thì viết chữ thường"),
            )
        self.fail(_("Giữa hai dấu ngoặc không có từ nào"), lexeme, _("Bỏ dấu ngoặc, hoặc viết từ vào giữa"))
        raise AssertionError("fail() raises")

    def field(self) -> Node:
        name = self.take()
        if self.peek() not in ("word", "phrase") or self.found[self.at].start != name.end:
            self.fail(
                _("“{field}:” không có gì đi sau", field=name.text),
                name,
                _('Viết liền, như topic:ton-giao, date:2026-W47, title:"đại hội"'),
            )
        if name.text == "title":
            return Title(self.phrase() if self.peek() == "phrase" else Words((_word(self.take()),)))
        value = self.take()
        if name.text in ("topic", "outlet"):
            return Field(name.text, value.text.strip(), name.start, value.end)
        return _dated(name, value)


def _joined(parts: list[Node], explicit: bool) -> Node:
    """Plain words of one run become one node: best match, unless AND stood between any of the parts."""
    plain = tuple(word for part in parts if isinstance(part, Words) for word in part.words)
    others = [_strict(part) for part in parts if not isinstance(part, Words)]
    if not others:
        strict = explicit or any(isinstance(part, Words) and part.strict for part in parts)
        return Words(plain, strict)
    if not plain:
        return others[0] if len(others) == 1 else And(tuple(others))
    return And((Words(plain, strict=explicit), *others))


def _strict(node: Node) -> Node:
    """Within OR, NOT or brackets plain words are all wanted: best match belongs to the whole query."""
    if isinstance(node, Words):
        return replace(node, strict=True)
    if isinstance(node, And):
        return And(tuple(_strict(part) for part in node.parts))
    return node


def _word(lexeme: Lexeme) -> Word:
    _check_field_name(lexeme)
    return Word(lexeme.text, lexeme.start, lexeme.end)


def _check_field_name(lexeme: Lexeme) -> None:
    """ "topics:x" is a slip of the pen; "10:30" or "Nội:đón" is not."""
    found = re.match(r"([a-z]{4,8}):\w", lexeme.text)
    near = difflib.get_close_matches(found[1], FIELDS, n=1, cutoff=0.8) if found else []
    if found and near:
        raise QueryError(
            _("Không có phép lọc “{name}:”", name=found[1]),
            lexeme.start,
            len(found[1]) + 1,
            fix=_("Ý bạn là “{near}:”?", near=near[0]),
        )


def _dated(name: Lexeme, value: Lexeme) -> Dated:
    first, last = _days(name, value)
    return Dated(
        None if name.text == "to" else first, None if name.text == "from" else last, name.start, value.end
    )


def _days(name: Lexeme, value: Lexeme) -> tuple[date, date]:
    """A day, week, month or year as its first and last day."""
    text = value.text.strip().rstrip(",.;")
    try:
        if re.fullmatch(r"[12]\d{3}", text):
            return date(int(text), 1, 1), date(int(text), 12, 31)
        if re.fullmatch(r"\d{4}-W\d{2}|\d{4}-\d{2}", text):
            span = clock.period(text)
            return span.first, span.last
        month = re.fullmatch(r"(\d{1,2})/(\d{4})", text)
        if month:
            span = clock.month(f"{month[2]}-{int(month[1]):02d}")
            return span.first, span.last
        day = clock.iso_day(text)
        return day, day
    except (UsageError, ValueError, OverflowError):
        raise QueryError(
            _("“{value}” không phải ngày, tuần, tháng hay năm", value=text[:40]),
            name.start,
            value.end - name.start,
            fix=_("Viết như date:2026-11-24, date:2026-W47, date:2026-11 hay date:2026"),
        ) from None
