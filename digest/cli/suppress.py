"""`digest admin suppress | forget`: someone who wants no letters, or wants to be forgotten altogether."""

from __future__ import annotations

from pathlib import Path

import click

from digest.cli.show import put
from digest.jobs.session import opened
from digest.wording import _
from digest.workspace import Workspace


@click.command(help=_("Ngừng gửi tới một địa chỉ, dù nằm trong danh sách nào (kho chỉ giữ mã băm)"))
@click.argument("address")
@click.option("--undo", is_flag=True, help=_("Cho gửi lại"))
@click.pass_obj
def suppress(workspace: Workspace, address: str, undo: bool) -> None:
    """Keeps a keyed hash only."""
    from digest.jobs import recipients as job

    with opened(workspace) as session:
        changed = job.suppress(session, address, undo=undo)
    if undo:
        put(_("Đã cho gửi lại tới địa chỉ này.") if changed else _("Địa chỉ này vốn không bị ngừng."))
    else:
        put(_("Đã ngừng gửi tới địa chỉ này.") if changed else _("Địa chỉ này đã ngừng từ trước."))


@click.command(help=_("Xóa mọi dấu vết của một địa chỉ trong sổ gửi"))
@click.argument("address")
@click.pass_obj
def forget(workspace: Workspace, address: str) -> None:
    """Removes deliveries and suppression of an address; take it off the center's list as well."""
    from digest.jobs import recipients as job

    with opened(workspace) as session:
        count = job.forget(session, address)
    put(_("Đã xóa {count} dòng trong sổ gửi.", count=count))
    put(_("Nhớ xóa cả trong danh sách của trung tâm, nếu không lần sau vẫn gửi."))


@click.command(help=_("Đọc các thư báo không tới được, lưu thành .eml trong một thư mục"))
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.pass_obj
def bounces(workspace: Workspace, folder: Path) -> None:
    """Addresses that are no more are suppressed; passing troubles are counted."""
    from digest.jobs import recipients as job

    with opened(workspace) as session:
        taken = job.take_bounces(session, folder)
    put(
        _(
            "{hard} địa chỉ không còn (ngừng gửi), {soft} trục trặc tạm thời, {others} thư khác bỏ qua.",
            hard=taken.hard,
            soft=taken.soft,
            others=taken.others,
        )
    )
