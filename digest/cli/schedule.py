"""`digest admin schedule`: the weekly run handed to the machine's own scheduler."""

from __future__ import annotations

import click

from digest.cli.show import good, put
from digest.wording import _
from digest.workspace import Workspace


@click.command(
    help=_(
        "Đặt lịch chạy bản tin tuần: in ra những gì cần khai với Windows, systemd hay cron; "
        "--install khai luôn. Máy tắt lúc đến hạn thì bật lên sẽ chạy bù"
    )
)
@click.option(
    "--for",
    "scheduler",
    type=click.Choice(["windows", "systemd", "cron"]),
    required=True,
    help=_("Trình đặt lịch của máy"),
)
@click.option(
    "--at", default="fri 16:30", show_default=True, help=_("Lúc chạy: mon tue wed thu fri sat sun, giờ:phút")
)
@click.option("--install", is_flag=True, help=_("Khai luôn với máy này"))
@click.pass_obj
def schedule(workspace: Workspace, scheduler: str, at: str, install: bool) -> None:
    """Prints what is to be handed in, or hands it in."""
    from digest.jobs import schedule as job
    from digest.jobs.session import must_be_made

    must_be_made(workspace)
    made = job.plan(workspace, scheduler, job.due(at))
    if not install:
        put(made.shown)
        return
    job.install(made, scheduler)
    put(good("✓ ") + _("Đã đặt lịch: {at}, giờ Hà Nội.", at=at))
    for path, _data in made.files:
        put(f"  {path}")
