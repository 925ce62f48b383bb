"""Printed pages as pictures: the desk's preview, and the cover of an edition in the archive."""

from __future__ import annotations

import json
import threading
from functools import cache, lru_cache
from typing import Any

import typst

from digest.bulletin import tokens
from digest.bulletin.render import pdf
from digest.bulletin.render.glyphs import plain
from digest.bulletin.view import View

READ, SEEN = 110.0, 60.0  # dots an inch: sharp enough to read on a screen; to know a page again
_turn = threading.Lock()  # one at a time: drawing takes a core for a fifth of a second


@lru_cache(maxsize=2)
def pages(view: View) -> tuple[bytes, ...]:
    """All printed pages as PNG, to be read; the last two editions looked at are kept."""
    return _drawn(view, READ)


@lru_cache(maxsize=48)
def cover(view: View) -> bytes:
    """The first page as a small PNG."""
    return _drawn(view, SEEN)[0]


def _drawn(view: View, dots: float) -> tuple[bytes, ...]:
    template = pdf.HOME / "templates" / "edition.typ"
    with _turn:
        compiler = typst.Compiler(template, root=template.parent, font_paths=_fonts())
        data = json.dumps(_plain(pdf.compile_data(view, tokens.PRINT)), ensure_ascii=False)
        made = compiler.compile(format="png", ppi=dots, sys_inputs={"data": data})
    drawn = made if isinstance(made, list) else [made]
    return tuple(one for one in drawn if one is not None)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[pdf.HOME / "fonts"]
    )


def _plain(value: Any) -> Any:
    """Every text without letters that the fonts lack; pictures and addresses stay."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {k: v if k in ("svg", "link", "href") else _plain(v) for k, v in value.items()}
    return value
