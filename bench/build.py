"""How long an edition of 12 articles takes in html, txt, pdf, docx and email, and 60 bulletins in one run.

python bench/build.py [CORPUS]: articles of the corpus (.jsonl or .jsonl.xz with title, lead and paragraphs or
text) make the editions realistic; without one, our invented sample does. Reports seconds and memory.
"""

from __future__ import annotations

import json
import lzma
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from digest.bulletin.render import RENDERERS
from digest.bulletin.view import View
from tests.bulletin.render.sample import edition

FORMS = ("html", "txt", "pdf", "docx", "email")
BULLETINS, MOST_SECONDS, MOST_ALL, MOST_MB = 60, 1.5, 60, 500


def main(words: list[str]) -> int:
    """Prints the figures; 1 if one of them misses its aim."""
    texts = _texts(Path(words[0])) if words else iter(())
    began = time.perf_counter()
    first = _build(_with(texts, 0), shown=True)
    print(f"first edition, imports and fonts included: {first:.2f} s (aim {MOST_SECONDS})")
    seconds = [_build(_with(texts, n)) for n in range(1, BULLETINS)]
    whole = time.perf_counter() - began
    half = len(seconds) // 2
    early, late = sum(seconds[:half]) / half, sum(seconds[half:]) / (len(seconds) - half)
    print(
        f"{BULLETINS} editions: {whole:.1f} s (aim {MOST_ALL}), "
        f"{early:.2f} s each at first, {late:.2f} s later; processor {time.process_time():.1f} s"
    )
    memory = _peak_mb()
    print(f"peak memory: {memory:.0f} MB (aim {MOST_MB})")
    return int(first > MOST_SECONDS or whole > MOST_ALL or memory > MOST_MB)


def _build(view: View, shown: bool = False) -> float:
    began = time.perf_counter()
    for form in FORMS:
        at = time.perf_counter()
        data = RENDERERS[form].render(view)
        if shown:
            print(f"  {form:6} {time.perf_counter() - at:5.2f} s {len(data) / 1000:7.0f} KB")
    return time.perf_counter() - began


def _with(texts: Iterator[tuple[str, list[str]]], number: int) -> View:
    """The sample edition with other titles, leads and excerpts."""
    base = edition(id=f"bulletin-{number}/2026-W47", number=number + 1)
    sections = []
    for section in base.sections:
        items = []
        for item in section.items:
            title, said = next(texts, (f"{item.title} ({number})", [item.lead, item.lead]))
            lead, *rest = [*said, item.lead, item.lead]
            excerpts = (rest[0][:600], None, rest[1][:300])
            items.append(replace(item, title=title, lead=lead[:400], excerpts=excerpts))
        sections.append(replace(section, items=tuple(items)))
    return replace(base, sections=tuple(sections))


def _texts(path: Path) -> Iterator[tuple[str, list[str]]]:
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in islice(lines, 12 * BULLETINS):
            said = json.loads(line)
            body = said.get("paragraphs") or str(said.get("text") or said.get("body") or "").split("\n")
            yield said["title"], [part for part in (said.get("lead") or said.get("sapo"), *body) if part]


def _peak_mb() -> float:
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1_000_000 if sys.platform == "darwin" else 1000)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
