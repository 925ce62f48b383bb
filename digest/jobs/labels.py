"""Labelled articles in a file that people made: JSON lines or CSV, each with the topics it belongs to."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from digest.errors import Fault, FileFaults, UsageError
from digest.model import Article, Content, Revision
from digest.text.normalise import clean
from digest.wording import _

WORDS = ("topics", "topic", "labels", "label", "chu_de", "chủ đề")
"""What the column of labels may be called."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
MOST_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Label:
    """One line: the article by `id` or `url` in the archive, or with a text of its own; its topics."""

    line: int
    topics: frozenset[str]
    id: int = 0
    url: str = ""
    own: Article | None = None


def read(path: Path) -> list[Label]:
    """The labels of a file; UsageError, or FileFaults with all that is wrong in it."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(_("Tệp quá lớn"), str(path))
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(_("Không đọc được tệp này"), str(path)) from error
    except UnicodeDecodeError as error:
        raise UsageError(
            _("Tệp không phải UTF-8"), str(path), _("Lưu lại từ Excel với kiểu “CSV UTF-8”")
        ) from error
    faults: list[Fault] = []
    rows = _json_rows(text, faults) if text.lstrip().startswith("{") else _csv_rows(text, faults)
    found = [label for line, row in rows if (label := _label(line, row, faults)) is not None]
    if faults:
        raise FileFaults(str(path), faults)
    if not found:
        raise UsageError(_("Tệp không có dòng nào"), str(path))
    return found


def _json_rows(text: str, faults: list[Fault]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if isinstance(row, dict):
            yield number, row
        else:
            faults.append(Fault(_("Dòng này không phải một đối tượng JSON"), number))


def _csv_rows(text: str, faults: list[Fault]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    try:
        reader.fieldnames = [clean(name).lower() for name in reader.fieldnames or ()]
    except csv.Error as error:
        faults.append(Fault(_("Dòng này không đúng kiểu CSV ({why})", why=error), 1))
        return
    if not set(WORDS) & set(reader.fieldnames):
        fix = _("Dòng đầu ghi tên cột: id,topics hoặc url,topics hoặc title,lead,text,topics")
        faults.append(Fault(_("Tệp thiếu cột topics"), 1, fix=fix))
        return
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        faults.append(Fault(_("Dòng này không đúng kiểu CSV ({why})", why=error), reader.line_num))


def _label(line: int, row: Mapping[str, Any], faults: list[Fault]) -> Label | None:
    """One row; where it states a title its own text is what is judged, not the archive's."""
    given = next((row[word] for word in WORDS if row.get(word) is not None), None)
    topics = _topics(given)
    body = row.get("paragraphs") or row.get("body") or row.get("text") or ()
    title, id, url = _text(row, "title"), _number(row.get("id")), _text(row, "url")
    if topics is None:
        faults.append(Fault(_("Dòng này không ghi chủ đề (để trống nếu không thuộc chủ đề nào)"), line))
    elif title and not isinstance(body, str | list | tuple):
        faults.append(Fault(_("Nội dung bài phải là chữ, hoặc danh sách các đoạn"), line))
    elif title:
        return Label(line, topics, id, url, _article(line, row, title, body))
    elif id or url:
        return Label(line, topics, id, url)
    else:
        faults.append(Fault(_("Dòng này không nói bài nào: ghi id, url hoặc title"), line))
    return None


def _topics(given: object) -> frozenset[str] | None:
    """ "ton-giao; dan-toc", ["ton-giao"] or, as `admin export` writes them, [{"id": "ton-giao"}]."""
    if isinstance(given, str):
        return frozenset(part for part in re.split(r"[;,|\s]+", given) if part)
    if isinstance(given, list):
        names = [one.get("id") if isinstance(one, dict) else one for one in given]
        return frozenset(name for name in names if isinstance(name, str))
    return None


def _number(value: object) -> int:
    text = str(value if value is not None else "").strip()
    return int(text) if re.fullmatch(r"\d{1,15}", text) else 0


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return clean(value) if isinstance(value, str) else ""


def _article(line: int, row: Mapping[str, Any], title: str, body: str | Sequence[Any]) -> Article:
    paragraphs = body.split("\n") if isinstance(body, str) else body
    texts = tuple(clean(one) for one in paragraphs if isinstance(one, str) and one.strip())
    content = Content(title=title, lead=_text(row, "lead"), paragraphs=texts)
    return Article(
        id=-line,
        url=_text(row, "url"),
        source=_text(row, "source"),
        outlet=_text(row, "outlet"),
        collected=LONG_AGO,
        story=-line,
        revision=Revision(-line, 1, content, LONG_AGO),
    )
