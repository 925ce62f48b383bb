"""Reading time: syllables over a stated speed.

Silent reading is reckoned at 240 syllables a minute, reading aloud to a meeting at 160. These are house
figures: adults read Latin-script prose silently at about 240 words a minute (Brysbaert 2019: 238), and a
Vietnamese written syllable stands where those scripts have a word; radio announcers speak 150-180. A
bulletin sets its own with `speed` in sources.yaml.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from digest.model import Bulletin
from digest.text.tokens import count_syllables


@dataclass(frozen=True, slots=True)
class Speed:
    """Syllables a minute: `silent` reckons an edition's minutes, `aloud` those of its script."""

    silent: int = 240
    aloud: int = 160


HOUSE = Speed()


def speed_of(bulletin: Bulletin) -> Speed:
    """How fast a bulletin is read; one that rolls up others is read aloud to a meeting."""
    if bulletin.rolls_up:
        aloud = bulletin.speed or HOUSE.aloud
        return Speed(aloud, aloud)
    return Speed(bulletin.speed or HOUSE.silent, HOUSE.aloud)


def syllables(texts: Iterable[str | None]) -> int:
    """How many syllables the texts have together."""
    return sum(count_syllables(text) for text in texts if text)


def minutes(count: int, speed: int = HOUSE.silent) -> int:
    """Whole minutes for so many syllables, rounded up; 0 for none."""
    return math.ceil(count / max(1, speed))
