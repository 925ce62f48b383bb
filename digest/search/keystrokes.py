"""Typed with the Vietnamese keyboard off: Telex ("toon giaos") and VNI ("to6n gia1o") keystrokes read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize

_TELEX_TONES = dict(zip("sfrxj", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_VNI_TONES = dict(zip("12345", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_TELEX_SHAPES = [
    ("uow", "ươ"),
    ("uw", "ư"),
    ("ow", "ơ"),
    ("aw", "ă"),
    ("aa", "â"),
    ("ee", "ê"),
    ("oo", "ô"),
    ("dd", "đ"),
]
_VNI_SHAPES = [
    ("uo7", "ươ"),
    ("u7", "ư"),
    ("o7", "ơ"),
    ("a8", "ă"),
    ("a6", "â"),
    ("e6", "ê"),
    ("o6", "ô"),
    ("d9", "đ"),
]
_LATE = {"a": "â", "e": "ê", "o": "ô"}
_VOWELS = "aăâeêioôơuưy"
_SYLLABLE = re.compile(
    rf"(?:ngh?|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?([{_VOWELS}]{{1,3}})(?:ng|nh|ch|[cmnpt])?"
)


def readings(word: str) -> Iterator[str]:
    """The Vietnamese syllables that these keystrokes may mean, the likelier first; none if they are none."""
    typed = word.lower()
    if not typed.isascii() or not typed.isalnum() or not typed[0].isalpha():
        return
    for tones, shapes in ((_TELEX_TONES, _TELEX_SHAPES), (_VNI_TONES, _VNI_SHAPES)):
        for letters, tone in _without_tone(typed, tones):
            for shaped in _shaped(letters, shapes):
                written = _toned(shaped, tone)
                if written and written != typed:
                    yield written


def _without_tone(typed: str, tones: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The letters and the tone key, which stands after the vowel it is meant for, mostly at the end."""
    for at in range(len(typed) - 1, 0, -1):
        if typed[at] in tones and re.search("[aeiouy]", typed[:at]):
            yield typed[:at] + typed[at + 1 :], tones[typed[at]]
    yield typed, ""


def _shaped(letters: str, shapes: list[tuple[str, str]]) -> Iterator[str]:
    """The letters with their hats and horns: typed right after the vowel, or at the end ("tona", "tuongw")."""
    shaped = letters
    for keys, letter in shapes:
        shaped = shaped.replace(keys, letter)
    yield shaped
    key, rest = letters[-1], letters[:-1]
    for vowel, hat in _LATE.items():
        if key in (vowel, "6") and vowel in rest:
            yield _ddone(rest.replace(vowel, hat, 1))
    if key in ("w", "7", "8"):
        if "uo" in rest:
            yield _ddone(rest.replace("uo", "ươ", 1))
        for vowel, horned in (("u", "ư"), ("o", "ơ"), ("a", "ă")):
            if vowel in rest:
                yield _ddone(rest.replace(vowel, horned, 1))
    if letters[0] == "d" and key in ("d", "9") and len(letters) > 2:
        yield "đ" + letters[1:-1]


def _ddone(letters: str) -> str:
    return re.sub("^(?:dd|d9)", "đ", letters)


def _toned(shaped: str, tone: str) -> str:
    """The syllable with its tone on the vowel where it belongs; "" if this is no Vietnamese syllable."""
    found = _SYLLABLE.fullmatch(shaped)
    if found is None:
        return ""
    vowels, start = found[1], found.start(1)
    marked = [at for at, vowel in enumerate(vowels) if vowel in "ăâêôơư"]
    if marked:
        place = marked[-1]
    elif len(vowels) == 1:
        place = 0
    else:
        place = 1 if len(vowels) == 3 or found.end(1) < len(shaped) else 0
    at = start + place + 1
    return normalize("NFC", shaped[:at] + tone + shaped[at:])
