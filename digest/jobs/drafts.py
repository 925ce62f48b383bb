"""The folder of one edition under output/: edition.md, what is remembered of it, the rendered files."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digest.bulletin.draft import MEMORY, Memory, recall, remember
from digest.bulletin.edition import NAME, fingerprint, touched
from digest.bulletin.render import RENDERERS
from digest.bulletin.suggest import Selection
from digest.errors import UsageError
from digest.wording import _
from digest.workspace import atomic_write

NEXT = ".digest.next.json"
BUILT = ".built.json"
_PIN = re.compile(r"^ {0,3}###[ \t]*\{[^}]*\barticle=(\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Draft:
    """One edition's folder; making the value reads and writes nothing."""

    id: str
    folder: Path

    @property
    def path(self) -> Path:
        """The edition's one home while it is a draft."""
        return self.folder / NAME

    def exists(self) -> bool:
        """Whether there is an edition.md."""
        return self.path.exists()

    def text(self) -> str:
        """What edition.md says; UsageError where there is none or it is no UTF-8."""
        try:
            return self.path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise UsageError(
                _("Chưa có bản nháp của số này"),
                str(self.path),
                _("Soạn bằng: digest draft BẢN_TIN --period KỲ"),
            ) from None
        except UnicodeDecodeError:
            raise UsageError(
                _("Tệp không ở dạng UTF-8"), str(self.path), _("Mở lại, chọn Lưu với mã hóa UTF-8")
            ) from None

    def memory(self) -> Memory:
        """What the program remembers of its last writing, also when it was killed while writing."""
        coming = self._recalled(NEXT)
        if coming is not None and self.exists() and not touched(self.text(), coming.written):
            return coming
        return self._recalled(MEMORY) or Memory()

    def _recalled(self, name: str) -> Memory | None:
        try:
            return recall((self.folder / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    def touched(self) -> bool:
        """Whether an editor changed edition.md since the program wrote it."""
        return self.exists() and touched(self.text(), self.memory().written)

    def write(self, text: str, memory: Memory) -> bool:
        """Writes the text with what to remember of it; False if both stand there already.

        The memory goes first under another name: killed at any instant, the text that is there is
        either the old one or the new one, and known as the program's own in both cases.
        """
        same = self.exists() and self.text() == text
        if same and self._recalled(MEMORY) == memory:
            return False
        self.folder.mkdir(parents=True, exist_ok=True)
        data = memory.dumps().encode()
        atomic_write(self.folder / NEXT, data)
        if not same:
            atomic_write(self.path, text.encode())
        atomic_write(self.folder / MEMORY, data)
        (self.folder / NEXT).unlink(missing_ok=True)
        return not same

    def write_suggested(self, text: str, selection: Selection) -> bool:
        """Writes what was suggested."""
        return self.write(text, remember(text, selection))

    def keep_aside(self) -> Path | None:
        """Keeps a touched edition.md beside under a name of its own before another takes its place."""
        if not self.touched():
            return None
        data = self.path.read_bytes()
        aside = self.folder / f"edition-{hashlib.sha256(data).hexdigest()[:8]}.md"
        atomic_write(aside, data)
        return aside

    def pinned(self) -> set[int]:
        """The articles that edition.md names, however faulty it may be."""
        return {int(number) for number in _PIN.findall(self.text())} if self.exists() else set()

    # --- rendered files -------------------------------------------------------------------------

    def file_name(self, form: str) -> str:
        """The name of a rendered file: bao-cao-vien-2026-W47.pdf."""
        return self.id.replace("/", "-") + RENDERERS[form].suffix

    def write_files(self, text: str, files: Mapping[str, bytes]) -> bool:
        """Writes the files whose bytes differ and remembers what they were made from; whether any did."""
        changed = False
        for form, data in files.items():
            path = self.folder / self.file_name(form)
            if not path.exists() or path.read_bytes() != data:
                atomic_write(path, data)
                changed = True
        made: dict[str, Any] = {"text": fingerprint(text), "files": sorted(files)}
        record = (json.dumps(made, indent=1) + "\n").encode()
        if not (self.folder / BUILT).exists() or (self.folder / BUILT).read_bytes() != record:
            atomic_write(self.folder / BUILT, record)
        return changed

    def built(self) -> dict[str, Path]:
        """The rendered files by format, if they were made from the edition.md that stands there now."""
        try:
            record = json.loads((self.folder / BUILT).read_text(encoding="utf-8"))
            if not self.exists() or record["text"] != fingerprint(self.text()):
                return {}
            paths = {form: self.folder / self.file_name(form) for form in record["files"]}
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return {}
        return paths if all(path.exists() for path in paths.values()) else {}
