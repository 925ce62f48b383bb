"""The form of a backup file: a zip with a manifest of SHA-256, and what may be in it."""

from __future__ import annotations

import json
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from digest.errors import StorageError
from digest.storage.schema import HEAD
from digest.wording import _

FORMAT = 1
MANIFEST, ARCHIVE, SOURCES, KEY, LOCKED = (
    "manifest.json", "archive.sqlite3", "sources.yaml", "secret.key", "recipients.enc",
)  # fmt: skip
ABBREVIATIONS = "abbreviations.txt"  # an editor's own, beside sources.yaml; there need be none
MOST_MANIFEST = 20_000_000  # bytes
# Text and SQLite pages pack 3 to 6 times; deflate's worst is 1,032. What is beyond is made to hurt.
MOST_RATIO, FREE_OF_RATIO = 50, 20_000_000
# What zipfile raises at bytes that lead nowhere.
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
_BAD = re.compile(r'[\x00-\x1f\\:*?"<>|]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a backup; `path` from the home folder, with `/`."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `made` is ISO 8601; `schema` the migration its archive stands at."""

    program: str
    made: str
    schema: str
    articles: int
    editions: int
    files: tuple[Member, ...]
    format: int = FORMAT

    def dumps(self) -> bytes:
        """As manifest.json has it."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode("utf-8")


def read_manifest(bundle: zipfile.ZipFile, where: str) -> Manifest:
    """The manifest of a backup that this program can restore; StorageError says why it cannot."""
    try:
        if bundle.getinfo(MANIFEST).file_size > MOST_MANIFEST:
            raise damaged(where)
        with bundle.open(MANIFEST) as stream:
            stated = json.loads(stream.read(MOST_MANIFEST))
        version = stated["format"]
        if not isinstance(version, int) or version > FORMAT or str(stated["schema"]) > HEAD:
            raise StorageError(
                _("Bản sao lưu này do một bản digest mới hơn tạo ra"),
                where,
                _("Nâng cấp digest rồi khôi phục lại"),
            )
        return _manifest(stated)
    except (KeyError, ValueError, TypeError, *UNREADABLE) as error:
        raise damaged(where) from error


def _manifest(stated: Mapping[str, Any]) -> Manifest:
    files = tuple(Member(str(one["path"]), int(one["size"]), str(one["sha256"])) for one in stated["files"])
    return Manifest(
        program=str(stated["program"]),
        made=str(stated["made"]),
        schema=str(stated["schema"]),
        articles=int(stated["articles"]),
        editions=int(stated["editions"]),
        files=files,
        format=int(stated["format"]),
    )


def damaged(where: str) -> StorageError:
    """What to say of a file that is no whole backup."""
    return StorageError(
        _("Tệp này không phải bản sao lưu của digest, hoặc đã hỏng"), where, _("Dùng một bản sao lưu khác")
    )


def hostile(where: str, path: str) -> StorageError:
    """What to say of a backup that holds what no backup of ours holds."""
    return StorageError(
        _("Bản sao lưu chứa thứ không được phép: {path}", path=path[:80]),
        where,
        _("Không khôi phục từ tệp này"),
    )


def refuse_hostile(bundle: zipfile.ZipFile, manifest: Manifest, where: str, file_size: int) -> None:
    """StorageError for paths that lead astray, links, doubles, strangers, other sizes, and bombs."""
    stated = {member.path: member for member in manifest.files}
    entries = [info for info in bundle.infolist() if info.filename != MANIFEST]
    names = [info.filename for info in entries]
    if len(names) != len(set(map(str.casefold, names))) or len(stated) != len(manifest.files):
        raise hostile(where, _("tên tệp lặp lại"))
    if set(names) != set(stated):
        raise damaged(where)
    for info in entries:
        if not allowed(info.filename) or _is_odd(info):
            raise hostile(where, info.filename)
        if info.file_size != stated[info.filename].size:
            raise damaged(where)
    total = sum(info.file_size for info in entries)
    if total > FREE_OF_RATIO + MOST_RATIO * file_size:
        raise hostile(where, _("tệp nén phình to bất thường"))


def _is_odd(info: zipfile.ZipInfo) -> bool:
    mode = info.external_attr >> 16
    no_file = info.is_dir() or (stat.S_IFMT(mode) not in (0, stat.S_IFREG))
    return (
        no_file
        or bool(info.flag_bits & 1)
        or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    )


def allowed(path: str) -> bool:
    """Whether a path is one that a backup may hold."""
    if path in (ARCHIVE, SOURCES, ABBREVIATIONS, KEY, LOCKED):
        return True
    parts = path.split("/")
    return len(parts) == 4 and parts[0] == "output" and safe(parts)


def safe(parts: Sequence[str]) -> bool:
    """Whether names stay where they belong on every system."""
    return all(_safe_name(part) for part in parts)


def _safe_name(part: str) -> bool:
    if part in ("", ".", "..") or len(part) > 150 or part != part.rstrip(". "):
        return False
    return not _BAD.search(part) and not _RESERVED.fullmatch(part)
