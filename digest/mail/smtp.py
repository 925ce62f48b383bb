"""One SMTP connection for many letters: verified TLS, log-in, and exactly what the server said to each."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from base64 import b64encode
from collections.abc import Callable

from digest.errors import MailError
from digest.mail.address import Address
from digest.mail.reply import Outcome, Reply
from digest.mail.server import Server
from digest.wording import _

_AT = re.compile(r"\S*@\S*")
_TAKEN = (250, 251, 252)
_STATUS = re.compile(rb"^([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")


class Unreachable(MailError):
    """Nobody answers, or the server wants us to come back later; it may work in a while."""


class Connection:
    """Opened once, used for letter after letter; `closed` after the server or the network ended it."""

    def __init__(self, to: Server, *, timeout: float = 60.0, patience: float = 600.0) -> None:
        """`timeout`: seconds for each answer; `patience`: for the one after a letter's end (RFC 5321)."""
        self.server, self._timeout, self._patience = to, timeout, patience
        self._smtp: smtplib.SMTP | None = None

    @property
    def closed(self) -> bool:
        """True when the next letter needs `open` first."""
        return self._smtp is None

    @property
    def features(self) -> dict[str, str]:
        """What the server said it can do, names in small letters."""
        return {} if self._smtp is None else self._smtp.esmtp_features

    @property
    def max_size(self) -> int | None:
        """The largest letter it takes, in bytes, if it said so."""
        said = self.features.get("size", "")
        return int(said) or None if said.isdigit() else None

    @property
    def tls(self) -> ssl.SSLSocket | None:
        """The secured socket, for those who look at its certificate."""
        sock = None if self._smtp is None else self._smtp.sock
        return sock if isinstance(sock, ssl.SSLSocket) else None

    def open(self) -> None:
        """Connects, secures, logs in; MailError says what did not work and what to do."""
        self.close()
        try:
            self._smtp = smtp = self._connected()
            self._greet(smtp)
            if self.server.security == "starttls":
                self._secure(smtp)
            if self.server.user:
                self._log_in(smtp)
        except ssl.SSLCertVerificationError as error:
            self._drop()
            raise self._failed(
                _("Chứng chỉ của máy chủ thư không đáng tin ({reason})", reason=error.verify_message),
                _("Không gửi gì cả. Xem lại tên máy chủ, hoặc hỏi nơi cấp hộp thư"),
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise Unreachable(
                _("Không nối được máy chủ thư ({reason})", reason=_why(error)),
                self.server.place,
                _("Xem lại mạng và DIGEST_SMTP_URL rồi chạy lại; chưa gửi gì thêm"),
            ) from error
        except MailError:
            self._drop()
            raise

    def _connected(self) -> smtplib.SMTP:
        to = self.server
        # A made-up name: smtplib would otherwise ask DNS for ours, slow on a PC and told to the server.
        if to.security == "tls":
            made: smtplib.SMTP = smtplib.SMTP_SSL(
                to.host, to.port, local_hostname="[127.0.0.1]", timeout=self._timeout, context=self._tls()
            )
        else:
            made = smtplib.SMTP(to.host, to.port, local_hostname="[127.0.0.1]", timeout=self._timeout)
        assert made.sock is not None
        own = made.sock.getsockname()[0]
        made.local_hostname = f"[IPv6:{own}]" if ":" in own else f"[{own}]"
        return made

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.server.ca or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def _greet(self, smtp: smtplib.SMTP) -> None:
        code, _said = smtp.ehlo()
        if not 200 <= code <= 299:
            code, _said = smtp.helo()
        if not 200 <= code <= 299:
            raise smtplib.SMTPResponseException(code, b"EHLO")

    def _secure(self, smtp: smtplib.SMTP) -> None:
        if not smtp.has_extn("starttls"):
            raise self._failed(
                _("Máy chủ thư không mời mã hóa (STARTTLS), có thể đường truyền bị can thiệp"),
                _("Không gửi gì cả. Thử mạng khác, hoặc hỏi nơi cấp hộp thư"),
            )
        smtp.starttls(context=self._tls())
        self._greet(smtp)

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        offered = smtp.esmtp_features.get("auth", "").upper().split()
        user, password = self.server.user, self.server.password
        if "PLAIN" in offered:
            code, _said = smtp.docmd("AUTH", "PLAIN " + _b64(f"\0{user}\0{password}"))
        elif "LOGIN" in offered:
            code, _said = smtp.docmd("AUTH", "LOGIN " + _b64(user))
            if code == 334:
                code, _said = smtp.docmd(_b64(password))
        else:
            raise self._failed(
                _("Máy chủ thư không nhận cách đăng nhập nào mà chương trình biết (PLAIN, LOGIN)"),
                _("Hỏi nơi cấp hộp thư về “mật khẩu ứng dụng” cho SMTP"),
            )
        if code not in (235, 503):
            raise self._failed(
                _("Máy chủ thư không nhận tên đăng nhập hoặc mật khẩu (mã {code})", code=code),
                _("Xem lại DIGEST_SMTP_URL; nhiều nơi đòi “mật khẩu ứng dụng” thay cho mật khẩu thường"),
            )

    def _failed(self, what: str, fix: str) -> MailError:
        return MailError(what, self.server.place, fix)

    def offer(
        self, sender: Address, recipient: Address, letter: bytes, before: Callable[[], bool] = lambda: True
    ) -> Reply:
        """Hands one letter in. `before` runs before any byte of it goes out; False takes it back."""
        assert self._smtp is not None
        if recipient.needs_utf8 and "smtputf8" not in self.features:
            return (
                Reply(Outcome.REFUSED, "rcpt", 550, "5.6.7") if before() else Reply(Outcome.SKIPPED, "rcpt")
            )
        try:
            return self._offered(self._smtp, sender, recipient, letter, before)
        except (OSError, smtplib.SMTPException):
            self._drop()
            return Reply(Outcome.LOST, "connection", closed=True)
        except BaseException:
            self._drop()  # whatever `before` raised: the server forgets a letter without an end
            raise

    def _offered(
        self,
        smtp: smtplib.SMTP,
        sender: Address,
        recipient: Address,
        letter: bytes,
        before: Callable[[], bool],
    ) -> Reply:
        mail = self._mail_command(sender, recipient, letter)
        rcpt = f"RCPT TO:<{recipient.spec}>\r\n"
        if "pipelining" in self.features:
            return self._together(smtp, f"{mail}{rcpt}DATA\r\n", letter, before)
        smtp.send(mail.encode())
        first = smtp.getreply()
        if first[0] != 250:
            return self._no("mail", *first) if before() else self._taken_back()
        smtp.send(rcpt.encode())
        wanted = before()
        code, words = smtp.getreply()
        if not wanted:
            return self._taken_back()
        if code not in _TAKEN:
            return self._no("rcpt", code, words)
        code, words = smtp.docmd("DATA")
        return self._data(smtp, letter) if code == 354 else self._no("data", code, words)

    def _together(
        self, smtp: smtplib.SMTP, commands: str, letter: bytes, before: Callable[[], bool]
    ) -> Reply:
        """Three commands in one packet (RFC 2920); the ledger is written while the server thinks."""
        smtp.send(commands.encode())
        if not before():
            self._drop()  # rather than end a letter that nobody must get
            return Reply(Outcome.SKIPPED, "rcpt", closed=True)
        said = {"mail": smtp.getreply(), "rcpt": smtp.getreply()}
        failed = next((stage for stage, (code, _words) in said.items() if code not in _TAKEN), None)
        if failed is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                if smtp.getreply()[0] == 354:  # it waits for a letter to nobody: an empty one (3.1)
                    smtp.send(".\r\n")
                    smtp.getreply()
            return self._no(failed, *said[failed])
        code, words = smtp.getreply()
        return self._data(smtp, letter) if code == 354 else self._no("data", code, words)

    def _mail_command(self, sender: Address, recipient: Address, letter: bytes) -> str:
        size = f" SIZE={len(letter)}" if "size" in self.features else ""
        utf8 = " BODY=8BITMIME SMTPUTF8" if recipient.needs_utf8 else ""
        return f"MAIL FROM:<{sender.spec}>{size}{utf8}\r\n"

    def _data(self, smtp: smtplib.SMTP, letter: bytes) -> Reply:
        stuffed = letter.replace(b"\r\n.", b"\r\n..")
        stuffed = b"." + stuffed if stuffed.startswith(b".") else stuffed
        end = b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"
        assert smtp.sock is not None
        smtp.sock.settimeout(self._patience)
        whole = True
        try:
            smtp.sock.sendall(stuffed + end)
        except OSError:
            whole = False  # its end never left; the server may have said why
        try:
            code, words = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(self._timeout)
        except (OSError, smtplib.SMTPException):
            self._drop()
            return Reply(Outcome.SILENT if whole else Outcome.LOST, "end", closed=True)
        if 200 <= code <= 299 and whole:
            return Reply(Outcome.ACCEPTED, "end", code, _status(words))
        if not 400 <= code <= 599:  # no answer that means anything
            self._drop()
            return Reply(Outcome.SILENT if whole else Outcome.LOST, "end", closed=True)
        return self._no("end", code, words)

    def _no(self, stage: str, code: int, words: bytes) -> Reply:
        """A refusal as a Reply; the transaction is cleared, or the connection given up."""
        final = 500 <= code <= 599
        outcome = Outcome.REFUSED if final else Outcome.PUT_OFF
        if code == 421 or not 400 <= code <= 599 or not self._reset():
            self._drop()
        return Reply(outcome, stage, code, _status(words), self.closed)

    def _taken_back(self) -> Reply:
        if not self._reset():
            self._drop()
        return Reply(Outcome.SKIPPED, "rcpt", closed=self.closed)

    def _reset(self) -> bool:
        try:
            return self._smtp is not None and self._smtp.rset()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def close(self) -> None:
        """Says goodbye, if anyone is there."""
        if self._smtp is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
            self._drop()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()


def _b64(text: str) -> str:
    return b64encode(text.encode("utf-8")).decode("ascii")


def _status(words: bytes) -> str:
    found = _STATUS.match(words)
    return found[1].decode("ascii") if found else ""


def _why(error: Exception) -> str:
    """A server's or system's words, without anything that looks like an address."""
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
        return f"{error.smtp_code} {_AT.sub('…', said)[:200]}"
    if isinstance(error, TimeoutError):
        return _("máy chủ không trả lời")
    return _AT.sub("…", getattr(error, "strerror", None) or str(error))[:200]
