"""EPUB 3 for phones and reading devices: a chapter a section, a table of contents, nothing fetched."""

from __future__ import annotations

import uuid

from digest.bulletin.render import captions, pages
from digest.bulletin.render.zipped import packed
from digest.bulletin.view import View

_CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
_NAMESPACE = uuid.UUID(
    "6f2d6f0e-6a0f-5c1b-9d4b-2c1f3a5e7b90"
)  # ours; makes one identifier of an edition's id


def render(view: View) -> bytes:
    """The edition as an e-book."""
    chapters = [(f"s{n}.xhtml", section) for n, section in enumerate(view.sections, 1)]
    places = {one.order: f"sources.xhtml#bai-{one.order}" for one in view.cited}
    places |= {item.order: f"{file}#bai-{item.order}" for file, section in chapters for item in section.items}
    identifier = f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'{view.publisher}/{view.id}')}"
    title = captions.title(view)
    made = {
        "book.opf": pages.fill("book.opf", view=view, chapters=chapters, identifier=identifier),
        "nav.xhtml": pages.fill("book-nav.xhtml", view=view, chapters=chapters, heading=captions.CONTENTS),
        "book.css": pages.fill("book.css"),
        "front.xhtml": pages.fill("book-front.xhtml", view=view, heading=title),
    }
    for file, section in chapters:
        made[file] = pages.fill(
            "book-section.xhtml", section=section, heading=section.name or title, places=places
        )
    made["sources.xhtml"] = pages.fill(
        "book-sources.xhtml", view=view, places=places, heading=captions.SOURCES
    )
    files = [("mimetype", "application/epub+zip"), ("META-INF/container.xml", _CONTAINER)]
    files += [(f"EPUB/{name}", text.lstrip()) for name, text in made.items()]
    return packed(((name, text.encode()) for name, text in files), stored=frozenset({"mimetype"}))
