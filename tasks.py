#!/usr/bin/env python3
"""The developer's tasks, the same on Windows and Linux; needs nothing but Python 3.11 or newer.

python3 tasks.py demo       sets up, then runs the whole job on the built-in newsroom
python3 tasks.py test       sets up, then runs the tests (what is skipped, and why, is listed)
python3 tasks.py lint       format, lint, types and import rules
python3 tasks.py bench CORPUS [NAME…] [OPTIONS]   the benchmarks in bench/, each with its own needs
python3 tasks.py docs       writes what is generated again (commands, settings, rooms, the schema of sources.yaml)
python3 tasks.py words      collects what is said to people, and compiles the English catalogue
python3 tasks.py soak       the long counts: hundreds of kills, disks filling up
python3 tasks.py wheelhouse [linux|windows|macos] [PYTHON…]   what a machine without internet installs from
python3 tasks.py parts      the list of parts with their licences (CycloneDX, docs/licences.md)
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = HERE / ".venv"
BIN = HOME / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
CONSTRAINTS = HERE / "constraints.txt"


def run(*words: str | Path, check: bool = True, **environment: str) -> int:
    """Runs a command from this folder; ends this program with its code if it fails."""
    done = subprocess.run([str(word) for word in words], cwd=HERE, env={**os.environ, **environment})
    if check and done.returncode:
        raise SystemExit(done.returncode)
    return done.returncode


def set_up() -> None:
    """Makes the virtual environment once, and again when what it is made from has changed."""
    wanted = hashlib.sha256(CONSTRAINTS.read_bytes() + (HERE / "setup.cfg").read_bytes()).hexdigest()
    mark = HOME / "made-from.txt"
    if PYTHON.exists() and mark.exists() and mark.read_text() == wanted:
        return
    print("Setting up .venv (once; a few minutes) …", flush=True)
    venv.EnvBuilder(with_pip=True, clear=True).create(HOME)
    run(
        PYTHON,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-c",
        CONSTRAINTS,
        "-e",
        ".[dev]",
    )
    # Each command starts an eighth of a second sooner, also where Python may not keep what it compiles.
    run(PYTHON, "-m", "compileall", "-q", "digest")
    mark.write_text(wanted)


def demo(rest: list[str]) -> None:
    """The main job, end to end, on articles and servers of our own."""
    run(PYTHON, "-m", "digest", "demo", *rest)


def test(rest: list[str]) -> None:
    """All tests but the long counts; -rs lists what was skipped and why."""
    workers = [] if any(word.startswith(("-n", "tests")) for word in rest) else ["-n", "auto"]
    run(PYTHON, "-m", "pytest", "-m", "not soak", "-rs", *workers, *rest)


def lint(_rest: list[str]) -> None:
    """Format, lint, types and import rules: green means no warnings."""
    run(PYTHON, "-m", "ruff", "format", "--check", ".")
    run(PYTHON, "-m", "ruff", "check", ".")
    run(PYTHON, "-m", "mypy")
    run(BIN / ("lint-imports.exe" if os.name == "nt" else "lint-imports"), "--no-cache")


def bench(rest: list[str]) -> None:
    """The benchmarks, one after another; words with a dash in front are handed on to each."""
    if not rest or rest[0].startswith("-"):
        raise SystemExit(
            "tasks.py bench CORPUS [NAME…] [OPTIONS]: the corpus is a .jsonl or .jsonl.xz of articles"
        )
    at = next((n for n, word in enumerate(rest) if word.startswith("-")), len(rest))
    corpus, names, options = rest[0], rest[1:at] or list(BENCHES), rest[at:]
    for name in names:
        if name not in BENCHES:
            raise SystemExit(
                f"tasks.py bench: {name} is none of {', '.join(BENCHES)}; see bench/{name}.py itself"
            )
        print(f"— bench/{name}.py", flush=True)
        BENCHES[name](name, corpus, options)


def _bench_of_corpus(name: str, corpus: str, options: list[str]) -> None:
    run(PYTHON, HERE / "bench" / f"{name}.py", corpus, *options)


def _bench_alone(name: str, _corpus: str, options: list[str]) -> None:
    run(PYTHON, HERE / "bench" / f"{name}.py", *options)


def _bench_of_newsroom(name: str, corpus: str, options: list[str]) -> None:
    """With the outlets of bench/outlets.py being served meanwhile."""
    outlets = subprocess.Popen(
        [str(PYTHON), str(HERE / "bench" / "outlets.py"), corpus], stdout=subprocess.PIPE, text=True
    )
    try:
        assert outlets.stdout is not None
        run(PYTHON, HERE / "bench" / f"{name}.py", outlets.stdout.readline().split(" ")[0], *options)
    finally:
        outlets.kill()
        outlets.communicate()


def _bench_of_home(name: str, corpus: str, options: list[str]) -> None:
    """On a workspace that bench/home.py fills from the corpus."""
    with tempfile.TemporaryDirectory() as folder:
        run(PYTHON, HERE / "bench" / "home.py", corpus, Path(folder) / "home")
        run(PYTHON, HERE / "bench" / f"{name}.py", Path(folder) / "home", *options)


BENCHES = {
    "search": _bench_of_corpus,
    "excerpts": _bench_of_corpus,
    "stories": _bench_of_corpus,
    "build": _bench_of_corpus,
    "extraction": _bench_of_newsroom,
    "web": _bench_of_home,
    "mail": _bench_alone,
}


def docs(_rest: list[str]) -> None:
    """Pages that are generated out of the code."""
    run(PYTHON, HERE / "docs" / "generate.py")
    run(PYTHON, HERE / "docs" / "rooms.py")


def words(_rest: list[str]) -> None:
    """The messages' template, the English catalogue brought up to it, and its compiled form."""
    run(PYTHON, HERE / "docs" / "words.py")


def soak(rest: list[str]) -> None:
    """What takes long: many kills, full disks, repeated crashes."""
    run(PYTHON, "-m", "pytest", "-m", "soak", "--timeout", "0", "-rs", *rest)


def wheelhouse(rest: list[str]) -> None:
    """Wheels of digest and all that it needs, for a platform without internet access; tried where it can be."""
    run(PYTHON, "-m", "release.wheelhouse", *rest)


def parts(_rest: list[str]) -> None:
    """The list of parts (dist/digest.cdx.json) and docs/licences.md, out of what is installed."""
    run(PYTHON, "-m", "release.parts")


TASKS = {task.__name__: task for task in (demo, test, lint, bench, docs, words, soak, wheelhouse, parts)}


def main() -> None:
    """Runs the task that the command line names, in a virtual environment of our own."""
    if len(sys.argv) < 2 or sys.argv[1] not in TASKS:
        raise SystemExit((__doc__ or "").strip())
    set_up()
    TASKS[sys.argv[1]](sys.argv[2:])


if __name__ == "__main__":
    main()
