"""Our query language, one for readers, topics, command line and API: parsing, tree, meaning; pure."""

from digest.query.match import Doc, Text, matches, spaced
from digest.query.parser import READER, TOPIC, Bounds, parse
from digest.query.tree import (
    And,
    Dated,
    Field,
    Node,
    Not,
    Or,
    Phrase,
    Title,
    Word,
    Words,
    is_accented,
    positive,
)

__all__ = [
    "READER",
    "TOPIC",
    "And",
    "Bounds",
    "Dated",
    "Doc",
    "Field",
    "Node",
    "Not",
    "Or",
    "Phrase",
    "Text",
    "Title",
    "Word",
    "Words",
    "is_accented",
    "matches",
    "parse",
    "positive",
    "spaced",
]
