"""QR codes: the modules of an address as one SVG path or a PNG, level M, without and with white border."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache

import segno

QUIET = 4  # modules of white that readers of codes need on each side (ISO/IEC 18004)
LEAST_MODULE_MM = 0.4  # below it, codes printed at 600 dpi and photographed in poor light begin to fail


@dataclass(frozen=True, slots=True)
class Code:
    """One code: `modules` a side, and its dark modules as an SVG path in units of one module."""

    modules: int
    path: str

    def svg(self, border: int = 0, attributes: str = "") -> str:
        """An SVG image; `border` in modules."""
        side = self.modules + 2 * border
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-border} {-border} {side} {side}"'
            f'{attributes}><path d="{self.path}" fill="#000" shape-rendering="crispEdges"/></svg>'
        )

    def size_mm(self, wanted: float) -> float:
        """The side to print at: what is wanted, or more where modules would get too small."""
        return max(wanted, self.modules * LEAST_MODULE_MM)


@lru_cache(maxsize=64)  # an edition's codes: html, pdf and docx want the same ones
def _made(address: str) -> segno.QRCode:
    return segno.make_qr(address, error="m", boost_error=False)


@lru_cache(maxsize=64)
def code(address: str) -> Code:
    """The code of an address at error correction level M."""
    rows = [bytes(row) for row in _made(address).matrix]
    return Code(len(rows), "".join(_strokes(rows)))


def _strokes(rows: list[bytes]) -> list[str]:
    """One rectangle for each horizontal run of dark modules."""
    strokes = []
    for y, row in enumerate(rows):
        x = 0
        while (x := row.find(1, x)) >= 0:
            end = row.find(0, x)
            end = len(row) if end < 0 else end
            strokes.append(f"M{x} {y}h{end - x}v1h-{end - x}z")
            x = end
    return strokes


def png(address: str, scale: int = 8) -> bytes:
    """A black and white PNG with its white border."""
    out = io.BytesIO()
    _made(address).save(out, kind="png", scale=scale, border=QUIET)
    return out.getvalue()
