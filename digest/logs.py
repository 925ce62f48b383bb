"""Log lines on request (DIGEST_LOG): as text or one JSON object a line, without addresses of people."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from digest.errors import UsageError
from digest.wording import _
from digest.workspace import Workspace

LARGEST, KEPT = 1_000_000, 5
log = logging.getLogger("digest.run")
_PERSONAL = re.compile(r"[^\s<>\"',;:()]+@[^\s<>\"',;:()]+")
_BREAKS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029]"
)  # whoever asks for a page must not write lines of their own
_HANDLER = "digest log"
# What every record has; anything else was handed over as `extra` and is a field of its own.
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class Text(logging.Formatter):
    """2026-11-20T09:30:00+00:00 INFO digest.run weekly code=0 seconds=12.3"""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and the way an exception took."""
        fields = _fields(record)
        head = f"{fields.pop('at')} {fields.pop('level')} {fields.pop('logger')} {fields.pop('message')}"
        trace = fields.pop("trace", "")
        more = "".join(f" {name}={value}" for name, value in fields.items())
        line = _BREAKS.sub(lambda found: repr(found[0])[1:-1], head + more)
        return line + (f"\n{trace}" if trace else "")


class Json(logging.Formatter):
    """{"at": …, "level": …, "logger": …, "message": …, "command": …}"""

    def format(self, record: logging.LogRecord) -> str:
        """One line whatever the message holds."""
        return json.dumps(_fields(record), ensure_ascii=False)


def _fields(record: logging.LogRecord) -> dict[str, object]:
    fields: dict[str, object] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "message": _without_people(record.getMessage()),
    }
    for name, value in vars(record).items():
        if name not in _USUAL:
            fields[name] = _cleaned(value)
    if record.exc_info:
        fields["trace"] = _without_people(logging.Formatter().formatException(record.exc_info))
    return fields


def _cleaned(value: object) -> object:
    """Anything handed over, in what JSON knows, without people."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {_without_people(str(name)): _cleaned(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_cleaned(one) for one in value]
    return _without_people(str(value))


def _without_people(text: str) -> str:
    return _PERSONAL.sub("…", text)


class _Turning(RotatingFileHandler):
    """Goes on in the old file where it cannot be turned over: on Windows while another process has it open.

    Where another process has turned it over, this one follows to the new file.
    """

    def shouldRollover(self, record: logging.LogRecord) -> bool:
        if self.stream is not None and self._elsewhere(self.stream.fileno()):
            self.stream.close()
            self.stream = self._open()
        return bool(super().shouldRollover(record))

    def _elsewhere(self, file: int) -> bool:
        try:
            there, ours = Path(self.baseFilename).stat(), os.fstat(file)
        except OSError:
            return True
        return (there.st_dev, there.st_ino) != (ours.st_dev, ours.st_ino)

    def doRollover(self) -> None:
        from filelock import FileLock  # it loads asyncio, which those who log nothing need not wait for

        # Two that turn over at once would overwrite each other's lines.
        with FileLock(f"{self.baseFilename}.lock"):
            if self.stream is not None and self._elsewhere(self.stream.fileno()):
                self.stream.close()
                self.stream = self._open()
                return
            if self.stream is not None:
                self.stream.close()
            aside = Path(f"{self.baseFilename}.turning")
            try:
                # First what another process may hold open: the older files move only if it could be moved.
                Path(self.baseFilename).replace(aside)
            except PermissionError:
                self.stream = self._open()
                return
            super().doRollover()
            aside.replace(f"{self.baseFilename}.1")


def begin(workspace: Workspace) -> bool:
    """Sends the program's log lines where the settings say; whether they say so."""
    where = workspace.setting("DIGEST_LOG")
    if not where:
        return False
    root = logging.getLogger()
    for old in [one for one in root.handlers if one.get_name() == _HANDLER]:
        root.removeHandler(old)
        old.close()
    formatter, handler = _formatter(workspace), _handler(workspace, where)
    handler.set_name(_HANDLER)
    handler.setFormatter(formatter)
    root.addHandler(handler)
    logging.getLogger("digest").setLevel(logging.INFO)
    return True


def _handler(workspace: Workspace, where: str) -> logging.Handler:
    if where == "-":
        return logging.StreamHandler(sys.stderr)
    path = workspace.home / Path(where)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _Turning(path, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            _("Không ghi được nhật ký ({reason})", reason=error.strerror or error), str(path)
        ) from error


def _formatter(workspace: Workspace) -> logging.Formatter:
    form = (workspace.setting("DIGEST_LOG_FORMAT") or "text").lower()
    if form not in ("text", "json"):
        raise UsageError(
            _("Không có dạng nhật ký “{form}”", form=form[:40]), "DIGEST_LOG_FORMAT", _("Viết text hay json")
        )
    return Json() if form == "json" else Text()


def ended(command: Sequence[str], code: int, seconds: float) -> None:
    """One line for a command that came to its end; its arguments are left out, they may name people."""
    level = logging.ERROR if code == 1 else logging.WARNING if code else logging.INFO
    words = " ".join(command) or "digest"
    log.log(level, "%s", words, extra={"command": words, "code": code, "seconds": round(seconds, 3)})
