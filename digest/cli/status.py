"""`digest status`: how sources, archive, index, runs and dispatches stand."""

from __future__ import annotations

from typing import Any

import click

from digest.cli.send import print_owed
from digest.cli.show import bold, good, json_option, number, put, put_json, quiet, warn
from digest.jobs.session import opened
from digest.wording import _
from digest.workspace import Workspace


@click.command(help=_("Tình trạng các nguồn, kho bài, mục lục, các lần chạy và các lần gửi"))
@json_option
@click.pass_obj
def status(workspace: Workspace, as_json: bool) -> None:
    """Prints the state in words, or the `status` JSON shape."""
    from digest.jobs import status as job
    from digest.jobs.slips import slips_owed

    with opened(workspace) as session:
        found = job.status(session)
        owed = slips_owed(session)
    if as_json:
        put_json(found)
        return
    _print_sources(found["sources"])
    _print_archive(found["archive"], found["index"])
    _print_runs(found["runs"])
    _print_dispatches(found["dispatches"])
    for one in owed:
        print_owed(one)


def _print_sources(sources: list[dict[str, Any]]) -> None:
    enabled = [source for source in sources if source["enabled"]]
    counts = _("{on} đang bật, {off} tắt", on=len(enabled), off=len(sources) - len(enabled))
    put(bold(_("Nguồn")) + f"   {counts}")
    for source in enabled:
        last = _day(source["last_new"]) or _("chưa có bài nào")
        line = f"{source['id']:<34} " + _("bài mới nhất:") + f" {last}"
        put(f"  {warn('!')} {line}" if source["alarm"] else f"  {good('✓')} {line}")
        if source["alarm"]:
            put(f"      {source['alarm']}")


def _print_archive(archive: dict[str, Any], index: dict[str, Any]) -> None:
    put()
    put(bold(_("Kho bài")))
    put(
        "  "
        + _(
            "{count} bài, {stories} tin",
            count=number(archive["articles"]),
            stories=number(archive["stories"]),
        )
    )
    if archive["without_text"]:
        put(
            "  "
            + _(
                "{count} bài chưa có toàn văn, lần chạy sau sẽ thử lại", count=number(archive["without_text"])
            )
        )
    if not index["ok"]:
        put("  " + warn("!") + " " + _("Chưa có mục lục tìm kiếm dùng được; gõ: digest admin reindex"))
    else:
        put("  " + _("mục lục tìm kiếm: {count} bài", count=number(index["articles"])))


def _print_runs(runs: list[dict[str, Any]]) -> None:
    if not runs:
        return
    put()
    put(bold(_("Các lần chạy gần đây")))
    for run in runs:
        end = (
            _("mã kết thúc {code}", code=run["code"])
            if run["finished"]
            else _("đang chạy, hoặc bị ngắt giữa chừng")
        )
        put(f"  {_day(run['started'])} {run['started'][11:16]}   {run['kind']:<8}   {quiet(end)}")


def _print_dispatches(dispatches: list[dict[str, Any]]) -> None:
    if not dispatches:
        return
    put()
    put(bold(_("Các lần gửi")))
    for one in dispatches:
        counts = _(
            "đã gửi {sent} trên {planned}, bị từ chối {refused}, chưa rõ {unknown}, hoãn {deferred}, thôi {suppressed}",
            **{key: value for key, value in one.items() if key not in ("edition", "center")},
        )
        put(f"  {one['edition']}   {one['center']}   {counts}")


def _day(stamp: str | None) -> str:
    return f"{stamp[8:10]}/{stamp[5:7]}/{stamp[:4]}" if stamp else ""
