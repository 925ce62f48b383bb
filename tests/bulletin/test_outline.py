"""The speaker's outline: numbered headings, a key excerpt an article, figures word for word."""

from __future__ import annotations

from dataclasses import replace

from digest.bulletin.check import check, errors
from digest.bulletin.edition import Item, Note, Quote, Section, parse, write
from digest.bulletin.outline import figures, outline, roman
from digest.bulletin.tables import split
from tests.bulletin.editions import ROAD, article, edition

SAID = (
    "Con đường dài 2,4 km, rộng 5 mét, làm trong 40 ngày.",
    "Bà con ai cũng vui.",
    "Họ góp thêm 900 triệu đồng.",
    "Nghị quyết 57-NQ/TW ngày 22/12/2024 được nhắc nhiều lần ở buổi ấy.",
    "Cả xã có 118 hộ hiến đất, trong đó 37 hộ là đồng bào có đạo.",
)
FULL = article(7, replace(ROAD, paragraphs=SAID))
REVISIONS = {(7, 1): FULL.revision}
ITEM = Item(7, 1, ROAD.title, (Quote(("Bà con ai cũng vui.", "[…]", SAID[4])), Note("Kể ở đầu buổi.")))


def test_figures_are_sentences_that_stand_alone_and_say_how_much() -> None:
    assert figures(replace(ITEM, parts=()), FULL.revision) == [SAID[0], SAID[4]]


def test_an_outline_keeps_the_first_excerpt_the_notes_and_numbers_its_parts() -> None:
    base = edition(ITEM, sections=(Section("Tôn giáo", "Lời mục.", (ITEM,)), Section("Trống")))
    made = outline(base, "de-cuong-bao-cao-vien/2026-W47", "Đề cương bản tin", REVISIONS)
    assert parse(write(made)) == made and made.kind == "outline"
    [section] = made.sections
    assert section.name == "I. Tôn giáo" and section.note.startswith("Lời mục.")
    [kept] = section.items
    assert [one.text for one in kept.excerpts] == ["Bà con ai cũng vui."] and kept.note == "Kể ở đầu buổi."
    [table] = split(section.note)[1]
    assert [row[0].text for row in table.rows] == [SAID[0], SAID[4]]
    assert errors(check(made, REVISIONS)) == []


def test_parts_are_numbered_as_outlines_are() -> None:
    assert [roman(n) for n in (1, 4, 9, 14, 40, 99)] == ["I", "IV", "IX", "XIV", "XL", "XCIX"]
