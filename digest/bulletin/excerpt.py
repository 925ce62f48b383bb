"""Excerpts: the one to three sentences that carry an article, chosen by a method that can be explained.

1. The article is cut into sentences; those are set aside that cannot stand alone: too short or too long,
   captions, sentences that announce a list, that begin with a pronoun ("Họ", "Điều này", "Theo đó")
   unless the one before is chosen too, that the lead says already. One that begins with a word
   that goes on ("Tuy nhiên") counts 2 % less without the one before, a question 5 %.
2. Each pair of syllables gets the probability that an outlet's lead would have it (`salience`).
   What the printed lead has said already counts a quarter.
3. Of all sets of one to three out of the eight best sentences, the one is taken whose value is highest:
   expected shared pairs over length, up to 30 % more the more of the headline's words it has, a
   little more for sentences with figures (1 %: more measured
   worse) and with words of the section's topic (10 %). A quotation that runs on is taken whole.

Measured in `bench/excerpts.py`, where the method chooses without the lead, against the outlets' own leads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise

from digest.bulletin.salience import Pair, Weighed, weigh
from digest.model import Content
from digest.query import spaced
from digest.text.normalise import clean, fold
from digest.text.sentences import spans
from digest.text.tokens import count_syllables, syllables

MOST = 3
USUAL = 31.0  # syllables of a usual lead: the corpus has a mean of 34, and 31 measured best
BEST = 8
TOLD = 0.25
FIGURES, TOPIC = 1.01, 1.10
SHORT, LONG, STOPLESS = 7, 150, 10
GOES_ON, ASKS = 0.98, 0.95
HEADLINE = 0.3
REPEATED = 0.6  # share of a sentence's pairs in the lead at which it only repeats it

_NOT_NAMED = r"(?!\w)(?! [A-ZĐÂÊÔƠƯĂÁÀÍÝÚÓ]\w)"  # "Ông Lê Văn Mẫu" is no pronoun
_POINTS_BACK = re.compile(
    r"(?:Ông|Bà|Anh|Chị|Cô|Em|Cháu|Họ|Nó|Hắn|Y|Thị|Người này|Người đó|Những người này|Đối tượng này|Đây|Đó|Điều này|"
    r"Điều đó|Việc này|Việc đó|Trong đó|Trong số đó|Tại đây|Ở đó|Theo đó|Nhờ đó|Qua đó|Từ đó|Như vậy|Tương tự)"
    + _NOT_NAMED
)
_GOES_ON = re.compile(
    r"(?:Trước đó|Sau đó|Tiếp đó|Tuy nhiên|Tuy vậy|Thế nhưng|Nhưng|Và|Còn|Cũng|Ngoài ra|Đồng thời|Bên cạnh đó|"
    r"Cùng với đó|Trong khi đó|Mặt khác|Hơn nữa|Do đó|Do vậy|Vì vậy|Vì thế|Bởi vậy|Kết quả|Cụ thể|Lúc đó|Lúc này|Khi đó)(?!\w)"
)
_NO_SENTENCE = re.compile(
    r"(?:Clip|Video|Ảnh|Infographic|Xem thêm|Đọc thêm|Mời (?:quý )?(?:độc giả|bạn đọc)|Nguồn|Theo)\b[ :>]",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d")
_END = re.compile(r"[.!?…]\s*[”\"’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the article: its text, paragraph and place in it, and what it is worth alone.

    `favour` is what figures and the topic's words add. `alone` is False where it points back to the sentence before; `fit` where it may be quoted at all.
    """

    text: str
    paragraph: int
    start: int
    end: int
    value: float = 0.0
    favour: float = 1.0
    alone: bool = True
    fit: bool = True


def choose(content: Content, terms: Sequence[str] = (), most: int = MOST) -> tuple[str | None, ...]:
    """Sentences of the article, unchanged and in order; None where something between was left out."""
    return _choose(content, tuple(terms), most)


@lru_cache(maxsize=2048)  # an article is weighed for several bulletins and sections of one run
def _choose(content: Content, terms: tuple[str, ...], most: int) -> tuple[str | None, ...]:
    found, weighed = rank(content, terms)
    return _joined(content, _best(found, weighed, most), found)


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
        favour = _favour(one.text, terms)
        value = weighed.value([index], USUAL) * favour
        fit = _quotable(one.text) and not _repeats(weighed.sentences[index], one.text, lead, content.lead)
        alone = index == 0 or not _POINTS_BACK.match(one.text.lstrip("“\"'‘"))
        found.append(Sentence(one.text, one.paragraph, one.start, one.end, value, favour, alone, fit))
    return found, weighed


def _sentences(content: Content) -> Iterator[Sentence]:
    for number, paragraph in enumerate(map(clean, content.paragraphs)):
        for start, end in spans(paragraph):
            yield Sentence(paragraph[start:end], number, start, end)


def _quotable(text: str) -> bool:
    """Whether a sentence is whole and neither too short nor too long."""
    count = count_syllables(text)
    return (
        SHORT <= count <= LONG
        and (_END.search(text) is not None or _stopless(text, count))
        and (text[0].isupper() or text[0].isdigit() or text[0] in '“"')
        and text.count("(") == text.count(")")
    )


def _stopless(text: str, count: int) -> bool:
    """A whole line whose full stop was forgotten, or a telling subhead: long, and no caption or pointer."""
    return count >= STOPLESS and (text[-1].isalnum() or text[-1] in '”"') and not _NO_SENTENCE.match(text)


def _closed(texts: Sequence[str]) -> bool:
    """Whether every quotation that begins in these neighbouring sentences ends in them."""
    whole = " ".join(texts)
    return whole.count("“") == whole.count("”") and whole.count('"') % 2 == 0


def _repeats(pairs: frozenset[Pair], text: str, lead: frozenset[Pair], whole: str) -> bool:
    shared = len(pairs & lead)
    return text in clean(whole) or (bool(pairs) and shared >= REPEATED * len(pairs))


def _favour(text: str, terms: Sequence[str]) -> float:
    """Figures and the topic's words make a sentence a little better."""
    on_topic = bool(terms) and _has_any(text, terms)
    return (FIGURES if _FIGURE.search(text) else 1.0) * (TOPIC if on_topic else 1.0)


def _has_any(text: str, terms: Sequence[str]) -> bool:
    folded = spaced(fold(text))
    return any(spaced(fold(term)) in folded for term in terms)


def _best(found: Sequence[Sentence], weighed: Weighed, most: int) -> list[int]:
    """The indexes of the best set; [] if no sentence can be quoted."""
    fitting = [index for index, one in enumerate(found) if one.fit]
    near = sorted(fitting, key=lambda index: (-found[index].value, index))[:BEST]
    best: tuple[float, tuple[int, ...]] = (0.0, ())
    for size in range(1, most + 1):
        for some in combinations(sorted(near), size):
            favour = sum(found[i].favour * _going_on(found, i, some) for i in some) / size
            value = weighed.value(some, USUAL) * favour
            value *= 1 + HEADLINE * weighed.covers_title(some)
            if value > best[0] and _stands(found, some):
                best = value, some
    return list(best[1])


def _going_on(found: Sequence[Sentence], index: int, some: Sequence[int]) -> float:
    """A little less for a question, and for "Tuy nhiên, …" without the sentence that it goes on from."""
    text = found[index].text
    lone = index - 1 not in some and _GOES_ON.match(text)
    return (GOES_ON if lone else 1.0) * (ASKS if text.endswith("?") else 1.0)


def _stands(found: Sequence[Sentence], some: Sequence[int]) -> bool:
    """Whether a set can be read by itself: nothing points back to what is missing, quotations are whole."""
    if not all(found[index].alone or index - 1 in some for index in some):
        return False
    return all(_closed([found[index].text for index in group]) for group in _groups(some))


def _groups(some: Sequence[int]) -> list[list[int]]:
    """Runs of neighbours: [1, 2, 5] → [[1, 2], [5]]."""
    groups: list[list[int]] = []
    for index in some:
        if groups and index == groups[-1][-1] + 1:
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def _joined(content: Content, chosen: Sequence[int], found: Sequence[Sentence]) -> tuple[str | None, ...]:
    """Neighbours within a paragraph become one excerpt; between groups None says that words were left out."""
    paragraphs = [clean(paragraph) for paragraph in content.paragraphs]
    made: list[str | None] = []
    for group in _groups(chosen):
        made += [None] if made else []
        for number in sorted({found[index].paragraph for index in group}):
            there = [found[index] for index in group if found[index].paragraph == number]
            made.append(paragraphs[number][there[0].start : there[-1].end])
    return tuple(made)
