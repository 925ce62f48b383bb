"""`digest admin user`: accounts of the desk."""

from __future__ import annotations

from pathlib import Path

import click

from digest.cli.show import put
from digest.jobs.session import opened
from digest.storage.accounts import ROLES
from digest.wording import _
from digest.workspace import Workspace


@click.group("user", help=_("Tài khoản của bàn biên tập"))
def user() -> None:
    """A group only."""


@user.command("add", help=_("Tạo tài khoản, hoặc đổi mật khẩu, vai trò của tài khoản đã có"))
@click.argument("login")
@click.option("--name", default="", help=_("Họ tên, hiện trên bàn biên tập"))
@click.option(
    "--role",
    type=click.Choice(ROLES),
    default="editor",
    show_default=True,
    help=_("editor: biên tập; approver: duyệt được; center: gửi cho một trung tâm; admin: mọi việc"),
)
@click.option("--center", default="", help=_("Mã trung tâm, với vai trò center"))
@click.option(
    "--password-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=_("Tệp chứa mật khẩu; không ghi thì được hỏi"),
)
@click.pass_obj
def add(
    workspace: Workspace, login: str, name: str, role: str, center: str, password_file: Path | None
) -> None:
    """The password is asked for, or read from a file; never an argument that other users could see."""
    from digest.jobs import accounts as job

    if password_file is not None:
        password = password_file.read_text(encoding="utf-8").strip()
    else:
        password = click.prompt(
            _("Mật khẩu"), hide_input=True, confirmation_prompt=_("Gõ lại mật khẩu"), err=True
        )
    with opened(workspace) as session:
        job.put_user(session, login, name=name or login, role=role, password=password, center=center)
    put(_("Đã ghi tài khoản {login}.", login=login))


@user.command("list", help=_("Các tài khoản đang có"))
@click.pass_obj
def list_(workspace: Workspace) -> None:
    """Logins, names, roles."""
    from digest.jobs import accounts as job

    with opened(workspace) as session:
        for one in job.list_users(session):
            shut = "" if one.active else "   " + _("(đang khóa)")
            put(f"{one.login:<24} {one.role:<10} {one.name}{shut}")


@user.command("shut", help=_("Khóa một tài khoản"))
@click.argument("login")
@click.option("--undo", is_flag=True, help=_("Mở lại"))
@click.pass_obj
def shut(workspace: Workspace, login: str, undo: bool) -> None:
    """Nothing of what the person did is removed."""
    from digest.jobs import accounts as job

    with opened(workspace) as session:
        job.set_active(session, login, undo)
    put(_("Đã mở lại {login}.", login=login) if undo else _("Đã khóa {login}.", login=login))
