"""docs/extending.md, "A new kind of source", followed to the letter in a copy: its suites are green at the end."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import digest

ROOT = Path(__file__).parents[2]
SUITES = ("contract/test_kinds.py", "config/test_schema.py")


def blocks() -> list[str]:
    """The Python pieces of the page, in order."""
    text = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    return [re.sub(r"(?m)^   ", "", block) for block in re.findall(r"(?s)```python\n(.*?) *```", text)]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} no longer has {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def copied(where: Path) -> Path:
    shutil.copytree(
        Path(digest.__file__).parent, where / "digest", ignore=shutil.ignore_patterns("__pycache__")
    )
    for suite in SUITES:
        (where / "tests" / suite).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "tests" / suite, where / "tests" / suite)
    shutil.copytree(ROOT / "docs", where / "docs", ignore=shutil.ignore_patterns("pictures"))
    return where


def run(where: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PYTHONPATH": str(where), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, *words], cwd=where, env=env, capture_output=True, encoding="utf-8", timeout=120
    )


def suites(where: Path) -> subprocess.CompletedProcess[str]:
    paths = [f"tests/{suite}" for suite in SUITES]
    return run(
        where, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly", *paths
    )


def test_a_new_kind_of_source_is_made_as_the_page_says(tmp_path):
    where, (module, sample, *_rest) = copied(tmp_path), blocks()
    assert len(module.splitlines()) <= 45
    kinds = where / "digest" / "collect" / "kinds"
    (kinds / "jsonlist.py").write_text(module, encoding="utf-8", newline="\n")
    change(kinds / "__init__.py", "import feed, listing", "import feed, jsonlist, listing")
    change(kinds / "__init__.py", '"feed": feed, ', '"feed": feed, "jsonlist": jsonlist, ')
    unfinished = suites(where)
    assert unfinished.returncode == 1 and "test_every_kind_has_a_sample[jsonlist]" in unfinished.stdout
    change(where / "digest" / "config" / "names.py", 'KINDS = ("feed", ', 'KINDS = ("feed", "jsonlist", ')
    assert run(where, "docs/generate.py").returncode == 0  # what `python3 tasks.py docs` does
    change(where / "tests" / SUITES[0], "HOSTILE = {", sample + "HOSTILE = {")
    change(where / "tests" / SUITES[0], "import inspect\n", "import inspect\nimport json\n")
    finished = suites(where)
    assert finished.returncode == 0, finished.stdout[-3000:]
