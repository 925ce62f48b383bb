"""7-bit forms of what a letter holds: headers (RFC 5322, 2047, 2231), quoted-printable and base64 bodies."""

from __future__ import annotations

import binascii
import re
from base64 import b64encode, encodebytes
from urllib.parse import quote

from digest.mail.address import Address
from digest.text.normalise import clean
from digest.workspace import safe_name

FOLD = 78  # RFC 5322, 2.1.1: lines should not be longer, and must not be longer than 998
MAX_TEXT = 400  # letters of a free header: a title is never longer, and some servers bound headers
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+( [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_PLAIN = re.compile(r"[\x20-\x7e]*")
_STRUCTURED = re.compile(r"[\x21-\x7e]+( [\x21-\x7e]+)*")


class BadHeader(ValueError):
    """A value that would break out of its header: a mistake in the program, not of people."""


def text_header(name: str, value: str) -> bytes:
    """A header of free text (Subject); controls and line breaks in it become nothing or spaces."""
    said = clean(value)[:MAX_TEXT]
    if _PLAIN.fullmatch(said) and "=?" not in said and len(name) + 2 + len(said) <= FOLD:
        return f"{name}: {said}\r\n".encode("ascii")
    return f"{name}: {_words(said, len(name) + 2)}\r\n".encode("ascii")


def address_header(name: str, address: Address, shown: str = "") -> bytes:
    """From, To, Reply-To: the shown name as a phrase, then the address."""
    said = clean(shown)[:MAX_TEXT]
    spec = _structured(address.spec) if not address.needs_utf8 else address.spec
    if not said:
        return f"{name}: {spec}\r\n".encode()
    phrase = _phrase(said, len(name) + 2)
    last = len(phrase.rpartition("\r\n")[2]) + (0 if "\r\n" in phrase else len(name) + 2)
    fold = "\r\n " if last + len(spec) + 3 > FOLD else " "
    return f"{name}: {phrase}{fold}<{spec}>\r\n".encode()


def list_header(name: str, url: str, phrase: str = "") -> bytes:
    """List-* (RFC 2369, 2919): an address in angle brackets is never encoded and never broken.

    Python's own `policy.SMTP` makes encoded words of long ones, and one-click leaving fails.
    """
    said = _phrase(clean(phrase)[:MAX_TEXT], len(name) + 2) + "\r\n " if phrase else ""
    return f"{name}: {said}<{_structured(url)}>\r\n".encode("ascii")


def bare_header(name: str, value: str) -> bytes:
    """A header whose value is ours and ASCII (Date, MIME-Version); BadHeader if it is not."""
    return f"{name}: {_structured(value)}\r\n".encode("ascii")


def _structured(value: str) -> str:
    if not _STRUCTURED.fullmatch(value) or len(value) > 900:
        raise BadHeader(f"{len(value)} letters do not fit a header")
    return value


def _phrase(said: str, offset: int) -> str:
    if _PLAIN.fullmatch(said) and "=?" not in said and len(said) + offset + 2 <= FOLD:
        if _ATOMS.fullmatch(said):
            return said
        return '"' + said.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _words(said, offset)


def _words(said: str, offset: int) -> str:
    """Encoded words of whole letters, ≤ 75 long, one a line of ≤ 78; each decodes by itself."""
    if len(whole := _word(said)) <= min(75, FOLD - offset):
        return whole
    words: list[str] = []
    room, chunk = FOLD - offset, ""
    for letter in said:
        if len(_word(chunk + letter)) > min(75, room):
            words.append(_word(chunk))
            chunk, room = "", FOLD - 1
        chunk += letter
    return "\r\n ".join([*words, _word(chunk)])


def _word(chunk: str) -> str:
    return f"=?utf-8?B?{b64encode(chunk.encode()).decode('ascii')}?="


def quoted_printable(text: str) -> bytes:
    """A piece of body text, line breaks as CRLF; a piece may be followed by another after a soft break."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    return binascii.b2a_qp(lines, istext=True).replace(b"\n", b"\r\n")


def quoted_value(value: str) -> bytes:
    """A value of one line inside such a body; a line break in it cannot break the line."""
    return binascii.b2a_qp(value.encode("utf-8", "replace"), istext=False).replace(b"\n", b"\r\n")


def base64_lines(data: bytes) -> bytes:
    """Base64 in lines of 76, CRLF."""
    return encodebytes(data).replace(b"\n", b"\r\n")


def file_name(name: str) -> bytes:
    """The parameters of Content-Disposition: ASCII as it is, anything else by RFC 2231."""
    said = clean(name).replace("/", "-").replace("\\", "-")[:120] or "tep"
    if said == safe_name(said):
        return f'filename="{said}"'.encode("ascii")
    coded = quote(said, safe="")
    pieces = re.findall(r"(?:%..|[^%]){1,18}", coded)
    if len(pieces) == 1:
        return f"filename*=utf-8''{coded}".encode("ascii")
    pieces[0] = f"utf-8''{pieces[0]}"
    parts = [f"filename*{at}*={piece}" for at, piece in enumerate(pieces)]
    return ";\r\n ".join(parts).encode("ascii")
