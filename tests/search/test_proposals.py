"""Topics judged by labelled articles, and bettered by what editors put on and took off."""

from __future__ import annotations

from digest.model import Topic
from digest.search import proposals, topics
from digest.search.document import document
from tests.test_tagging import FILLER, article

RELIGION = Topic("ton-giao", "Tôn giáo", '"tôn giáo" OR "lễ hội"')


def test_precision_and_recall_on_labelled_articles() -> None:
    some = [
        article(1, "Tôn giáo ở Bến Thử"),
        article(2, "Lễ hội bơi chải Hạ Sơn"),
        article(3, "Giáo xứ Sông Vân góp gạo"),
        article(4, "Gieo cấy vụ đông"),
    ]
    (found,) = proposals.evaluate([RELIGION], [], some, {1: {"ton-giao"}, 3: {"ton-giao"}})
    assert (found.right, found.wrong, found.missed) == ((1,), (2,), (3,))
    assert (found.precision, found.recall) == (0.5, 0.5)


def test_a_term_of_the_articles_that_editors_put_on_is_proposed() -> None:
    put_on = [article(n, f"Giáo xứ Sông Vân làm việc thiện lần {n}", "", FILLER) for n in range(1, 5)]
    others = [article(n, f"Hạ Sơn gieo cấy lần {n}", "", FILLER) for n in range(5, 120)]
    index = topics.in_memory(document(one) for one in [*put_on, *others])
    made = proposals.additions(index, RELIGION, put_on)
    terms = [one.term for one in made]
    assert "giáo xứ" in terms
    assert "gieo cấy" not in terms
    best = next(one for one in made if one.term == "giáo xứ")
    assert (best.inside, best.of, best.outside, best.rest) == (4, 4, 0, 115)


def test_a_term_that_brought_what_editors_took_off_is_to_be_dropped() -> None:
    kept = [article(n, f"Công tác tôn giáo kỳ {n}") for n in range(1, 6)]
    off = [article(n, f"Lễ hội bơi chải lần {n}") for n in range(6, 10)]
    (made,) = proposals.drops(RELIGION, kept, off)
    assert (made.term, made.inside, made.of, made.outside, made.rest) == ("lễ hội", 4, 4, 0, 5)


def test_nothing_is_proposed_out_of_chance() -> None:
    assert abs(proposals.difference(3, 30, 100, 1000)) < 0.5
    some = [article(n, "Hạ Sơn gieo cấy", "", FILLER) for n in range(1, 40)]
    index = topics.in_memory(document(one) for one in some)
    assert proposals.additions(index, RELIGION, some[:5]) == []
