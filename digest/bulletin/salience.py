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

from digest.text.tokens import syllables

Pair = tuple[str, str]

FUNCTION_WORDS = frozenset(
    """và của là có trong cho được các những một này đã với không khi để từ đến về ra vào cũng ở bị tại do như
    theo sau sẽ còn nhiều lại nhưng mà thì trên đó phải đang qua vì nên hơn rất cùng ngoài trước giữa mình họ
    tôi chúng ta ai gì nào đây kia ấy vẫn mới chỉ đều nếu hay hoặc bởi lên xuống cả mọi mỗi việc sự cái con
    vừa rồi lúc nay hiện ông bà anh chị cô em người ngày tháng năm biết nói thấy làm đi""".split()  # noqa: SIM905
)
NAMES = (
    "always", "in the headline", "half in the headline", "beside the headline's", "beside, and in it",
    "log sentences", "log sentences, in headline", "share of sentences", "in the first sentence",
    "in the second", "1/(1+first)", "1/(1+first) × likeness", "likeness to the headline",
    "first is a function word", "second is one", "a name", "log length of the article",
)  # fmt: skip
WEIGHTS = (
    -3.51, 2.82, 0.32, 0.30, -0.08, 1.43, -0.69, 0.13, -1.69, -0.49, 3.34, -0.64, 1.15, -0.20, -0.34, 0.24, -0.38,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weighed:
    """The article's sentences as pairs, and each pair's probability of standing in a lead."""

    sentences: tuple[frozenset[Pair], ...]
    lengths: tuple[int, ...]
    chance: dict[Pair, float]

    def value(self, chosen: Sequence[int], usual: float) -> float:
        """The F1 of pairs to be expected of these sentences against a lead of `usual` syllables."""
        pairs = frozenset[Pair]().union(*(self.sentences[index] for index in chosen))
        length = sum(self.lengths[index] for index in chosen)
        return 2 * sum(self.chance[pair] for pair in pairs) / (length + usual)


def weigh(title: str, sentences: Sequence[str], weights: Sequence[float] = WEIGHTS) -> Weighed:
    """Every pair of the sentences with its probability of standing in the article's lead."""
    seen = features(title, sentences)
    chance = {
        pair: 1 / (1 + math.exp(-sum(w * x for w, x in zip(weights, row, strict=True))))
        for pair, row in seen.items()
    }
    cut = [_lower(sentence) for sentence in sentences]
    return Weighed(
        tuple(frozenset(pairwise(words)) for words in cut),
        tuple(max(1, len(words) - 1) for words in cut),
        chance,
    )


def features(title: str, sentences: Sequence[str]) -> dict[Pair, tuple[float, ...]]:
    """What can be seen of each pair, in the order of NAMES."""
    head = _lower(title)
    content = set(head) - FUNCTION_WORDS
    head_pairs = set(pairwise(head))
    cut = [_lower(sentence) for sentence in sentences]
    likeness = [len(content.intersection(words)) / (len(content) or 1) for words in cut]
    often = Counter(pair for words in cut for pair in set(pairwise(words)))
    names = _names(sentences)
    best: dict[Pair, float] = {}
    for words, like in zip(cut, likeness, strict=True):
        for pair in pairwise(words):
            best[pair] = max(best.get(pair, 0.0), like)
    made: dict[Pair, tuple[float, ...]] = {}
    for first, words in enumerate(cut):
        pairs = list(pairwise(words))
        for place, pair in enumerate(pairs):
            if pair not in made:
                beside = sum(
                    near in head_pairs
                    for near in (*pairs[max(0, place - 1) : place], *pairs[place + 1 : place + 2])
                )
                made[pair] = _row(
                    pair, first, beside, often[pair], best[pair], len(cut), head_pairs, content, pair in names
                )
    return made


def _row(
    pair: Pair,
    first: int,
    beside: int,
    often: int,
    like: float,
    total: int,
    head: set[Pair],
    content: set[str],
    name: bool,
) -> tuple[float, ...]:
    inside, early, many = pair in head, 1 / (1 + first), math.log(often)
    half = (pair[0] in content) != (pair[1] in content) and not inside
    return (
        1.0, inside, half, beside if not inside else 0, beside if inside else 0,
        many, many * inside, often / total, first == 0,
        first == 1, early, early * like, like,
        pair[0] in FUNCTION_WORDS, pair[1] in FUNCTION_WORDS, name, math.log(total),
    )  # fmt: skip


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
