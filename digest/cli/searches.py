"""`digest admin searches`: what was saved with `digest search … --save NAME`."""

from __future__ import annotations

import click

from digest import clock
from digest.cli.search import put_found
from digest.cli.show import bold, json_option, link, number, put, put_json, quiet, warn
from digest.jobs.session import Session, opened
from digest.search.saved import News
from digest.storage.searches import SavedSearch
from digest.text.days import short_date
from digest.wording import _
from digest.workspace import Workspace


@click.group("searches", help=_("Các tìm kiếm đã lưu bằng digest search … --save TÊN"))
def searches() -> None:
    """A group only."""


@searches.command(
    "list", help=_("Các tìm kiếm đang lưu, và số bài mới của mỗi tìm kiếm từ báo cáo tuần trước")
)
@json_option
@click.pass_obj
def list_(workspace: Workspace, as_json: bool) -> None:
    """Names, queries, feeds, what is new."""
    from digest.jobs import searches as job

    with opened(workspace) as session:
        kept = job.listed(session)
        found, faults = job.news(session)
        fresh = {one.saved.id: one for one in found}
        if as_json:
            put_json([_shape(session, one, fresh.get(one.id)) for one in kept])
            return
        for one in kept:
            _print(session, one, fresh.get(one.id))
    for fault in faults:
        put(f"{warn('!')} {fault}")
    if not kept:
        put(_("Chưa lưu tìm kiếm nào. Lưu bằng: digest search CÂU_TÌM --save TÊN"))


def _shape(session: Session, one: SavedSearch, fresh: News | None) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name,
        "query": one.query,
        "filters": {key: value.split("\n") for key, value in one.filters.items()},
        "created": clock.local(one.created).isoformat(),
        "feed": feed(session, one),
        "new": len(fresh.hits) if fresh else None,
    }


def _print(session: Session, one: SavedSearch, fresh: News | None) -> None:
    filters = " ".join(f"{key}:{value}" for key, text in one.filters.items() for value in text.split("\n"))
    day = short_date(clock.day(one.created))
    count = _("{count} bài mới", count=number(len(fresh.hits))) if fresh else ""
    put(f"{bold(one.name)}  {quiet(one.id)}  {count}")
    put("  " + " · ".join(part for part in (one.query, filters, _("lưu ngày {day}", day=day)) if part))
    put(f"  {link(feed(session, one))}")


def feed(session: Session, one: SavedSearch) -> str:
    """Where the web view has its Atom feed."""
    return f"{session.config.site.url.rstrip('/')}/atom/da-luu/{one.id}.xml"


@searches.command("run", help=_("Chạy một tìm kiếm đã lưu, bài mới trước"))
@click.argument("name")
@click.option("--limit", type=click.IntRange(1, 200), default=10, help=_("Số bài mỗi trang"))
@click.option("--offset", type=click.IntRange(0, 100_000), default=0, help=_("Bỏ qua từng này bài đầu"))
@json_option
@click.pass_obj
def run(workspace: Workspace, name: str, limit: int, offset: int, as_json: bool) -> None:
    """The hits, as `digest search` prints them."""
    from digest.jobs import search as shapes
    from digest.jobs import searches as job

    with opened(workspace) as session:
        found = job.run(session, name, limit=limit, offset=offset)
        names = {topic.id: topic.name for topic in session.config.topics}
    if as_json:
        put_json(shapes.shape(found))
    else:
        put_found(found, names, offset)


@searches.command("drop", help=_("Thôi lưu một tìm kiếm"))
@click.argument("name")
@click.pass_obj
def drop(workspace: Workspace, name: str) -> None:
    """The articles stay as they are."""
    from digest.jobs import searches as job

    with opened(workspace) as session:
        gone = job.drop(session, name)
    put(_("Đã thôi lưu “{name}”.", name=gone.name))
