from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from digest.bulletin.edition import Edition, Excerpt, Item, Note, Quote, fingerprint, parse, touched, write
from digest.errors import FileFaults
from tests.bulletin.editions import awkward_text, edition, editions

TEXT = """---
format: 1
edition: bao-cao-vien/2026-W47
number: 12
title: Bản tin báo cáo viên số 12
period: 2026-11-16/2026-11-22
---

Lời đầu của ban biên tập.

Có hai đoạn.

## Tôn giáo

Lời của mục.

### {article=1834 revision=2} Xã Đồng Mẫu làm đường
> Câu thứ nhất.
> […]
> Câu thứ ba.

Lời ghi của ban biên tập.

### {article=1841 revision=1} Lớp học buổi tối

## Dân tộc
"""


def test_an_edition_is_read_as_the_design_shows_it() -> None:
    read = parse(TEXT)
    assert (read.id, read.number, read.title) == ("bao-cao-vien/2026-W47", 12, "Bản tin báo cáo viên số 12")
    assert read.foreword == "Lời đầu của ban biên tập.\n\nCó hai đoạn."
    religion, peoples = read.sections
    assert (religion.name, religion.note, peoples.items) == ("Tôn giáo", "Lời của mục.", ())
    road, school = religion.items
    assert road.pin == (1834, 2)
    assert road.excerpts == (Excerpt("Câu thứ nhất."), Excerpt(None), Excerpt("Câu thứ ba."))
    assert [excerpt.line for excerpt in road.excerpts] == [18, 19, 20]
    assert road.note == "Lời ghi của ban biên tập."
    assert school.parts == ()


def test_a_tidy_file_is_written_back_as_it_was() -> None:
    assert write(parse(TEXT)) == TEXT


@given(editions())
def test_whatever_the_writer_makes_is_read_back_equal(made: Edition) -> None:
    text = write(made)
    assert parse(text) == made
    assert write(parse(text)) == text


@given(editions())
def test_the_head_is_yaml_that_others_read_alike(made: Edition) -> None:
    head = yaml.safe_load(write(made).split("---\n")[1])
    assert (head["edition"], head["title"]) == (made.id, made.title)


@given(awkward_text)
def test_what_an_editor_types_under_an_article_stays_as_typed(typed: str) -> None:
    note = Note(typed)
    text = write(edition(Item(1, 1, "Tên bài", (Quote(("Một câu.",)), note))))
    assert parse(text).items[0].note == note.text
    kept = [line for line in note.text.split("\n") if not line.lstrip().startswith(("#", ">", "\\"))]
    assert all(line in text.split("\n") for line in kept)


@given(st.text())
def test_any_file_is_read_or_refused_with_lines(text: str) -> None:
    try:
        parse(text)
    except FileFaults as refused:
        assert all(fault.line >= 1 and fault.what for fault in refused.faults)


def test_windows_line_ends_and_a_byte_order_mark_make_no_difference() -> None:
    assert parse("\ufeff" + TEXT.replace("\n", "\r\n")) == parse(TEXT)


def test_excerpts_on_neighbouring_lines_are_one_and_a_mark_within_a_line_divides() -> None:
    item = Item(1, 1, "Tên", (Quote(("Một câu dài", "viết hai dòng. [...] Câu khác.", "", "Câu liền sau.")),))
    assert [excerpt.text for excerpt in item.excerpts] == [
        "Một câu dài viết hai dòng.", None, "Câu khác.", "Câu liền sau.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        ("format: 1", "fromat: 1", 2, "Có phải bạn muốn viết: format?"),
        ("format: 1", "format: 2", 2, "format: 1"),
        ("number: 12", "number: mười hai", 4, "số thứ tự được cho khi duyệt"),
        ("number: 12", "title: Tên khác", 5, "đã có ở dòng 4"),
        ("period: 2026-11-16/2026-11-22", "period: 2026-11-22/2026-11-16", 6, "ngày đầu/ngày cuối"),
        ("period: 2026-11-16/2026-11-22", "period: 2026-11-31/2026-12-22", 6, "ngày đầu/ngày cuối"),
        ("edition: bao-cao-vien/2026-W47", "edition: ../2026-W47", 3, "bao-cao-vien/2026-W47"),
        ("## Tôn giáo", "##Tôn giáo", 13, "Thêm một dấu cách"),
        ("## Tôn giáo", "# Tôn giáo", 13, "## là tên mục"),
        ("## Tôn giáo", "##", 13, "Viết tên mục"),
        ("Lời của mục.", "> Lời của mục.", 15, "không thuộc bài nào"),
        ("### {article=1834 revision=2} Xã", "### Xã", 17, "{article=1834 revision=2}"),
        ("{article=1834 revision=2}", "{article=1834}", 17, "{article=1834 revision=2}"),
        ("{article=1834 revision=2}", "{article=0 revision=2}", 17, "{article=1834 revision=2}"),
        ("{article=1834 revision=2}", "{article=١٢ revision=2}", 17, "{article=1834 revision=2}"),
        (" Xã Đồng Mẫu làm đường", "", 17, "Viết tên bài"),
    ],
)  # fmt: skip
def test_a_fault_names_its_line_and_what_to_do(before: str, after: str, line: int, says: str) -> None:
    assert before in TEXT
    with pytest.raises(FileFaults) as refused:
        parse(TEXT.replace(before, after, 1))
    assert [fault.line for fault in refused.value.faults if says in f"{fault.what} {fault.fix}"] == [line]


def test_all_faults_are_said_at_once() -> None:
    with pytest.raises(FileFaults) as refused:
        parse(TEXT.replace("format: 1\n", "").replace("## Tôn giáo", "##Tôn giáo"), "output/x/edition.md")
    assert len(refused.value.faults) >= 3
    assert str(refused.value).startswith("output/x/edition.md:1:1: ")


def test_a_file_counts_as_touched_when_its_words_differ_from_what_was_written() -> None:
    remembered = fingerprint(TEXT)
    assert not touched(TEXT, remembered)
    assert not touched("\ufeff" + TEXT.replace("\n", "\r\n"), remembered)
    assert touched(TEXT.replace("Lời", "Lờị"), remembered)
    assert touched(TEXT, None)
