"""Leaving a list: signed addresses that never expire and hold no email address."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from itsdangerous import BadSignature, Signer

from digest.mail.address import Address, derived_key
from digest.storage import deliveries
from digest.storage.engine import Archive

PATH = "/thoi-nhan"
_TOKEN = re.compile(r"([a-z0-9][a-z0-9-]{0,79})\.([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who leaves (a keyed hash), and through which center's letter."""

    center: str
    recipient: str


class Tokens:
    """Makes and reads the signed part of an unsubscribe address; no time in it, so it never expires."""

    def __init__(self, secret: bytes) -> None:
        # The key is derived for this one use already.
        key = derived_key(secret, "unsubscribe")
        self._signer = Signer(key, key_derivation="none", digest_method=hashlib.sha256)

    def make(self, center: str, recipient: str) -> str:
        """The token of a recipient (keyed hash) of a center: letters, digits, `.`, `-`, `_` only."""
        return self._signer.sign(f"{center}.{recipient}").decode("ascii")

    def read(self, token: str) -> Leaving | None:
        """Who the token speaks of; None when it was not made here or was changed."""
        try:
            said = self._signer.unsign(token.encode("utf-8", "replace")).decode("ascii")
        except (BadSignature, UnicodeDecodeError):
            return None
        found = _TOKEN.fullmatch(said)
        return Leaving(found[1], found[2]) if found else None


def leave(archive: Archive, secret: bytes, token: str, when: datetime) -> Leaving | None:
    """Suppresses whom the token speaks of, in every list; asking twice is no fault. None: no token of ours."""
    leaving = Tokens(secret).read(token)
    if leaving is not None:
        with archive.writing() as conn:
            deliveries.suppress(conn, leaving.recipient, "unsubscribe", when)
    return leaving


def web_link(site_url: str, token: str) -> str:
    """The page where a recipient leaves; a POST to the same address is the one-click of RFC 8058."""
    return f"{site_url.rstrip('/')}{PATH}/{token}"


def mail_link(reply_to: Address) -> str:
    """Where there is no web view: a letter to the center, in words that survive any mail program."""
    return f"mailto:{quote(reply_to.spec, safe='@')}?subject=Thoi%20nhan%20ban%20tin"
