"""Other ways of writing what a query asks for: abbreviations both ways, dates in figures and in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from digest.query import And, Node, Not, Or, Word, Words, is_accented
from digest.search import analysis

PACKAGED = Path(__file__).with_name("abbreviations.txt")
OWN = "abbreviations.txt"
LONGEST = 8
"""Syllables of the longest full form that is looked for in a query."""

_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?")


@dataclass(frozen=True)
class Spellings:
    """`full`: abbreviation's folded tokens → full forms; `short`: full form's exact tokens → abbreviations."""

    full: dict[tuple[str, ...], tuple[str, ...]]
    short: dict[tuple[str, ...], tuple[str, ...]]
    plain: dict[tuple[str, ...], tuple[str, ...]]

    def others(self, word: str) -> tuple[str, ...]:
        """The full forms of an abbreviation. Two letters are one only in capitals ("TP", not "tp")."""
        tokens = tuple(analysis.folded(word))
        if len("".join(tokens)) < 3 and word != word.upper():
            return ()
        return self.full.get(tokens, ())

    def abbreviated(self, tokens: Sequence[str], accented: bool) -> tuple[str, ...]:
        """The abbreviations of a full form, given by exact tokens; unaccented ones agree with any."""
        return (self.short if accented else self.plain).get(tuple(tokens), ())


def parse(lines: Iterable[str]) -> Spellings:
    """Reads lines "UBND = ủy ban nhân dân" (both ways) and "CT > chỉ thị" (one way); others are passed over."""
    full: dict[tuple[str, ...], list[str]] = {}
    short: dict[tuple[str, ...], list[str]] = {}
    for line in lines:
        found = re.fullmatch(r"\s*([^#=>]+?)\s*([=>])\s*(.+?)\s*", line)
        if found is None:
            continue
        ways = re.split(r"\s*,\s*", found[1])
        for one in ways:
            if tokens := tuple(analysis.folded(one)):
                full.setdefault(tokens, []).extend([found[3], *_siblings(ways, tokens)])
                if found[2] == "=":
                    short.setdefault(tuple(analysis.exact(found[3])), []).append(one)
    plain: dict[tuple[str, ...], list[str]] = {}
    for exact, ones in short.items():
        plain.setdefault(tuple(analysis.folded(" ".join(exact))), []).extend(ones)
    return Spellings(*({key: tuple(all) for key, all in table.items()} for table in (full, short, plain)))


def _siblings(ways: Sequence[str], tokens: tuple[str, ...]) -> list[str]:
    """The other abbreviations of the same words: KT-XH for KTXH; two letters are too few to be sure of."""
    cut = {one: tuple(analysis.folded(one)) for one in ways}
    return [one for one, other in cut.items() if other != tokens and len("".join(other)) > 2]


def load(own: Path | None = None) -> Spellings:
    """The packaged list, with the workspace's own before it; read again when that changes."""
    try:
        stamp = (str(own), own.stat().st_mtime_ns) if own else ("", 0)
    except OSError:
        stamp = ("", 0)
    return _load(*stamp)


@lru_cache(maxsize=4)
def _load(own: str, _changed: int) -> Spellings:
    lines = PACKAGED.read_text(encoding="utf-8").splitlines()
    if own:
        lines = [*Path(own).read_text(encoding="utf-8-sig", errors="replace").splitlines(), *lines]
    return parse(lines)


def spell(node: Node, spellings: Spellings) -> Node:
    """The query with the other spellings of its plain words; phrases and filters stay as typed."""
    if isinstance(node, And | Or):
        return replace(node, parts=tuple(spell(part, spellings) for part in node.parts))
    if isinstance(node, Not):
        return Not(spell(node.part, spellings))
    if isinstance(node, Words):
        return replace(node, words=tuple(_spelled(node.words, spellings)))
    return node


def _spelled(words: Sequence[Word], spellings: Spellings) -> Iterator[Word]:
    tokens = [analysis.exact(word.text) for word in words]
    accented = any(is_accented(word.text) for word in words)
    at = 0
    while at < len(words):
        size, others = _run(tokens[at : at + LONGEST], accented, spellings)
        if size > 1:
            text = " ".join(word.text for word in words[at : at + size])
            yield Word(text, words[at].start, words[at + size - 1].end, others, loose=True)
        else:
            word = words[at]
            more = _dates(word.text) or spellings.others(word.text)
            yield replace(word, other=more) if more else word
        at += max(size, 1)


def _run(
    tokens: Sequence[Sequence[str]], accented: bool, spellings: Spellings
) -> tuple[int, tuple[str, ...]]:
    """How many words from here are a full form or a date in words, the longest there is, and the other ways."""
    for size in range(len(tokens), 1, -1):
        flat = [token for some in tokens[:size] for token in some]
        others = spellings.abbreviated(flat, accented) or _date_in_words(flat)
        if others:
            return size, others
    return 0, ()


def _dates(text: str) -> tuple[str, ...]:
    """24/11/2026 in words, and with or without zeros before single figures."""
    found = _DATE.fullmatch(text.strip(".,;:"))
    if not found or not (0 < int(found[1]) < 32 and 0 < int(found[2]) < 13):
        return ()
    return _ways(int(found[1]), int(found[2]), found[3] or "")


def _date_in_words(tokens: Sequence[str]) -> tuple[str, ...]:
    """ "24 tháng 11 năm 2026" in figures."""
    found = re.fullmatch(r"(\d{1,2}) th[aá]ng (\d{1,2})(?: n[aă]m (\d{4}))?", " ".join(tokens))
    return _ways(int(found[1]), int(found[2]), found[3] or "") if found else ()


def _ways(day: int, month: int, year: str) -> tuple[str, ...]:
    numbers = [(d, m) for d in {f"{day}", f"{day:02d}"} for m in {f"{month}", f"{month:02d}"}]
    figures = [f"{d}/{m}/{year}".rstrip("/") for d, m in numbers]
    words = [f"{d} tháng {m}" + (f" năm {year}" if year else "") for d, m in numbers]
    return tuple(sorted([*figures, *words]))
