"""How the terminal looks: quiet colours, aligned columns, progress on a terminal only, JSON on request."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from digest.model import Progress, Silent
from digest.wording import _

json_option = click.option("--json", "as_json", is_flag=True, help=_("In kết quả dạng JSON"))


def colourful() -> bool:
    """Colours go to terminals that did not refuse them (NO_COLOR)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _style(text: object, **style: Any) -> str:
    return click.style(str(text), **style) if colourful() else str(text)


def bold(text: object) -> str:
    """What counts."""
    return _style(text, bold=True)


def quiet(text: object) -> str:
    """What may be passed over."""
    return _style(text, fg="bright_black")


def warn(text: object) -> str:
    """What needs a look."""
    return _style(text, fg="yellow", bold=True)


def good(text: object) -> str:
    """What went well."""
    return _style(text, fg="green")


def link(text: object) -> str:
    """What to open or type next."""
    return _style(text, fg="bright_blue")


def number(count: int) -> str:
    """1234 as Vietnamese writes it: 1.234."""
    return f"{count:,}".replace(",", ".")


def put(text: str = "") -> None:
    """A line on standard output."""
    click.echo(text)


def put_json(value: object) -> None:
    """The JSON alone on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextmanager
def progress(as_json: bool) -> Iterator[Progress]:
    """Bars on a terminal (on standard error); elsewhere a line when a stage begins, or nothing with JSON."""
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        yield from _bars()
    elif as_json:
        yield Silent()
    else:
        yield _Lines()


class _Lines:
    """Progress for logs and pipes: one line a stage."""

    def stage(self, name: str, total: int) -> None:
        click.echo(f"{name} … ({number(total)})" if total else f"{name} …", err=True)

    def advance(self, steps: int = 1, note: str = "") -> None:
        del steps, note


def _bars() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bars

    bars = Bars(
        TextColumn("  {task.description:<16}"),
        BarColumn(30, complete_style="white", finished_style="white"),
        MofNCompleteColumn(),
        TextColumn("[bright_black]{task.fields[note]}"),
        console=Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR"))),
    )
    with bars:
        yield _Bars(bars)


class _Bars:
    """Progress on a terminal: one bar a stage, all of them left standing."""

    def __init__(self, bars: Any) -> None:
        self.bars: Any = bars
        self.task: Any = None

    def stage(self, name: str, total: int) -> None:
        self._finish()
        self.task = self.bars.add_task(name, total=total or None, note="")

    def advance(self, steps: int = 1, note: str = "") -> None:
        if self.task is not None:
            self.bars.update(self.task, advance=steps, note=note[:48])

    def _finish(self) -> None:
        if self.task is not None:
            done = self.bars.tasks[self.bars.task_ids.index(self.task)]
            self.bars.update(self.task, total=done.completed or 1, completed=done.completed or 1)


def columns(
    rows: Sequence[tuple[str, ...]], gap: int = 3, right: Callable[[int], bool] = lambda _i: False
) -> list[str]:
    """Rows of plain cells as aligned lines; `right(i)` says which columns are set to the right."""
    if not rows:
        return []
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        (" " * gap)
        .join(
            cell.rjust(w) if right(i) else cell.ljust(w)
            for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        .rstrip()
        for row in rows
    ]


def put_steps(*steps: tuple[str, str]) -> None:
    """What to do next, numbered: (plain words, what to open or type)."""
    for line in columns([(f"{n}. {words}", what) for n, (words, what) in enumerate(steps, 1)]):
        put("  " + line)
