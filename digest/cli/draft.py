"""`digest draft`: writes edition.md for a bulletin, a dossier on a topic, or a correction slip."""

from __future__ import annotations

import click

from digest import clock
from digest.cli.edition import print_faults_and_next
from digest.cli.show import json_option, put_json
from digest.errors import UsageError
from digest.jobs.session import opened
from digest.wording import _
from digest.workspace import Workspace


@click.command(
    help=_(
        "Soạn bản nháp edition.md: một bản tin, một chuyên đề (--topic), đề cương (--outline), tờ đính chính (--corrects)"
    )
)
@click.argument("bulletin", required=False)
@click.option("--period", help=_("Kỳ, như 2026-W47 hay 2026-11; không ghi thì là kỳ này"))
@click.option("--topic", help=_("Chuyên đề về chủ đề này, cần --from và --to"))
@click.option("--from", "first", help=_("Từ ngày"))
@click.option("--to", "last", help=_("Đến ngày"))
@click.option("--outline", help=_("Đề cương cho báo cáo viên, soạn từ số này, như bao-cao-vien/2026-W47"))
@click.option("--corrects", help=_("Số đã duyệt cần đính chính, như bao-cao-vien/2026-W47"))
@click.option(
    "--add", "add", multiple=True, type=click.IntRange(1), help=_("Thêm bài số này vào bản nháp đang có")
)
@click.option(
    "--documents", is_flag=True, help=_("Thêm mục văn bản mới: số, nội dung, nơi ban hành, ngày, hiệu lực")
)
@click.option("--meeting", help=_("Ngày họp, in cạnh địa danh (tài liệu sinh hoạt chi bộ)"))
@click.option("--anew", is_flag=True, help=_("Soạn lại từ đầu; bản cũ được cất bên cạnh, không mất"))
@json_option
@click.pass_obj
def draft(
    workspace: Workspace,
    bulletin: str | None,
    period: str | None,
    topic: str | None,
    first: str | None,
    last: str | None,
    outline: str | None,
    corrects: str | None,
    add: tuple[int, ...],
    documents: bool,
    meeting: str | None,
    anew: bool,
    as_json: bool,
) -> None:
    """Calls the job that fits the options."""
    from digest.jobs import dossier, drafting
    from digest.jobs import edition as job

    with opened(workspace, doing=_("soạn bản nháp")) as session:
        if corrects:
            report = dossier.draft_slip(session, corrects)
        elif outline:
            report = dossier.draft_outline(session, outline, anew=anew)
        elif topic:
            report = dossier.draft_dossier(session, topic, _span(first, last), anew=anew)
        elif bulletin:
            series = session.bulletin(bulletin)
            span = clock.period(period) if period else job.current_period(series, session.now())
            day = clock.iso_day(meeting) if meeting else None
            report = drafting.draft(
                session, series, span, add=add, documents=documents, meeting=day, anew=anew
            )
        else:
            raise UsageError(
                _("Cần tên bản tin, --topic, --outline hoặc --corrects"), fix=_("Xem: digest draft --help")
            )
    put_json(report.json()) if as_json else print_faults_and_next(report)


def _span(first: str | None, last: str | None) -> clock.Period:
    """The days of a dossier, which has no period of its own."""
    if not (first and last):
        raise UsageError(_("Chuyên đề cần --from và --to"), fix=_("Ví dụ: --from 2026-11-01 --to 2026-11-30"))
    return clock.days(clock.iso_day(first), clock.iso_day(last))
