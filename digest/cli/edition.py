"""How one edition is told: its state and files, what to look at, what next."""

from __future__ import annotations

from digest.cli.report import print_edition
from digest.cli.show import bold, link, put, warn
from digest.jobs.edition import EditionReport
from digest.wording import _


def print_faults_and_next(report: EditionReport) -> None:
    """An edition after a command on it."""
    print_edition(report)
    for path in report.files.values():
        put(f"  {link(path)}")
    for said in report.notes:
        put(f"  {said}")
    for warning in report.warnings:
        put(f"  {warn('!')} {warning}")
    put()
    put(bold(_("Việc tiếp theo")))
    if report.state == "approved":
        put("  " + link(f"digest send {report.id} --center " + _("MÃ_TRUNG_TÂM") + " --dry-run"))
    elif report.state == "built":
        put("  " + link(f"digest approve {report.id}"))
    else:
        put(f"  {link(report.path)}")
        put("  " + link(f"digest build {report.id}"))
