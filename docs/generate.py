"""Writes docs/cli.md, the tables of settings and the schema of sources.yaml out of the program; `--check` says whether
they are up to date."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import click

os.environ["DIGEST_LANG"] = "vi"

from digest import settings
from digest.cli.main import group
from digest.config import schema

HERE = Path(__file__).resolve().parent
HEAD = """# Các lệnh của `digest`

Trang này do `python3 tasks.py docs` viết từ chính các lệnh. `--home` và `--lang` đứng trước tên lệnh.

Mã kết thúc: 0 xong · 1 không làm được · 2 gõ sai hoặc sources.yaml sai · 3 xong một phần (có nguồn chưa lấy được)
· 4 có lần chạy khác đang giữ thư mục.
"""


SETTINGS_HEAD = """# Các thiết đặt

Trang này do `python3 tasks.py docs` viết từ chính chương trình. Ghi vào tệp `settings.toml` cạnh `sources.yaml`, mỗi dòng
`tên = "giá trị"`; tệp này chứa mật khẩu, không gửi cho ai. Cũng đặt được bằng biến môi trường: viết hoa, thêm `DIGEST_` ở
đầu (`smtp_url` thành `DIGEST_SMTP_URL`); biến môi trường được ưu tiên. Tên có sẵn `DIGEST_` trong bảng chỉ đặt bằng biến
môi trường. `digest check` chỉ ra những tên viết sai.
"""


def pages(command: click.Command, name: str, parent: click.Context | None = None) -> list[str]:
    """The help text of a command and of all below it, as Markdown."""
    context = click.Context(command, info_name=name, parent=parent, **command.context_settings)
    level = "##" if parent is None or parent.parent is None else "###"
    out = [f"{level} `{context.command_path}`\n\n```text\n{command.get_help(context)}\n```\n"]
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None:
                out += pages(found, child, context)
    return out


def settings_page() -> str:
    """docs/vi/thiet-dat.md as a whole."""
    return SETTINGS_HEAD + "\n" + settings.table("vi")


def operations(text: str) -> str:
    """docs/operations.md with its table of settings written anew."""
    table = settings.table("en").replace("\\", "\\\\")
    return re.sub(
        r"(<!-- settings: begin [^\n]*-->\n).*?(<!-- settings: end -->)", rf"\1{table}\2", text, flags=re.S
    )


def main() -> int:
    """Writes the pages, or compares them with what would be written."""
    old = (HERE / "operations.md").read_text(encoding="utf-8")
    made = {
        HERE / "cli.md": HEAD + "\n" + "\n".join(pages(group, "digest")),
        HERE / "operations.md": operations(old),
        HERE / "vi" / "thiet-dat.md": settings_page(),
        HERE / "sources.schema.json": json.dumps(schema(), ensure_ascii=False, indent=1) + "\n",
    }
    if "--check" in sys.argv:
        return int(any(not p.exists() or p.read_text(encoding="utf-8") != text for p, text in made.items()))
    for path, text in made.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
