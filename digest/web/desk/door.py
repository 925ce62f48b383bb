"""Who may come to the desk: log-in, sessions, lock-out, cross-site protection, roles."""

from __future__ import annotations

import functools
import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
)

from digest import clock
from digest.jobs import accounts as job
from digest.storage import accounts, audit
from digest.storage.accounts import Account
from digest.web import links
from digest.web.guards import Buckets
from digest.web.shelf import shelf
from digest.wording import _

pages = Blueprint("door", __name__, url_prefix="/bien-tap")
COOKIE = "ban"
LIVES = timedelta(hours=10)
NOTED = timedelta(minutes=1)  # how often a session's use is written down
TRIES = 5
SHUT = timedelta(minutes=15)
View = TypeVar("View", bound=Callable[..., Any])


def safe_way() -> bool:
    """Passwords travel over TLS or within this machine only."""
    if request.scheme == "https":
        return True
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_token() -> str:
    """What every form of this session carries; worthless in another session."""
    key = shelf().workspace.secret_key()
    return hmac.new(key, f"csrf:{g.get('session_hash', '')}".encode(), "sha256").hexdigest()


def same_site() -> bool:
    """Whether a request that changes something comes from a page of ours, as far as the browser says."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or (origin != "null" and urlsplit(origin).netloc == request.host)


def enter() -> None:
    """Before each request at the desk: the way, the session, and for changes where they come from."""
    if not request.path.startswith("/bien-tap"):
        return
    g.account, g.session_hash = None, ""
    if not safe_way():
        abort(403)
    token = request.cookies.get(COOKIE, "")
    if token:
        _recognise(token)
    if request.method not in ("GET", "HEAD") and not same_site():
        abort(403)


def _recognise(token: str) -> None:
    now, mark = clock.now(), _hash(token)
    with shelf().reading() as conn:
        found = accounts.who(conn, mark, now)
    if found is None:
        return
    g.account, g.session_hash = found[0], mark
    if now - found[1] > NOTED:
        with shelf().archive.writing() as conn:
            accounts.seen(conn, mark, now, now + LIVES)


def needs(*roles: str) -> Callable[[View], View]:
    """A page for accounts of these roles (an admin may see all); a form must carry the session's token."""

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **named: Any) -> Any:
            account: Account | None = g.get("account")
            if account is None:
                return redirect(links.to("/bien-tap/vao"), 303)
            if request.method == "POST" and not _token_fits():
                abort(403)
            if roles and account.role not in (*roles, "admin"):
                abort(403)
            return view(*args, **named)

        return cast(View, guarded)

    return wrap


def _token_fits() -> bool:
    return hmac.compare_digest(request.form.get("csrf", "").encode(), csrf_token().encode())


@pages.get("/vao")
def login_page() -> Any:
    """The form; someone who is in already goes to the desk."""
    if g.get("account") is not None:
        return redirect(links.to("/bien-tap/"), 303)
    with shelf().reading() as conn:
        nobody = not accounts.list_all(conn)
    return render_template("desk/login.html", said="", login="", nobody=nobody, place="")


@pages.post("/vao")
def login() -> Any:
    """A new session for the right password; every failure sounds the same, and takes as long."""
    name, password = request.form.get("login", "").strip().lower()[:60], request.form.get("password", "")
    tries: Buckets = current_app.extensions["digest.tries"]
    if not tries.take(request.remote_addr or "", 20, 20):
        abort(429)
    now = clock.now()
    with shelf().reading() as conn:
        account = accounts.get(conn, name)
    locked = account is not None and account.locked_until is not None and account.locked_until > now
    fits = job.right(account, password)
    if account is None or locked or not fits or not account.active:
        _failed(account, name, now, locked)
        said = _(
            "Tên hoặc mật khẩu không đúng, hoặc tài khoản đang tạm khóa. Sai nhiều lần thì phải đợi 15 phút."
        )
        html = render_template("desk/login.html", said=said, login=name, nobody=False, place="")
        return make_response(html, 403)
    return _begin(account, now)


def _failed(account: Account | None, name: str, now: datetime, locked: bool) -> None:
    with shelf().archive.writing() as conn:
        if account is not None and not locked:
            shut = now + SHUT if (account.failures + 1) % TRIES == 0 else None
            accounts.failed(conn, account.login, shut)
        who = account.login if account is not None else ""
        audit.note(conn, at=now, who=who, action="login-failed", subject=who and name)


def _begin(account: Account, now: datetime) -> Response:
    """A token that never was before, in a cookie that scripts and other sites do not get."""
    token = secrets.token_urlsafe(32)
    with shelf().archive.writing() as conn:
        if g.session_hash:
            accounts.end(conn, g.session_hash)
        accounts.succeeded(conn, account.login)
        accounts.begin(conn, token_hash=_hash(token), login=account.login, when=now, expires=now + LIVES)
        audit.note(conn, at=now, who=account.login, action="login")
    answer = cast(Response, redirect(links.to("/bien-tap/"), 303))
    secure = request.scheme == "https"
    answer.set_cookie(COOKIE, token, httponly=True, samesite="Strict", secure=secure, path="/")
    return answer


@pages.post("/ra")
@needs()
def logout() -> Any:
    """Ends the session here and in the archive."""
    with shelf().archive.writing() as conn:
        accounts.end(conn, g.session_hash)
        audit.note(conn, at=clock.now(), who=g.account.login, action="logout")
    answer = redirect(links.to("/bien-tap/vao"), 303)
    answer.delete_cookie(COOKIE, path="/")
    return answer


def note(action: str, subject: str = "", **detail: Any) -> None:
    """One line of the audit log, by whoever is at the desk."""
    with shelf().archive.writing() as conn:
        audit.note(conn, at=clock.now(), who=g.account.login, action=action, subject=subject, detail=detail)
