"""How long an edition of 12 articles takes in html, txt, pdf, docx and email, and 60 bulletins in one weekly run.

python bench/build.py [CORPUS]: articles of the corpus (.jsonl or .jsonl.xz with title, lead and paragraphs or
text) make the editions realistic; without one, our invented sample does. First the renderings alone, then
`digest weekly` as a process of its own with 15, 30 and 60 bulletins: seconds, memory, growth.
"""

from __future__ import annotations

import json
import lzma
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from digest.bulletin.render import RENDERERS
from digest.bulletin.view import View
from digest.model import Content
from digest.storage import articles, taggings
from digest.storage.engine import Archive
from tests.bulletin.render.sample import edition

FORMS = ("html", "txt", "pdf", "docx", "email")
BULLETINS, MOST_SECONDS, MOST_ALL, MOST_MB = 60, 1.5, 60, 500


def main(words: list[str]) -> int:
    """Prints the figures; 1 if one of them misses its aim."""
    corpus = Path(words[0]) if words else None
    first = _build(_with(_texts(corpus), 0), shown=True)
    print(f"first edition, imports and fonts included: {first:.2f} s (aim {MOST_SECONDS})")
    again = _build(_with(_texts(corpus), 1))
    print(f"the next one in the same process: {again:.2f} s")
    whole, memory = weekly(corpus)
    return int(first > MOST_SECONDS or whole > MOST_ALL or memory > MOST_MB)


# --- a weekly run ---------------------------------------------------------------------------------


def weekly(corpus: Path | None) -> tuple[float, float]:
    """Seconds and megabytes of a weekly run that drafts and builds 60 bulletins of 12 articles."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        _archive(home, corpus)
        base = _run(home, 0)[0]  # indexes what was put in
        base = _run(home, 0)[0]
        print(f"digest weekly without a bulletin: {base:.1f} s")
        for count in (15, 30, BULLETINS):
            seconds, memory, held, processor = _run(home, count)
            each = (seconds - base) / count
            print(
                f"digest weekly, {count} bulletins of {held / count:.1f} articles: {seconds:.1f} s, "
                f"{each:.2f} s each, processor {processor:.1f} s, {memory:.0f} MB at most"
            )
    print(f"aims for {BULLETINS}: {MOST_ALL} s, {MOST_MB} MB")
    return seconds, memory


def _archive(home: Path, corpus: Path | None) -> None:
    """600 articles of one week under four topics."""
    archive = Archive.open(f"sqlite:///{home / 'archive.sqlite3'}")
    when = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
    base = edition().items
    texts = _texts(corpus)
    with archive.writing() as conn:
        for n in range(600):
            item = base[n % len(base)]
            title, (lead, *said) = next(
                texts,
                (f"{item.title} ({n})", [item.lead, *[f"{part} {n}." for part in item.excerpts if part] * 4]),
            )
            content = Content(title, lead=lead, paragraphs=tuple(said), published=when + timedelta(minutes=n))
            saved = articles.save(
                conn,
                url=f"https://bao.example.vn/{n}",
                source=f"s{n % 6}",
                outlet=f"Báo {n % 6}",
                content=content,
                fetched=when,
            )
            taggings.set_editor(conn, saved.id, f"t{n % 4}", True, "bench", when)
    archive.close()


def _run(home: Path, count: int) -> tuple[float, float, int, float]:
    """Seconds, megabytes, articles and processor seconds of one weekly run with so many bulletins, nothing drafted before."""
    shutil.rmtree(home / "output", ignore_errors=True)
    sections = ", ".join(f"t{n}: 3" for n in range(4))
    topics = "".join(
        f"  - {{id: t{n}, name: Mục {n}, query: '\"không có chữ này {n}\"'}}\n" for n in range(4)
    )
    bulletins = "".join(
        f"  - {{id: b{n}, name: Bản tin {n}, cadence: weekly, minutes: 60, sections: {{{sections}}}, "
        f"formats: [{', '.join(FORMS)}]}}\n"
        for n in range(count)
    )
    text = f"format: 1\nsite: {{url: https://bantin.example.vn}}\ntopics:\n{topics}"
    (home / "sources.yaml").write_text(text + (f"bulletins:\n{bulletins}" if count else ""), encoding="utf-8")
    code = "import sys; from digest.cli.main import run; done = run(sys.argv[1:])\n" + _PEAK
    words = ["--home", str(home), "weekly", "--week", "2026-W47", "--json"]
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, encoding="utf-8"
    )
    seconds = time.perf_counter() - began
    report, _sep, peak = done.stdout.rpartition("PEAK")
    made = json.loads(report)["editions"]
    assert len(made) == count and all(one["state"] == "built" for one in made), done.stderr
    memory, processor = map(float, peak.split())
    return seconds, memory, sum(one["articles"] for one in made), processor


_PEAK = """
try:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1_000_000 if sys.platform == "darwin" else 1000)
except ModuleNotFoundError:  # Windows
    peak = 0
import time
print(f"PEAK{peak} {time.process_time()}")
"""


# --- renderings -------------------------------------------------------------------------------------


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


def _texts(path: Path | None) -> Iterator[tuple[str, list[str]]]:
    if path is None:
        return
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in islice(lines, 12 * BULLETINS):
            said = json.loads(line)
            body = said.get("paragraphs") or str(said.get("text") or said.get("body") or "").split("\n")
            yield said["title"], [part for part in (said.get("lead") or said.get("sapo"), *body) if part]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
