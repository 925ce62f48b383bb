"""Texts with their found words marked, and the place of an error in a query: all escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape


def marked(text: str, places: Iterable[tuple[int, int]]) -> Markup:
    """The text escaped, with `<mark>` around each (start, end); places in order, not overlapping."""
    out, at = [], 0
    for start, end in places:
        if not at <= start < end <= len(text):
            continue
        out += [escape(text[at:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
        at = end
    return Markup("").join([*out, escape(text[at:])])


def telling(text: str, places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The marks that tell something: beside a run of words, single syllables ("có", "của") are noise."""
    runs = [place for place in places if " " in text[place[0] : place[1]]]
    return list(runs or places)
