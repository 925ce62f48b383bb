"""The chi bộ pack: what of approved editions goes in, and what does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from digest import clock
from digest.bulletin.assemble import Archived, assemble
from digest.bulletin.edition import Edition, Item, Note, Quote, Section
from digest.bulletin.minutes import Speed, speed_of
from digest.bulletin.monthly import QUESTIONS, Rolled, meeting, roll_up
from digest.model import Article, Bulletin, Site
from tests.bulletin.editions import ROAD, article

PACK = Bulletin(
    "chi-bo", "Tài liệu", "monthly", (("ton-giao", 2),), minutes=30, rolls_up=("bao-cao-vien",), meeting=3
)
MONTH = clock.month("2026-11")
ALOUD = Speed(160, 160)


def item(id: int, note: str = "") -> Item:
    first = ROAD.paragraphs[0].split(". ")[0].rstrip(".") + "."
    return Item(id, 1, ROAD.title, (Quote((first,)), Note(note)))


def week(number: int, *items: Item, name: str = "Tôn giáo") -> Edition:
    span = clock.week(f"2026-W{number}")
    return Edition(
        f"bao-cao-vien/{span.name}", "Số", span.first, span.last, sections=(Section(name, items=items),)
    )


def rolled(editions: Sequence[Edition], articles: Sequence[Article], **more: object) -> Rolled:
    revisions = {
        (one.id, n): replace(one.revision, number=n)
        for one in articles
        for n in range(1, one.revision.number + 1)
    }
    given = {"homes": {}, "rooms": {"Tôn giáo": 2}, "speed": ALOUD} | more
    return roll_up(PACK, MONTH, editions, Archived({one.id: one for one in articles}, revisions), **given)  # type: ignore[arg-type]


def ids(made: Rolled) -> list[int]:
    return [one.article for one in made.edition.items]


def test_what_more_editions_hold_comes_first_then_what_has_a_note() -> None:
    editions = [week(45, item(1), item(2), item(3)), week(46, item(3), item(4, "Nên đọc."))]
    made = rolled(editions, [article(n) for n in range(1, 5)])
    assert ids(made) == [3, 4]
    assert made.edition.items[1].note == "Nên đọc."
    assert len(made.left_out) == 2 and all("đủ" in why for _title, why in made.left_out)


def test_a_story_is_told_once_and_what_an_earlier_pack_had_not_again() -> None:
    articles = [article(1, story=1), article(2, story=1), article(3, story=3), article(4, story=3)]
    made = rolled([week(45, item(1), item(2), item(3))], articles, used=[4])
    assert ids(made) == [1]


def test_withdrawn_articles_fall_out_and_corrected_ones_move_where_all_still_stands() -> None:
    moved = article(1, number=2)
    other = article(3, replace(ROAD, paragraphs=("Khác hẳn.",)), number=2)
    made = rolled([week(45, item(1), item(2), item(3))], [moved, article(2, state="gone"), other])
    assert [one.pin for one in made.edition.items] == [(1, 2), (3, 1)]


def test_minutes_are_those_of_reading_aloud_and_are_kept() -> None:
    small = replace(PACK, minutes=1)
    articles = [article(n) for n in (1, 2)]
    revisions = {(one.id, 1): one.revision for one in articles}
    found = Archived({one.id: one for one in articles}, revisions)
    made = roll_up(
        small, MONTH, [week(45, item(1), item(2))], found, {}, {"Tôn giáo": 2}, speed=speed_of(small)
    )
    view = assemble(made.edition, small, Site(), found, date(2026, 12, 3), speed=speed_of(small))
    assert view.minutes <= 1 and view.to_meeting and view.aloud == 160


def test_questions_are_the_editors_alone_and_the_meeting_has_its_day() -> None:
    made = rolled([week(45, item(1))], [article(1)])
    assert made.edition.sections[-1] == Section(QUESTIONS)
    assert made.edition.issued == date(2026, 12, 3) == meeting(PACK, MONTH)
    assert meeting(PACK, clock.month("2026-12")) == date(2027, 1, 3)
    assert meeting(replace(PACK, meeting=0), MONTH) is None


def test_an_article_of_a_section_that_the_pack_has_not_goes_where_its_topics_say() -> None:
    editions = [week(45, item(1), item(2), name="Mục khác")]
    made = rolled(editions, [article(1), article(2)], homes={2: "Tôn giáo"})
    assert ids(made) == [2] and "không thuộc mục nào" in made.left_out[0][1]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 9), st.booleans()), unique_by=lambda one: one[0], max_size=6),
        max_size=4,
    )
)
def test_whatever_was_approved_nothing_stands_twice_and_sections_hold(
    weeks: list[list[tuple[int, bool]]],
) -> None:
    articles = [article(n, story=n % 5 + 1) for n in range(1, 10)]
    editions = [
        week(40 + n, *(item(id, "Ghi." if noted else "") for id, noted in some))
        for n, some in enumerate(weeks)
    ]
    made = rolled(editions, articles)
    told = [one.article % 5 for one in made.edition.items]
    assert len(told) == len(set(told)) <= 2
    assert {one.article for one in made.edition.items} <= {id for some in weeks for id, _noted in some}
