"""A workspace of invented centers with an approved edition, worked through the command line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digest.cli.main import run
from digest.jobs.setup import make_workspace
from digest.workspace import Workspace

EDITION = "ban-tin/2026-W47"
SOURCES = """
format: 1
site: {name: Bản tin thử, url: https://bantin.example.vn}
sources: []
topics:
  - {id: dan-van, name: Dân vận, query: '"dân vận"', min_score: 0}
bulletins:
  - {id: ban-tin, name: Bản tin thử, cadence: weekly, sections: {dan-van: 4}, formats: [html, txt]}
centers:
"""
CENTER = (
    "  - {{id: {id}, name: Trung tâm {id}, sender: 'Trung tâm <bantin@dongmau.test>', bulletins: [ban-tin],\n"
    "     reply_to: 'Văn phòng <vp@dongmau.test>', recipients: recipients/{id}.csv}}\n"
)


@dataclass
class Bureau:
    """One home folder; `digest(...)` runs a command in it and keeps what was said."""

    home: Path
    capsys: Any
    out: str = ""
    err: str = ""
    said: str = ""  # when the slip was approved

    def digest(self, *words: str, code: int = 0) -> str:
        """What a command said on standard output; it must end with this code."""
        self.capsys.readouterr()
        ended = run(["--home", str(self.home), *words])
        self.out, self.err = self.capsys.readouterr()
        assert ended == code, (words, ended, self.out, self.err)
        return self.out

    def json(self, *words: str, code: int = 0) -> Any:
        """What a command said as JSON."""
        return json.loads(self.digest(*words, "--json", code=code))

    def settings(self, **values: str) -> None:
        """Writes settings.toml."""
        lines = [f"{name} = {json.dumps(value)}\n" for name, value in values.items()]
        (self.home / "settings.toml").write_text("".join(lines), encoding="utf-8")

    def recipients(self, center: str, *names: str) -> None:
        """Writes a center's list."""
        rows = "".join(f"{name}@thu.test;Người Tên {name.title()}\n" for name in names)
        (self.home / "recipients" / f"{center}.csv").write_text("email;name\n" + rows, encoding="utf-8-sig")

    def approve(self) -> None:
        """Imports articles, drafts, builds and approves the week's edition."""
        bundle = self.home / "bai.jsonl"
        bundle.write_text(articles(), encoding="utf-8")
        self.digest("admin", "import", str(bundle))
        self.digest("draft", "ban-tin", "--period", "2026-W47")
        self.digest("build", EDITION)
        self.digest("approve", EDITION)

    def slip(self) -> str:
        """Approves a correction slip of the edition; its id."""
        self.digest("draft", "--corrects", EDITION)
        path = self.home / "output" / f"{EDITION}-dc1" / "edition.md"
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace(
                "Viết ở đây: số trên in gì, và đúng là gì.", "Số trước in sai ngày họp, đúng là 16/11."
            ),
            encoding="utf-8",
        )
        self.said = self.digest("approve", f"{EDITION}-dc1")
        return f"{EDITION}-dc1"


def open_bureau(home: Path, capsys: Any, *centers: str) -> Bureau:
    """A home with these centers, each with an empty list."""
    make_workspace(Workspace(home), SOURCES + "".join(CENTER.format(id=center) for center in centers))
    bureau = Bureau(home, capsys)
    for center in centers:
        bureau.recipients(center)
    return bureau


def articles() -> str:
    """Three articles of the week, as `admin import` takes them."""
    rows = (
        {
            "url": f"https://bao.example.vn/{n}",
            "title": f"Công tác dân vận ở xã Bến Thử, kỳ {n}",
            "paragraphs": [f"Tổ dân vận số {n} đến từng nhà nghe bà con nói về đường và trường học. " * 3],
            "published": f"2026-11-1{6 + n}T08:00:00+07:00",
            "outlet": "Báo Thử",
        }
        for n in range(3)
    )
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
