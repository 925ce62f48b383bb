"""`digest collect`: only the collecting."""

from __future__ import annotations

import click

from digest.cli.main import DONE, PARTLY
from digest.cli.priority import give_way
from digest.cli.report import print_collected, print_headline
from digest.cli.show import json_option, progress, put, put_json, warn
from digest.errors import UsageError
from digest.jobs.session import opened
from digest.wording import _
from digest.workspace import Workspace


@click.command(help=_("Chỉ thu thập bài mới, không dựng bản tin"))
@click.option(
    "--source", "sources", multiple=True, help=_("Chỉ nguồn này (mã trong sources.yaml); ghi được nhiều lần")
)
@click.option(
    "--shared", is_flag=True, help=_("Chia các nguồn với những máy khác cùng thu thập vào kho PostgreSQL này")
)
@json_option
@click.pass_obj
def collect(workspace: Workspace, sources: tuple[str, ...], shared: bool, as_json: bool) -> int:
    """Runs the job and prints its report; 3 when an entry point failed."""
    from digest.jobs import collect as job
    from digest.jobs import shared as sharing

    if shared and sources:
        raise UsageError(_("--shared chia hết các nguồn, không đi cùng --source"))
    give_way()
    with opened(workspace, doing=_("thu thập")) as session, progress(as_json) as steps:
        report = sharing.collect(session, steps) if shared else job.collect(session, sources, steps)
    if as_json:
        put_json({"collected": report.json(), "warnings": list(report.warnings)})
    else:
        print_headline(report)
        put()
        print_collected(report)
        for warning in report.warnings:
            put(f"  {warn('!')} {warning}")
    return PARTLY if report.partly else DONE
