"""What a center can look at before it sends: log-in, TLS, size, and the sender's records in DNS."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from digest.errors import MailError, UsageError
from digest.mail.message import sender_address
from digest.mail.server import Server
from digest.mail.smtp import Connection
from digest.wording import _

# Selectors that usual providers name their DKIM keys by; there is no way to list them.
SELECTORS = ("default", "dkim", "google", "k1", "mail", "s1", "s2", "selector1", "selector2", "zoho", "zmail")
# Providers whose own addresses only their own servers may use (their DMARC says so).
_THEIR_OWN = {
    "gmail.com": "google", "googlemail.com": "google", "yahoo.com": "yahoo", "yahoo.com.vn": "yahoo",
    "outlook.com": "outlook", "hotmail.com": "outlook", "live.com": "outlook", "outlook.com.vn": "outlook",
}  # fmt: skip
_SERVERS = {
    "google": ("gmail.com", "google.com"),
    "yahoo": ("yahoo.com",),
    "outlook": ("outlook.com", "office365.com"),
}

Lookup = Callable[[str, str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. level: ok | warning | error | unknown; `fix`: what to do or to ask the provider."""

    about: str
    level: str
    what: str
    fix: str = ""


class NoAnswer(Exception):
    """DNS could not be asked, which is not the same as a missing record."""


def examine(
    sender: str,
    server: Server | None,
    *,
    now: datetime,
    size: int = 0,
    selector: str = "",
    lookup: Lookup | None = None,
) -> list[Finding]:
    """Looks at everything without sending a letter.

    `size`: bytes of one letter, if it is known; `selector`: the name of our own DKIM key.
    """
    try:
        domain = sender_address(sender).domain
    except UsageError as wrong:
        return [Finding("sender", "error", wrong.what, wrong.fix)]
    found = _sender(domain, server)
    found += _server(server, now, size) if server is not None else [_no_server()]
    return found + records(domain, lookup or dns_lookup, selector)


def _no_server() -> Finding:
    fix = _('Thêm vào settings.toml: smtp_url = "smtp://TÊN:MẬT_KHẨU@MÁY_CHỦ:587?starttls=1"')
    return Finding("server", "error", _("Chưa có địa chỉ máy chủ thư"), fix)


def _sender(domain: str, server: Server | None) -> list[Finding]:
    provider = _THEIR_OWN.get(domain)
    if provider is None or (server is not None and server.host.endswith(_SERVERS[provider])):
        return []
    what = _("Người gửi dùng địa chỉ {domain} nhưng gửi qua máy chủ khác: thư sẽ vào mục rác", domain=domain)
    fix = _("Dùng địa chỉ thuộc tên miền của cơ quan, hoặc gửi qua chính máy chủ của {domain}", domain=domain)
    return [Finding("sender", "warning", what, fix)]


def _server(server: Server, now: datetime, size: int) -> list[Finding]:
    connection = Connection(server, timeout=20)
    try:
        connection.open()
    except MailError as failed:
        return [Finding("server", "error", failed.what, failed.fix)]
    with connection:
        found = [_secured(server, connection, now), _logged_in(server)]
        return [*found, _sized(connection.max_size, size)]


def _secured(server: Server, connection: Connection, now: datetime) -> Finding:
    tls = connection.tls
    if tls is None:
        if server.loopback:
            return Finding("tls", "ok", _("Máy chủ ở ngay máy này, không cần mã hóa"))
        fix = _("Thêm ?starttls=1 vào DIGEST_SMTP_URL, hoặc dùng smtps://")
        return Finding("tls", "warning", _("Thư đi tới máy chủ mà không mã hóa"), fix)
    version, ends = tls.version() or "", _certificate_ends(tls)
    if ends is not None and ends - now < timedelta(days=14):
        fix = _("Báo nơi cấp hộp thư gia hạn")
        return Finding(
            "tls", "warning", _("Chứng chỉ của máy chủ hết hạn ngày {day}", day=f"{ends:%d/%m/%Y}"), fix
        )
    return Finding("tls", "ok", _("Mã hóa {version}, chứng chỉ đáng tin", version=version))


def _certificate_ends(tls: ssl.SSLSocket) -> datetime | None:
    ends = (tls.getpeercert() or {}).get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if isinstance(ends, str) else None


def _logged_in(server: Server) -> Finding:
    if server.user:
        return Finding("login", "ok", _("Đăng nhập được"))
    if server.loopback:
        return Finding("login", "ok", _("Máy chủ không đòi đăng nhập"))
    fix = _("Nếu máy chủ từ chối gửi, thêm tên và mật khẩu vào DIGEST_SMTP_URL")
    return Finding("login", "unknown", _("Không đăng nhập"), fix)


def _sized(most: int | None, size: int) -> Finding:
    if most is None:
        fix = _("Hỏi nơi cấp hộp thư: một thư được nặng tối đa bao nhiêu, mỗi ngày gửi được bao nhiêu thư")
        return Finding("size", "unknown", _("Máy chủ không nói nhận thư nặng đến đâu"), fix)
    megabytes = f"{most / 1_000_000:.0f}"
    if size > most:
        fix = _("Tệp đính kèm sẽ được thay bằng liên kết")
        return Finding("size", "warning", _("Thư nặng hơn {most} MB mà máy chủ nhận", most=megabytes), fix)
    return Finding("size", "ok", _("Máy chủ nhận thư đến {most} MB", most=megabytes))


def records(domain: str, lookup: Lookup, selector: str = "") -> list[Finding]:
    """SPF, DKIM, DMARC and MX of the sender's domain, as far as DNS answers."""
    try:
        return [
            _spf(domain, lookup),
            _dkim(domain, lookup, selector),
            _dmarc(domain, lookup),
            _mx(domain, lookup),
        ]
    except NoAnswer:
        fix = _("Kiểm tra lại khi có mạng")
        return [Finding("dns", "unknown", _("Không hỏi được DNS nên chưa xem được SPF, DKIM, DMARC"), fix)]


def _spf(domain: str, lookup: Lookup) -> Finding:
    """RFC 7208: exactly one record, and it must end by saying what about all others."""
    found = [text for text in lookup(domain, "TXT") if re.match(r"v=spf1( |$)", text, re.IGNORECASE)]
    ask = _("Hỏi nơi cấp hộp thư bản ghi SPF cần đặt cho {domain}", domain=domain)
    if not found:
        return Finding("spf", "warning", _("Tên miền {domain} chưa có SPF", domain=domain), ask)
    if len(found) > 1:
        return Finding(
            "spf", "error", _("Tên miền có hơn một bản ghi SPF, nên không bản nào có hiệu lực"), ask
        )
    if re.search(r"(^|\s)\+?all\b", found[0], re.IGNORECASE):
        return Finding("spf", "warning", _("SPF cho phép mọi máy chủ gửi thay tên miền này"), ask)
    return Finding("spf", "ok", _("Có SPF"))


def _dkim(domain: str, lookup: Lookup, own: str = "") -> Finding:
    for selector in (own,) if own else SELECTORS:
        for text in lookup(f"{selector}._domainkey.{domain}", "TXT"):
            if re.search(r"(^|;)\s*p=[A-Za-z0-9+/]", text):
                return Finding("dkim", "ok", _("Có DKIM (tên khóa {selector})", selector=selector))
    if own:
        place = f"{own}._domainkey.{domain}"
        fix = _(
            "Nhờ nơi quản lý tên miền thêm TXT tại {place}: v=DKIM1; k=rsa; p=KHÓA_CÔNG_KHAI", place=place
        )
        return Finding("dkim", "error", _("Thư được ký DKIM nhưng DNS không có khóa công khai"), fix)
    what = _("Không thấy DKIM dưới các tên khóa thường dùng")
    fix = _(
        "Hỏi nơi cấp hộp thư: thư gửi từ {domain} có được ký DKIM không, tên khóa (selector) là gì",
        domain=domain,
    )
    return Finding("dkim", "unknown", what, fix)


def _dmarc(domain: str, lookup: Lookup) -> Finding:
    """RFC 7489; from 5,000 letters a day Gmail and Outlook want one."""
    labels = domain.split(".")
    for at in range(len(labels) - 1):
        found = [
            text for text in lookup("_dmarc." + ".".join(labels[at:]), "TXT") if text.startswith("v=DMARC1")
        ]
        if found:
            policy = re.search(r";\s*p=(none|quarantine|reject)", found[0])
            if policy is None:
                return Finding(
                    "dmarc", "warning", _("Bản ghi DMARC viết sai"), _("Nhờ nơi quản lý tên miền sửa")
                )
            return Finding("dmarc", "ok", _("Có DMARC (p={policy})", policy=policy[1]))
    fix = _("Nhờ nơi quản lý tên miền thêm TXT tại _dmarc.{domain}: v=DMARC1; p=none", domain=domain)
    return Finding("dmarc", "warning", _("Tên miền {domain} chưa có DMARC", domain=domain), fix)


def _mx(domain: str, lookup: Lookup) -> Finding:
    if lookup(domain, "MX"):
        return Finding("mx", "ok", _("Người nhận trả lời được: tên miền có máy chủ nhận thư"))
    what = _("Tên miền {domain} không có máy chủ nhận thư, nên không ai trả lời được", domain=domain)
    return Finding("mx", "warning", what, _("Dùng địa chỉ người gửi có người đọc"))


def dns_lookup(name: str, kind: str) -> list[str]:
    """Records of a name as text; empty when there are none, NoAnswer when DNS cannot be asked."""
    import dns.exception
    import dns.resolver

    try:
        answer = dns.resolver.resolve(name, kind, lifetime=5)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise NoAnswer(name) from error
    if kind == "TXT":
        return [b"".join(row.strings).decode("utf-8", "replace") for row in answer]
    return [row.to_text() for row in answer]
