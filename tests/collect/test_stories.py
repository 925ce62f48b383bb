from datetime import timedelta
from itertools import permutations

import fictional
import pytest
from loopback_outlet import NOW

from digest.collect import sketch, stories
from digest.model import Content
from digest.storage import articles

OTHER = tuple(
    f"Phường Sông Vân đối thoại lần thứ {n} với bà con về đất đai, trường học, trạm y tế và chợ mới."
    for n in range(6)
)
LONG = tuple(
    f"Đoạn {n}. {text} Chuyện thứ {n} được bà con thôn {n} kể lại tường tận."
    for n in range(3)
    for text in fictional.PARAGRAPHS
)


@pytest.fixture
def saved(archive):
    def save(url, paragraphs, when=NOW, title="Tin", text="full"):
        content = Content(title, lead=fictional.LEAD, paragraphs=tuple(paragraphs), published=when)
        with archive.writing() as conn:
            return articles.save(
                conn, url=url, source="s", outlet="o", content=content, fetched=NOW, text=text
            ).id

    return save


def grouped(archive, ids):
    stories.group(archive, ids)
    with archive.reading() as conn:
        found = articles.get_many(conn, ids)
    return {frozenset(o for o in ids if found[o].story == found[i].story) for i in ids}


def test_a_reprint_with_another_headline_and_a_shorter_text_is_the_same_story(archive, saved):
    first, reprint, other = saved("a", LONG), saved("b", LONG[:8], title="Khác hẳn"), saved("c", OTHER)
    assert grouped(archive, [first, reprint, other]) == {frozenset({first, reprint}), frozenset({other})}


def test_an_update_that_tells_more_than_it_repeats_is_a_story_of_its_own(archive, saved):
    first = saved("a", LONG[:6])
    update = saved("b", (*LONG[:3], *OTHER))
    assert grouped(archive, [first, update]) == {frozenset({first}), frozenset({update})}


def test_the_same_words_months_apart_are_two_stories(archive, saved):
    first, later = saved("a", LONG), saved("b", LONG, NOW + timedelta(days=60))
    assert len(grouped(archive, [first, later])) == 2


def test_stories_do_not_depend_on_the_order_in_which_articles_come(archive, saved):
    ids = [saved("a", LONG), saved("b", LONG[:9]), saved("c", OTHER), saved("d", OTHER[:5])]
    pairs = {frozenset(ids[:2]), frozenset(ids[2:])}
    for order in permutations(ids):
        for id in order:
            stories.group(archive, [id])
        assert grouped(archive, ids) == pairs


def test_a_correction_that_makes_it_another_text_leaves_the_story(archive, saved):
    first, reprint = saved("a", LONG), saved("b", LONG)
    assert len(grouped(archive, [first, reprint])) == 1
    saved("b", OTHER)
    assert len(grouped(archive, [first, reprint])) == 2


def test_grouping_again_changes_nothing(archive, saved):
    ids = [saved("a", LONG), saved("b", LONG)]
    grouped(archive, ids)
    with archive.reading() as conn:
        before = articles.last_change(conn)
    with archive.reading() as conn:
        assert articles.unsigned(conn) == []
    stories.group(archive, [])
    with archive.reading() as conn:
        assert articles.last_change(conn) == before


def test_sketches_estimate_what_the_comparison_finds():
    one = sketch.shingles(Content("", paragraphs=LONG))
    other = sketch.shingles(Content("", paragraphs=LONG[:8]))
    exact, within = sketch.overlap(one, other)
    first, second = sketch.sketches([one, other])
    assert within == 1.0
    assert abs(sketch.likeness(first, second) - exact) < 0.15
    assert sketch.sketches([{"a b c"}]) == [b""]


SUBJECTS = (
    "đường làng",
    "trường mầm non",
    "trạm y tế",
    "chợ phiên",
    "đê sông",
    "lúa vụ xuân",
    "rừng phòng hộ",
    "bóng chuyền nữ",
)
DOINGS = ("khởi công", "khánh thành", "bàn giao", "sửa chữa", "kiểm tra", "khen thưởng")


@pytest.fixture
def told(archive):
    """Forty-eight different events, and a way to add one more report."""
    counter = iter(range(1000))

    def tell(title, lead="", outlet="Báo Một", when=NOW):
        number = next(counter)
        content = Content(title, lead=lead, paragraphs=(f"Đoạn riêng của bài {number}.",), published=when)
        with archive.writing() as conn:
            return articles.save(
                conn, url=f"t{number}", source="s", outlet=outlet, content=content, fetched=NOW
            ).id

    ids = [
        tell(f"{place} {doing} {subject}")
        for subject, place in zip(SUBJECTS, "ABCDEFGH", strict=True)
        for doing in DOINGS
    ]
    stories.group(archive, ids)
    return tell


ONE = (
    "Phường Sông Vân trao quyết định nghỉ hưu cho bà Lê Thị Mẫu",
    "Chiều qua phường Sông Vân trao quyết định nghỉ hưu cho bà Lê Thị Mẫu.",
)


def test_another_outlets_report_of_the_event_in_other_words_is_the_same_story(archive, told):
    first = told(*ONE)
    second = told(
        "Trao quyết định nghỉ hưu cho bà Lê Thị Mẫu, phường Sông Vân",
        "Bà Lê Thị Mẫu nhận quyết định nghỉ hưu.",
        "Báo Hai",
    )
    assert len(grouped(archive, [first, second])) == 1


@pytest.mark.parametrize(
    ("title", "outlet", "when"),
    [
        (ONE[0], "Báo Một", NOW),
        (ONE[0], "Báo Hai", NOW + timedelta(days=5)),
        ("Phường Sông Vân khen thưởng tổ bóng chuyền nữ thôn Hạ Sơn", "Báo Hai", NOW),
    ],
    ids=["same outlet", "days later", "another event"],
)
def test_what_only_reads_alike_is_told_apart(archive, told, title, outlet, when):
    first = told(*ONE)
    assert len(grouped(archive, [first, told(title, "", outlet, when)])) == 2


def test_numbers_of_a_series_are_never_one_event(archive, told):
    first = told("Thông cáo báo chí ngày làm việc thứ nhất Đại hội Đảng bộ xã Bến Thử", "", "Báo Một")
    second = told("Thông cáo báo chí ngày làm việc thứ hai Đại hội Đảng bộ xã Bến Thử", "", "Báo Hai")
    assert len(grouped(archive, [first, second])) == 2
