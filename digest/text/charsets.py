"""The Vietnamese encodings of the years before Unicode: tables and rules, none of them in Python's codecs.

TCVN3 and VNI are font encodings: their letters are stored as Latin-1 letters that a font drew otherwise.
Sources: TCVN 5712:1993, RFC 1456 (VISCII, VIQR), the VNI keyboard's published table.
"""

from __future__ import annotations

import re
from itertools import product
from unicodedata import normalize

_TCVN_HIGH = (
    "\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
_TCVN = {0xA0 + n: letter for n, letter in enumerate(_TCVN_HIGH)}
_VISCII_HIGH = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝ"
    "ỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_VISCII = {0x80 + n: letter for n, letter in enumerate(_VISCII_HIGH)}
_VISCII |= {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}

_CAPITAL_THEN_SMALL = re.compile(
    "([AĂÂEÊIOÔƠUƯY])([àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ])"
)


def _bare(letter: str) -> str:
    """A letter without its tone: ấ → â."""
    return normalize("NFC", re.sub("[\u0300\u0301\u0303\u0309\u0323]", "", normalize("NFD", letter)))


def _capital(found: re.Match[str]) -> str:
    return found[2].upper() if _bare(found[2]) == found[1].lower() else found[0]


def from_tcvn3(text: str) -> str:
    """Text whose Latin-1 letters are TCVN3 codes (a toned capital: a capital, then the small letter)."""
    return _CAPITAL_THEN_SMALL.sub(_capital, normalize("NFC", text.translate(_TCVN)))


def from_viscii(data: bytes) -> str:
    """VISCII bytes; six capitals live among the control codes."""
    return data.decode("latin-1").translate(_VISCII)


_VNI_MARKS = {
    **{"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"},
    **{"â": "\u0302", "à": "\u0302\u0300", "á": "\u0302\u0301", "å": "\u0302\u0309"},
    **{"ã": "\u0302\u0303", "ä": "\u0302\u0323", "ê": "\u0306", "è": "\u0306\u0300"},
    **{"é": "\u0306\u0301", "ú": "\u0306\u0309", "ü": "\u0306\u0303", "ë": "\u0306\u0323"},
}
_VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _vni_pairs() -> dict[str, str]:
    small = {letter: letter for letter in "aeouy"} | {"ô": "ơ", "ö": "ư"}
    allowed = {"\u0302": "aeo", "\u0306": "a"}
    pairs = {
        one + mark: normalize("NFC", letter + marks)
        for (one, letter), (mark, marks) in product(small.items(), _VNI_MARKS.items())
        if one in allowed.get(marks[0], "aeouyôö")
    }
    pairs |= _VNI_LETTERS
    capitals = {old.upper(): new.upper() for old, new in pairs.items()}
    mixed = {old.capitalize(): new.upper() for old, new in pairs.items()}
    return pairs | mixed | capitals


_VNI = _vni_pairs()
_VNI_CODE = re.compile("|".join(sorted(_VNI, key=len, reverse=True)))


def from_vni(text: str) -> str:
    """Text whose Latin-1 letters are VNI's: a base letter, then one that stands for its marks."""
    return _VNI_CODE.sub(lambda found: _VNI[found[0]], text)


_VIQR_MARKS = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_VIQR_SHAPES = {"^": "\u0302", "(": "\u0306", "+": "\u031b"}
_VIQR_CODE = re.compile(
    r"[dD][dD]|[aA][\^(]?['`?~.]?|[eE]\^?['`?~.]?|[oO][\^+]?['`?~.]?|[uU]\+?['`?~.]?|[iIyY]['`?~.]?"
)
_VIQR_WORD = re.compile(r"[A-Za-z(^+'`?~.]+")


def _viqr_letter(found: re.Match[str]) -> str:
    code = found[0]
    if code in ("dd", "dD"):
        return "đ"
    if code in ("DD", "Dd"):
        return "Đ"
    marks = "".join(_VIQR_SHAPES.get(sign) or _VIQR_MARKS[sign] for sign in code[1:])
    return normalize("NFC", code[0] + marks)


def _viqr_word(found: re.Match[str]) -> str:
    word = found[0]
    stem = word.rstrip(".?")
    if stem != word and not _is_tone(found):
        return _VIQR_CODE.sub(_viqr_letter, stem) + word[len(stem) :]
    return _VIQR_CODE.sub(_viqr_letter, word)


def _is_tone(found: re.Match[str]) -> bool:
    """Whether the "." or "?" after a word is its tone: the sentence goes on, or a name does."""
    rest = found.string[found.end() : found.end() + 2].lstrip()
    if found[0].endswith("?") or rest[:1] in ",;:":
        return bool(rest)
    return rest[:1].islower() or rest[:1].isdigit() or (rest[:1].isupper() and found[0][0].isupper())


def from_viqr(text: str) -> str:
    """Seven-bit Vietnamese of old mailing lists (RFC 1456).

    A "." or "?" that ends a word is its tone where the sentence or a name goes on, else punctuation.
    """
    return _VIQR_WORD.sub(_viqr_word, text)
