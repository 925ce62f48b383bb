"""The plug point of renderings: one module a format, imported when it is first asked for.

A new format is a module here with `render(view) -> bytes`, a line in `RENDERERS`, and done when
tests/contract/test_renderers.py passes with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from digest.bulletin.view import View


class Renderer(Protocol):
    """Makes one file out of an edition: the same view gives the same bytes, on any machine.

    `suffix` ends the file's name ("-chu-to.pdf"), `media_type` is for HTTP and mail, `label` is what
    readers see on a button.
    """

    @property
    def suffix(self) -> str:
        """What the file's name ends with."""

    @property
    def media_type(self) -> str:
        """The type for HTTP and mail."""

    @property
    def label(self) -> str:
        """The format as readers know it."""

    def render(self, view: View) -> bytes:
        """The file; RenderError says what stands in the way and what to do."""


@dataclass(frozen=True, slots=True)
class _Lazy:
    """A renderer whose module, and all that it imports, is loaded with the first edition."""

    module: str
    suffix: str
    media_type: str
    label: str
    function: str = "render"

    def render(self, view: View) -> bytes:
        """The file, out of a view that is first made fit to print (NFC, no control characters)."""
        from digest.bulletin.render.tidy import tidy

        module = import_module(f"{__name__}.{self.module}")
        made: bytes = getattr(module, self.function)(tidy(view))
        return made


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

RENDERERS: dict[str, Renderer] = {
    "html": _Lazy("html", ".html", "text/html", "Trang web một tệp"),
    "pdf": _Lazy("pdf", ".pdf", "application/pdf", "PDF"),
    "pdf-large": _Lazy("pdf", "-chu-to.pdf", "application/pdf", "PDF chữ to", "render_large"),
    "docx": _Lazy("docx", ".docx", _WORD, "Word"),
    "txt": _Lazy("txt", ".txt", "text/plain", "Đoạn chữ cho Zalo"),
    "epub": _Lazy("epub", ".epub", "application/epub+zip", "Sách điện tử (EPUB)"),
    "script": _Lazy("script", "-loi-doc.docx", _WORD, "Lời đọc trước hội nghị (Word)"),
    "email": _Lazy("email", "-thu.html", "text/html", "Thư điện tử (bản xem thử)"),
    "eml": _Lazy("email", ".eml", "message/rfc822", "Thư soạn sẵn", "render_eml"),
    "pptx": _Lazy("pptx", ".pptx", _SLIDES, "Trình chiếu"),
}
