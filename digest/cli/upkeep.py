"""`digest admin retag | reindex | reextract | takedown`: upkeep of the archive and its index."""

from __future__ import annotations

import click

from digest.cli.show import bold, json_option, number, progress, put, put_json, quiet
from digest.jobs.session import opened
from digest.wording import _
from digest.workspace import Workspace


@click.command(
    help=_("Gắn lại chủ đề cho cả kho sau khi sửa câu truy vấn; việc biên tập viên gắn tay giữ nguyên")
)
@click.option("--dry-run", is_flag=True, help=_("Chỉ nói sẽ thêm, bớt những gì"))
@json_option
@click.pass_obj
def retag(workspace: Workspace, dry_run: bool, as_json: bool) -> None:
    """Says per topic what comes and what goes."""
    from digest.jobs import index as job

    with opened(workspace, doing=_("gắn lại chủ đề")) as session, progress(as_json) as steps:
        report = job.retag(session, dry_run=dry_run, progress=steps)
        names = {topic.id: topic.name for topic in session.config.topics}
    if as_json:
        put_json(
            {
                "dry_run": dry_run,
                "articles": report.articles,
                "added": report.added,
                "dropped": report.dropped,
            }
        )
        return
    put(bold(_("Sẽ đổi như sau (chưa ghi gì)") if dry_run else _("Đã gắn lại chủ đề")))
    for topic in sorted({*report.added, *report.dropped}):
        plus, minus = report.added.get(topic, ()), report.dropped.get(topic, ())
        put(f"  {names.get(topic, topic)}: +{number(len(plus))} −{number(len(minus))}")
        for sign, ids in (("+", plus), ("−", minus)):
            if ids:
                put(
                    quiet(
                        f"    {sign} "
                        + ", ".join(f"#{one}" for one in ids[:12])
                        + (" …" if len(ids) > 12 else "")
                    )
                )
    if not report.added and not report.dropped:
        put("  " + _("Không có gì thay đổi ở {count} bài.", count=number(report.articles)))


@click.command(help=_("Lập lại mục lục tìm kiếm từ kho bài"))
@click.pass_obj
def reindex(workspace: Workspace) -> None:
    """Makes the index again, beside the one in use."""
    from digest.jobs import index as job

    with opened(workspace, doing=_("lập lại mục lục")) as session, progress(False) as steps:
        state = job.reindex(session, steps)
    put(bold(_("Đã lập lại mục lục.")) + " " + _("{count} bài.", count=number(state.articles)))


@click.command(help=_("Trích lại bài từ các trang đã lưu, sau khi chương trình trích tốt hơn"))
@click.option("--source", "sources", multiple=True, help=_("Chỉ nguồn này"))
@json_option
@click.pass_obj
def reextract(workspace: Workspace, sources: tuple[str, ...], as_json: bool) -> None:
    """Runs extraction over the kept raw pages; what reads better becomes a revision."""
    from digest.jobs import reextract as job

    with opened(workspace, doing=_("trích lại")) as session, progress(as_json) as steps:
        report = job.reextract(session, sources, steps)
    if as_json:
        put_json({"pages": report.read, "changed": report.updated, "without_page": report.without_page})
    else:
        put(
            _(
                "Đã đọc lại {pages} trang, {changed} bài có bản mới.",
                pages=report.read,
                changed=report.updated,
            )
        )


@click.command(help=_("Gỡ một bài: không hiện cho ai, không vào bản tin nữa (kho vẫn ghi là đã gỡ)"))
@click.argument("article_id", type=click.IntRange(1))
@click.option("--reason", default="", help=_("Vì sao, ghi vào kho"))
@click.option("--undo", is_flag=True, help=_("Cho hiện lại"))
@click.pass_obj
def takedown(workspace: Workspace, article_id: int, reason: str, undo: bool) -> None:
    """Takes an article out of sight at once, in search too."""
    from digest.jobs import upkeep as job

    with opened(workspace, doing=_("gỡ bài")) as session:
        warnings = job.takedown(session, article_id, reason, undo=undo)
    put(_("Đã cho hiện lại bài {id}.", id=article_id) if undo else _("Đã gỡ bài {id}.", id=article_id))
    for warning in warnings:
        put(f"  ! {warning}")
