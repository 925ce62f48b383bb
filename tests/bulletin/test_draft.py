from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.bulletin.draft import draft, habits, item, merge, recall, remember
from digest.bulletin.edition import Edition, Item, Note, Quote, parse, touched, write
from digest.bulletin.suggest import Habit, Material, suggest
from tests.bulletin.editions import (
    BULLETIN,
    TOPICS,
    WEEK,
    article,
    edition,
    editions,
    items,
    one_line,
    tagged,
)

NEW = Item(99, 3, "Bài mới", (Quote(("Câu trích.",)),))


def selection() -> object:
    return suggest(BULLETIN, WEEK, Material([article(1834)], {1834: [tagged(1834)]}, topics=TOPICS))


def test_a_new_draft_holds_what_is_suggested_under_its_sections_names() -> None:
    chosen = suggest(BULLETIN, WEEK, Material([article(1834)], {1834: [tagged(1834)]}, topics=TOPICS))
    made = draft(chosen, BULLETIN, WEEK)
    assert (made.id, made.title, made.first, made.last) == (
        "bao-cao-vien/2026-W47", "Bản tin báo cáo viên số {number}", WEEK.first, WEEK.last,
    )  # fmt: skip
    [section] = made.sections
    assert section.name == "Tôn giáo" and section.items == (item(chosen.suggestions[0]),)
    assert section.items[0].pin == (1834, 1)


def _kept_in_order(before: str, after: str) -> bool:
    """Whether every line of a text stands in another one, in the same order."""
    lines = iter(after.split("\n"))
    return all(line in lines for line in before.rstrip("\n").split("\n"))


@settings(max_examples=40, deadline=None)
@given(editions(), st.dictionaries(one_line, st.lists(items, max_size=3), max_size=3))
def test_any_text_by_an_editor_survives_adding(made: Edition, additions: dict[str, list[Item]]) -> None:
    text = write(made)
    after = merge(text, additions)
    assert _kept_in_order(text, after)
    there = {one.article for one in made.items}
    asked = {one.article for some in additions.values() for one in some}
    assert {one.article for one in parse(after).items} == there | asked
    assert merge(after, additions) == after


def test_only_what_is_asked_is_added_at_the_end_of_its_section() -> None:
    untidy = (
        write(edition(Item(1, 1, "Tên", (Note("Lời   ghi.\n\n\n  cách lạ"),)))) + "\n\n\n## Dân tộc\n\n\n"
    )
    after = merge(untidy, {"Tôn giáo": [NEW], "Hội nhập": [Item(98, 1, "Bài khác")]})
    lines = after.split("\n")
    assert (
        lines.index("## Dân tộc")
        > lines.index("### {article=99 revision=3} Bài mới")
        > lines.index("  cách lạ")
    )
    assert after.rstrip().endswith("## Hội nhập\n\n### {article=98 revision=1} Bài khác")
    assert "Lời   ghi.\n\n\n  cách lạ" in after


def test_adding_nothing_changes_no_letter() -> None:
    text = write(edition(NEW)).replace("\n\n", "\n\n\n")
    assert merge(text, {"Tôn giáo": [NEW]}) == text


def test_what_was_written_is_remembered_and_a_broken_memory_counts_as_touched() -> None:
    text = write(edition(NEW))
    memory = recall(remember(text).dumps())
    assert not touched(text, memory.written)
    for broken in ("", "{", "[]", '{"written": 3}', '{"suggested": 1}', None):
        assert touched(text, recall(broken).written)


def test_what_editors_kept_of_each_outlet_is_counted() -> None:
    counted = habits([({1: "Báo Sông Vân", 2: "Báo Hạ Sơn"}, [1, 7]), ({3: "Báo Sông Vân"}, [])])
    assert counted == {"Báo Sông Vân": Habit(1, 2), "Báo Hạ Sơn": Habit(0, 1)}
