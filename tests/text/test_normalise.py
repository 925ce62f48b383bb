"""Normal forms: what is kept, what is thrown away, which spellings are one."""

from unicodedata import is_normalized, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.normalise import clean, fold, nfc, same, same_syllable

VIETNAMESE = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđbcghklmnpqrstvx"
words = st.text(st.sampled_from(VIETNAMESE + VIETNAMESE.upper() + " "), max_size=60)


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    once = clean(text)
    assert clean(once) == once
    assert is_normalized("NFC", once)
    assert "  " not in once and once == once.strip()


def test_clean_drops_what_cannot_be_seen_and_keeps_letters():
    dirty = "\ufeff  Xã\u00a0Bến\u200b Thử \x00\x07 họp\r\n\tdân \u202e.\ud800"
    assert clean(dirty) == "Xã Bến Thử họp dân ."


def test_a_mark_parted_from_its_letter_by_an_invisible_one_is_joined():
    assert clean("Ha\u200b\u0300") == "Hà"


@given(words)
def test_folding_keeps_the_length_of_vietnamese_text(text):
    assert len(fold(text)) == len(text)
    assert fold(text).isascii()


@given(words)
def test_composed_and_decomposed_are_one(text):
    apart = normalize("NFD", text)
    assert fold(apart) == fold(text)
    assert same(apart) == same(text)
    assert nfc(apart) == text


@given(st.text())
def test_folding_is_stable_for_any_text(text):
    assert fold(fold(text)) == fold(text)


def test_fold():
    assert fold("Đồng chí HỒ Văn Thử, xã Ðồng Mẫu") == "dong chi ho van thu, xa dong mau"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hòa bình", "hoà bình"),
        ("KHỎE", "khoẻ"),
        ("thủy lợi", "thuỷ lợi"),
        ("Lý luận", "lí luận"),
        ("kỹ sư", "kĩ sư"),
        ("quý", "quí"),
        ("qúy", "quý"),
        ("Mỹ", "Mĩ"),
        ("ỷ lại", "ỉ lại"),
        ("Ðảng", "Đảng"),
        ("my", "mi"),
    ],
)
def test_spellings_of_one_word_are_the_same(one, other):
    assert same(one) == same(other)
    assert same_syllable(one) == same_syllable(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tôn giáo", "ton giáo"),
        ("thúy", "thúi"),
        ("tay", "tai"),
        ("của", "cuả"),
        ("quyết", "quiết"),
        ("thy", "thi"),
    ],
)
def test_different_words_stay_different(one, other):
    assert same(one) != same(other)


@given(words)
def test_the_key_is_stable(text):
    assert same(same(text)) == same(text)
