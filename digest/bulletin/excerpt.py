"""Excerpts: the one to three sentences that carry an article, chosen by a method that can be explained.

1. The article is cut into sentences; those are set aside that cannot stand alone: too short or too long,
   questions, sentences that announce a list, that begin with a pronoun or a word that points back
   ("Tuy nhiên", "Theo đó") unless the one before is chosen too, that the lead says already.
2. Each pair of syllables gets the probability that an outlet's lead would have it (`salience`).
   What the printed lead has said already counts a quarter.
3. Of all sets of one to three out of the eight best sentences, the one is taken whose value is highest:
   expected shared pairs over length, a little more (5 %) for sentences with figures and (10 %) with
   words of the section's topic.

Measured in `bench/excerpts.py`, where the method chooses without the lead, against the outlets' own leads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from digest.bulletin.salience import Pair, Weighed, weigh
from digest.model import Content
from digest.text.normalise import clean, fold
from digest.text.sentences import spans
from digest.text.tokens import count_syllables, syllables

MOST = 3
USUAL = 34.0  # syllables of a usual lead: the corpus's mean
BEST = 8
TOLD = 0.25
FIGURES, TOPIC = 1.05, 1.10
SHORT, LONG = 7, 90
REPEATED = 0.6  # share of a sentence's pairs in the lead at which it only repeats it

_POINTS_BACK = re.compile(
    r"(?:Ông|Bà|Anh|Chị|Cô|Em|Cháu|Họ|Nó|Hắn|Người này|Đối tượng này|Theo đó|Trong khi đó|Tuy nhiên|Tuy vậy|Ngoài ra|"
    r"Đồng thời|Bên cạnh đó|Đây|Đó|Điều này|Điều đó|Việc này|Việc đó|Sau đó|Do đó|Do vậy|Vì vậy|Vì thế|Bởi vậy|Nhưng|Và|"
    r"Còn|Cũng|Khi đó|Lúc này|Lúc đó|Từ đó|Trong đó|Thế nhưng|Mặt khác|Hơn nữa|Như vậy|Nhờ đó|Tương tự|Cụ thể|Kết quả|"
    r"Trước đó|Tiếp đó|Cùng với đó|Qua đó|Những người này|Ở đó|Tại đây)(?!\w)(?! [A-ZĐÂÊÔƠƯĂÁÀÍÝÚÓ]\w)"
)
_FIGURE = re.compile(r"\d")
_END = re.compile(r"[.!…][”\"’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the article: its text, paragraph and place in it, and what it is worth alone.

    `alone` is False where it points back to the sentence before; `fit` where it may be quoted at all.
    """

    text: str
    paragraph: int
    start: int
    end: int
    value: float = 0.0
    alone: bool = True
    fit: bool = True


def choose(content: Content, terms: Sequence[str] = (), most: int = MOST) -> tuple[str | None, ...]:
    """Sentences of the article, unchanged and in order; None where something between was left out."""
    found, weighed = rank(content, terms)
    return _joined(content, _best(found, weighed, terms, most), found)


def rank(content: Content, terms: Sequence[str] = ()) -> tuple[list[Sentence], Weighed]:
    """All sentences in order with their worth, for choosing by hand as well."""
    raw = list(_sentences(content))
    weighed = weigh(content.title, [sentence.text for sentence in raw])
    lead = frozenset(pairwise(syllable.lower() for syllable in syllables(content.lead)))
    for pair in lead:
        if pair in weighed.chance:
            weighed.chance[pair] *= TOLD
    found = []
    for index, one in enumerate(raw):
        value = weighed.value([index], USUAL) * _favour(one.text, terms)
        fit = _quotable(one.text) and not _repeats(weighed.sentences[index], one.text, lead, content.lead)
        alone = not _POINTS_BACK.match(one.text.lstrip("“\"'‘"))
        found.append(Sentence(one.text, one.paragraph, one.start, one.end, value, alone, fit))
    return found, weighed


def _sentences(content: Content) -> Iterator[Sentence]:
    for number, paragraph in enumerate(map(clean, content.paragraphs)):
        for start, end in spans(paragraph):
            yield Sentence(paragraph[start:end], number, start, end)


def _quotable(text: str) -> bool:
    """Whether a sentence is whole, neither too short nor too long, with its quotation marks in pairs."""
    return (
        SHORT <= count_syllables(text) <= LONG
        and _END.search(text) is not None
        and (text[0].isupper() or text[0].isdigit() or text[0] in '“"')
        and text.count("“") == text.count("”")
        and text.count('"') % 2 == 0
        and text.count("(") == text.count(")")
    )


def _repeats(pairs: frozenset[Pair], text: str, lead: frozenset[Pair], whole: str) -> bool:
    shared = len(pairs & lead)
    return text in clean(whole) or (bool(pairs) and shared >= REPEATED * len(pairs))


def _favour(text: str, terms: Sequence[str]) -> float:
    """Figures and the topic's words make a sentence a little better."""
    folded = f" {' '.join(syllables(fold(text)))} "
    on_topic = any(f" {' '.join(syllables(fold(term)))} " in folded for term in terms)
    return (FIGURES if _FIGURE.search(text) else 1.0) * (TOPIC if on_topic else 1.0)


def _best(found: Sequence[Sentence], weighed: Weighed, terms: Sequence[str], most: int) -> list[int]:
    """The indexes of the best set; [] if no sentence can be quoted."""
    fitting = [index for index, one in enumerate(found) if one.fit]
    near = sorted(fitting, key=lambda index: (-found[index].value, index))[:BEST]
    best: tuple[float, tuple[int, ...]] = (0.0, ())
    for size in range(1, most + 1):
        for some in combinations(sorted(near), size):
            if all(found[i].alone or i - 1 in some for i in some):
                favour = sum(_favour(found[i].text, terms) for i in some) / size
                value = weighed.value(some, USUAL) * favour
                best = max(best, (value, some), key=lambda one: one[0])
    return list(best[1])


def _joined(content: Content, chosen: Sequence[int], found: Sequence[Sentence]) -> tuple[str | None, ...]:
    """Neighbours within a paragraph become one excerpt; elsewhere None says that words were left out."""
    paragraphs = [clean(paragraph) for paragraph in content.paragraphs]
    made: list[str | None] = []
    groups: list[list[int]] = []
    for index in chosen:
        together = (
            groups and index == groups[-1][-1] + 1 and found[index].paragraph == found[index - 1].paragraph
        )
        groups[-1].append(index) if together else groups.append([index])
    for number, group in enumerate(groups):
        if number and group[0] != groups[number - 1][-1] + 1:
            made.append(None)
        first, last = found[group[0]], found[group[-1]]
        made.append(paragraphs[first.paragraph][first.start : last.end])
    return tuple(made)
