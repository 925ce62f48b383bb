"""Đề cương cho báo cáo viên: an edition as a speaker's outline, with numbered headings, key excerpts and figures.

Of each article its headline, lead and first excerpt stay, and the editors' notes. What carries a figure is
gathered section by section in a table, each sentence word for word with the article that says it; the list
of sources at the end is every edition's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from digest.bulletin.excerpt import Sentence, rank
from digest.bulletin.parts import Edition, Item, Note, Quote, Section
from digest.bulletin.tables import PinnedCell, write_table
from digest.model import Revision
from digest.text.normalise import clean
from digest.text.tokens import count_syllables

HEAD = "Số liệu"
MOST_FIGURES = 3  # sentences an article
LONGEST = 60  # syllables: more is not read off a sheet while speaking
_QUANTITY = re.compile(
    r"(?<![\w/.,-])\d+(?:[.,]\d+)*(?:\s*%|\s+(?!tháng|năm|giờ|ngày|tuổi)[^\W\d_]+)(?![/-]\d)|(?<!\w)một (?:nửa|phần)(?!\w)"
)


def outline(edition: Edition, id: str, name: str, revisions: Mapping[tuple[int, int], Revision]) -> Edition:
    """The outline of an edition; sections without an article or a word are left out."""
    kept = [section for section in edition.sections if section.items or section.note]
    return replace(
        edition,
        id=id,
        title=name,
        kind="outline",
        number=None,
        issued=None,
        sections=tuple(_section(n, section, revisions) for n, section in enumerate(kept, 1)),
    )


def _section(number: int, section: Section, revisions: Mapping[tuple[int, int], Revision]) -> Section:
    rows = [
        [PinnedCell(text, item.pin)] for item in section.items for text in figures(item, revisions[item.pin])
    ]
    table = write_table([HEAD], rows) if rows else ""
    note = "\n\n".join(filter(None, [section.note, table]))
    return Section(f"{roman(number)}. {section.name}", note, tuple(map(_item, section.items)))


def _item(item: Item) -> Item:
    """The article with its first excerpt alone; notes stay."""
    first = next((one.text for one in item.excerpts if one.text), None)
    notes = [part for part in item.parts if isinstance(part, Note)]
    return replace(item, parts=(*([Quote((first,))] if first else []), *notes))


def figures(item: Item, revision: Revision) -> list[str]:
    """The sentences of an article that say how much or how many, in its order, without what is quoted anyway."""
    first = next((one.text for one in item.excerpts if one.text), "") or ""
    shown = f"{clean(revision.content.lead)} {first}"
    found, _weighed = rank(revision.content)
    telling = [one for one in found if _tells(one) and one.text not in shown]
    best = sorted(telling, key=lambda one: (-len(_QUANTITY.findall(one.text)), one.paragraph, one.start))
    chosen = sorted(best[:MOST_FIGURES], key=lambda one: (one.paragraph, one.start))
    return list(dict.fromkeys(one.text for one in chosen))


def _tells(one: Sentence) -> bool:
    return (
        one.fit
        and one.alone
        and count_syllables(one.text) <= LONGEST
        and _QUANTITY.search(one.text) is not None
    )


def roman(number: int) -> str:
    """I, II, III … as outlines number their parts."""
    return "".join(_digits(number))


def _digits(number: int) -> Iterator[str]:
    for value, letters in (
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        times, number = divmod(number, value)
        yield letters * times
