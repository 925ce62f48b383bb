"""Digest's own wheel, byte for byte the same from the same source: `python -m release.wheel [FOLDER]`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
TAKEN = ("digest", "LICENSE", "README.md", "pyproject.toml", "setup.cfg")
LEFT = shutil.ignore_patterns("__pycache__", "*.pyc", "*.egg-info", ".*")
EPOCH = 1_767_225_600  # 2026-01-01: what files in the wheel are dated, where nothing else is said


def build(into: Path) -> Path:
    """Builds from a clean copy, so that neither leftovers nor modes nor dates of this checkout get in."""
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "source", Path(folder) / "out"
        source.mkdir()
        for name in TAKEN:
            _copy(HERE / name, source / name)
        for path in source.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        environment = {**os.environ, "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", str(EPOCH))}
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
        command += ["--no-deps", "--no-cache-dir", "-w", str(out), str(source)]
        done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr.decode("utf-8", "replace"))
        made = next(out.glob("*.whl"))
        return Path(shutil.copy(made, into / made.name))


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=LEFT)
    else:
        shutil.copyfile(source, target)


if __name__ == "__main__":
    print(build(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "dist"))
