"""What can be a Vietnamese syllable, and how Vietnamese a text is."""

from unicodedata import normalize

import pytest

from digest.text.syllables import accented_syllables, is_syllable, share_vietnamese


@pytest.mark.parametrize(
    "word", ["nghiêng", "KHUỶU", "quý", "giếng", "gì", "ưỡn", "Đảng", "yêu", "thuở", "xoong", "ạ"]
)
def test_syllables(word):
    assert is_syllable(word)
    assert is_syllable(normalize("NFD", word))


@pytest.mark.parametrize(
    "word", ["ñandú", "für", "cafộ", "ViÖt", "đường1", "strong", "tốố", "áà", "Đắklắk", "a" * 99]
)
def test_what_is_none(word):
    assert not is_syllable(word)


def test_languages_are_told_apart():
    ours = "Hội nghị của xã Hạ Sơn bàn về nước sạch, trường học và đường giao thông nông thôn"
    assert share_vietnamese(ours) == 1.0
    assert (
        share_vietnamese("The committee discussed clean water, schools and rural roads with residents") < 0.5
    )
    assert share_vietnamese("Le comité a évoqué l'eau potable, les écoles et les routes de la région") < 0.5
    assert share_vietnamese("") == 0.0
    assert accented_syllables("Đường lớn, Müller") == (2, 3)
