"""Tokens are exact pieces of the text."""

from itertools import pairwise
from unicodedata import normalize

from hypothesis import given
from hypothesis import strategies as st

from digest.text.tokens import Token, count_syllables, syllables, tokens


def test_runs_of_letters_and_digits():
    assert syllables("Nghị quyết số 35-NQ/TW, ngày 1/7/2025: “mới”_") == [
        *("Nghị", "quyết", "số", "35", "NQ", "TW", "ngày", "1", "7", "2025", "mới"),
    ]
    assert tokens("xã Hạ") == [Token("xã", 0, 2), Token("Hạ", 3, 5)]


def test_decomposed_syllables_stay_whole():
    apart = normalize("NFD", "đồng bào dân tộc")
    assert syllables(apart) == apart.split()


@given(st.text())
def test_every_token_stands_where_it_says(text):
    found = tokens(text)
    assert all(text[t.start : t.end] == t.text for t in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert count_syllables(text) == len(found) == len(syllables(text))
    assert sum(letter.isalnum() for letter in text) == sum(c.isalnum() for t in found for c in t.text)
