from __future__ import annotations

import random
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.bulletin.check import check, errors
from digest.bulletin.edition import Edition, Item, Note, Quote, Section, parse, write
from digest.bulletin.passages import quotable
from digest.errors import Fault, FileFaults
from digest.model import Revision
from digest.text.normalise import clean
from tests.bulletin.editions import ROAD, article, edition

REVISION = article(1834).revision
REVISIONS = {(1834, 1): REVISION}
FIRST = "Sáng nào ông trùm họ đạo cũng đến trước, mang theo ấm nước và hai cái xẻng."
LAST = "Xã đã vận động được 118 hộ hiến 3.260 m² đất, trong đó 37 hộ là đồng bào có đạo."


def item(*lines: str, note: str = "", headline: str = ROAD.title) -> Item:
    return Item(1834, 1, headline, (Quote(lines), Note(note)))


def faults(made: Edition, revisions: dict[tuple[int, int], Revision] = REVISIONS) -> list[Fault]:
    """The faults of an edition as an editor would have them, with the lines of its file."""
    return check(parse(write(made)), revisions)


def test_excerpts_as_the_article_has_them_pass() -> None:
    assert faults(edition(item(FIRST, "[…]", LAST))) == []


def test_a_changed_letter_is_named_with_its_line_and_both_texts() -> None:
    [fault] = faults(edition(item(FIRST, "[…]", LAST.replace("hiến", "biếu"))))
    assert fault.line == 13 and not fault.warning
    assert "118 hộ biếu 3.260 m²" in fault.what
    assert "118 hộ hiến 3.260 m²" in fault.what


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("đất", "đât"),
        ("3.260", "3.620"),
        (", trong", " trong"),
        ("37", "73"),
        ("Xã", "xã"),
        ("đồng bào", "Đồng bào"),
        ("m²", "m2"),
        ("hộ hiến", "hộ đã hiến"),
        (" trong đó", ""),
    ],
)
def test_no_change_is_too_small(right: str, wrong: str) -> None:
    assert right in LAST
    [fault] = errors(faults(edition(item(LAST.replace(right, wrong, 1)))))
    assert fault.line == 11 and "khác bài gốc" in fault.what


def test_white_space_and_composition_are_forgiven_and_nothing_else() -> None:
    loose = unicodedata.normalize("NFD", LAST).replace(" ", " \u00a0 ")
    assert errors(faults(edition(item(loose)))) == []


def test_a_headline_is_compared_as_well() -> None:
    [fault] = faults(edition(item(FIRST, headline=ROAD.title.replace("liên thôn", "liên xã"))))
    assert fault.line == 10 and "Tít khác bài gốc" in fault.what


def test_words_of_another_article_are_refused() -> None:
    [fault] = faults(edition(item("Một câu hoàn toàn khác về chuyện mùa màng năm ngoái ở bên kia núi.")))
    assert "không có trong bài gốc" in fault.what


def test_a_word_cut_in_two_is_refused() -> None:
    [fault] = faults(edition(item(FIRST.removeprefix("S"))))
    assert "“áng nào" in fault.what and "“Sáng nào" in fault.what


@pytest.mark.parametrize(
    "cut", ["260 m² đất", "m² đất, trong đó 3", "đường 2", "4 km nối bốn thôn", "của chung”, ông L"]
)
def test_a_number_cut_in_two_is_refused(cut: str) -> None:
    assert cut in _passages()
    assert len(errors(faults(edition(item(cut))))) == 1


def test_excerpts_keep_the_order_of_the_article() -> None:
    [fault] = faults(edition(item(LAST, "[…]", FIRST)))
    assert fault.line == 13 and "đứng trước" in fault.what
    [twice] = faults(edition(item(LAST, "[…]", LAST)))
    assert "chồng lên" in twice.what


def test_an_excerpt_may_run_on_into_the_next_paragraph() -> None:
    both = " ".join(ROAD.paragraphs[:2])
    assert faults(edition(item(both))) == []


def test_repeating_the_lead_is_pointed_out() -> None:
    [fault] = faults(edition(item(ROAD.lead)))
    assert fault.warning and "sapo" in fault.what


def test_a_pin_that_the_archive_lacks_and_an_article_twice_are_faults() -> None:
    [missing] = faults(edition(item(FIRST)), {})
    assert "Kho không có bài 1834" in missing.what
    twice = errors(faults(edition(item(FIRST), item(FIRST))))
    assert [fault.line for fault in twice] == [13] and "dòng 10" in twice[0].what


def test_numbers_and_names_that_no_source_has_are_warned_of() -> None:
    found = faults(
        edition(
            item(
                FIRST,
                note="Con số 3.260 m² là của cả bốn thôn.\nÔng Lê Văn Mẫu nói 45 hộ; ông Trần Bến Thử không nói.",
            )
        )
    )
    assert [(fault.line, fault.what.split("”")[0].strip("“")) for fault in found] == [
        (14, "45"),
        (14, "Trần Bến Thử"),
    ]
    assert all(fault.warning for fault in found)


def test_known_names_and_earlier_words_are_not_warned_of() -> None:
    made = replace(edition(item(FIRST)), foreword="Trung tâm chính trị phường Bến Thử kính gửi Đồng Mẫu.")
    assert [f.what for f in check(made, REVISIONS)] == [
        "“Bến Thử” trong lời ghi không có trong bài nguồn nào"
    ]
    assert check(made, REVISIONS, ["Trung tâm chính trị phường Bến Thử"]) == []


_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáạãảế0123456789.,“”\"' ́"


@settings(max_examples=300)
@given(st.data())
def test_a_mutated_excerpt_never_passes(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(LAST) - 1))
    kind = data.draw(st.sampled_from(["replace", "insert", "delete"]))
    letter = data.draw(st.sampled_from(_LETTERS))
    changed = {
        "replace": LAST[:at] + letter + LAST[at + 1 :],
        "insert": LAST[:at] + letter + LAST[at:],
        "delete": LAST[:at] + LAST[at + 1 :],
    }[kind]
    found = errors(faults(edition(item(changed))))
    assert found or clean(changed) in _passages()


def _passages() -> str:
    return quotable(ROAD)


def test_a_thousand_mutated_editions_never_crash_and_never_build_a_changed_excerpt() -> None:
    text = write(
        edition(
            item(FIRST, "[…]", LAST, note="Lời ghi của ban biên tập."),
        )
    )
    chance = random.Random(47)
    source = quotable(ROAD)
    built = 0
    for _round in range(1000):
        changed = _mutated(text, chance)
        try:
            made = parse(changed)
        except FileFaults:
            continue
        if errors(check(made, REVISIONS)):
            continue
        built += 1
        for one in made.items:
            assert clean(one.headline) == clean(ROAD.title)
            assert all(clean(excerpt.text) in source for excerpt in one.excerpts if excerpt.text is not None)
    assert 50 < built < 900


def _mutated(text: str, chance: random.Random) -> str:
    """One to three changes: a letter, a line moved or doubled, a stretch cut."""
    for _change in range(chance.randint(1, 3)):
        at = chance.randrange(len(text))
        lines = text.split("\n")
        row = chance.randrange(len(lines))
        text = chance.choice(
            [
                text[:at] + chance.choice(_LETTERS + "#>[…]\\{}\n") + text[at + 1 :],
                text[:at] + text[at + chance.randint(1, 12) :],
                text[:at]
                + chance.choice(["\n", "> ", "## ", "### ", "[…]", "\\", "\x00", "{article=1834 revision=1}"])
                + text[at:],
                "\n".join([*lines[:row], lines[row], *lines[row:]]),
                "\n".join(
                    sorted(lines, key=lambda _line: chance.random())
                    if chance.random() < 0.2
                    else lines[:row] + lines[row + 1 :]
                ),
            ]
        )
    return text


def test_long_excerpts_are_compared_in_bounded_time() -> None:
    long = " ".join(f"chữ{n % 97} và" for n in range(20_000))
    content = replace(ROAD, paragraphs=(long,))
    made = Edition(
        "a/2026-W47",
        "Tên",
        edition().first,
        edition().last,
        sections=(Section("Mục", items=(item(long.replace("chữ96", "chử96")),)),),
    )
    [fault] = errors(check(made, {(1834, 1): Revision(1834, 1, content, REVISION.fetched)}))
    assert "chử96" in fault.what and len(fault.what) < 700
