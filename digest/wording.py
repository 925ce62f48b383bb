"""The language people are spoken to in: Vietnamese is the source of the wording, English beside it."""

from __future__ import annotations

import gettext
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = ("vi", "en")
_language: ContextVar[str] = ContextVar("language", default="vi")


def speak(language: str) -> None:
    """From here on (in this thread or request) messages are in "vi" or "en"; others mean "vi"."""
    _language.set(language if language in LANGUAGES else "vi")


def spoken() -> str:
    """The language that messages are in now."""
    return _language.get()


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    folder = Path(__file__).with_name("locale")
    return gettext.translation("digest", folder, [language], fallback=True)


def _(text: str, /, **values: object) -> str:
    """The text in the present language, with its {named} values filled in."""
    said = text if spoken() == "vi" else _catalogue(spoken()).gettext(text)
    return said.format(**values) if values else said


def mark(text: str) -> str:
    """Marks a text for translation that is spoken later, through `_`."""
    return text
