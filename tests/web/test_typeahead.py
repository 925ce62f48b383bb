"""What the search box offers: topics, and turns of phrase that headlines repeat; typed with accents or without."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.web.typeahead import LEAST, MOST, offers, phrases

HEADLINES = [
    "Xã Bến Thử sinh hoạt chi bộ",
    "Sinh hoạt chi bộ ở Đồng Mẫu",
    "Nền nếp sinh hoạt chi bộ, cách làm mới",
]
KNOWN = phrases(HEADLINES)


@pytest.mark.parametrize("typed", ["sinh ho", "SINH HO", "sinh hoạt", " sinh  hoat c"])
def test_a_turn_of_phrase_is_told_from_its_beginning(typed):
    assert offers(typed, [], KNOWN) == ["sinh hoạt chi bộ"]


def test_topics_come_first_and_from_any_of_their_words():
    assert offers("sinh", ["Chuyện sinh kế"], KNOWN) == ["Chuyện sinh kế", "sinh hoạt chi bộ"]
    assert offers("ke", ["Chuyện sinh kế"], KNOWN) == ["Chuyện sinh kế"]


def test_what_few_headlines_have_is_no_turn_of_phrase():
    assert offers("dong", [], KNOWN) == [] and LEAST == 3


def test_nothing_is_offered_for_a_letter_or_for_what_is_complete():
    assert offers("s", [], KNOWN) == []
    assert offers("sinh hoạt chi bộ", [], KNOWN) == []


@given(st.text(max_size=200), st.lists(st.text(max_size=60), max_size=30))
def test_any_text_may_be_typed_over_any_headlines(typed, headlines):
    found = offers(typed, headlines, phrases(headlines * LEAST))
    assert len(found) <= MOST and len(set(found)) == len(found)


def test_the_page_answers_as_opensearch_has_it(client):
    answer = client.get("/goi-y?q=dan t")
    assert answer.status_code == 200 and answer.get_json() == ["dan t", ["Dân tộc"]]
    assert client.get("/goi-y").get_json() == ["", []]
    assert client.get("/goi-y?q=" + "a" * 9_000).status_code == 200
