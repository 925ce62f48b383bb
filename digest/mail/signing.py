"""DKIM signatures (RFC 6376) for centers with a mail server of their own; others' providers sign by themselves."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

from digest.errors import UsageError
from digest.mail.message import sender_address
from digest.wording import _

# RFC 8058, 4: both List-Unsubscribe headers must be covered, or one-click leaving is not offered.
SIGNED = (
    b"from", b"reply-to", b"subject", b"date", b"message-id", b"to", b"list-unsubscribe",
    b"list-unsubscribe-post", b"list-id", b"list-help", b"auto-submitted", b"content-type", b"mime-version",
)  # fmt: skip


def signer(sender: str, selector: str, key_path: Path) -> Callable[[bytes], bytes]:
    """A function that puts a signature before a letter; needs the package dkimpy.

    UsageError when the package or the key (PEM, RSA) is missing or unusable.
    """
    try:
        dkim = importlib.import_module("dkim")
    except ImportError as error:
        raise UsageError(_("Chưa cài phần ký DKIM"), "DIGEST_DKIM_KEY", _("Cài thêm gói dkimpy")) from error
    try:
        key = key_path.read_bytes()
    except OSError as error:
        what = _("Không đọc được khóa DKIM ({reason})", reason=error.strerror or error)
        raise UsageError(what, str(key_path)) from error
    domain = sender_address(sender).domain.encode("ascii")

    def signed(letter: bytes) -> bytes:
        try:
            head: bytes = dkim.sign(
                letter,
                selector.encode("ascii"),
                domain,
                key,
                canonicalize=(b"relaxed", b"relaxed"),
                include_headers=[name for name in SIGNED if _has(letter, name)],
            )
        except (dkim.DKIMException, ValueError) as error:
            raise UsageError(
                _("Khóa DKIM không dùng được"), str(key_path), _("Cần khóa RSA dạng PEM")
            ) from error
        return head + letter

    signed(b"From: x@x.vn\r\n\r\n")  # a bad key is said before anything is sent
    return signed


def _has(letter: bytes, name: bytes) -> bool:
    head = b"\r\n" + letter[: letter.find(b"\r\n\r\n")].lower()
    return b"\r\n" + name + b":" in head
