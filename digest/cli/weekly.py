"""`digest weekly`: the whole week's work in one command."""

from __future__ import annotations

import click

from digest import clock
from digest.cli.main import DONE, PARTLY
from digest.cli.report import print_weekly, week_line
from digest.cli.show import json_option, progress, put, put_json
from digest.jobs.session import opened
from digest.wording import _
from digest.workspace import Workspace


@click.command(
    help=_("Thu thập, gắn chủ đề, lập mục lục, soạn và dựng mọi bản tin đến kỳ; chạy lại không sao")
)
@click.option("--week", help=_("Tuần cần làm, như 2026-W47; không ghi thì tự chọn"))
@json_option
@click.pass_obj
def weekly(workspace: Workspace, week: str | None, as_json: bool) -> int:
    """Runs the job and prints its report; 3 when an entry point failed."""
    from digest.jobs import weekly as job

    with opened(workspace, doing=_("chạy bản tin tuần")) as session:
        chosen = clock.week(week) if week else clock.working_week(session.now())
        if not as_json:
            put(week_line(chosen))
            put()
        with progress(as_json) as steps:
            report = job.weekly(session, chosen, steps)
    code = PARTLY if report.partly else DONE
    if as_json:
        put_json(report.json())
    else:
        print_weekly(report, code)
    return code
