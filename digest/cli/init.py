"""`digest init`: a new workspace with the packaged sources.yaml."""

from __future__ import annotations

from pathlib import Path

import click

from digest.cli.show import bold, link, put, put_steps
from digest.jobs.setup import make_workspace
from digest.wording import _
from digest.workspace import Workspace


@click.command(help=_("Tạo thư mục làm việc mới, có sẵn sources.yaml mẫu"))
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.pass_obj
def init(workspace: Workspace, directory: Path | None) -> None:
    """Makes the workspace and says what to do next."""
    made = make_workspace(Workspace(directory.resolve()) if directory else workspace)
    put(bold(_("Đã tạo thư mục làm việc:")) + f" {made.home}")
    put()
    put(bold(_("Việc tiếp theo")))
    put_steps(
        (_("Sửa tên trung tâm, bản tin"), link(made.sources_path)),
        (_("Kiểm tra"), link("digest check")),
        (_("Chạy lần đầu"), link("digest weekly")),
    )
