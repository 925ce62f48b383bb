"""The whole job on the built-in newsroom: a weekly run, one edition approved and sent to a mailbox here."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from digest import clock
from digest.demo.mailbox import start_mailbox
from digest.demo.newsroom import start_newsroom
from digest.demo.sources import RECIPIENTS_PATH, recipients_csv, sources_yaml
from digest.errors import UsageError
from digest.jobs import approval, send
from digest.jobs.edition import EditionReport
from digest.jobs.session import opened
from digest.jobs.setup import make_workspace
from digest.jobs.weekly import WeeklyReport, weekly
from digest.mail.dispatch import Report
from digest.model import Progress
from digest.wording import _
from digest.workspace import Workspace, atomic_write

MARK = ".digest-demo"
MAILBOX = "mailbox"


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What the demo did and where it lies."""

    workspace: Workspace
    weekly: WeeklyReport
    approved: EditionReport
    sent: Report
    letters: tuple[Path, ...]


def rehearse(home: Path, progress: Progress, now: Callable[[], datetime] = clock.now) -> Rehearsed:
    """Runs it all in `home`, made anew; UsageError if something that is no demo lies there."""
    workspace = _fresh(home)
    with start_newsroom(now()) as newsroom, start_mailbox(home / MAILBOX) as mailbox:
        make_workspace(workspace, sources_yaml(newsroom))
        atomic_write(workspace.home / RECIPIENTS_PATH, recipients_csv().encode("utf-8-sig"))
        with _mail_goes_to(mailbox.url), opened(workspace, doing=_("chạy thử"), now=now) as session:
            report = weekly(session, clock.working_week(now()), progress)
            first = report.editions[0]
            approved = approval.approve(session, first.id, _("Ban biên tập chạy thử"))
            center = session.config.centers[0]
            sent = send.send(session, send.prepare(session, first.id, center.id), progress=progress)
        return Rehearsed(workspace, report, approved, sent, tuple(mailbox.letters))


def _fresh(home: Path) -> Workspace:
    if home.exists() and any(home.iterdir()):
        if not (home / MARK).exists():
            raise UsageError(
                _("Thư mục này đã có tệp khác, không phải của bản chạy thử"),
                str(home),
                _("Chọn thư mục khác: digest demo TÊN"),
            )
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    (home / MARK).write_text("format: 1\n", encoding="utf-8")
    return Workspace(home)


@contextmanager
def _mail_goes_to(url: str) -> Iterator[None]:
    """For the demo alone the mail server is ours, whatever this machine's settings say."""
    before = os.environ.get("DIGEST_SMTP_URL")
    os.environ["DIGEST_SMTP_URL"] = url
    try:
        yield
    finally:
        if before is None:
            del os.environ["DIGEST_SMTP_URL"]
        else:
            os.environ["DIGEST_SMTP_URL"] = before
