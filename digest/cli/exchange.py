"""`digest admin export` and `digest admin import`: the archive as JSON lines."""

from __future__ import annotations

import json
import lzma
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from digest.cli.main import DONE, PARTLY
from digest.cli.show import bold, json_option, number, progress, put, put_json, warn
from digest.errors import FileFaults
from digest.jobs.session import opened
from digest.wording import _
from digest.workspace import Workspace

SHOWN_FAULTS = 20


@click.command(help=_("Xuất cả kho ra đầu ra chuẩn, mỗi bài một dòng JSON"))
@click.option("--format", "form", type=click.Choice(["jsonl"]), default="jsonl")
@click.pass_obj
def export(workspace: Workspace, form: str) -> None:
    """Writes the export shape to standard output."""
    del form  # one format so far, named so that another can come
    from digest.jobs import exchange as job

    with opened(workspace) as session:
        for row in job.export(session):
            click.echo(json.dumps(row, ensure_ascii=False))


@click.command("import", help=_("Nhập bài từ tệp JSON lines (.jsonl hay .jsonl.xz; “-” là đầu vào chuẩn)"))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@json_option
@click.pass_obj
def import_(workspace: Workspace, file: Path, as_json: bool) -> int:
    """Takes the export shape; lines that are wrong are left out and reported (then 3)."""
    from digest.jobs import exchange as job

    with _lines(file) as lines, opened(workspace, doing=_("nhập bài")) as session, progress(as_json) as steps:
        report = job.import_lines(session, lines, steps)
    if as_json:
        faults = [{"line": fault.line, "what": fault.what} for fault in report.faults]
        put_json(
            {"new": report.new, "updated": report.updated, "unchanged": report.unchanged, "faults": faults}
        )
    else:
        put(
            bold(_("Đã nhập."))
            + " "
            + _(
                "{new} bài mới, {updated} bài có bản mới, {unchanged} bài không đổi.",
                new=number(report.new),
                updated=number(report.updated),
                unchanged=number(report.unchanged),
            )
        )
        if report.faults:
            put(warn(_("{count} dòng sai, bỏ qua:", count=number(len(report.faults)))))
            put(str(FileFaults(str(file), report.faults[:SHOWN_FAULTS])))
    return PARTLY if report.faults else DONE


@contextmanager
def _lines(file: Path) -> Iterator[Iterable[bytes]]:
    if str(file) == "-":
        yield sys.stdin.buffer
    elif file.suffix == ".xz":
        with lzma.LZMAFile(file) as packed:
            yield packed
    else:
        with file.open("rb") as plain:
            yield plain
