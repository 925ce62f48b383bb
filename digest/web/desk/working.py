"""The desk's hand on edition.md: a step is saved over the text that its editor saw, else it waits beside.

`.ban/` in an edition's folder keeps the texts that pages showed (by fingerprint) and, when the file was
changed under an open page, the desk's own version until an editor has merged the two.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from digest.bulletin.edition import fingerprint, parse, write
from digest.bulletin.parts import Edition
from digest.errors import LockedError, UsageError
from digest.jobs.drafts import Draft
from digest.jobs.session import Session
from digest.wording import _
from digest.workspace import atomic_write

FOLDER = ".ban"
PENDING = "pending.json"
KEPT = 40  # texts that open pages may still show
PATIENCE = 3.0  # seconds to wait for another editor's step


@dataclass(frozen=True, slots=True)
class Waiting:
    """A version of the desk that could not be saved: whose, from when."""

    text: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Working:
    """One edition as the desk works on it."""

    here: Draft

    @property
    def folder(self) -> Path:
        """What the desk keeps of this edition."""
        return self.here.folder / FOLDER

    def show(self) -> tuple[str, str]:
        """(text, its fingerprint): the text of the file, remembered as seen."""
        text = self.here.text()
        mark = fingerprint(text)
        self._keep(mark, text)
        return text, mark

    def _keep(self, mark: str, text: str) -> None:
        path = self.folder / f"{mark[:24]}.md"
        if path.exists():
            return
        atomic_write(path, text.encode("utf-8"))
        old = sorted(self.folder.glob("*.md"), key=lambda file: file.stat().st_mtime)[:-KEPT]
        for file in old:
            file.unlink(missing_ok=True)

    def seen(self, mark: str) -> str | None:
        """A text that a page showed, None if it is too long ago."""
        if not mark.isalnum():
            return None
        path = self.folder / f"{mark[:24]}.md"
        text = path.read_text(encoding="utf-8") if path.exists() else None
        return text if text is not None and fingerprint(text) == mark else None

    def waiting(self) -> Waiting | None:
        """The desk's version that waits to be merged, if there is one."""
        try:
            made = json.loads((self.folder / PENDING).read_text(encoding="utf-8"))
            return Waiting(made["text"], made["who"], datetime.fromisoformat(made["at"]))
        except (FileNotFoundError, ValueError, KeyError):
            return None

    def step(self, session: Session, mark: str, how: Callable[[Edition], Edition], who: str) -> bool:
        """Takes one step from the text with that fingerprint. False: the file differs, the step waits.

        UsageError if the page is too old to know what it showed; nothing is lost then either.
        """
        with held(session):
            text = self.here.text()
            if fingerprint(text) == mark and self.waiting() is None:
                self.save(write(how(parse(text))))
                return True
            waiting = self.waiting()
            base = waiting.text if waiting else self.seen(mark)
            if base is None:
                raise UsageError(
                    _("Trang này mở đã lâu, số báo đã khác đi"),
                    fix=_("Mở lại trang rồi làm lại bước vừa rồi"),
                )
            self._wait(write(how(parse(base))), who, session.now())
            return False

    def save(self, text: str) -> None:
        """Writes edition.md; it stays known as an editor's. The caller holds the lock."""
        self.here.write(text, self.here.memory())
        self._keep(fingerprint(text), text)

    def _wait(self, text: str, who: str, when: datetime) -> None:
        made = {"text": text, "who": who, "at": when.isoformat()}
        atomic_write(self.folder / PENDING, json.dumps(made, ensure_ascii=False).encode("utf-8"))

    def settle(self, session: Session, mark: str, text: str | None) -> bool:
        """Ends a conflict with this text (None: the file's). False if the file changed once more meanwhile.

        Whatever was not chosen is kept beside edition.md, and can be opened at any time.
        """
        with held(session):
            there, waiting = self.here.text(), self.waiting()
            if fingerprint(there) != mark:
                return False
            if waiting is not None and waiting.text != text:
                self._aside("ban", waiting.text)
            if text is not None and text != there:
                self._aside("tep", there)
                self.save(text)
            (self.folder / PENDING).unlink(missing_ok=True)
            return True

    def _aside(self, kind: str, text: str) -> None:
        atomic_write(self.here.folder / f"edition-{kind}-{fingerprint(text)[:8]}.md", text.encode("utf-8"))


@contextmanager
def held(session: Session) -> Iterator[None]:
    """The workspace's lock, waiting a little for another editor; LockedError says who has it longer."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with session.workspace.lock(_("bàn biên tập")):
                yield
            return
        except LockedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
