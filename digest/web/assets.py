"""Static files under names that carry their fingerprint, so that browsers may keep them for ever.

Fonts travel inside the style sheet, which comes before anything is drawn: fonts that come by themselves come
late on a busy line, and then what is drawn already moves (`font-display: optional` did not prevent it).
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import brotli

STATIC = Path(__file__).with_name("static")
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
_COMPRESSIBLE = (".css", ".js", ".svg", ".txt")
_URL = re.compile(r'url\("([^":]+)"\)')


@dataclass(frozen=True)
class Asset:
    """One static file as it is served: `path` below /static/ with its fingerprint."""

    path: str
    data: bytes
    type: str

    @cached_property
    def packed(self) -> dict[str, bytes]:
        """The data by content encoding; only text grows smaller."""
        if not self.path.endswith(_COMPRESSIBLE):
            return {}
        return {"br": brotli.compress(self.data), "gzip": gzip.compress(self.data, 9, mtime=0)}


class Assets:
    """All static files, read once when the program starts."""

    def __init__(self, folder: Path = STATIC) -> None:
        self._by_name: dict[str, Asset] = {}
        files = [file for file in sorted(folder.rglob("*")) if file.suffix in TYPES]
        for file in sorted(files, key=lambda file: file.suffix == ".css"):  # style sheets name other files
            name = file.relative_to(folder).as_posix()
            self._by_name[name] = self._read(file, name)
        self._by_path = {asset.path: asset for asset in self._by_name.values()}

    def _read(self, file: Path, name: str) -> Asset:
        data = file.read_bytes()
        if file.suffix == ".css":
            text = _URL.sub(lambda found: f'url("{self._inside(found[1])}")', data.decode("utf-8"))
            data = text.replace("\r\n", "\n").encode("utf-8")
        stem, _dot, suffix = name.rpartition(".")
        mark = hashlib.sha256(data).hexdigest()[:10]
        return Asset(f"{stem}.{mark}.{suffix}", data, TYPES[file.suffix])

    def _inside(self, name: str) -> str:
        """What a style sheet names a file by: a font by its own octets."""
        file = self._by_name[name]
        if file.type != "font/woff2":
            return self.url(name)
        return f"data:{file.type};base64,{base64.b64encode(file.data).decode('ascii')}"

    def url(self, name: str) -> str:
        """The address of a file by its plain name; KeyError if there is none."""
        return f"/static/{self._by_name[name].path}"

    def find(self, path: str) -> Asset | None:
        """The file of an address below /static/."""
        return self._by_path.get(path)
