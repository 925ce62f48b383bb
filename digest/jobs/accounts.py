"""Accounts of the desk: made, changed, shut; passwords are kept as argon2id hashes (RFC 9106)."""

from __future__ import annotations

import re
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from digest.errors import UsageError
from digest.jobs.session import Session
from digest.storage import accounts, audit
from digest.storage.accounts import ROLES, Account
from digest.wording import _

SHORTEST = 10
LONGEST = 200  # letters: hashing takes time, and nobody types more
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


@cache
def hasher() -> PasswordHasher:
    """argon2id with the library's defaults: 64 MiB, 3 passes, about 50 ms."""
    return PasswordHasher()


def put_user(
    session: Session, login: str, *, name: str, role: str, password: str, center: str = "", by: str = "shell"
) -> Account:
    """Makes an account or changes it; UsageError says what of it cannot be."""
    _check(session, login, role, password, center)
    with session.archive.writing() as conn:
        known = accounts.get(conn, login) is not None
        accounts.put(
            conn,
            login=login,
            name=name.strip() or login,
            role=role,
            center=center,
            password_hash=hasher().hash(password),
            when=session.now(),
        )
        action = "user-changed" if known else "user-made"
        audit.note(conn, at=session.now(), who=by, action=action, subject=login, detail={"role": role})
        made = accounts.get(conn, login)
    assert made is not None
    return made


def _check(session: Session, login: str, role: str, password: str, center: str) -> None:
    if not _LOGIN.fullmatch(login):
        raise UsageError(
            _("Tên đăng nhập “{login}” không dùng được", login=login),
            fix=_("Dùng 2 đến 40 chữ thường không dấu, số, dấu chấm hay gạch nối, như: le.thi.mau"),
        )
    if role not in ROLES:
        raise UsageError(
            _("Không có vai trò “{role}”", role=role),
            fix=_("Chọn một trong: {roles}", roles=", ".join(ROLES)),
        )
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(
            _("Mật khẩu phải dài từ {least} đến {most} chữ", least=SHORTEST, most=LONGEST),
            fix=_("Một câu dễ nhớ là tốt nhất, như bốn từ không liên quan gì đến nhau"),
        )
    if password.lower() in (login, login * 2) or len(set(password)) < 4:
        raise UsageError(_("Mật khẩu này dễ đoán quá"), fix=_("Chọn một câu khác"))
    if role == "center":
        session.center(center)


def set_active(session: Session, login: str, active: bool, by: str = "shell") -> None:
    """Shuts an account, or opens it again; UsageError if there is none."""
    with session.archive.writing() as conn:
        if not accounts.set_active(conn, login, active):
            raise UsageError(_("Không có tài khoản “{login}”", login=login))
        action = "user-opened" if active else "user-shut"
        audit.note(conn, at=session.now(), who=by, action=action, subject=login)


def list_users(session: Session) -> list[Account]:
    """All accounts by login."""
    with session.archive.reading() as conn:
        return accounts.list_all(conn)


def right(account: Account | None, password: str) -> bool:
    """Whether it is the account's password; as slow where there is no account: timing tells nothing."""
    known = account.password_hash if account else _nobody()
    try:
        hasher().verify(known, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return account is not None


@cache
def _nobody() -> str:
    return hasher().hash("không ai có mật khẩu này")
