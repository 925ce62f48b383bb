"""`digest admin backup | restore | verify`: a whole workspace kept, brought back, looked over."""

from __future__ import annotations

from pathlib import Path

import click

from digest.cli.main import DONE, FAILED
from digest.cli.show import bold, good, json_option, number, progress, put, put_json, warn
from digest.errors import UsageError
from digest.jobs.session import opened
from digest.wording import _
from digest.workspace import Workspace

passphrase_file = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=_("Tệp chứa mật khẩu của danh sách người nhận; không ghi thì được hỏi"),
)


@click.command(help=_("Sao lưu cả thư mục làm việc vào một tệp, kể cả khi đang chạy việc khác"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--with-recipients", is_flag=True, help=_("Cả danh sách người nhận, mã hóa bằng mật khẩu"))
@passphrase_file
@click.pass_obj
def backup(workspace: Workspace, file: Path, with_recipients: bool, passphrase_file: Path | None) -> None:
    """Recipients only when asked for, then encrypted."""
    from digest.jobs import backup as job

    passphrase = _passphrase(passphrase_file, confirm=True) if with_recipients else None
    with opened(workspace) as session:
        manifest = job.backup(session, file, passphrase)
    put(
        bold(_("Đã sao lưu."))
        + " "
        + _("{count} tệp vào {file}", count=number(len(manifest.files)), file=file)
    )


@click.command(help=_("Khôi phục bản sao lưu vào một thư mục trống (chỉ bằng --home)"))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@passphrase_file
@click.option("--with-recipients", is_flag=True, help=_("Lấy lại cả danh sách người nhận"))
@click.pass_obj
def restore(workspace: Workspace, file: Path, passphrase_file: Path | None, with_recipients: bool) -> None:
    """Checked hash by hash before anything is put in place."""
    from digest.jobs import backup as job

    wanted = with_recipients or passphrase_file
    passphrase = _passphrase(passphrase_file, confirm=False) if wanted else None
    with progress(False) as steps:
        articles = job.restore(workspace, file, passphrase, steps)
    put(
        bold(_("Đã khôi phục."))
        + " "
        + _("{count} bài trong {home}", count=number(articles), home=workspace.home)
    )


@click.command(help=_("Kiểm tra kho bài, các số đã duyệt, mục lục; nói cần làm gì"))
@json_option
@click.pass_obj
def verify(workspace: Workspace, as_json: bool) -> int:
    """1 when something is lost or changed; hints alone leave it at 0."""
    from digest.jobs import backup as job

    found = job.verify(workspace)
    if as_json:
        findings = [
            {"what": one.what, "where": one.where, "fix": one.fix, "serious": one.serious}
            for one in found.findings
        ]
        put_json({"ok": not found.serious, "findings": findings})
    else:
        for one in found.findings:
            sign = warn("!!" if one.serious else "!")
            put(
                f"{sign} {one.what}"
                + (f" ({one.where})" if one.where else "")
                + (f". {one.fix}" if one.fix else "")
            )
        if not found.findings:
            put(good("✓ " + _("Mọi thứ nguyên vẹn.")))
    return FAILED if found.serious else DONE


def _passphrase(file: Path | None, *, confirm: bool) -> str:
    if file is not None:
        said = file.read_text(encoding="utf-8").strip()
    else:
        said = click.prompt(_("Mật khẩu"), hide_input=True, confirmation_prompt=confirm, err=True)
    if not said:
        raise UsageError(_("Mật khẩu còn trống"))
    return said
