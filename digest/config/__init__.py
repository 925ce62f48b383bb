"""sources.yaml: read with line and column, judged with all faults at once; the packaged default."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from digest.config.document import compose, read_text
from digest.config.faults import Faults
from digest.config.layout import CONFIG
from digest.config.names import CADENCES, FORMATS, KINDS, LETTERHEADS, SHOWS
from digest.config.relations import check_parents, check_relations
from digest.config.shapes import MISSING
from digest.errors import FileFaults
from digest.model import Config

__all__ = [
    "CADENCES",
    "FORMATS",
    "KINDS",
    "LETTERHEADS",
    "SHOWS",
    "default_text",
    "load",
    "parse",
    "schema",
]


def load(path: Path) -> Config:
    """The configuration in a file; FileFaults with every fault of it, UsageError if it cannot be read."""
    return parse(read_text(path), path.name)


def parse(text: str, name: str = "sources.yaml") -> Config:
    """The configuration in a text; FileFaults under the given file name."""
    faults = Faults(name, text)
    root = compose(text, faults)
    found: Any = MISSING
    if root is not None:
        found = CONFIG.read(root, faults)
        check_relations(faults)
    if isinstance(found, Config):
        check_parents(found.topics, faults)
    if faults.found or found is MISSING:
        raise FileFaults(name, faults.in_order())
    config: Config = found
    return config


def schema() -> dict[str, Any]:
    """JSON Schema of sources.yaml, for editors such as VS Code: keys, types and choices."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "sources.yaml"}
    return head | CONFIG.schema()


def default_text() -> str:
    """The packaged sources.yaml that a new workspace begins with."""
    return files("digest.config").joinpath("default", "sources.yaml").read_text(encoding="utf-8")
