"""A center's own list of recipients: any CSV that Excel writes, every fault named by row and cell."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from digest.errors import Fault, FileFaults
from digest.mail.address import Address, BadAddress, parse
from digest.text.normalise import clean, fold, nfc
from digest.wording import _

MAX_BYTES = 20_000_000
MAX_NAME = 200
_EMAIL = re.compile(
    r"(dia chi )?(e ?-? ?mail|thu dien tu|hop thu( dien tu)?|mail)( \(?(bat buoc|ca nhan|cong vu)\)?)?"
)
_NAME = re.compile(
    r"(name|full ?name|ho (va )?ten( dem)?|ten|nguoi nhan|ten don vi|don vi|ho ten nguoi nhan)"
)
# Blanks, seen and unseen, that come along when an address is pasted.
_AROUND = " \t\u00a0\u200b\u200c\u200d\u2060\ufeff"
# What a spreadsheet would run as a formula if the name were ever pasted into one.
_FORMULA = re.compile(r"[=+\-@|%]")


@dataclass(frozen=True, slots=True)
class Person:
    """One recipient; `row` counts lines of the file from 1, as Excel shows them."""

    address: Address
    name: str
    row: int


@dataclass(frozen=True, slots=True)
class Recipients:
    """Those who can be written to, and everything odd in the list; no fault repeats an address."""

    people: tuple[Person, ...]
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> tuple[Fault, ...]:
        """Rows that were left out."""
        return tuple(fault for fault in self.faults if not fault.warning)


def read(path: Path) -> Recipients:
    """The list in a CSV file; FileFaults when the file as a whole cannot be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _whole(path, _("Tệp quá lớn cho một danh sách người nhận"), _("Chia thành nhiều trung tâm"))
        data = path.read_bytes()
    except OSError as error:
        what = _("Không đọc được danh sách người nhận ({reason})", reason=error.strerror or error)
        fix = _("Tạo tệp CSV có hai cột email,name tại đường dẫn này")
        raise _whole(path, what, fix) from error
    return read_text(_decoded(path, data), str(path))


def read_text(text: str, name: str) -> Recipients:
    """The list in an already decoded CSV; `name` is what errors call it."""
    rows = _rows(text, name)
    first = next(rows, None)
    if first is None:
        return Recipients((), (Fault(_("Danh sách người nhận còn trống"), 1, 1, warning=True),))
    columns = _columns(first[1])
    if columns is None:
        fix = _("Viết ở dòng đầu: email,name")
        raise FileFaults(name, [Fault(_("Không thấy cột email"), first[0], 1, fix)])
    reader = _Reader(*columns)
    if _is_data(first[1]):
        reader.take(*first)
    for row, cells in rows:
        reader.take(row, cells)
    return Recipients(tuple(reader.people), tuple(reader.faults))


class _Reader:
    """Takes rows one by one and remembers whom it has met."""

    def __init__(self, email: int, name: int | None) -> None:
        self.email, self.name = email, name
        self.people: list[Person] = []
        self.faults: list[Fault] = []
        self._seen: dict[str, int] = {}

    def take(self, row: int, cells: list[str]) -> None:
        cell = cells[self.email] if self.email < len(cells) else ""
        if not cell.strip():
            if any(other.strip() for other in cells):
                self._say(row, self.email, _("thiếu địa chỉ email"))
            return
        try:
            address = parse(nfc(cell.strip(_AROUND)))
        except BadAddress as wrong:
            self._say(row, self.email, str(wrong), fix=_("Dòng này không được gửi cho đến khi sửa"))
            return
        if address.key in self._seen:
            what = _("trùng địa chỉ với dòng {row}, chỉ gửi một lần", row=self._seen[address.key])
            self._say(row, self.email, what, warning=True)
            return
        self._seen[address.key] = row
        self._odd(row, address)
        self.people.append(Person(address, self._named(row, cells, address), row))

    def _odd(self, row: int, address: Address) -> None:
        if address.role:
            self._say(row, self.email, _("địa chỉ chung của cơ quan, không phải của một người"), warning=True)
        if address.needs_utf8:
            self._say(row, self.email, _("trước dấu @ có chữ có dấu, nhiều máy chủ không nhận"), warning=True)
        if "." not in address.domain:
            self._say(row, self.email, _("tên miền sau dấu @ không có dấu chấm"), warning=True)

    def _named(self, row: int, cells: list[str], address: Address) -> str:
        column = self.name if self.name is not None and self.name < len(cells) else self.email
        name = clean(cells[column]) if column != self.email else ""
        name = name or address.name
        if _FORMULA.match(name):
            what = _("tên bắt đầu như một công thức Excel, nên bỏ trống")
            self._say(row, column, what, warning=True)
            return ""
        if len(name) > MAX_NAME:
            self._say(row, column, _("tên quá dài, nên bỏ trống"), warning=True)
            return ""
        return name

    def _say(self, row: int, column: int, what: str, *, fix: str = "", warning: bool = False) -> None:
        self.faults.append(Fault(what, row, column + 1, fix, warning))


def _whole(path: Path, what: str, fix: str) -> FileFaults:
    return FileFaults(str(path), [Fault(what, fix=fix)])


def _decoded(path: Path, data: bytes) -> str:
    if data[:4] == b"PK\x03\x04" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        fix = _("Trong Excel chọn Lưu thành, kiểu CSV UTF-8, rồi đặt tên như cũ")
        raise _whole(path, _("Đây là tệp Excel, không phải CSV"), fix)
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _strict(path, data, encoding)
    if b"\0" in data[:200]:  # UTF-16 without a mark: every other byte of Latin text is zero
        return _strict(path, data, "utf-16-le" if data[1:2] == b"\0" else "utf-16-be")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # Excel on a Vietnamese Windows saves plain "CSV" so: tones are letters of their own, NFC joins them.
        return nfc(_strict(path, data, "cp1258"))


def _strict(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        fix = _("Trong Excel chọn Lưu thành, kiểu CSV UTF-8")
        raise FileFaults(str(path), [Fault(_("Không đọc được bảng mã của tệp"), line, 0, fix)]) from error


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """(line where the row begins, cells); empty lines are left out."""
    lines = text.lstrip("\ufeff")
    told = re.match(r"sep=(.)\r?\n", lines, re.IGNORECASE)
    skipped = 1 if told else 0
    if told:
        lines = lines[told.end() :]
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=told[1] if told else _delimiter(lines))
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line + skipped, cells
            line = reader.line_num + 1
    except csv.Error as error:
        fix = _("Xem lại dấu ngoặc kép quanh dòng này")
        raise FileFaults(name, [Fault(_("Dòng này không đúng cách viết CSV"), line, 1, fix)]) from error


def _delimiter(text: str) -> str:
    head = next((line for line in text.splitlines() if line.strip()), "")
    outside = re.sub(r'"[^"]*"', "", head)
    return max(";\t,", key=lambda mark: (outside.count(mark), mark == ","))


def _heading(cell: str) -> str:
    return re.sub(r"[\s_*:.]+", " ", fold(clean(cell))).strip()


def _columns(cells: list[str]) -> tuple[int, int | None] | None:
    """Where the email and the name stand, by the headings or, without any, by the @."""
    headings = [_heading(cell) for cell in cells]
    emails = [at for at, heading in enumerate(headings) if _EMAIL.fullmatch(heading)]
    names = [at for at, heading in enumerate(headings) if _NAME.fullmatch(heading)]
    if emails:
        return emails[0], names[0] if names else None
    at = next((at for at, cell in enumerate(cells) if "@" in cell), None)
    if at is None:
        return None
    return at, at + 1 if at + 1 < len(cells) else (at - 1 if at else None)


def _is_data(cells: list[str]) -> bool:
    return not any(_EMAIL.fullmatch(_heading(cell)) for cell in cells)
