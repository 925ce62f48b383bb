"""Vietnamese order: letters first, then tones, then case."""

from unicodedata import normalize

from hypothesis import given
from hypothesis import strategies as st

from digest.text.collation import sort_key


def in_order(*words):
    assert sorted(words, key=sort_key, reverse=True) == list(words)[::-1]
    assert sorted((normalize("NFD", word) for word in words), key=sort_key) == [
        normalize("NFD", w) for w in words
    ]


def test_letters_before_tones():
    in_order("an", "ăn", "ân", "ba", "ca", "da", "đa", "e", "ê", "no", "nô", "nơ", "tu", "tư", "y")


def test_tones_in_the_order_of_dictionaries():
    in_order("ma", "mà", "mả", "mã", "má", "mạ", "mai", "mài")


def test_syllable_by_syllable():
    in_order("ba lá", "ba lô", "bà con", "bảo vệ", "báo cáo")
    in_order("Hạ Long", "Hài Thử", "Hải An", "Hải Dương", "Hải Phòng")


def test_numbers_by_value_and_capitals_after_small_letters():
    in_order("Tổ 2", "Tổ 10", "tổ dân phố", "Tổ dân phố")


@given(st.lists(st.text(max_size=20), max_size=12))
def test_any_texts_can_be_sorted(texts):
    keys = [sort_key(text) for text in sorted(texts, key=sort_key)]
    assert keys == sorted(keys)


@given(st.text(max_size=20), st.text(max_size=20))
def test_equal_keys_mean_equal_texts(one, other):
    if sort_key(one) == sort_key(other):
        assert normalize("NFC", one) == normalize("NFC", other)
