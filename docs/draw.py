"""Draws every rendering of the sample edition into docs/pictures, and compares it with calibre's if that is there.

python docs/draw.py      (wants pdftoppm, LibreOffice, and Playwright's Chromium)
"""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from PIL import Image
from playwright.async_api import async_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from digest.bulletin.render import RENDERERS  # noqa: E402
from tests.bulletin.render.sample import edition  # noqa: E402

OUT = ROOT / "docs" / "pictures"
GROUND = (226, 223, 216)


def main() -> None:
    """All pictures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = {form: folder / f"edition{one.suffix}" for form, one in RENDERERS.items()}
        for form, path in files.items():
            path.write_bytes(RENDERERS[form].render(edition()))
        pdf, large = pages(files["pdf"]), pages(files["pdf-large"])
        save("edition-pdf.png", sheet(pdf, 4))
        save("edition-pdf-front.png", sheet(pages(files["pdf"], 90)[:2], 2))
        save("edition-pdf-last-large-bw.png", sheet([pdf[-1], large[1], grey(pdf[0])], 3))
        for form in ("docx", "script", "pptx"):
            save(f"edition-{form}.png", sheet(pages(office(files[form])), 4))
        asyncio.run(browse(folder, files))


def pages(path: Path, dpi: int = 60) -> list[Image.Image]:
    """A PDF's pages as pictures."""
    stem = path.with_suffix("")
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", str(path), f"{stem}-{dpi}"], check=True)
    return [Image.open(one).convert("RGB") for one in sorted(path.parent.glob(f"{stem.name}-{dpi}-*.png"))]


def office(path: Path) -> Path:
    """The same file as LibreOffice prints it."""
    into = path.parent / f"{path.suffix[1:]}-{path.stem}"
    into.mkdir()
    words = [
        "soffice",
        f"-env:UserInstallation={(into / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    subprocess.run([*words, "--outdir", str(into), str(path)], check=True, capture_output=True, timeout=180)
    return into / f"{path.stem}.pdf"


def sheet(pictures: list[Image.Image], across: int) -> Image.Image:
    """Pictures side by side on a grey ground."""
    wide, high = max(one.width for one in pictures) + 16, max(one.height for one in pictures) + 16
    across = min(across, len(pictures))
    made = Image.new("RGB", (wide * across + 16, high * -(-len(pictures) // across) + 16), GROUND)
    for n, one in enumerate(pictures):
        made.paste(one, (16 + n % across * wide, 16 + n // across * high))
    return made


def grey(picture: Image.Image) -> Image.Image:
    """As a black and white printer has it."""
    return picture.convert("L").convert("RGB")


def save(name: str, picture: Image.Image) -> None:
    """Into docs/pictures, small."""
    picture.quantize(96).save(OUT / name, optimize=True)
    print(name, picture.size)


async def browse(folder: Path, files: dict[str, Path]) -> None:
    """Pages, letters and pieces of text as Chromium shows them."""
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=shutil.which("chromium"))

        async def shot(path: Path, wide: int, scheme: str = "light", high: int = 1500) -> Image.Image:
            context = await browser.new_context(viewport={"width": wide, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
            page = await context.new_page()
            await page.goto(path.as_uri())
            data = await page.screenshot(full_page=True)
            whole = Image.open(io.BytesIO(data)).convert("RGB")
            await context.close()
            return whole.crop((0, 0, whole.width, min(high, whole.height)))

        html, letter = files["html"], files["email"]
        save("edition-html.png", sheet([await shot(html, 1280), await shot(html, 360)], 2))
        save(
            "edition-html-dark.png", sheet([await shot(html, 1280, "dark"), await shot(html, 360, "dark")], 2)
        )
        save("edition-email.png", sheet([await shot(letter, 720), await shot(letter, 360)], 2))
        save(
            "edition-email-dark.png",
            sheet([await shot(letter, 720, "dark"), await shot(letter, 360, "dark")], 2),
        )
        page = await browser.new_page()
        await page.goto(html.as_uri())
        (folder / "print.pdf").write_bytes(await page.pdf(prefer_css_page_size=True))
        save("edition-html-print.png", sheet(pages(folder / "print.pdf")[:4], 4))
        with zipfile.ZipFile(files["epub"]) as book:
            book.extractall(folder / "book")
        text = folder / "txt.html"
        shown = files["txt"].read_text(encoding="utf-8").replace("&", "&amp;").replace("<", "&lt;")
        text.write_text(
            f"<meta charset=utf-8><pre style='font:15px/22px sans-serif;white-space:pre-wrap;padding:16px'>{shown}</pre>",
            encoding="utf-8",
        )
        chapters = [
            await shot(folder / "book" / "EPUB" / f"{name}.xhtml", 420, high=1200)
            for name in ("s1", "s5", "sources")
        ]
        save("edition-epub-txt.png", sheet([*chapters, await shot(text, 420, high=1200)], 4))
        await browser.close()
    if shutil.which("ebook-convert"):
        made = folder / "calibre.pdf"
        # calibre lays out in a browser of its own, which root may only run without its sandbox.
        alone = {**os.environ, "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox"}
        command = ["ebook-convert", str(files["epub"]), str(made)]
        subprocess.run(command, check=True, capture_output=True, timeout=300, env=alone)
        save("beside-calibre.png", sheet([pages(files["pdf"])[1], pages(made)[1]], 2))


if __name__ == "__main__":
    main()
