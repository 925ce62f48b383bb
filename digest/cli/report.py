"""The report at the end of a run as an editor reads it: what came, what was built, what to do next."""

from __future__ import annotations

from digest import clock
from digest.cli.show import bold, columns, good, link, number, put, put_steps, quiet, warn
from digest.jobs.collect import CollectReport
from digest.jobs.edition import EditionReport
from digest.jobs.weekly import WeeklyReport
from digest.model import Failure
from digest.text.days import short_date
from digest.wording import _

INDENT = "  "


def print_collected(report: CollectReport) -> None:
    """The part on collecting."""
    put(bold(_("Thu thập")))
    rows = [
        (_("bài mới"), number(report.new)),
        (_("bài được sửa"), number(report.updated)),
        (_("không đổi"), number(report.unchanged)),
    ]
    for row in columns(rows, right=lambda i: i == 1):
        put(INDENT + row)
    for failure in report.failed:
        _print_failure(failure)


def _print_failure(failure: Failure) -> None:
    put(INDENT + warn("! " + _("chưa lấy được")) + f"   {failure.source}: {failure.reason}")
    put(f"{INDENT}{' ' * 18}{quiet(failure.url)}")


def print_headline(report: CollectReport) -> None:
    """The first line: whether all is done."""
    entry_points = {f.source for f in report.failed if not f.page}
    got = report.sources - len(entry_points)
    if entry_points:
        missed = warn(_("{count} nguồn chưa lấy được", count=len(entry_points)))
        done = _("{got} trong {all} nguồn đã lấy được", got=got, all=report.sources)
        put(bold(_("Xong một phần.")) + f" {done}; {missed}.")
    else:
        put(bold(_("Xong.")) + " " + _("Đã hỏi đủ {all} nguồn.", all=report.sources))


def print_weekly(report: WeeklyReport, code: int) -> None:
    """The whole report of the weekly run."""
    print_headline(report.collected)
    put()
    print_collected(report.collected)
    _print_topics(report)
    _print_searches(report)
    _print_editions(report)
    _print_warnings(report.warnings)
    _print_next(report)
    put()
    put(quiet(_last_line(report, code)))


def _print_topics(report: WeeklyReport) -> None:
    if not report.by_topic:
        return
    put()
    put(bold(_("Bài mới theo chủ đề")))
    for row in columns([(name, number(count)) for name, count in report.by_topic], right=lambda i: i == 1):
        put(INDENT + row)


def _print_searches(report: WeeklyReport) -> None:
    if not report.searches:
        return
    put()
    for name, count in report.searches:
        put(_("Tìm kiếm đã lưu “{name}”: {count} bài mới", name=name, count=number(count)))


def _print_editions(report: WeeklyReport) -> None:
    put()
    put(bold(_("Bản tin")))
    if not report.editions:
        put(INDENT + _("Tuần này không có bản tin nào đến kỳ."))
    for edition in report.editions:
        print_edition(edition)
    if report.editions and not report.changed:
        put(INDENT + _("Không có gì mới: mọi tệp giữ nguyên như lần trước."))


def print_edition(edition: EditionReport) -> None:
    """One edition: its state, counts, files and folder."""
    word, note = _state(edition)
    counts = _("{articles} bài, {minutes} phút", articles=edition.articles, minutes=edition.minutes)
    put(f"{INDENT}{word}   {edition.id}   {counts}   {note or ', '.join(edition.files)}")
    put(f"{INDENT}{' ' * 12}{quiet(edition.path)}")


def _state(edition: EditionReport) -> tuple[str, str]:
    if edition.state == "approved":
        return good("✓ " + _("đã duyệt")), _("đã khóa, không đổi nữa")
    if edition.left_alone:
        return link("= " + _("để nguyên")), edition.left_alone
    if edition.state == "built":
        return good("✓ " + _("đã dựng")), ""
    if edition.failed:
        return warn("! " + _("bản nháp")), _("chưa dựng được, xem các dòng cần sửa")
    return link("· " + _("bản nháp")), _("chưa dựng")


def _print_warnings(warnings: tuple[str, ...]) -> None:
    if not warnings:
        return
    put()
    put(bold(_("Cần xem")))
    for warning in warnings:
        first, *rest = warning.splitlines()
        put(f"{INDENT}{warn('!')} {first}")
        for line in rest:
            put(f"{INDENT}  {line}")


def _print_next(report: WeeklyReport) -> None:
    open_editions = [edition for edition in report.editions if edition.state != "approved"]
    if not open_editions:
        return
    if report.collected.failed and not any(edition.articles for edition in open_editions):
        put()
        put(bold(_("Việc tiếp theo")))
        put_steps(
            (_("Xem máy này có mạng không, nguồn nào trả lời"), link("digest check --live")),
            (_("Rồi chạy lại"), link("digest weekly")),
        )
        return
    first = open_editions[0]
    shown = first.files.get("pdf") or first.files.get("html") or first.path
    put()
    put(bold(_("Việc tiếp theo")))
    put_steps(
        (_("Mở xem"), link(shown)),
        (_("Sửa"), link(first.path) + _(", rồi gõ ") + link(f"digest build {first.id}")),
        (_("Duyệt"), link(f"digest approve {first.id}")),
    )


def _last_line(report: WeeklyReport, code: int) -> str:
    seconds = round((report.finished - report.started).total_seconds())
    took = (
        _("{m} phút {s} giây", m=seconds // 60, s=seconds % 60) if seconds >= 60 else _("{s} giây", s=seconds)
    )
    return _("Mất {took}. Chưa gửi gì cho ai. Mã kết thúc {code}.", took=took, code=code)


def week_line(report_week: clock.Period) -> str:
    """What a run says first: which days it is about."""
    return _(
        "Tuần {name}, từ {first} đến {last}. Chạy lúc {time}, giờ Hà Nội.",
        name=report_week.name,
        first=short_date(report_week.first),
        last=short_date(report_week.last),
        time=f"{clock.local(clock.now()):%H:%M}",
    )
