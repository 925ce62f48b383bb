"""Writes docs/cli.md out of the commands themselves; `--check` says whether it is up to date."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

os.environ["DIGEST_LANG"] = "vi"

from digest.cli.main import group

HERE = Path(__file__).resolve().parent
HEAD = """# Các lệnh của `digest`

Trang này do `python3 tasks.py docs` viết từ chính các lệnh. `--home` và `--lang` đứng trước tên lệnh.

Mã kết thúc: 0 xong · 1 không làm được · 2 gõ sai hoặc sources.yaml sai · 3 xong một phần (có nguồn chưa lấy được)
· 4 có lần chạy khác đang giữ thư mục.
"""


def pages(command: click.Command, name: str, parent: click.Context | None = None) -> list[str]:
    """The help text of a command and of all below it, as Markdown."""
    context = click.Context(command, info_name=name, parent=parent)
    level = "##" if parent is None or parent.parent is None else "###"
    out = [f"{level} `{context.command_path}`\n\n```text\n{command.get_help(context)}\n```\n"]
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None:
                out += pages(found, child, context)
    return out


def main() -> int:
    """Writes the page, or compares it with what would be written."""
    text = HEAD + "\n" + "\n".join(pages(group, "digest"))
    path = HERE / "cli.md"
    if "--check" in sys.argv:
        return 0 if path.exists() and path.read_text(encoding="utf-8") == text else 1
    path.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
