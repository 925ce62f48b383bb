"""Collects what the program says into digest/locale, and compiles the English catalogue."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "digest" / "locale"
ENGLISH = LOCALE / "en" / "LC_MESSAGES" / "digest.po"
TEMPLATE = LOCALE / "digest.pot"
MAPPING = ROOT / "docs" / "babel.cfg"


def babel(*words: str | Path) -> None:
    """One pybabel command; it ends this program if it fails."""
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", *map(str, words)], check=True, cwd=ROOT)


def main() -> None:
    """Extracts, updates, compiles."""
    babel(
        "extract",
        "-F",
        MAPPING,
        "-k",
        "_",
        "-k",
        "mark",
        "--no-location",
        "--sort-output",
        "--omit-header",
        "-o",
        TEMPLATE,
        "digest",
    )
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    how = "update" if ENGLISH.exists() else "init"
    babel(
        how,
        "-D",
        "digest",
        "-i",
        TEMPLATE,
        "-d",
        LOCALE,
        "-l",
        "en",
        "-w",
        "100",
        *(["--no-fuzzy-matching", "--ignore-pot-creation-date"] if how == "update" else []),
    )
    babel("compile", "-D", "digest", "-d", LOCALE, "-l", "en")


if __name__ == "__main__":
    main()
