"""Reading time: syllables over a stated speed.

Silent reading is reckoned at 240 syllables a minute, reading aloud to a meeting at 160. These are house
figures: adults read Latin-script prose silently at about 240 words a minute (Brysbaert 2019: 238), and a
Vietnamese written syllable stands where those scripts have a word; radio announcers speak 150-180. A
center sets its own with `Speed`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from digest.text.tokens import count_syllables


@dataclass(frozen=True, slots=True)
class Speed:
    """Syllables a minute, read silently and aloud."""

    silent: int = 240
    aloud: int = 160


HOUSE = Speed()


def syllables(texts: Iterable[str | None]) -> int:
    """How many syllables the texts have together."""
    return sum(count_syllables(text) for text in texts if text)


def minutes(count: int, speed: int = HOUSE.silent) -> int:
    """Whole minutes for so many syllables, rounded up; 0 for none."""
    return math.ceil(count / max(1, speed))


def spoken(count: int, speed: Speed = HOUSE) -> int:
    """Whole minutes for reading so many syllables aloud."""
    return minutes(count, speed.aloud)
