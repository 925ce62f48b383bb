"""The promise of faithfulness: headlines and excerpts letter by letter against the pinned revisions.

White space is folded and NFC taken; nothing else is forgiven: a changed letter, accent, quotation mark or
a word cut in two is a fault that names the line and shows both texts. Excerpts follow the order of the
article. What the editors say in their own notes is theirs; a number or name in it that no article of
the edition has is pointed out as a warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from digest.bulletin import tables
from digest.bulletin.claims import unsupported
from digest.bulletin.parts import Edition, Excerpt, Item, Note, Section
from digest.bulletin.passages import around, locate, nearest, quotable
from digest.bulletin.tables import Pin
from digest.bulletin.tally import says
from digest.errors import Fault
from digest.model import Revision
from digest.text.normalise import clean
from digest.wording import _

Revisions = Mapping[tuple[int, int], Revision]


def check(edition: Edition, revisions: Revisions, known: Iterable[str] = ()) -> list[Fault]:
    """All faults and warnings of an edition, by line; empty means that it may be built.

    `known` are further texts whose names and numbers the editors may use: the bulletin's own
    names, its publisher, the titles of earlier editions.
    """
    faults = [*_twice(edition)]
    for item in edition.items:
        revision = revisions.get(item.pin)
        if revision is None:
            faults.append(_missing(item.pin, item.line))
        else:
            faults += _headline(item, revision)
            faults += _excerpts(item, revision)
    for section in edition.sections:
        faults += _tables(section, revisions)
    faults += _notes(edition, revisions, known)
    return sorted(faults, key=lambda fault: (fault.line, fault.warning))


def errors(faults: Iterable[Fault]) -> list[Fault]:
    """The faults that forbid building."""
    return [fault for fault in faults if not fault.warning]


def _missing(pin: Pin, line: int) -> Fault:
    return Fault(
        _("Kho không có bài {article}, bản lưu {revision}", article=pin[0], revision=pin[1]),
        line,
        1,
        _("Xem lại số bài bằng: digest article SỐ"),
    )


def _twice(edition: Edition) -> Iterator[Fault]:
    seen: dict[int, int] = {}
    for item in edition.items:
        if item.article in seen:
            what = _("Bài {article} đã có ở dòng {line}", article=item.article, line=seen[item.article])
            yield Fault(what, item.line, 1, _("Một bài chỉ đứng một lần trong một số: bỏ một chỗ"))
        seen.setdefault(item.article, item.line)


# --- headline and excerpts -------------------------------------------------------------------


def _headline(item: Item, revision: Revision) -> Iterator[Fault]:
    title = clean(revision.content.title)
    if clean(item.headline) != title:
        yield Fault(
            _("Tít khác bài gốc: trong tệp “{given}”, bài gốc “{found}”", given=item.headline, found=title),
            item.line,
            1,
            _("Chép lại nguyên văn tít của bài gốc"),
        )


def _excerpts(item: Item, revision: Revision) -> Iterator[Fault]:
    source = quotable(revision.content)
    lead_end = len(clean(revision.content.lead))
    begin = at = 0
    for excerpt in item.excerpts:
        if excerpt.text is None:
            continue
        words = clean(excerpt.text)
        found = locate(source, words, at)
        if found >= 0:
            begin, at = found, found + len(words)
            if at <= lead_end:
                yield _repeats_lead(excerpt)
        elif (before := locate(source, words)) >= 0:
            yield _order(excerpt, before + len(words) > begin)
        else:
            yield _changed(excerpt, source)


def _repeats_lead(excerpt: Excerpt) -> Fault:
    return Fault(
        _("Đoạn trích này đã có trong sapo, in ra sẽ lặp hai lần"),
        excerpt.line,
        1,
        _("Bỏ đoạn này: sapo được in sẵn dưới tít"),
        warning=True,
    )


def _order(excerpt: Excerpt, overlaps: bool) -> Fault:
    what = (
        _("Đoạn trích ở dòng {line} chồng lên đoạn trích trước nó", line=excerpt.line)
        if overlaps
        else _("Đoạn trích ở dòng {line} đứng trước đoạn kia trong bài gốc", line=excerpt.line)
    )
    return Fault(what, excerpt.line, 1, _("Xếp các đoạn trích theo thứ tự của bài gốc, mỗi câu một lần"))


def _changed(excerpt: Excerpt, source: str) -> Fault:
    words = clean(excerpt.text or "")
    near = nearest(source, words)
    if near is None:
        what = _("Đoạn trích ở dòng {line} không có trong bài gốc: “{given}”", line=excerpt.line,
                 given=around(words, 0, min(len(words), 80)))  # fmt: skip
        return Fault(what, excerpt.line, 1, _("Bỏ đoạn này, hoặc đặt nó dưới đúng bài của nó"))
    if near.text == words:
        what = _(
            "Đoạn trích ở dòng {line} cắt đôi một chữ: “{given}”",
            line=excerpt.line,
            given=around(words, 0, min(len(words), 80)),
        )
        return Fault(what, excerpt.line, 1, _("Bắt đầu và kết thúc đoạn trích ở trọn một chữ"))
    return Fault(
        _("Đoạn trích ở dòng {line} khác bài gốc: trong tệp “{given}”, bài gốc “{found}”",
          line=excerpt.line, given=near.given, found=near.found),
        excerpt.line,
        1,
        _("Chép lại nguyên văn; chỗ lược bớt thì viết […]"),
    )  # fmt: skip


# --- tables -----------------------------------------------------------------------------------


def _tables(section: Section, revisions: Revisions) -> Iterator[Fault]:
    """Each cell that an article is to say: its words stand there letter by letter, its days in any writing."""
    for table in tables.split(section.note)[1]:
        for row, cell in table.cells:
            if cell.pin is None:
                continue
            line = section.note_line + row if section.note_line else 0
            revision = revisions.get(cell.pin)
            if revision is None:
                yield _missing(cell.pin, line)
            elif not says(revision.content, cell.text):
                yield Fault(
                    _("Bài {article} không nói “{cell}”", article=cell.pin[0], cell=cell.text),
                    line,
                    1,
                    _("Chép đúng như bài; không bài nào nói thì để ô trống"),
                )


# --- the editors' own words ------------------------------------------------------------------


def _notes(edition: Edition, revisions: Revisions, known: Iterable[str]) -> Iterator[Fault]:
    """A warning for each number or name in a note that no article of the edition has."""
    notes = list(notes_of(edition))
    if not notes:
        return
    texts = [*known, edition.title, *(section.name for section in edition.sections)]
    texts += [edition.first.isoformat(), edition.last.isoformat()]
    for revision in (revisions[pin] for pin in edition.pins if pin in revisions):
        content = revision.content
        texts += [content.title, content.lead, *content.paragraphs, *content.captions, content.author]
    for text, line in notes:
        for claim in unsupported(text, texts):
            yield Fault(
                _("“{claim}” trong lời ghi không có trong bài nguồn nào", claim=claim.text),
                line + claim.row if line else 0,
                1,
                _("Xem lại cho chắc; nếu đúng thì cứ để nguyên"),
                warning=True,
            )


def notes_of(edition: Edition) -> Iterator[tuple[str, int]]:
    """Every note of the editors with the line that it begins at."""

    if edition.foreword:
        yield edition.foreword, edition.foreword_line
    for section in edition.sections:
        if section.note:
            yield _unsourced(section.note), section.note_line
        for item in section.items:
            for part in item.parts:
                if isinstance(part, Note):
                    yield part.text, part.line


def _unsourced(note: str) -> str:
    """A note without the cells that articles say (these are checked apart); its lines keep their places."""
    lines, found = note.split("\n"), tables.split(note)[1]
    for table in found:
        lines[table.row : table.row + 2 + len(table.rows)] = [
            " . ".join(table.head), "", *(" . ".join(c.text for c in row if not c.pin) for row in table.rows)
        ]  # fmt: skip
    return "\n".join(lines)
