"""Where letters are handed in: the mail server that a DIGEST_SMTP_URL names."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

from digest.errors import UsageError
from digest.wording import _

_EXAMPLE = "smtp://tai-khoan:mat-khau@smtp.example.vn:587?starttls=1"


@dataclass(frozen=True, slots=True)
class Server:
    """Where letters are handed in. `security`: none | starttls | tls; `ca`: a file of its authorities."""

    host: str
    port: int
    security: str = "none"
    user: str = ""
    password: str = field(default="", repr=False)
    ca: str = ""

    @property
    def loopback(self) -> bool:
        """True for this very machine, where nobody listens in."""
        if self.host == "localhost":
            return True
        with contextlib.suppress(ValueError):
            return ip_address(self.host).is_loopback
        return False

    @property
    def place(self) -> str:
        """How messages name it: without user and password."""
        return f"{self.host}:{self.port}"


def server(url: str) -> Server:
    """The server in a DIGEST_SMTP_URL; UsageError that never repeats the URL, which holds a password."""
    try:
        parts = urlsplit(url.strip())
        options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        tls = parts.scheme == "smtps"
        port = parts.port or (465 if tls else 587 if options.get("starttls") == "1" else 25)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or set(options) - {"starttls", "ca"}:
            raise ValueError
    except ValueError:
        fix = _("Viết như {example}, hoặc smtps://…:465", example=_EXAMPLE)
        raise UsageError(_("Địa chỉ máy chủ thư không đúng"), "DIGEST_SMTP_URL", fix) from None
    security = "tls" if tls else "starttls" if options.get("starttls") == "1" else "none"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    made = Server(parts.hostname, port, security, user, password, options.get("ca", ""))
    if user and security == "none" and not made.loopback:
        fix = _("Thêm ?starttls=1 vào cuối địa chỉ, hoặc dùng smtps://")
        raise UsageError(_("Mật khẩu không được gửi qua đường không mã hóa"), "DIGEST_SMTP_URL", fix)
    return made
