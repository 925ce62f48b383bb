"""Recipients' lists in a backup, locked with a passphrase: scrypt for the key, AES-256-GCM for the rest."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping

from digest.errors import StorageError, UsageError
from digest.storage.bundle import safe
from digest.wording import _

_HEAD = b"digest recipients 1\n"
_SALT, _NONCE = 16, 12
# RFC 7914 §2 and OWASP's sheet of 2024: 128 MB and about half a second for each guess.
_COST = {"n": 2**17, "r": 8, "p": 1}
SHORTEST = 12


def lock(files: Mapping[str, bytes], passphrase: str) -> bytes:
    """The files (path → bytes) as one locked piece; UsageError for a passphrase easily guessed."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(passphrase) < SHORTEST:
        raise UsageError(
            _("Mật khẩu sao lưu quá ngắn"),
            fix=_("Dùng ít nhất {count} ký tự, dễ nhớ mà khó đoán", count=SHORTEST),
        )
    packed = json.dumps({path: data.hex() for path, data in files.items()}).encode("ascii")
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    return _HEAD + salt + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, packed, _HEAD)


def unlock(locked: bytes, passphrase: str) -> dict[str, bytes]:
    """The files of a locked piece; UsageError for a wrong passphrase or a piece that was changed."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    head, rest = locked[: len(_HEAD)], locked[len(_HEAD) :]
    salt, nonce, sealed = rest[:_SALT], rest[_SALT : _SALT + _NONCE], rest[_SALT + _NONCE :]
    try:
        if head != _HEAD:
            raise ValueError(head)
        packed = AESGCM(_key(passphrase, salt)).decrypt(nonce, sealed, _HEAD)
    except (InvalidTag, ValueError) as error:
        raise UsageError(
            _("Không mở được danh sách người nhận trong bản sao lưu"),
            fix=_("Xem lại mật khẩu; gõ đúng chữ hoa, chữ thường và dấu"),
        ) from error
    files = {path: bytes.fromhex(data) for path, data in json.loads(packed).items()}
    if any(not is_list(path) for path in files):
        raise StorageError(_("Danh sách người nhận có đường dẫn không được phép"))
    return files


def is_list(path: str) -> bool:
    """Whether a path from the home folder may be a recipients' list."""
    parts = path.split("/")
    lists = path.lower().endswith((".csv", ".txt", ".tsv"))
    return lists and len(parts) <= 4 and safe(parts) and parts[0] not in ("output", "index")


def _key(passphrase: str, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return Scrypt(salt=salt, length=32, **_COST).derive(passphrase.encode("utf-8"))
