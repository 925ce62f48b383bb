"""How a reader wants pages (language, size, ground, contrast), carried in the address instead of a cookie.

`/~lon.toi.en/chu-de` is `/chu-de` in larger text, on a dark ground, in English. The first part is
taken off before routing and put before every address that a page names, so the wish stays along links.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from digest.wording import _

_PREFIX = re.compile(r"/~([a-z.-]{1,40})(?=/|$)")
SIZES = ("", "lon", "rat-lon")
GROUNDS = ("", "toi", "sang")
CONTRASTS = ("", "dam")
LANGUAGES = ("", "en")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one reader wishes; an empty word is the default (the ground then follows the device)."""

    size: str = ""
    ground: str = ""
    contrast: str = ""
    language: str = ""

    @property
    def prefix(self) -> str:
        """What goes before every address of the site: "" or "/~lon.toi.en"."""
        words = [word for word in (self.size, self.ground, self.contrast, self.language) if word]
        return f"/~{'.'.join(words)}" if words else ""

    @property
    def spoken(self) -> str:
        """The language of messages: vi | en."""
        return self.language or "vi"

    def with_(self, **wish: str) -> Wishes:
        """The same wishes but for one."""
        return replace(self, **wish)

    @property
    def larger(self) -> Wishes:
        """The next size up; after the largest, the usual one."""
        return replace(self, size=SIZES[(SIZES.index(self.size) + 1) % len(SIZES)])

    @property
    def larger_name(self) -> str:
        """What the link to `larger` says."""
        return {
            "": _("Cỡ chữ lớn hơn"),
            "lon": _("Cỡ chữ lớn nhất"),
            "rat-lon": _("Cỡ chữ thường"),
        }[self.size]


_KNOWN = {"size": SIZES, "ground": GROUNDS, "contrast": CONTRASTS, "language": LANGUAGES}


def parse(words: str) -> Wishes | None:
    """The wishes that "lon.toi.en" names; None for an unknown or doubled word."""
    found: dict[str, str] = {}
    for word in words.split("."):
        kind = next((field.name for field in fields(Wishes) if word and word in _KNOWN[field.name]), None)
        if kind is None or kind in found:
            return None
        found[kind] = word
    return Wishes(**found)


Start = Callable[..., Any]
App = Callable[[dict[str, Any], Start], Iterable[bytes]]


class CarriedWishes:
    """WSGI middleware that takes the wishes off the path and remembers them for the request."""

    def __init__(self, app: App) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """An unknown prefix is left where it is: there is no such page then."""
        path = environ.get("PATH_INFO", "")
        found = _PREFIX.match(path) if path.startswith("/~") else None
        wishes = parse(found[1]) if found else None
        if found and wishes:
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + found[0]
            environ["PATH_INFO"] = path[found.end() :] or "/"
        environ["digest.wishes"] = wishes or Wishes()
        return self.app(environ, start)
