"""How much of an article's own lead a sentence is likely to hold, reckoned pair of syllables by pair of syllables.

A Vietnamese word is mostly one or two syllables, so two neighbouring syllables are the smallest stretch that
means something. For each pair of an article the odds that its outlet's lead would have it too are a sum of
a few things that can be seen in the article, each with a weight:

    in the headline                      one of its syllables in the headline
    beside a word of the headline        how many sentences have it
    how early it comes first             how like the headline the best sentence with it is
    a name (two capitals)                function words (less)

The weights were fitted once by logistic regression on 3,000 articles of a news corpus (`bench/excerpts.py
--fit`), whose other articles measure the outcome. The sum over a set of sentences, divided by its length
and a usual lead's, is the ROUGE-2 F1 to be expected of it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import mul

from digest.text.tokens import syllables, tokens

Pair = tuple[str, str]

FUNCTION_WORDS = frozenset(
    """và của là có trong cho được các những một này đã với không khi để từ đến về ra vào cũng ở bị tại do như
    theo sau sẽ còn nhiều lại nhưng mà thì trên đó phải đang qua vì nên hơn rất cùng ngoài trước giữa mình họ
    tôi chúng ta ai gì nào đây kia ấy vẫn mới chỉ đều nếu hay hoặc bởi lên xuống cả mọi mỗi việc sự cái con
    vừa rồi lúc nay hiện ông bà anh chị cô em người ngày tháng năm biết nói thấy làm đi""".split()  # noqa: SIM905
)
NAMES = (
    "always",
    "in the headline",
    "one syllable in the headline",
    "beside the headline's",
    "log sentences that have it",
    "the same, in the headline",
    "in the first sentence",
    "in the second",
    "1/(1 + first sentence)",
    "the same × likeness",
    "likeness of its best sentence to the headline",
    "likeness² over place, summed",
    "first is a function word",
    "second is one",
    "a name",
    "a comma, bracket or the like between",
    "log sentences of the article",
)
WEIGHTS = (
    -3.47, 2.55, 0.27, 0.29, 1.38, -0.68, -1.21, -0.32, 2.85, -1.00, 1.29, 0.34, -0.21, -0.31, 0.32, -0.73, -0.43,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weighed:
    """The article's sentences as pairs, and each pair's probability of standing in a lead."""

    sentences: tuple[frozenset[Pair], ...]
    lengths: tuple[int, ...]
    chance: dict[Pair, float]
    of_title: tuple[frozenset[str], ...]
    title: int

    def covers_title(self, chosen: Sequence[int]) -> float:
        """The share of the headline's content syllables that these sentences have."""
        there = frozenset[str]().union(*(self.of_title[index] for index in chosen))
        return len(there) / (self.title or 1)

    def value(self, chosen: Sequence[int], usual: float) -> float:
        """The F1 of pairs to be expected of these sentences against a lead of `usual` syllables."""
        pairs = frozenset[Pair]().union(*(self.sentences[index] for index in chosen))
        length = sum(self.lengths[index] for index in chosen)
        return 2 * sum(self.chance[pair] for pair in pairs) / (length + usual)


def weigh(title: str, sentences: Sequence[str], weights: Sequence[float] = WEIGHTS) -> Weighed:
    """Every pair of the sentences with its probability of standing in the article's lead."""
    seen = _Seen(title, sentences)
    chance = {pair: 1 / (1 + math.exp(-sum(map(mul, weights, row)))) for pair, row in seen.rows().items()}
    return Weighed(
        tuple(frozenset(pairwise(words)) for words in seen.cut),
        tuple(max(1, len(words) - 1) for words in seen.cut),
        chance,
        tuple(frozenset(seen.content.intersection(words)) for words in seen.cut),
        len(seen.content),
    )


def features(title: str, sentences: Sequence[str]) -> dict[Pair, tuple[float, ...]]:
    """What can be seen of each pair, in the order of NAMES."""
    return _Seen(title, sentences).rows()


class _Seen:
    """The headline and all sentences of one article, counted once for all pairs."""

    def __init__(self, title: str, sentences: Sequence[str]) -> None:
        head = _lower(title)
        self.content = set(head) - FUNCTION_WORDS
        self.head = set(pairwise(head))
        self.cut = [_lower(sentence) for sentence in sentences]
        self.often = Counter(pair for words in self.cut for pair in set(pairwise(words)))
        self.names = _names(sentences)
        self.whole = _unbroken(sentences)
        like = [self._likeness(words) for words in self.cut]
        top = max(like, default=0.0) or 1.0
        self.best: dict[Pair, float] = {}
        self.early: dict[Pair, float] = {}
        for index, (words, one) in enumerate(zip(self.cut, like, strict=True)):
            for pair in set(pairwise(words)):
                self.best[pair] = max(self.best.get(pair, 0.0), one / top)
                self.early[pair] = self.early.get(pair, 0.0) + (one / top) ** 2 / (1 + index)

    def _likeness(self, words: list[str]) -> float:
        """The cosine between the content syllables of a sentence and the headline's."""
        content = set(words) - FUNCTION_WORDS
        return len(content & self.content) / math.sqrt(len(content) * len(self.content) or 1)

    def rows(self) -> dict[Pair, tuple[float, ...]]:
        """Every pair, where it comes first."""
        made: dict[Pair, tuple[float, ...]] = {}
        for first, words in enumerate(self.cut):
            pairs = list(pairwise(words))
            for place, pair in enumerate(pairs):
                if pair not in made:
                    made[pair] = self._row(pair, first, pairs[max(0, place - 1) : place + 2])
        return made

    def _row(self, pair: Pair, first: int, near: Sequence[Pair]) -> tuple[float, ...]:
        """One pair that comes first in sentence `first`, with its neighbours there."""
        one, two = pair
        inside, early, often = pair in self.head, 1 / (1 + first), self.often[pair]
        beside = sum(other in self.head for other in near) - inside
        many, total = math.log(often), len(self.cut)
        return (
            1.0,
            inside,
            ((one in self.content) != (two in self.content)) and not inside,
            beside if not inside else 0,
            many,
            many * inside,
            first == 0,
            first == 1,
            early,
            early * self.best[pair],
            self.best[pair],
            self.early[pair],
            one in FUNCTION_WORDS,
            two in FUNCTION_WORDS,
            pair in self.names,
            pair not in self.whole,
            math.log(total),
        )


def _lower(text: str) -> list[str]:
    return [syllable.lower() for syllable in syllables(text)]


def _names(sentences: Sequence[str]) -> set[Pair]:
    """Pairs of capitalised syllables, a sentence's first left aside."""
    found: set[Pair] = set()
    for sentence in sentences:
        for one, two in pairwise(syllables(sentence)[1:]):
            if one[0].isupper() and two[0].isupper():
                found.add((one.lower(), two.lower()))
    return found


def _unbroken(sentences: Sequence[str]) -> set[Pair]:
    """Pairs that somewhere stand with nothing but a space between them."""
    found: set[Pair] = set()
    for sentence in sentences:
        for one, two in pairwise(tokens(sentence)):
            if two.start - one.end == 1:
                found.add((one.text.lower(), two.text.lower()))
    return found
