"""Fills our Jinja templates; everything is escaped, and only safe addresses become links."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

import jinja2

from digest.bulletin import tokens
from digest.bulletin.render import captions, qr

HOME = Path(__file__).resolve().parent.parent


@cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HOME / "templates", encoding="utf-8"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.update(say=captions, light=tokens.LIGHT, dark=tokens.DARK, tokens=tokens, code=qr.code)
    return made


def fill(template: str, **values: object) -> str:
    """The template of this name with these values."""
    return _environment().get_template(template).render(**values)


@cache
def font(weight: str) -> str:
    """Our screen font ("Regular" or "SemiBold") as a data address: 19 KB, and no request to anyone."""
    data = (HOME / "fonts" / f"BeVietnamPro-{weight}.woff2").read_bytes()
    return f"data:font/woff2;base64,{base64.b64encode(data).decode()}"
