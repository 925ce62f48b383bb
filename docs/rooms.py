"""Draws which room imports which, out of the code itself, into docs/architecture.md; `--check` says whether it is up to date."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
CODE = HERE.parent / "digest"
PAGE = HERE / "architecture.md"
BEGIN, END = "<!-- rooms: written by docs/rooms.py -->", "<!-- /rooms -->"
# Everybody imports these: arrows to them would hide the others.
LEAVES = {"model", "errors", "clock", "wording", "workspace", "text", "query", "tagging", "selectors"}


def imports(path: Path) -> Iterator[str]:
    """The rooms that one file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if node.module == "digest":
                yield from (alias.name for alias in node.names if (CODE / alias.name).exists())
            elif node.module.startswith("digest."):
                yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (one.name.split(".")[1] for one in node.names if one.name.startswith("digest."))


def arrows() -> list[tuple[str, str]]:
    """(room, room that it imports), without leaves and itself."""
    found = set()
    for path in CODE.rglob("*.py"):
        room = path.relative_to(CODE).parts[0]
        if room.endswith(".py"):
            continue
        found |= {(room, other) for other in imports(path) if other not in LEAVES | {room}}
    return sorted((a, b) for a, b in found if (CODE / b).is_dir())


def through(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without the arrows that a longer way makes plain."""
    onward: dict[str, set[str]] = {}
    for a, b in pairs:
        onward.setdefault(a, set()).add(b)

    def reached(a: str) -> set[str]:
        return {c for b in onward.get(a, ()) for c in {b} | reached(b)}

    return [(a, b) for a, b in pairs if not any(b in reached(c) for c in onward[a] - {b})]


def drawing() -> str:
    """A Mermaid diagram, as the page holds it."""
    lines = "".join(f"    {a} --> {b}\n" for a, b in through(arrows()))
    return f"{BEGIN}\n```mermaid\nflowchart TD\n{lines}```\n{END}"


def main() -> int:
    """Puts it into the page, or compares."""
    text = PAGE.read_text(encoding="utf-8")
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    made = before + drawing() + after
    if "--check" in sys.argv:
        return 0 if made == text else 1
    PAGE.write_text(made, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
