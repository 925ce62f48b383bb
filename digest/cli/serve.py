"""`digest serve`: the web view."""

from __future__ import annotations

import click

from digest.wording import _
from digest.workspace import Workspace


@click.command(help=_("Mở trang web để tìm và đọc (và bàn biên tập với --desk)"))
@click.option(
    "--host", default="127.0.0.1", show_default=True, help=_("Địa chỉ mở ra; 0.0.0.0 là cả mạng cơ quan")
)
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help=_("Cổng; 0 là cổng nào còn trống"),
)
@click.option("--desk", is_flag=True, help=_("Mở cả bàn biên tập, ở /bien-tap/"))
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help=_(
        "Số tiến trình cùng phục vụ; bỏ trống: mỗi nhân một tiến trình, nhiều nhất 4 (Windows: 1); --desk chỉ dùng một"
    ),
)
@click.pass_obj
def serve(workspace: Workspace, host: str, port: int, desk: bool, workers: int | None) -> None:
    """Serves until it is stopped."""
    from digest.jobs.session import must_be_made
    from digest.web.serve import serve as serve_web

    must_be_made(workspace)
    serve_web(workspace, host, port, desk, workers)
