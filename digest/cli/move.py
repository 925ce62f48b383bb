"""`digest admin move`: the archive carried over to another database, counted and compared."""

from __future__ import annotations

import click

from digest.cli.show import bold, columns, json_option, number, put, put_json
from digest.jobs.session import opened
from digest.wording import _
from digest.workspace import Workspace


@click.command(help=_("Chuyển kho bài sang cơ sở dữ liệu khác (PostgreSQL), đếm và so từng dòng"))
@click.option("--to", "url", required=True, help=_("Như postgresql://TÊN:MẬT_KHẨU@MÁY_CHỦ/CƠ_SỞ_DỮ_LIỆU"))
@json_option
@click.pass_obj
def move(workspace: Workspace, url: str, as_json: bool) -> None:
    """Copies everything or nothing; the old archive stays."""
    from digest.jobs import move as job

    with opened(workspace, doing=_("chuyển kho bài")) as session:
        moved = job.move(session, url)
    if as_json:
        put_json({name: {"rows": one.rows, "sha256": one.sha256} for name, one in moved.items()})
        return
    put(bold(_("Đã chuyển.")) + " " + _("Từng bảng có đủ số dòng, nội dung giống hệt bản gốc:"))
    rows = [(name, number(one.rows), one.sha256[:16]) for name, one in moved.items() if one.rows]
    for row in columns(rows, right=lambda i: i == 1):
        put("  " + row)
    put()
    put(_("Trước khi chuyển phải dừng digest serve; xong các việc sau mới chạy lại nó."))
    put(_("Việc tiếp theo: thêm dòng này vào {path}:", path=workspace.settings_path))
    put('  database_url = "…"   ' + _("(địa chỉ vừa gõ)"))
    put(_("Rồi chạy digest admin reindex và digest admin verify. Kho cũ còn nguyên, giữ làm bản dự phòng."))
