"""`digest send`: an approved edition by email, resumable."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest import clock
from digest.cli.main import DONE, PARTLY
from digest.cli.show import bold, json_option, number, progress, put, put_json, quiet, warn
from digest.errors import FileFaults
from digest.jobs.session import Session, opened
from digest.wording import _
from digest.workspace import Workspace

if TYPE_CHECKING:
    from digest.jobs.send import Ready
    from digest.mail.dispatch import Report
    from digest.mail.rehearse import Preview


@click.command(help=_("Gửi một số đã duyệt cho người nhận của một trung tâm; bị ngắt thì gõ lại để gửi tiếp"))
@click.argument("edition")
@click.option("--center", "centers", multiple=True, required=True, help=_("Mã trung tâm; ghi được nhiều lần"))
@click.option("--dry-run", is_flag=True, help=_("Chỉ nói sẽ gửi gì cho bao nhiêu người"))
@click.option(
    "--eml", "eml", type=click.Path(path_type=Path, file_okay=False), help=_("Viết thư thành tệp .eml")
)
@click.option("--test", "test", metavar="ADDRESS", help=_("Gửi thử một thư tới địa chỉ này"))
@click.option("--retry-unknown", is_flag=True, help=_("Gửi lại cả những thư chưa rõ đã tới hay chưa"))
@click.option("--attach", type=click.Choice(["pdf", "docx", "none"]), default="pdf", help=_("Tệp gửi kèm"))
@json_option
@click.pass_obj
def send(
    workspace: Workspace,
    edition: str,
    centers: tuple[str, ...],
    dry_run: bool,
    eml: Path | None,
    test: str | None,
    retry_unknown: bool,
    attach: str,
    as_json: bool,
) -> int:
    """One of four: looking, files, one letter, or sending; 3 when something waits or was refused."""
    from digest.jobs import send as job

    codes, told = [], []
    with opened(workspace) as session:
        for center in dict.fromkeys(centers):
            ready = job.prepare(session, edition, center, attach)
            if not as_json:
                _print_odd(session, ready)
            if dry_run:
                told.append(_looked(ready, job.preview(session, ready), as_json))
            elif eml:
                files = job.write_eml(session, ready, eml / center if len(centers) > 1 else eml)
                told.append({"center": center, "files": len(files)})
                if not as_json:
                    put(_("Đã viết {count} thư vào {folder}", count=number(len(files)), folder=eml))
            elif test:
                job.send_test(session, ready, test)
                told.append({"center": center, "test": True})
                if not as_json:
                    put(_("Đã gửi thử một thư."))
            else:
                with progress(as_json) as steps:
                    report = job.send(session, ready, retry_unknown=retry_unknown, progress=steps)
                told.append(_sent(report, as_json))
                codes.append(DONE if report.done and not report.stopped else PARTLY)
    if as_json:
        put_json({"edition": edition, "dispatches": told})
    return max(codes, default=DONE)


def _print_odd(session: Session, ready: Ready) -> None:
    for warning in ready.warnings:
        put(f"  {warn('!')} {warning}")
    if ready.faults:
        put(warn(_("Danh sách người nhận có chỗ cần xem:")))
        put(str(FileFaults(ready.center.recipients, ready.faults)))


def _looked(ready: Ready, found: Preview, as_json: bool) -> dict[str, object]:
    letter = message_from_bytes(found.first, policy=default)
    body = letter.get_body(("plain",))
    if not as_json:
        put(bold(_("Sẽ gửi cho {count} người", count=number(found.to_send))) + f" · {ready.center.name}")
        put(
            "  "
            + _(
                "mỗi thư {size} KB, cả thảy {total} MB",
                size=found.size // 1024 + 1,
                total=found.total // 2**20 + 1,
            )
        )
        for count, words in (
            (found.already_sent, _("đã gửi trước đây")),
            (found.suppressed, _("đã thôi nhận")),
            (found.refused, _("từng bị từ chối")),
            (found.unknown, _("chưa rõ (chỉ gửi lại khi có --retry-unknown)")),
        ):
            if count:
                put(f"  {number(count)} {words}")
        put()
        put(f"{letter['From']}\n{letter['Subject']}\n")
        put(quiet(body.get_content() if body else ""))
        put(bold(_("Chưa gửi gì cho ai.")))
    return {
        "center": ready.center.id,
        "to_send": found.to_send,
        "already_sent": found.already_sent,
        "suppressed": found.suppressed,
        "refused": found.refused,
        "unknown": found.unknown,
        "size": found.size,
        "subject": str(letter["Subject"]),
    }


def _sent(report: Report, as_json: bool) -> dict[str, object]:
    counts = report.counts
    if not as_json:
        put(bold(_("Đã gửi {sent} thư", sent=number(report.sent))) + f" · {report.center}")
        if report.light:
            put("  " + _("Tệp kèm lớn hơn mức máy chủ nhận, nên thư có đường dẫn thay cho tệp."))
        for row, state, codes in report.troubles:
            put(
                f"  {warn('!')} "
                + _("dòng {row}: {state} {codes}", row=row, state=_words(state), codes=codes)
            )
        if report.stopped:
            put(f"  {warn('!')} {report.stopped}")
        if report.again:
            put(
                "  "
                + _(
                    "Chạy lại lệnh này sau {time} để gửi tiếp.",
                    time=f"{clock.local(report.again):%H:%M %d/%m}",
                )
            )
    return {
        "center": report.center,
        "sent_now": report.sent,
        "counts": counts,
        "stopped": report.stopped,
        "again": clock.local(report.again).isoformat() if report.again else None,
    }


def _words(state: str) -> str:
    return {
        "refused": _("máy chủ từ chối"),
        "unknown": _("chưa rõ đã tới hay chưa, không tự gửi lại"),
        "deferred": _("máy chủ hẹn, sẽ gửi lại"),
    }.get(state, state)
