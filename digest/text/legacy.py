"""From the bytes of a page or feed to its text, whatever was declared: what reads as Vietnamese wins."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator

from digest.text.charsets import from_tcvn3, from_viqr, from_viscii, from_vni
from digest.text.normalise import nfc
from digest.text.syllables import accented_syllables, is_syllable

_BOMS = (  # the longer first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_XML_LABEL = re.compile(r"^(\s*<\?xml[^>]{0,200}?)\s+encoding\s*=\s*[\"'][^\"'>]{0,60}[\"']", re.IGNORECASE)
# Codecs that carry text of the world's scripts; others of Python's (utf_7, unicode_escape) are doors.
_TRUSTED = re.compile(r"(?:utf-?(?:8|16|32)|cp\d|windows|iso8859|koi8|gb|big5|euc|shift_jis|iso2022|mac|tis)")
_HALF_PAIR = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")  # surrogates as bytes (CESU-8): never a letter
_LATIN = {"iso8859-1", "cp1252", "ascii", "iso8859-15"}
_OF_MANY_BYTES = re.compile(r"(?:gb|big5|euc|shift_jis|cp9[3-5]\d)")
_CP1252 = {n: bytes([n]).decode("cp1252", "ignore") or chr(n) for n in range(0x80, 0xA0)}
_CP1258 = {n: bytes([n]).decode("cp1258", "ignore") or "\ufffd" for n in range(0x80, 0x100)}

_ENOUGH = 0.8  # share of accented words that must be Vietnamese before a declaration is set aside


def decode(data: bytes, http_charset: str | None, *, kind: str) -> str:
    """The text, NFC, of a page ("html") or feed ("xml"), by BOM, content, HTTP header and declaration.

    Bytes that are valid UTF-8 are that, whatever was said. Otherwise the declared encoding is believed
    unless another (windows-1258, TCVN3, VISCII, VNI, VIQR) makes the accented words Vietnamese and it does
    not. UTF-8 that was encoded twice is put right. An XML declaration loses its encoding, so that
    parsers take the text for what it now is. Never raises; bytes that mean nothing become U+FFFD.
    """
    declared = _codec(http_charset) or _declared(data, kind)
    text = _by_content(data, declared)
    text = nfc(_from_fonts(_repaired(text)))
    return _XML_LABEL.sub(r"\1", text, count=1) if kind == "xml" else text


def _declared(data: bytes, kind: str) -> str | None:
    found = _XML.search(data[:1024]) or (_META.search(data[:16384]) if kind == "html" else None)
    return _codec(found[1].decode("ascii")) if found else None


def _codec(label: str | None) -> str | None:
    """Python's name of a charset label, or None for one that is unknown or is no charset of texts."""
    if not label:
        return None
    try:
        name = codecs.lookup(label.strip(" \t\"'")).name
    except (LookupError, UnicodeError, ValueError):
        return None
    return name if _TRUSTED.match(name) or name == "ascii" else None


def _by_content(data: bytes, declared: str | None) -> str:
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace")
    if wide := _wide(data, declared):
        return data.decode(wide, "replace")
    if data.isascii():
        return _seven_bit(data, declared)
    if _OF_MANY_BYTES.match(declared or "") and (text := _strictly(data, declared or "")):
        return text
    if (text := _utf8(data)) is not None:
        return text
    return _best_reading(data, declared)


def _wide(data: bytes, declared: str | None) -> str | None:
    """UTF-16 or UTF-32 without a BOM, told by where its zero bytes stand."""
    head = data[:64]
    if b"\0" not in head:
        return None
    for name, width, ascii_at in (
        ("utf-32-le", 4, 0),
        ("utf-32-be", 4, 3),
        ("utf-16-le", 2, 0),
        ("utf-16-be", 2, 1),
    ):
        units = [head[at : at + width] for at in range(0, len(head) - width + 1, width)]
        plain = sum(unit[ascii_at] != 0 and sum(map(bool, unit)) == 1 for unit in units)
        if units and plain > 0.7 * len(units):
            return name
    return declared if declared and declared.startswith("utf-16") else None


def _seven_bit(data: bytes, declared: str | None) -> str:
    if declared and declared.startswith("iso2022"):
        return data.decode(declared, "replace")
    text = data.decode("ascii")
    return _between_tags(text, from_viqr) if _looks_viqr(text) else text


def _strictly(data: bytes, name: str) -> str | None:
    try:
        text = data.decode(name)
    except (UnicodeError, LookupError):
        return None
    # Short texts in many-byte encodings can be valid UTF-8 by accident, long ones cannot.
    return text if len(data) < 200 or _utf8(data) is None else None


def _utf8(data: bytes) -> str | None:
    """The text if the bytes are UTF-8, halves of surrogate pairs and some damage allowed for."""
    try:
        return _HALF_PAIR.sub(b"\xef\xbf\xbd", data).decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        return text if _mostly_utf8(data, text.count("\ufffd")) else None


def _mostly_utf8(data: bytes, broken: int) -> bool:
    """A page in UTF-8 with some bytes of another encoding in it, or cut in the middle of a letter."""
    whole = len(re.findall(rb"[\xc3-\xf4][\x80-\xbf]{1,3}", data[:400_000]))
    return whole > 2 * min(broken, 200_000)


def _best_reading(data: bytes, declared: str | None) -> str:
    """Of all ways to read these bytes the declared one, unless another alone gives Vietnamese."""
    latin = data.decode("latin-1").translate(_CP1252)
    readings = [_plainly(data, declared, latin)]
    readings.append(data.decode("latin-1").translate(_CP1258))
    readings += [from_tcvn3(data.decode("latin-1")), from_viscii(data), from_vni(latin)]
    return max(readings, key=_vietnamese)  # the first of equals: what was declared


def _plainly(data: bytes, declared: str | None, latin: str) -> str:
    if declared is None or declared in _LATIN or declared.startswith("utf"):
        return latin
    if declared == "cp1258":
        return data.decode("latin-1").translate(_CP1258)
    return data.decode(declared, "replace")


def _vietnamese(text: str) -> float:
    """How Vietnamese the accented words are, 0 where too few are for a judgement."""
    fit, all_of_them = accented_syllables(nfc(_without_tags(text)))
    share = fit / all_of_them if all_of_them else 0.0
    return share if share >= _ENOUGH and fit >= 2 else 0.0


_TAG = re.compile(r"<[^<>]{0,2000}>")


def _without_tags(text: str) -> str:
    return _TAG.sub(" ", text[:400_000])


def _from_fonts(text: str) -> str:
    """TCVN3 or VNI that somebody saved as Unicode: Latin-1 letters only, and they read as nothing."""
    sample = _without_tags(text)
    if not re.search("[\xa1-\xff]", sample) or re.search("[\u1ea0-\u1eff]", sample):
        return text
    if _vietnamese(text):
        return text
    readings = [read for read in (from_tcvn3(text), from_vni(text)) if _is_vietnamese_prose(read)]
    return max([text, *readings], key=_vietnamese)


def _is_vietnamese_prose(text: str) -> bool:
    """Much evidence, as "café", "5 m²" and footnotes¹ are to stay what they are."""
    words = set(re.findall(r"[^\W\d_]{2,}", _without_tags(text)[:200_000]))
    accented = [word for word in words if not word.isascii() and is_syllable(word)]
    return len(accented) >= 5 and sum(map(is_syllable, words)) >= 0.7 * len(words)


def _looks_viqr(text: str) -> bool:
    words = re.findall(r"[A-Za-z(^+'`?~.]*[aeou][\^(+][A-Za-z(^+'`?~.]*", _without_tags(text)[:100_000])
    if len(words) < 5:
        return False
    read = [from_viqr(word).rstrip(".?") for word in words]
    return sum(not word.isascii() and is_syllable(word) for word in read) >= _ENOUGH * len(words)


def _between_tags(text: str, change: Callable[[str], str]) -> str:
    """The text with its words changed and its markup and addresses left alone."""
    return re.sub(
        r"(<[^<>]{0,2000}>|\S{0,20}://\S{1,2000}|&[#\w]{1,31};)|[^<>&\s]+(?:[ \t]+[^<>&\s]+)*",
        lambda found: found[0] if found[1] else change(found[0]),
        text,
    )


# --- UTF-8 that was read as Latin-1 and encoded again ------------------------------------------

_BYTE_OF = {chr(n): n for n in range(0x80, 0x100)} | {letter: n for n, letter in _CP1252.items()}
_HIGH = re.escape("".join(_BYTE_OF))
_RUN = re.compile(f"[{_HIGH}]{{2,2000}}")
# What ạ ả … ỹ, đ, ư and ơ become when encoded twice or three times: met in no language.
_TWICE = re.compile(f"á[º»][{_HIGH}]|Ä[‘\x91]|Æ[°¡]|Ã¡Â[º»]|Ã[„\x84]â|Ã[†\x86]Â")
_CHUNK = re.compile(r"[^<>]+")


def _repaired(text: str) -> str:
    """Text encoded twice put right, chunk by chunk between tags; lost letters are not guessed."""
    if len(_TWICE.findall(text[:400_000])) < 2:
        return text
    return _CHUNK.sub(lambda found: _chunk_repaired(found[0]), text)


def _chunk_repaired(chunk: str) -> str:
    if re.search("[\u1ea0-\u1effơưăđĐƠƯĂ]", chunk):
        return chunk  # some of it is right already, so no rule is safe
    for _time in range(2):
        fixed = "".join(_runs(chunk))
        if fixed == chunk:
            break
        chunk = fixed
    return chunk


def _runs(chunk: str) -> Iterator[str]:
    """The chunk in pieces, each run of high letters read as the UTF-8 bytes that they were."""
    at = 0
    for found in _RUN.finditer(chunk):
        yield chunk[at : found.start()]
        yield _as_bytes(found[0])
        at = found.end()
    yield chunk[at:]


def _as_bytes(run: str) -> str:
    """The letters that a run's bytes mean; unchanged where a letter is incomplete, quotation marks apart."""
    text = bytes(_BYTE_OF[letter] for letter in run).decode("utf-8", "surrogateescape")
    if re.search("[\udcc2-\udcff]", text):
        return run
    return re.sub("[\udc80-\udcc1]", lambda found: _CP1252.get(ord(found[0]) - 0xDC00, found[0]), text)
