"""Two versions of one edition, the desk's and the file's: where they differ, and merging by choice; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from digest.bulletin.parts import Edition, Item, Note, Quote, Section
from digest.web.desk import moves
from digest.web.differences import Piece, words


@dataclass(frozen=True, slots=True)
class Place:
    """One place that differs. kind: foreword | section-note | extra-desk | extra-file | excerpts | note.

    `key` names it in a form. "" on a side says that the side has nothing there.
    """

    key: str
    kind: str
    section: str
    article: int
    title: str
    desk: str
    file: str

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Both texts compared word by word."""
        return words(self.desk, self.file)


def places(desk: Edition, file: Edition) -> list[Place]:
    """Every place that differs, in the order of the desk's version; other order alone is no difference."""
    found: list[Place] = []
    if desk.foreword != file.foreword:
        found.append(Place("foreword", "foreword", "", 0, "", desk.foreword, file.foreword))
    known = {section.name: section for section in file.sections}
    for section in desk.sections:
        other = known.get(section.name, Section(section.name))
        if section.note != other.note:
            key = f"section:{section.name}"
            found.append(Place(key, "section-note", section.name, 0, "", section.note, other.note))
        found += _items(section, file)
    mine = {section.name for section in desk.sections}
    for section in file.sections:
        if section.note and section.name not in mine:
            key = f"section:{section.name}"
            found.append(Place(key, "section-note", section.name, 0, "", "", section.note))
        for item in section.items:
            if moves.find(desk, item.article) is None:
                key = f"extra:{item.article}"
                found.append(
                    Place(key, "extra-file", section.name, item.article, item.headline, "", item.headline)
                )
    return found


def _items(section: Section, file: Edition) -> Iterator[Place]:
    for item in section.items:
        there = _item(file, item.article)
        name, article, title = section.name, item.article, item.headline
        if there is None:
            yield Place(f"extra:{article}", "extra-desk", name, article, title, title, "")
            continue
        if _quotes(item) != _quotes(there) or item.pin != there.pin or item.headline != there.headline:
            yield Place(
                f"excerpts:{article}", "excerpts", name, article, title, _quotes(item), _quotes(there)
            )
        if item.note != there.note:
            yield Place(f"note:{article}", "note", name, article, title, item.note, there.note)


def _item(edition: Edition, article: int) -> Item | None:
    found = moves.find(edition, article)
    return edition.sections[found[0]].items[found[1]] if found else None


def _quotes(item: Item) -> str:
    return "\n".join("[…]" if one.text is None else one.text for one in item.excerpts)


def merge(desk: Edition, file: Edition, choices: Mapping[str, str]) -> Edition:
    """The file's version with the desk's wherever `choices` (key → desk | file) says so."""
    made = file
    for place in places(desk, file):
        if choices.get(place.key, "desk") != "desk":
            continue
        made = _taken(made, desk, place)
    return made


def _taken(made: Edition, desk: Edition, place: Place) -> Edition:
    """One place as the desk has it."""
    if place.kind == "foreword":
        return replace(made, foreword=desk.foreword)
    if place.kind == "section-note":
        return _section_note(made, desk, place)
    if place.kind == "extra-file":
        return moves.drop(made, place.article)
    item = _item(desk, place.article)
    assert item is not None
    if place.kind == "extra-desk":
        return moves.add(made, place.section, item, [section.name for section in desk.sections])
    if place.kind == "note":
        return moves.change(made, place.article, lambda there: moves.note(there, item.note))
    return moves.change(made, place.article, lambda there: _with_quotes(there, item))


def _with_quotes(there: Item, item: Item) -> Item:
    quotes = tuple(part for part in item.parts if isinstance(part, Quote))
    notes = tuple(part for part in there.parts if isinstance(part, Note))
    return replace(item, parts=(*quotes, *notes), line=there.line)


def _section_note(made: Edition, desk: Edition, place: Place) -> Edition:
    note = next((section.note for section in desk.sections if section.name == place.section), "")
    sections = [
        replace(section, note=note) if section.name == place.section else section for section in made.sections
    ]
    if note and all(section.name != place.section for section in made.sections):
        sections.append(Section(place.section, note))
    return replace(made, sections=tuple(s for s in sections if s.items or s.note))
