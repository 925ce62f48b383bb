"""The one set of design tokens for screen, paper and letter: colours with measured contrast, sizes, spaces.

The web view's style sheet writes the same colours by hand (it is served as a file); a test compares them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one ground. Text colours have a contrast of at least 4.5:1 on `paper` and `surface`."""

    paper: str
    surface: str
    ink: str
    ink2: str
    link: str
    visited: str
    son: str
    ok: str
    warn: str
    edge: str
    line: str
    mark: str
    focus: str
    info_tint: str
    warn_tint: str
    err_tint: str
    ok_tint: str
    button_text: str

    def css(self) -> str:
        """The palette as CSS custom properties: `--ink:#1B1A18;--ink2:…`."""
        return "".join(f"--{name.replace('_', '-')}:{value};" for name, value in asdict(self).items())


LIGHT = Palette(
    paper="#FFFFFF",
    surface="#F5F3EF",
    ink="#1B1A18",
    ink2="#55524C",
    link="#17498A",
    visited="#5D3579",
    son="#A61B1B",
    ok="#1D6638",
    warn="#7F4B00",
    edge="#76726A",
    line="#D8D4CC",
    mark="#FFE7A0",
    focus="#FFD33D",
    info_tint="#E9F0F9",
    warn_tint="#FFF4DC",
    err_tint="#FBECEA",
    ok_tint="#E8F3EB",
    button_text="#FFFFFF",
)
DARK = Palette(
    paper="#16181B",
    surface="#202328",
    ink="#ECEAE5",
    ink2="#B9B6AF",
    link="#9CC3FF",
    visited="#CFB4F2",
    son="#FF9B8C",
    ok="#84D6A1",
    warn="#F3C267",
    edge="#8B919A",
    line="#3B4047",
    mark="#5B4600",
    focus="#FFD33D",
    info_tint="#1D2C40",
    warn_tint="#33290F",
    err_tint="#3A1F1C",
    ok_tint="#18301F",
    button_text="#101214",
)


@dataclass(frozen=True, slots=True)
class PrintSizes:
    """Sizes on paper: points, but `qr` (the code without its white border) and `mark` in millimetres.

    `*_line` is the distance from one base line to the next.
    """

    body: float
    body_line: float
    title: float
    title_line: float
    section: float
    contents: float
    contents_line: float
    sources: float
    name: float
    number: float
    kicker: float
    note: float
    note_line: float
    source: float
    source_line: float
    footer: float
    small: float
    letterhead: float
    qr: float
    mark: float = 24


PRINT = PrintSizes(
    body=14,
    body_line=19,
    title=20,
    title_line=23,
    section=13,
    contents=13,
    contents_line=16,
    sources=12,
    name=42,
    number=28,
    kicker=13,
    note=10.5,
    note_line=15,
    source=10,
    source_line=14,
    footer=9.5,
    small=9.5,
    letterhead=13,
    qr=18,
)
# Large print: nothing below 18 pt (LOOK asks 22/30 for text, 27 for titles, a code of 24 mm).
LARGE = PrintSizes(
    body=22,
    body_line=30,
    title=27,
    title_line=32,
    section=20,
    contents=20,
    contents_line=26,
    sources=18,
    name=46,
    number=32,
    kicker=18,
    note=20,
    note_line=27,
    source=19,
    source_line=26,
    footer=18,
    small=18,
    letterhead=19,
    qr=24,
)

PAGES_MM: dict[str, tuple[float, float]] = {"190x270": (190, 270), "a4": (210, 297), "a5": (148, 210)}
MARGINS_MM = {"top": 18.0, "bottom": 21.0, "inner": 21.0, "outer": 18.0}
SCREEN_FONT = '"Be Vietnam Pro","Segoe UI",Roboto,Arial,sans-serif'
LETTER_FONT = 'Roboto,"Segoe UI",Arial,sans-serif'  # a letter is read in the reader's own sans


def luminance(colour: str) -> float:
    """Relative luminance of "#RRGGBB" (WCAG 2.2)."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, from 1 to 21 (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
