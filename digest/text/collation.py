"""Sorting as Vietnamese dictionaries do: by letters, then by tones, syllable by syllable, then by case."""

from __future__ import annotations

from unicodedata import normalize

from digest.text.tokens import syllables

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTERS = {letter: place for place, letter in enumerate(_ALPHABET, 100)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền hỏi ngã sắc nặng
_TONELESS = dict.fromkeys(map(ord, _TONES))

Syllable = tuple[tuple[int, ...], tuple[int, ...]]
Key = tuple[tuple[Syllable, ...], str]


def sort_key(text: str) -> Key:
    """A key for `sorted`: a ă â b c d đ e ê …; tones ngang, huyền, hỏi, ngã, sắc, nặng; numbers by value."""
    composed = normalize("NFC", text)
    return tuple(_syllable(one) for one in syllables(composed.lower())), composed.swapcase()


def _syllable(syllable: str) -> Syllable:
    if syllable.isdecimal() and len(syllable) <= 18:
        return (0, int(syllable)), ()
    apart = normalize("NFD", syllable)
    letters = normalize("NFC", apart.translate(_TONELESS))
    tones = tuple(_TONES[mark] for mark in apart if mark in _TONES)
    return tuple(_LETTERS.get(letter, 200 + ord(letter)) for letter in letters), tones
