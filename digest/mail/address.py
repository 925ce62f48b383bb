"""One email address out of what people type: checked without DNS, IDN made ASCII, keyed hashes of it."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from digest.text.normalise import clean, fold
from digest.wording import _

# Local parts that reach an office rather than a person (RFC 2142, and those usual in Việt Nam).
_ROLES = """
    abuse admin administrator banbientap bientap contact hanhchinh hostmaster hotro info lienhe list
    mailer-daemon marketing news newsletter no-reply noreply office phonghanhchinh postmaster root
    security spam support toasoan tochuc tuyengiao vanphong vanthu webmaster
"""
ROLES = frozenset(_ROLES.split())
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NAMED = re.compile(r"([^<>@]*)<([^<>]*)>")
_LDH = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class BadAddress(ValueError):
    """Not an address to write to; the reason is for people and never repeats the address."""


@dataclass(frozen=True, slots=True)
class Address:
    """`local` as typed, `domain` in ASCII (A-labels) and lower case, `name` shown or empty."""

    local: str
    domain: str
    name: str = ""

    @property
    def spec(self) -> str:
        """What goes into the envelope: local@domain."""
        return f"{self.local}@{self.domain}"

    @property
    def key(self) -> str:
        """Equal for addresses that reach the same mailbox as far as one can know."""
        return f"{self.local.casefold()}@{self.domain}"

    @property
    def needs_utf8(self) -> bool:
        """True where only a server with SMTPUTF8 (RFC 6531) can take it."""
        return not self.local.isascii()

    @property
    def role(self) -> bool:
        """True where an office rather than a person reads it."""
        return fold(self.local).split("+")[0].replace(".", "") in ROLES


def parse(text: str) -> Address:
    """The address in `a@b.vn` or `Tên <a@b.vn>`; BadAddress says why there is none."""
    raw = text[7:] if text[:7].lower() == "mailto:" else text
    if _CONTROL.search(raw):
        raise BadAddress(_("có xuống dòng hay ký tự điều khiển trong địa chỉ"))
    if "@" not in raw:
        raise BadAddress(_("thiếu dấu @ trong địa chỉ"))
    name, spec = _split(raw)
    try:
        found = _validated(spec)
    except EmailNotValidError as wrong:
        raise BadAddress(_reason(spec)) from wrong
    return Address(found.local_part, found.ascii_domain.lower(), clean(name))


def _split(raw: str) -> tuple[str, str]:
    """(shown name, address) of `Tên <a@b.vn>`; looser than RFC 5322 in the name, which we encode anyway."""
    found = _NAMED.fullmatch(raw)
    if found is None:
        return "", raw
    name = found[1].strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return name, found[2].strip()


def _validated(spec: str) -> ValidatedEmail:
    try:
        return _validate(spec)
    except EmailNotValidError:
        # An A-label that does not decode is still a host name in DNS.
        before, _at, domain = spec.rpartition("@")
        if "xn--" not in domain.lower() or not _LDH.fullmatch(domain.lower()):
            raise
        found = _validate(f"{before}@{re.sub('xn--', 'xn-', domain, flags=re.IGNORECASE)}")
        found.ascii_domain = found.domain = domain
        return found


def _validate(spec: str) -> ValidatedEmail:
    # test_environment lets `.test` through (RFC 2606), which rehearsals write to.
    return validate_email(
        spec, check_deliverability=False, globally_deliverable=False, strict=True, test_environment=True
    )


def _reason(spec: str) -> str:
    local, _at, domain = spec.rpartition("@")
    if spec.count("@") > 1:
        return _("một ô có hơn một địa chỉ, hoặc thừa dấu @; mỗi địa chỉ cần một dòng riêng")
    if not local or not domain:
        return _("thiếu phần trước hoặc sau dấu @")
    if len(local) > 64 or len(domain) > 253:
        return _("địa chỉ quá dài")
    if " " in spec:
        return _("có dấu cách trong địa chỉ")
    try:
        _validate(f"{local}@a.vn")
    except EmailNotValidError:
        return _("phần trước dấu @ có ký tự không dùng được")
    return _("phần sau dấu @ không phải một tên miền")


def derived_key(secret: bytes, use: str) -> bytes:
    """A key for one use out of the workspace's secret, so that no use gives another away."""
    return hmac.digest(secret, b"digest mail: " + use.encode("ascii"), "sha256")


class Hasher:
    """Turns addresses into what the archive may keep: HMAC-SHA-256, its first 128 bits in hex."""

    def __init__(self, secret: bytes) -> None:
        self._key = derived_key(secret, "recipients")

    def __call__(self, address: Address) -> str:
        """32 hexadecimal digits; equal for equal mailboxes, telling nothing without the key."""
        return hmac.digest(self._key, address.key.encode("utf-8"), "sha256").hex()[:32]
