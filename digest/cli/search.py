"""`digest search`: the archive from the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest import clock
from digest.cli.show import bold, good, json_option, link, number, put, put_json, quiet, warn
from digest.jobs.session import Session, opened
from digest.search.results import SORTS, Hit, Result, Snippet
from digest.text.days import short_date
from digest.wording import _
from digest.workspace import Workspace

if TYPE_CHECKING:
    from digest.jobs.search import Asked
    from digest.storage.searches import SavedSearch


@click.command(help=_("Tìm trong kho bài (có dấu hay không dấu đều được)"))
@click.argument("query", nargs=-1, required=True)
@click.option("--topic", "topics", multiple=True, help=_("Chỉ trong chủ đề này (mã trong sources.yaml)"))
@click.option("--outlet", "outlets", multiple=True, help=_("Chỉ của báo, đài này"))
@click.option("--from", "first", help=_("Từ ngày, như 2026-11-16"))
@click.option("--to", "last", help=_("Đến ngày"))
@click.option("--sort", type=click.Choice(SORTS), default="relevance", help=_("Xếp theo"))
@click.option("--limit", type=click.IntRange(1, 200), default=10, help=_("Số bài mỗi trang"))
@click.option("--offset", type=click.IntRange(0, 100_000), default=0, help=_("Bỏ qua từng này bài đầu"))
@click.option("--save", default="", help=_("Lưu tìm kiếm này dưới tên, báo cáo tuần sẽ nói có bài mới"))
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
    save: str,
    as_json: bool,
) -> None:
    """Prints hits with their snippets, or the `search` JSON shape."""
    from digest.jobs import search as job

    asked = job.Asked(" ".join(query), topics, outlets, first, last, sort, limit, offset)
    with opened(workspace) as session:
        found = job.search(session, asked)
        kept = _kept(session, save, asked) if save else None
        names = {topic.id: topic.name for topic in session.config.topics}
    if as_json:
        put_json(job.shape(found))
    else:
        put_found(found, names, offset)
        if kept is not None:
            put()
            put(good("✓ ") + _("Đã lưu tìm kiếm “{name}” (mã {id}).", name=kept.name, id=kept.id))


def _kept(session: Session, name: str, asked: Asked) -> SavedSearch:
    from digest.jobs import searches  # it loads more than a search needs

    return searches.keep(session, name, asked)


def put_found(found: Result, names: dict[str, str], offset: int) -> None:
    """Hits with their snippets."""
    if found.hits:
        put(
            bold(
                _(
                    "{count} bài về “{query}”",
                    count=number(found.total),
                    query=found.understood or found.query,
                )
            )
        )
    else:
        put(_("Không có bài nào cho “{query}”", query=found.query))
    if found.suggestion:
        put(_("Có phải bạn muốn tìm: {words}", words=link(found.suggestion)))
    for order, hit in enumerate(found.hits, offset + 1):
        _print_hit(order, hit, names)


def _print_hit(order: int, hit: Hit, names: dict[str, str]) -> None:
    published = hit.article.content.published
    day = short_date(clock.day(published)) if published else _("không rõ ngày đăng")
    topics = ", ".join(names.get(topic, topic) for topic in hit.topics)
    put()
    put(f"{order:>3}. {bold(hit.article.content.title)}  {quiet(f'#{hit.id}')}")
    put(f"     {hit.article.outlet} · {day}" + (f" · {topics}" if topics else ""))
    if hit.snippet.text:
        put(f"     {_marked(hit.snippet)}")
    if hit.also_in:
        put(quiet("     " + _("Cũng đăng ở {count} báo", count=len(hit.also_in))))
    put(f"     {link(hit.article.url)}")


def _marked(snippet: Snippet) -> str:
    out, at = "", 0
    for start, end in snippet.marks:
        out += snippet.text[at:start] + warn(snippet.text[start:end])
        at = end
    return out + snippet.text[at:]
