"""`digest demo`: the whole job on the built-in newsroom, then what to open."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click

from digest import clock
from digest.cli.report import print_weekly, week_line
from digest.cli.show import bold, link, progress, put, quiet
from digest.wording import _

DEFAULT = "demo-workspace"


@click.command(help=_("Chạy thử cả việc trên các trang báo tưởng tượng có sẵn, rồi chỉ chỗ mở xem"))
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), default=DEFAULT)
def demo(directory: Path) -> None:
    """Needs no network and no server; everything in it is invented."""
    from digest.demo.rehearsal import rehearse

    put(_("Mọi tên báo, xã, phường và bài trong bản chạy thử đều là tưởng tượng."))
    put(week_line(clock.working_week(clock.now())))
    put()
    with progress(False) as steps:
        done = rehearse(directory.resolve(), steps)
    print_weekly(done.weekly, 0)
    put()
    put(bold(_("Đã duyệt")) + f"   {done.approved.id}")
    put(bold(_("Đã gửi")) + "     " + _("{count} thư vào hộp thư trên máy này", count=done.sent.sent))
    put()
    put(bold(_("Mời mở xem")))
    home = Path(os.path.relpath(done.workspace.home))
    shown = [*(done.approved.files[form] for form in ("pdf", "docx", "html") if form in done.approved.files)]
    for path in shown:
        put(f"  {link(home / path)}")
    if done.letters:
        letter = done.letters[0].relative_to(done.workspace.home)
        _put_step(home / letter, _("thư mà người nhận thấy"))
    _put_step(home / "sources.yaml", _("tệp mà biên tập viên sửa"))
    call = _called()
    _put_step(f"{call} --home {home} search ton giao", _("tìm không cần gõ dấu"))
    _put_step(f"{call} --home {home} serve", _("rồi mở http://127.0.0.1:8000"))


def _called() -> str:
    """How to type `digest` here: out of a folder of the source it is on no search path."""
    if shutil.which("digest"):
        return "digest"
    python, here = Path(sys.executable), Path.cwd()
    return f"{python.relative_to(here) if python.is_relative_to(here) else python} -m digest"


def _put_step(what: Path | str, why: str) -> None:
    put(f"  {link(what)}   {quiet(why)}")
