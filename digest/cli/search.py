"""`digest search`: the archive from the shell."""

from __future__ import annotations

import click

from digest.cli.show import bold, json_option, link, number, put, put_json, quiet, warn
from digest.jobs import search as job
from digest.wording import _
from digest.workspace import Workspace


@click.command(help=_("Tìm trong kho bài (có dấu hay không dấu đều được)"))
@click.argument("query", nargs=-1, required=True)
@click.option("--topic", "topics", multiple=True, help=_("Chỉ trong chủ đề này (mã trong sources.yaml)"))
@click.option("--outlet", "outlets", multiple=True, help=_("Chỉ của báo, đài này"))
@click.option("--from", "first", help=_("Từ ngày, như 2026-11-16"))
@click.option("--to", "last", help=_("Đến ngày"))
@click.option("--sort", type=click.Choice(["relevance", "newest", "oldest"]), default="relevance")
@click.option("--limit", type=click.IntRange(1, 200), default=10)
@click.option("--offset", type=click.IntRange(0, 100_000), default=0)
@json_option
@click.pass_obj
def search(
    workspace: Workspace,
    query: tuple[str, ...],
    topics: tuple[str, ...],
    outlets: tuple[str, ...],
    first: str | None,
    last: str | None,
    sort: str,
    limit: int,
    offset: int,
    as_json: bool,
) -> None:
    """Prints hits with their snippets, or the `search` JSON shape."""
    asked = job.Asked(" ".join(query), topics, outlets, first, last, sort, limit, offset)
    found = job.search(workspace, asked)
    if as_json:
        put_json(job.shape(found))
    else:
        _print(found, offset)


def _print(found: job.Found, offset: int) -> None:
    if found.warning:
        put(warn(found.warning))
    if not found.hits:
        put(_("Không có bài nào cho “{query}”", query=found.query))
    else:
        put(bold(_("{count} bài về “{query}”", count=number(found.total), query=found.query)))
    if found.suggestion:
        put(_("Có phải bạn muốn tìm: {words}", words=link(found.suggestion)))
    for order, hit in enumerate(found.hits, offset + 1):
        put()
        put(f"{order:>3}. {bold(hit.title)}  {quiet(f'#{hit.id}')}")
        put(f"     {hit.outlet} · {hit.day}" + (f" · {', '.join(hit.topics)}" if hit.topics else ""))
        if hit.snippet:
            put(f"     {hit.snippet}")
        put(f"     {link(hit.url)}")
