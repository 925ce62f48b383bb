"""What the search box offers while someone types: topics, and the turns of phrase that headlines repeat."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, request

from digest.storage import lists
from digest.text.normalise import clean, fold
from digest.web.shelf import shelf

pages = Blueprint("typeahead", __name__)
HEADLINES = 4_000  # the newest: what people look for this week is in them
SHORTEST, LONGEST = 2, 4  # syllables of a turn of phrase
LEAST = 3  # headlines that must have it
MOST = 8
LONGEST_TYPED = 80
_WORD = re.compile(r"[^\W_]+")
_BREAK = re.compile(r"[^\w\s]+")


@dataclass(frozen=True, slots=True)
class Phrases:
    """Turns of phrase by their folded form, in order, with how much each is worth."""

    forms: Sequence[str]
    shown: Sequence[str]
    worth: Sequence[int]

    def beginning(self, typed: str) -> list[str]:
        """The most frequent that begin so, with or without accents; none within a longer one as frequent."""
        begin = bisect_left(self.forms, typed)
        end = bisect_left(self.forms, typed + "\U0010ffff")
        places = sorted(range(begin, end), key=lambda at: (-self.worth[at], -len(self.forms[at])))
        taken: list[int] = []
        for at in places:
            within = any(self.forms[at] in self.forms[one] for one in taken)
            if not within and self.forms[at] != typed:
                taken.append(at)
            if len(taken) == MOST:
                break
        return [self.shown[at] for at in taken]


def phrases(headlines: Iterable[str]) -> Phrases:
    """What headlines repeat; of two turns told by the same letters without accents the more frequent."""
    counted: Counter[str] = Counter()
    for headline in headlines:
        counted.update(set(_runs(headline)))
    best: dict[str, tuple[int, str]] = {}
    for words, count in counted.items():
        form = fold(words)
        if count >= LEAST and (count, words) > best.get(form, (0, "")):
            best[form] = (count, words)
    forms = sorted(best)
    return Phrases(forms, [best[form][1] for form in forms], [best[form][0] for form in forms])


def _runs(headline: str) -> Iterator[str]:
    """Neighbouring syllables in small letters, not over commas and the like, nor numbers alone."""
    for part in _BREAK.split(clean(headline).lower()):
        words = _WORD.findall(part)
        for size in range(SHORTEST, LONGEST + 1):
            for at in range(len(words) - size + 1):
                run = words[at : at + size]
                if not run[0].isdigit() and not run[-1].isdigit():
                    yield " ".join(run)


def offers(typed: str, topics: Iterable[str], known: Phrases) -> list[str]:
    """At most `MOST` ways to go on from what is typed, topics first."""
    form = fold(clean(typed)[:LONGEST_TYPED])
    if len(form) < 2:
        return []
    named = [name for name in topics if f" {form}" in f" {fold(name)}"]
    shown = {fold(name) for name in named}
    turns = [words for words in known.beginning(form) if fold(words) not in shown]
    return list(dict.fromkeys([*named, *turns]))[:MOST]


@pages.get("/goi-y")
def suggestions() -> Response:
    """The suggestions format of OpenSearch: [what was typed, [what may be meant]]."""
    here, typed = shelf(), clean(request.args.get("q", ""))[:LONGEST_TYPED]
    known = here.indexed("phrases", lambda conn: phrases(lists.headlines(conn, HEADLINES)))
    names = (topic.name for topic in here.words.config.topics)
    return jsonify([typed, offers(typed, names, known)])
