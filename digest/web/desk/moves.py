"""What an editor does to an edition, as pure steps from one Edition to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from digest.bulletin.parts import MARK, Edition, Item, Note, Quote, Section
from digest.bulletin.passages import locate, quotable
from digest.model import Content
from digest.text.normalise import clean
from digest.text.sentences import sentences


def find(edition: Edition, article: int) -> tuple[int, int] | None:
    """(section, place) of an article, from 0; None if the edition has it not."""
    for at, section in enumerate(edition.sections):
        for place, item in enumerate(section.items):
            if item.article == article:
                return at, place
    return None


def _with_items(edition: Edition, at: int, items: Sequence[Item]) -> Edition:
    sections = list(edition.sections)
    sections[at] = replace(sections[at], items=tuple(items))
    return replace(edition, sections=tuple(sections))


def add(edition: Edition, name: str, item: Item, order: Sequence[str] = ()) -> Edition:
    """The item at the end of the section of that name, which is made where `order` has it."""
    if find(edition, item.article):
        return edition
    for at, section in enumerate(edition.sections):
        if section.name == name:
            return _with_items(edition, at, [*section.items, item])
    made = Section(name, items=(item,))
    rank = {one: place for place, one in enumerate(order)}
    before = [s for s in edition.sections if rank.get(s.name, len(rank)) <= rank.get(name, len(rank))]
    after = [s for s in edition.sections if s not in before]
    return replace(edition, sections=(*before, made, *after))


def drop(edition: Edition, article: int) -> Edition:
    """Without the article; a section that is left with neither article nor note goes too."""
    sections = [
        replace(section, items=tuple(item for item in section.items if item.article != article))
        for section in edition.sections
    ]
    return replace(edition, sections=tuple(s for s in sections if s.items or s.note))


def move(edition: Edition, article: int, step: int) -> Edition:
    """One place up (-1) or down (+1); from an end of a section into its neighbour."""
    found = find(edition, article)
    if found is None:
        return edition
    at, place = found
    items = list(edition.sections[at].items)
    target = place + step
    if 0 <= target < len(items):
        items[place], items[target] = items[target], items[place]
        return _with_items(edition, at, items)
    beside = at + step
    if not 0 <= beside < len(edition.sections):
        return edition
    item = items.pop(place)
    there = list(edition.sections[beside].items)
    there.insert(len(there) if step < 0 else 0, item)
    return _tidy(_with_items(_with_items(edition, at, items), beside, there))


def put(edition: Edition, article: int, section: int, place: int) -> Edition:
    """To a place of a section (both from 0), as dragging says it."""
    found = find(edition, article)
    if found is None or not 0 <= section < len(edition.sections):
        return edition
    at, before = found
    item = edition.sections[at].items[before]
    taken = _with_items(edition, at, [one for one in edition.sections[at].items if one.article != article])
    there = list(taken.sections[section].items)
    there.insert(max(0, min(place, len(there))), item)
    return _tidy(_with_items(taken, section, there))


def _tidy(edition: Edition) -> Edition:
    return replace(edition, sections=tuple(s for s in edition.sections if s.items or s.note))


def change(edition: Edition, article: int, how: Callable[[Item], Item]) -> Edition:
    """With one item changed."""
    found = find(edition, article)
    if found is None:
        return edition
    at, place = found
    items = list(edition.sections[at].items)
    items[place] = how(items[place])
    return _with_items(edition, at, items)


def note(item: Item, text: str) -> Item:
    """The item with this note of the editors after its excerpts; "" takes it away."""
    parts = [part for part in item.parts if isinstance(part, Quote)]
    return replace(item, parts=(*parts, *([Note(text)] if text.strip() else [])))


# --- excerpts --------------------------------------------------------------------------------


def offers(content: Content, item: Item) -> list[tuple[str, bool]]:
    """(passage, quoted?) in the article's order: its sentences, and whatever else is quoted already."""
    source = quotable(content)
    spans = [_span(source, excerpt.text) for excerpt in item.excerpts if excerpt.text]
    chosen = [span for span in spans if span is not None]
    rows: list[tuple[int, str, bool]] = []
    at = len(clean(content.lead))
    covered: set[tuple[int, int]] = set()
    for paragraph in map(clean, content.paragraphs):
        for sentence in sentences(paragraph):
            begin = locate(source, sentence, at)
            if begin < 0:
                continue
            at = begin + len(sentence)
            inside = [span for span in chosen if span[0] <= begin and at <= span[1]]
            covered |= set(inside)
            rows.append((begin, sentence, bool(inside)))
    rows += [(begin, source[begin:end], True) for begin, end in chosen if (begin, end) not in covered]
    return [(text, on) for _begin, text, on in sorted(rows, key=lambda row: row[0])]


def _span(source: str, text: str) -> tuple[int, int] | None:
    words = clean(text)
    begin = locate(source, words)
    return (begin, begin + len(words)) if begin >= 0 else None


def quote(content: Content, item: Item, chosen: Sequence[str]) -> Item:
    """The item quoting these passages, in the article's order; `[…]` wherever words lie between two."""
    source = quotable(content)
    spans = sorted({span for text in chosen if (span := _span(source, text)) is not None})
    lines: list[str] = []
    end = -1
    for begin, stop in spans:
        if begin < end:
            continue  # a sentence within a passage that is quoted already
        if lines:
            joins = begin <= end + 1
            lines += [""] if joins else [MARK]
        lines.append(source[begin:stop])
        end = stop
    notes = [part for part in item.parts if isinstance(part, Note)]
    return replace(item, parts=(*([Quote(tuple(lines))] if lines else []), *notes))
