"""`digest admin suppress | forget | bounces`: who gets no letters any more."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.main import DONE, PARTLY
from digest.cli.show import bold, json_option, put, put_json, warn
from digest.errors import UsageError
from digest.jobs.session import opened
from digest.wording import _
from digest.workspace import Workspace

if TYPE_CHECKING:
    from digest.jobs.recipients import Emptied


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


@click.command(
    help=_(
        "Đọc các thư báo không tới được: từ hộp thư của trung tâm (imap_url), hoặc từ thư mục có các tệp .eml"
    )
)
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--center", "centers", multiple=True, help=_("Chỉ hộp thư của trung tâm này; ghi được nhiều lần")
)
@json_option
@click.pass_obj
def bounces(workspace: Workspace, folder: Path | None, centers: tuple[str, ...], as_json: bool) -> int:
    """Addresses that are no more are suppressed; passing troubles are counted; 3 if a mailbox failed."""
    from digest.jobs import recipients as job

    if folder is not None and centers:
        raise UsageError(
            _("--center chỉ dùng khi đọc hộp thư, không dùng với thư mục"),
            fix=_("Bỏ --center, hoặc bỏ thư mục"),
        )
    with opened(workspace) as session:
        if folder is not None:
            found = [job.Emptied("", job.take_bounces(session, folder))]
        else:
            found = job.read_mailboxes(session, centers)
    if as_json:
        put_json([_shape(one) for one in found])
    for one in () if as_json else found:
        _print(one)
    return PARTLY if any(one.failure for one in found) else DONE


def _shape(one: Emptied) -> dict[str, object]:
    said = {"center": one.center} if one.center else {}
    return {**said, **asdict(one.taken), **({"error": str(one.failure)} if one.failure else {})}


def _print(one: Emptied) -> None:
    taken = one.taken
    if one.center:
        put(bold(one.center))
    if one.failure is not None:
        put(f"  {warn('!')} {one.failure}")
    put(
        _(
            "{hard} địa chỉ không còn (ngừng gửi), {soft} trục trặc tạm thời, {others} thư khác bỏ qua.",
            hard=taken.hard,
            soft=taken.soft,
            others=taken.others,
        )
    )
