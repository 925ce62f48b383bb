"""`digest weekly`: the whole week's work in one command."""

from __future__ import annotations

import click

from digest import clock
from digest.cli.main import DONE, PARTLY
from digest.cli.priority import give_way
from digest.cli.report import print_weekly, week_line
from digest.cli.show import json_option, progress, put, put_json
from digest.errors import DigestError
from digest.jobs.session import opened
from digest.wording import _
from digest.workspace import Workspace


@click.command(
    help=_("Thu thập, gắn chủ đề, lập mục lục, soạn và dựng mọi bản tin đến kỳ; chạy lại không sao")
)
@click.option("--week", help=_("Tuần cần làm, như 2026-W47; không ghi thì tự chọn"))
@click.option(
    "--if-missed",
    "due",
    metavar="WHEN",
    is_flag=False,
    flag_value="fri 16:30",
    help=_("Chỉ chạy nếu từ lúc đến hạn gần nhất (như “fri 16:30”) chưa có lần nào chạy xong"),
)
@click.option(
    "--notify", is_flag=True, help=_("Gửi thư cho người biên tập (thiết đặt editor) khi có chỗ hỏng")
)
@json_option
@click.pass_obj
def weekly(workspace: Workspace, week: str | None, due: str | None, notify: bool, as_json: bool) -> int:
    """Runs the job and prints its report; 3 when an entry point failed."""
    if due and not _missed(workspace, due):
        click.echo(_("Kỳ này đã chạy xong, không phải chạy bù."), err=as_json)
        if as_json:
            put_json({"missed": False})
        return DONE
    give_way()
    try:
        code, troubles = _run(workspace, week, as_json)
    except Exception as failure:
        if notify:
            _tell(workspace, [str(failure) if isinstance(failure, DigestError) else _unforeseen(failure)])
        raise
    if notify:
        _tell(workspace, troubles)
    return code


def _missed(workspace: Workspace, said: str) -> bool:
    from digest.jobs import schedule

    when = schedule.due(said)
    try:
        with opened(workspace) as session:
            return schedule.missed(session, when)
    except DigestError:
        return True  # the run itself will say it, and tell the editor


def _tell(workspace: Workspace, troubles: list[str]) -> None:
    from digest.jobs import notice

    notice.tell(workspace, troubles)


def _unforeseen(failure: Exception) -> str:
    return _(
        "Sự cố chưa lường trước ({kind}); tệp báo sự cố nằm trong thư mục làm việc",
        kind=type(failure).__name__,
    )


def _run(workspace: Workspace, week: str | None, as_json: bool) -> tuple[int, list[str]]:
    """The exit code, and what the editor should know of editions that could not be built."""
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
    return code, [_("Chưa dựng được số {id}", id=one.id) for one in report.editions if one.failed]
