"""Pages of the demo's five outlets: five ways of building a news page, with the furniture real ones have."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from digest import clock
from digest.demo.pieces import Piece

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
INTERNAL = "TÀI LIỆU LƯU HÀNH NỘI BỘ"


@cache
def _templates() -> Environment:
    folder = Path(__file__).with_name("templates")
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)


def page(piece: Piece, base: str, others: Sequence[Piece]) -> bytes:
    """The page of an article; `others` fill its "xem thêm" box, `base` is the outlet's address."""
    when = clock.local(piece.published)
    made = (
        _templates()
        .get_template(f"{piece.outlet.template}.html")
        .render(
            piece=piece,
            base=base,
            others=others,
            when=when,
            weekday=WEEKDAYS[when.weekday()],
            internal=_marking(piece),
            stated=_script(_stated(piece, base)),
            state=_script(_state(piece, others)),
        )
    )
    if piece.outlet.template == "divs":  # letters decomposed, as some editors' software leaves them
        made = unicodedata.normalize("NFD", made)
    return made.encode("utf-8")


def _marking(piece: Piece) -> str:
    return INTERNAL if piece.trouble == "internal" else ""


def _stated(piece: Piece, base: str) -> dict[str, object]:
    """The JSON-LD of the modern page."""
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": f"{base}{piece.path}",
        "headline": piece.title,
        "description": piece.lead,
        "datePublished": clock.local(piece.published).isoformat(),
        "author": {"@type": "Person", "name": piece.author},
        "publisher": {"@type": "Organization", "name": piece.outlet.name},
    }


def _state(piece: Piece, others: Sequence[Piece]) -> dict[str, object]:
    """The state object that a script would fill the magazine's empty page from."""
    body = "".join(f"<p>{escape(text)}</p>" for text in piece.paragraphs)
    figures = "".join(f"<figure><figcaption>{escape(text)}</figcaption></figure>" for text in piece.captions)
    marking = f"<p>{_marking(piece)}</p>" if _marking(piece) else ""
    return {
        "site": {"name": piece.outlet.name},
        "article": {
            "url": piece.path,
            "title": piece.title,
            "sapo": piece.lead,
            "author": {"name": piece.author},
            "publishedAt": clock.local(piece.published).isoformat(),
            "content": f"{marking}{body}{figures}",
        },
        "related": [{"title": one.title, "url": one.path} for one in others],
    }


def _script(value: object) -> Markup:
    # Safe inside <script>: the one sequence that could end it is broken up.
    return Markup(json.dumps(value, ensure_ascii=False).replace("</", "<\\/"))  # noqa: S704
