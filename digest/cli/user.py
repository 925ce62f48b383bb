"""`digest admin user`: who may sit at the desk."""

from __future__ import annotations

import sys

import click

from digest.cli.show import bold, json_option, put, put_json, quiet
from digest.jobs.session import opened
from digest.storage.accounts import ROLES
from digest.wording import _
from digest.workspace import Workspace


@click.group("user", help=_("Tài khoản của bàn biên tập"))
def user() -> None:
    """A group only."""


@user.command("set", help=_("Tạo tài khoản, hoặc đổi vai trò và mật khẩu"))
@click.argument("login")
@click.option("--name", default="", help=_("Họ tên hiện trên bàn biên tập"))
@click.option("--role", type=click.Choice(ROLES), default="editor", show_default=True)
@click.option("--center", default="", help=_("Trung tâm, với vai trò center"))
@click.option("--password-stdin", is_flag=True, help=_("Đọc mật khẩu từ đầu vào chuẩn, một dòng"))
@click.pass_obj
def set_(workspace: Workspace, login: str, name: str, role: str, center: str, password_stdin: bool) -> None:
    """Asks for the password twice, unseen, unless it comes on standard input."""
    from digest.jobs import accounts as job

    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt(_("Mật khẩu mới"), hide_input=True, confirmation_prompt=_("Gõ lại mật khẩu"))
    with opened(workspace) as session:
        made = job.put_user(session, login, name=name, role=role, password=password, center=center)
    put(
        _(
            "Đã lưu tài khoản {login} ({name}), vai trò {role}",
            login=made.login,
            name=made.name,
            role=made.role,
        )
    )


@user.command("list", help=_("Các tài khoản"))
@json_option
@click.pass_obj
def list_(workspace: Workspace, as_json: bool) -> None:
    """Names, roles and whether they are open; never a hash."""
    from digest.jobs import accounts as job

    with opened(workspace) as session:
        found = job.list_users(session)
    rows = [
        {"login": one.login, "name": one.name, "role": one.role, "center": one.center, "active": one.active}
        for one in found
    ]
    if as_json:
        put_json(rows)
        return
    for row in rows:
        shut = "" if row["active"] else "  " + _("(đã khóa)")
        put(f"{bold(row['login'])}  {row['role']}  {quiet(row['name'])}{shut}")
    if not rows:
        put(_("Chưa có tài khoản nào. Tạo bằng: digest admin user set TÊN --role approver"))


@user.command("shut", help=_("Khóa một tài khoản và kết thúc mọi phiên của nó"))
@click.argument("login")
@click.pass_obj
def shut(workspace: Workspace, login: str) -> None:
    """It can be opened again."""
    _switch(workspace, login, False)


@user.command("open", help=_("Mở lại một tài khoản"))
@click.argument("login")
@click.pass_obj
def open_(workspace: Workspace, login: str) -> None:
    """Also lifts a lock-out after wrong passwords."""
    _switch(workspace, login, True)


def _switch(workspace: Workspace, login: str, active: bool) -> None:
    from digest.jobs import accounts as job

    with opened(workspace) as session:
        job.set_active(session, login, active)
    put(_("Đã mở tài khoản {login}", login=login) if active else _("Đã khóa tài khoản {login}", login=login))
