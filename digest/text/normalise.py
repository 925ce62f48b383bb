"""Normal forms of Vietnamese text: NFC for keeping, clean for showing, and keys for comparing."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import category, decomposition, normalize

_LAST = 0x2000  # the tables cover all letters below: Latin with its Vietnamese extension, Greek, Cyrillic
_ETH = str.maketrans("ÐðƉɖ", "ĐđĐđ")  # look-alikes of Đ that old keyboards produced


def nfc(text: str) -> str:
    """The text composed (NFC), as everything is kept; no letter is otherwise changed."""
    return normalize("NFC", text)


def _invisible() -> dict[int, None]:
    """What `clean` throws away: controls but white space, bidi and zero-width marks, surrogates."""
    low = (c for c in range(0x2070) if category(chr(c)) in ("Cc", "Cf") and not chr(c).isspace())
    kept = {0x200C, 0x200D}  # joiners carry meaning in other scripts and in emoji
    high = [0xFEFF, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000), *range(0xFFF9, 0xFFFC)]
    return dict.fromkeys([*(c for c in low if c not in kept), *high])


_INVISIBLE = _invisible()
_ANY_INVISIBLE = re.compile("[" + "".join(re.escape(chr(c)) for c in sorted(_INVISIBLE)) + "]")


def clean(text: str) -> str:
    """One line fit to show and compare: NFC, no control or invisible characters, single spaces."""
    return " ".join(nfc(_ANY_INVISIBLE.sub("", text)).split())


def _folded(letter: str) -> int | None:
    """A letter without case and diacritics; None for a combining mark."""
    if "\u0300" <= letter <= "\u036f":
        return None
    small = letter.lower()[0]
    if small in "đðɖ":
        return ord("d")
    while (parts := decomposition(small).split()) and not parts[0].startswith("<"):
        small = chr(int(parts[0], 16))
    return ord(small)


_FOLD = {code: _folded(chr(code)) for code in range(_LAST)}


def fold(text: str) -> str:
    """Lower case without diacritics, đ → d: the key under which unaccented finds accented.

    A text in NFC of Vietnamese letters keeps its length, so offsets into it stay right.
    """
    return text.translate(_FOLD)


def _placements() -> list[tuple[str, str]]:
    """hòa → hoà, khỏe → khoẻ, thủy → thuỷ: the older placement of a tone into the newer."""
    pairs = (("o", "a"), ("o", "e"), ("u", "y"))
    tones = "\u0323\u0300\u0301\u0309\u0303"
    return [(nfc(one + tone + two), nfc(one + two + tone)) for one, two in pairs for tone in tones]


_PLACEMENTS = _placements()
_FINAL_Y = re.compile(r"[yỳýỷỹỵ](?:(?<=\bqu.)|(?<=\b[hklmstv].)|(?<=\b.))\b")
_Y_TO_I = dict(zip("yỳýỷỹỵ", "iìíỉĩị", strict=True))


def same(text: str) -> str:
    """A key that is equal for spellings of one word: case, hòa/hoà, lý/lí, NFC/NFD; accents stay.

    Final y is written i after h, k, l, m, s, t, v, qu or nothing (where both spellings are in use);
    "thúy" and "thúi" stay two words.
    """
    key = nfc(text).translate(_ETH).lower()
    if key.isascii():
        return _FINAL_Y.sub("i", key)
    for old, new in _PLACEMENTS:
        key = key.replace(old, new)
    return _FINAL_Y.sub(lambda found: _Y_TO_I[found[0]], key)


@lru_cache(maxsize=65536)
def same_syllable(syllable: str) -> str:
    """`same` of one syllable, remembered: Vietnamese has few of them."""
    return same(syllable)
