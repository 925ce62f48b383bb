"""`digest article`: one article of the archive, with its revisions, topics and story."""

from __future__ import annotations

import textwrap

import click

from digest.cli.show import bold, json_option, link, put, put_json, quiet, warn
from digest.jobs.session import opened
from digest.text.days import short_date
from digest.wording import _
from digest.workspace import Workspace


@click.command(help=_("Xem một bài trong kho: toàn văn, các bản, chủ đề và vì sao"))
@click.argument("article_id", type=click.IntRange(1))
@click.option("--like", is_flag=True, help=_("Kể cả các bài gần giống nội dung bài này"))
@json_option
@click.pass_obj
def article(workspace: Workspace, article_id: int, like: bool, as_json: bool) -> None:
    """Prints the article, or its export shape with revisions and reasons."""
    from digest.jobs import article as job

    with opened(workspace) as session:
        found = job.look_up(session, article_id)
        near = job.like(session, article_id) if like else ()
    if as_json:
        more = {"like": [{"id": one.id, "title": one.article.content.title} for one in near]} if like else {}
        put_json(job.shape(found) | more)
        return
    content = found.article.content
    put(bold(content.title))
    day = short_date(found.day) if found.day else _("không rõ ngày đăng")
    put(f"{found.article.outlet} · {day}" + (f" · {content.author}" if content.author else ""))
    put(link(found.article.url))
    if found.article.revision.text == "none":
        put(warn(_("Chưa có toàn văn: {reason}", reason=found.article.revision.reason)))
    for flag in content.flags:
        put(warn(f"! {flag}"))
    put()
    for paragraph in (content.dateline + content.lead, *content.paragraphs):
        if paragraph:
            put(textwrap.fill(paragraph, 88) + "\n")
    for tag in found.taggings:
        put(quiet(f"{tag.topic}: {tag.score:.1f}  {tag.why}"))
    for other in found.others:
        put(quiet(_("Cũng đăng ở {outlet}: {url}", outlet=other.outlet, url=other.url)))
    if len(found.revisions) > 1:
        put(quiet(_("Có {count} bản đã lưu", count=len(found.revisions))))
    if like:
        put(bold(_("Bài gần giống")) if near else quiet(_("Không có bài nào gần giống bài này.")))
        for one in near:
            put(f"  {one.article.content.title}  {quiet(f'#{one.id} {one.article.outlet}')}")
