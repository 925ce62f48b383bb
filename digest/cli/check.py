"""`digest check`: sources.yaml looked over, sources asked, what a center can check without sending."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli.main import DONE, FAILED, PARTLY
from digest.cli.show import bold, good, json_option, progress, put, put_json, quiet, warn
from digest.clock import ZONE
from digest.jobs.samples import left_as_sample
from digest.jobs.session import Session, opened
from digest.jobs.settings import unknown
from digest.wording import _
from digest.workspace import Workspace

if TYPE_CHECKING:
    from digest.collect.live import Look, Seen


@click.command(help=_("Kiểm tra sources.yaml; --live hỏi thử từng nguồn và cho xem sẽ lưu gì"))
@click.option("--live", is_flag=True, help=_("Hỏi thử các nguồn đang bật"))
@click.option("--source", "sources", multiple=True, help=_("Chỉ nguồn này, với --live"))
@click.option(
    "--mail", "center", metavar="CENTER", help=_("Kiểm tra việc gửi thư của một trung tâm, không gửi thư nào")
)
@click.argument("url", required=False)
@json_option
@click.pass_obj
def check(
    workspace: Workspace,
    live: bool,
    sources: tuple[str, ...],
    center: str | None,
    url: str | None,
    as_json: bool,
) -> int:
    """With an address and --live it proposes entries for sources.yaml."""
    with opened(workspace) as session:
        if center:
            return _mail(session, center, as_json)
        if url:
            return _propose(session, url, as_json)
        if live or sources:
            return _look(session, sources, as_json)
        config = session.config
        odd = (*left_as_sample(session), *unknown(session))
    if as_json:
        counts = {"sources": len(config.sources), "bulletins": len(config.bulletins)}
        put_json({"ok": True, **counts, "warnings": list(odd)})
        return DONE
    enabled = sum(source.enabled for source in config.sources)
    put(good("✓ " + _("sources.yaml đúng.")))
    put(
        "  "
        + _(
            "{sources} nguồn ({enabled} đang bật), {topics} chủ đề, {bulletins} bản tin, {centers} trung tâm",
            sources=len(config.sources),
            enabled=enabled,
            topics=len(config.topics),
            bulletins=len(config.bulletins),
            centers=len(config.centers),
        )
    )
    for one in odd:
        put(f"{warn('!')} {one}")
    return DONE


def _mail(session: Session, center: str, as_json: bool) -> int:
    from digest.jobs import send as job

    found = job.examine(session, center)
    if as_json:
        put_json([{"about": f.about, "level": f.level, "what": f.what, "fix": f.fix} for f in found])
    for one in () if as_json else found:
        sign = good("✓") if one.level == "ok" else warn("!!" if one.level == "error" else "!")
        put(f"{sign} {one.what}" + (f". {one.fix}" if one.fix else ""))
    return FAILED if any(one.level == "error" for one in found) else DONE


def _propose(session: Session, url: str, as_json: bool) -> int:
    from digest.collect import discover

    found = discover.propose(session.config, url, now=session.now)
    if as_json:
        put_json(
            [
                {"kind": p.source.kind, "url": p.source.url, "entries": p.entries, "yaml": p.yaml()}
                for p in found
            ]
        )
        return DONE
    put(bold(_("Chép mục hợp ý vào phần sources: của sources.yaml")))
    for proposal in found:
        put()
        put(quiet("  # " + _("{count} mục, mới nhất:", count=proposal.entries) + f" {proposal.newest}"))
        put(proposal.yaml().rstrip())
    return DONE


def _look(session: Session, names: tuple[str, ...], as_json: bool) -> int:
    from digest.collect import live as looking

    chosen = [session.source(name) for name in names] or [s for s in session.config.sources if s.enabled]
    with progress(as_json) as steps:
        looks = looking.look(session.config, chosen, now=session.now, progress=steps)
    if as_json:
        put_json([_shape(look) for look in looks])
    else:
        for look in looks:
            _print(look)
    return PARTLY if any(look.reason for look in looks) else DONE


def _shape(look: Look) -> dict[str, object]:
    return {
        "source": look.source.id,
        "entries": look.entries,
        "reason": look.reason,
        "articles": [_article(seen) for seen in look.seen],
    }


def _article(seen: Seen) -> dict[str, object]:
    content = seen.content
    return {
        "url": seen.entry.url,
        "text": seen.text,
        "reason": seen.reason,
        "title": content.title if content else seen.entry.title,
        "lead": content.lead if content else seen.entry.lead,
        "author": content.author if content else "",
        "published": content.published.isoformat() if content and content.published else None,
        "paragraphs": list(content.paragraphs) if content else [],
        "flags": list(content.flags) if content else [],
        "page": list(seen.lines),
    }


def _print(look: Look) -> None:
    put()
    if look.reason:
        put(f"{warn('!')} {bold(look.source.id)}: {look.reason}")
        return
    put(f"{good('✓')} {bold(look.source.id)}: " + _("{count} mục", count=look.entries))
    for seen in look.seen:
        content = seen.content
        put(f"    {bold(content.title if content else seen.entry.title)}")
        put(quiet(f"    {seen.entry.url}"))
        if seen.text != "full" or content is None:
            put(f"    {warn('!')} {seen.reason}")
            continue
        day = (
            f"{content.published.astimezone(ZONE):%d/%m/%Y}" if content.published else _("không rõ ngày đăng")
        )
        put(f"    {day} · " + (content.author or _("không rõ tác giả")))
        put("    " + _("{kept} đoạn sẽ lưu, trên trang có {lines} dòng chữ:", kept=len(content.paragraphs),
                       lines=len(seen.lines)))  # fmt: skip
        _print_page(seen)


def _print_page(seen: Seen) -> None:
    """The page's own lines, each beside what it would be stored as."""
    from digest.collect.live import parts

    names = {
        "title": _("tiêu đề"), "lead": _("lời dẫn"), "author": _("tác giả"), "caption": _("chú thích"),
        "text": _("đoạn văn"), "stated": _("ghi ẩn"), "": _("bỏ qua"),
    }  # fmt: skip
    width = max(map(len, names.values()))
    for part, line in parts(seen):
        row = f"      {names[part]:>{width}} │ {line[:100]}" + ("…" if len(line) > 100 else "")
        put(row if part else quiet(row))
