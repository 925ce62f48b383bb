"""`digest build` and `digest approve`: renders and checks; freezes as fit to send."""

from __future__ import annotations

import click

from digest.cli.edition import print_faults_and_next
from digest.cli.show import json_option, put_json
from digest.jobs.session import opened
from digest.wording import _
from digest.workspace import Workspace


@click.command(help=_("Dựng một số từ edition.md: so từng chữ trích với bài gốc, rồi ra các tệp"))
@click.argument("edition")
@json_option
@click.pass_obj
def build(workspace: Workspace, edition: str, as_json: bool) -> None:
    """Nothing is written if a headline or an excerpt differs from its article."""
    from digest.jobs import edition as job

    with opened(workspace, doing=_("dựng bản tin")) as session:
        report = job.build(session, edition)
    if as_json:
        put_json(report.json())
    else:
        print_faults_and_next(report)


@click.command(help=_("Duyệt một số: đánh số, khóa lời, bản gốc và các tệp; sau đó mới gửi được"))
@click.argument("edition")
@click.option("--by", default="", help=_("Người duyệt, ghi vào kho"))
@json_option
@click.pass_obj
def approve(workspace: Workspace, edition: str, by: str, as_json: bool) -> None:
    """Builds once more with the number, then freezes."""
    from digest.cli.send import print_owed
    from digest.jobs import approval as job
    from digest.jobs.slips import slips_owed

    with opened(workspace, doing=_("duyệt bản tin")) as session:
        report = job.approve(session, edition, by)
        owed = [one for one in slips_owed(session) if one.slip == edition]
    if as_json:
        put_json(report.json())
        return
    print_faults_and_next(report)
    for one in owed:
        print_owed(one)
