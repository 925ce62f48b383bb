"""The few sentences that an article's page quotes: what the headline announces, quickly found near the beginning.

The bulletin's own choice (`digest.bulletin.excerpt`) weighs every pair of syllables and takes 10 ms an
article; a page has to be made in two. Both quote letter for letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from digest.model import Content
from digest.text.normalise import clean, fold
from digest.text.sentences import spans

MOST = 2
LOOKED_AT = 2_400  # letters at the beginning, where news says what counts
SHORT, LONG = 8, 70  # syllables
_BACK = re.compile(
    r"(?:Ông|Bà|Anh|Chị|Cô|Em|Họ|Nó|Theo đó|Trong khi đó|Tuy nhiên|Tuy vậy|Ngoài ra|Đồng thời|Bên cạnh đó|Đây|Đó|Điều|"
    r"Việc này|Sau đó|Do đó|Do vậy|Vì vậy|Vì thế|Nhưng|Và|Còn|Cũng|Khi đó|Lúc|Từ đó|Trong đó|Thế nhưng|Mặt khác|Hơn nữa|"
    r"Như vậy|Nhờ đó|Cụ thể|Kết quả|Trước đó|Tiếp đó|Qua đó|Ở đó|Tại đây)\b"
)
_FIGURE = re.compile(r"\d")
_WHOLE = re.compile(r"[A-ZÀ-Ỹ0-9Đ“\"].*[.!…][”\"’)]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its place in the article: paragraph, begin and end in it, and its order among all."""

    text: str
    paragraph: int
    start: int
    end: int
    order: int


@lru_cache(maxsize=512)  # a page asks twice, and readers ask for the same few articles
def choose(content: Content, most: int = MOST) -> tuple[str | None, ...]:
    """Sentences of the article, unchanged and in order; None where something between was left out."""
    lead, title = clean(content.lead), set(fold(content.title).split())
    ranked = sorted(
        (one for one in _sentences(content.paragraphs) if _quotable(one.text, lead)),
        key=lambda one: (-_worth(one, title), one.order),
    )
    return tuple(_joined(sorted(ranked[:most], key=lambda one: one.order), content.paragraphs))


def _sentences(paragraphs: Sequence[str]) -> Iterator[Sentence]:
    order, seen = 0, 0
    for number, paragraph in enumerate(map(clean, paragraphs)):
        for start, end in spans(paragraph):
            yield Sentence(paragraph[start:end], number, start, end, order)
            order += 1
        seen += len(paragraph)
        if seen > LOOKED_AT:
            return


def _quotable(text: str, lead: str) -> bool:
    """Whether a sentence stands alone: whole, of a fit length, and not the lead once more."""
    return (
        SHORT <= text.count(" ") + 1 <= LONG
        and _WHOLE.fullmatch(text) is not None
        and _BACK.match(text) is None
        and text.count("“") == text.count("”")
        and text.count('"') % 2 == 0
        and text.count("(") == text.count(")")
        and text not in lead
    )


def _worth(one: Sentence, title: set[str]) -> float:
    """The share of the headline's syllables, a little for figures, a little for coming early."""
    shared = len(title & set(fold(one.text).split())) / (len(title) or 1)
    return shared + (0.15 if _FIGURE.search(one.text) else 0.0) + 0.5 / (2 + one.order)


def _joined(chosen: Sequence[Sentence], paragraphs: Sequence[str]) -> Iterator[str | None]:
    """Neighbours within a paragraph are one excerpt; elsewhere None says that words were left out."""
    last: Sentence | None = None
    begun: Sentence | None = None
    for one in chosen:
        if last is not None and begun is not None:
            if one.order == last.order + 1 and one.paragraph == last.paragraph:
                last = one
                continue
            yield clean(paragraphs[begun.paragraph])[begun.start : last.end]
            if one.order != last.order + 1:
                yield None
        begun = last = one
    if begun is not None and last is not None:
        yield clean(paragraphs[begun.paragraph])[begun.start : last.end]
