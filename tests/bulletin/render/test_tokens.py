"""The design tokens: every text colour can be read on every ground, large print is large."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import pytest

import digest
from digest.bulletin.tokens import DARK, LARGE, LIGHT, Palette, contrast

STYLES = Path(digest.__file__).parent / "web" / "static"
TEXT = ("ink", "ink2", "link", "visited", "son", "ok", "warn")


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("ground", ["paper", "surface"])
@pytest.mark.parametrize("colour", TEXT)
def test_text_can_be_read_on_its_ground(palette: Palette, ground: str, colour: str) -> None:
    assert contrast(getattr(palette, colour), getattr(palette, ground)) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_words_in_banners_marks_and_buttons_can_be_read(palette: Palette) -> None:
    assert contrast(palette.ink, palette.mark) >= 4.5
    assert contrast(palette.button_text, palette.link) >= 4.5
    for colour, tint in (("link", "info"), ("warn", "warn"), ("son", "err"), ("ok", "ok")):
        assert contrast(getattr(palette, colour), getattr(palette, f"{tint}_tint")) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_borders_of_controls_can_be_seen(palette: Palette) -> None:
    assert contrast(palette.edge, palette.paper) >= 3


def test_contrast_is_what_wcag_says() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)
    assert contrast("#1B1A18", "#FFFFFF") == pytest.approx(17.4, abs=0.05)


def test_large_print_has_nothing_below_18_points() -> None:
    sizes = {name: size for name, size in asdict(LARGE).items() if name not in ("qr", "mark")}
    assert min(sizes.values()) >= 18
    assert (LARGE.body, LARGE.body_line, LARGE.title, LARGE.qr) == (22, 30, 27, 24)


def test_the_web_views_style_sheet_has_the_same_colours() -> None:
    sheets = [path.read_text(encoding="utf-8") for path in STYLES.rglob("*.css")]
    if not any("--ink" in sheet for sheet in sheets):
        pytest.skip("the web view has no style sheet yet")
    written = "\n".join(sheets).lower()
    for palette in (LIGHT, DARK):
        for name in (*TEXT, "paper", "surface", "edge", "line", "mark", "focus"):
            value = getattr(palette, name).lower()
            found = re.search(rf"--{name}\s*:\s*{value}\b", written)
            assert found or value in ("#ffffff",), f"{name} {value}"
