"""`digest send`: an approved edition by email, resumable, for one center or several."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digest import clock
from digest.cli.main import DONE, FAILED, PARTLY
from digest.cli.show import bold, json_option, link, number, progress, put, put_json, quiet, warn
from digest.errors import DigestError, FileFaults
from digest.jobs.samples import left_as_sample
from digest.jobs.session import Session, opened
from digest.jobs.settings import unknown
from digest.wording import _
from digest.workspace import Workspace

if TYPE_CHECKING:
    from digest.jobs.send import Ready
    from digest.jobs.slips import Owed
    from digest.mail.dispatch import Report
    from digest.mail.rehearse import Preview

Told = dict[str, Any]  # what JSON says of one center


@click.command(help=_("Gửi một số đã duyệt cho người nhận của một trung tâm; bị ngắt thì gõ lại để gửi tiếp"))
@click.argument("edition")
@click.option("--center", "centers", multiple=True, required=True, help=_("Mã trung tâm; ghi được nhiều lần"))
@click.option("--dry-run", is_flag=True, help=_("Chỉ nói sẽ gửi gì cho bao nhiêu người"))
@click.option(
    "--eml", "eml", type=click.Path(path_type=Path, file_okay=False), help=_("Viết thư thành tệp .eml")
)
@click.option("--test", "test", metavar="ADDRESS", help=_("Gửi thử một thư tới địa chỉ này"))
@click.option("--retry-unknown", is_flag=True, help=_("Gửi lại cả những thư chưa rõ đã tới hay chưa"))
@click.option(
    "--everyone",
    is_flag=True,
    help=_("Tờ đính chính: gửi cả danh sách, không chỉ người đã nhận số được đính chính"),
)
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
    everyone: bool,
    attach: str,
    as_json: bool,
) -> int:
    """One of four: looking, files, one letter, or sending; 3 when something waits, or some center failed."""
    from digest.jobs import send as job

    with opened(workspace) as session:
        for odd in (*left_as_sample(session), *unknown(session)):
            click.echo(f"digest: {odd}", err=True)
        ran = _Run(session, dict.fromkeys(centers), as_json)
        readies = ran.each(lambda center: job.prepare(session, edition, center, attach, everyone=everyone))
        for ready in () if as_json else readies.values():
            _print_odd(session, ready)
        if dry_run:
            ran.each(lambda center: _looked(readies[center], job.preview(session, readies[center]), as_json))
        elif eml:
            ran.each(
                lambda center: _written(session, readies[center], _folder(eml, center, centers), as_json)
            )
        elif test:
            ran.each(lambda center: _tried(session, readies[center], test, as_json))
        else:
            _send(ran, list(readies.values()), retry_unknown)
        if not as_json and not (dry_run or eml or test):
            _print_owed(session, edition)
    return ran.end(edition)


class _Run:
    """The centers of one command: what was told of each, and who failed without stopping the others."""

    def __init__(self, session: Session, centers: dict[str, None], as_json: bool) -> None:
        self.session, self.as_json = session, as_json
        self.left = list(centers)
        self.alone = len(self.left) == 1
        self.told: dict[str, Told] = {center: {} for center in centers}
        self.codes: list[int] = []

    def each(self, do: Callable[[str], Any]) -> dict[str, Any]:
        """Does it for each center that has not failed; a center's failure is said, the only one's raised."""
        done = {}
        for center in list(self.left):
            try:
                done[center] = do(center)
            except DigestError as failure:
                self.fail(center, failure)
            else:
                if isinstance(done[center], dict):
                    self.told[center] = done[center]
        return done

    def fail(self, center: str, failure: DigestError) -> None:
        """Takes a center out of the run."""
        if self.alone:
            raise failure
        self.left.remove(center)
        self.told[center] = {"center": center, "error": str(failure)}
        for line in str(failure).splitlines():
            click.echo(f"digest: {center}: {line}", err=True)

    def end(self, edition: str) -> int:
        """The exit code; with --json what was told."""
        if self.as_json:
            put_json({"edition": edition, "dispatches": list(self.told.values())})
        if not self.left:
            return FAILED
        failed = len(self.told) > len(self.left)
        return max(PARTLY if failed else DONE, *self.codes, DONE)


def _send(ran: _Run, readies: list[Ready], retry_unknown: bool) -> None:
    from digest.jobs.dispatches import send_all

    with progress(ran.as_json) as steps:
        results = send_all(ran.session, readies, retry_unknown=retry_unknown, progress=steps)
    for result in results:
        if isinstance(result.failure, DigestError):
            ran.fail(result.center, result.failure)
        elif result.report is not None:
            ran.told[result.center] = _sent(result.report, ran.as_json)
            ran.codes.append(DONE if result.report.done and not result.report.stopped else PARTLY)


def _folder(eml: Path, center: str, centers: tuple[str, ...]) -> Path:
    return eml / center if len(set(centers)) > 1 else eml


def _written(session: Session, ready: Ready, folder: Path, as_json: bool) -> Told:
    from digest.jobs import send as job

    files = job.write_eml(session, ready, folder)
    if not as_json:
        put(_("Đã viết {count} thư vào {folder}", count=number(len(files)), folder=folder))
    return {"center": ready.center.id, "files": len(files)}


def _tried(session: Session, ready: Ready, address: str, as_json: bool) -> Told:
    from digest.jobs import send as job

    job.send_test(session, ready, address)
    if not as_json:
        put(_("Đã gửi thử một thư."))
    return {"center": ready.center.id, "test": True}


def _print_owed(session: Session, edition: str) -> None:
    """Slips of what was just sent, if there are: the same people must get them."""
    from digest.jobs.slips import slips_owed

    for owed in slips_owed(session):
        if owed.edition == edition:
            print_owed(owed)


def print_owed(owed: Owed) -> None:
    """A slip that people still have to get, and the command that sends it."""
    put(f"  {warn('!')} " + _("Cần gửi tờ đính chính cho {count} người đã nhận số này:", count=owed.people))
    put("      " + link(f"digest send {owed.slip} --center {owed.center}"))


def _print_odd(session: Session, ready: Ready) -> None:
    for warning in ready.warnings:
        put(f"  {warn('!')} {warning}")
    if not ready.people and not ready.faults and not ready.edition.corrects:
        put(
            f"  {warn('!')} "
            + _(
                "Danh sách {path} chưa có ai. Mở tệp ấy, ghi mỗi người một dòng", path=ready.center.recipients
            )
        )
    if ready.faults:
        put(warn(_("Danh sách người nhận có chỗ cần xem:")))
        put(str(FileFaults(ready.center.recipients, ready.faults)))


def _looked(ready: Ready, found: Preview, as_json: bool) -> Told:
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


def _sent(report: Report, as_json: bool) -> Told:
    counts = report.counts
    if not as_json:
        put(bold(_("Đã gửi {sent} thư", sent=number(report.sent))) + f" · {report.center}")
        if report.light:
            put("  " + _("Tệp kèm lớn hơn mức máy chủ nhận, nên thư có đường dẫn thay cho tệp."))
        for row, state, codes in report.troubles:
            put(f"  {warn('!')} " + _("dòng {row}: {what}", row=row, what=_in_words(state, codes)))
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


def _in_words(state: str, codes: str) -> str:
    """máy chủ từ chối: không có hộp thư này (550 5.1.1 rcpt)."""
    from digest.mail.reply import meaning

    why = meaning(codes)
    said = _words(state) + (f": {why}" if why else "")
    return f"{said} ({codes})" if codes else said


def _words(state: str) -> str:
    return {
        "refused": _("máy chủ từ chối"),
        "unknown": _("chưa rõ đã tới hay chưa, không tự gửi lại"),
        "deferred": _("máy chủ hẹn, sẽ gửi lại"),
    }.get(state, state)
