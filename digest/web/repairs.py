"""What to offer when a query is not understood or finds nothing: queries that would work, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest import query
from digest.errors import QueryError
from digest.wording import _

_OPENING, _CLOSING = "“„«", "”»"
_OPERATOR = re.compile(r"\s+(AND|OR|NOT|VÀ|HOẶC|KHÔNG)\b")
_FIELD = re.compile(r"\b[a-z]{2,10}:")
_SIGNS = re.compile(r'["“”„«»()]+')


@dataclass(frozen=True, slots=True)
class Offer:
    """A query to run instead, and in words what it means."""

    query: str
    meaning: str


def repairs(text: str, fault: QueryError) -> list[Offer]:
    """At most two queries near to the faulty one that parse."""
    offers = [*_closed(text, fault), *_plain(text)]
    fit = [offer for offer in offers if offer.query != text and parses(offer.query)]
    return list({offer.query: offer for offer in fit}.values())[:2]


def parses(text: str) -> bool:
    """Whether a reader's query is understood."""
    try:
        query.parse(text, query.READER)
    except QueryError:
        return False
    return True


def _closed(text: str, fault: QueryError) -> list[Offer]:
    """The quotation or bracket at the fault closed: before the next operator, else at the end."""
    at = fault.position
    if at >= len(text) or text[at] not in '"(' + _OPENING + _CLOSING:
        return []
    if text[at] == "(":
        return [Offer(text + ")", _("ngoặc đóng ở cuối"))]
    inside = text[at + 1 :]
    operator = _OPERATOR.search(inside)
    end = operator.start() if operator else len(inside)
    phrase = inside[:end].strip()
    if not phrase:
        return []
    rest = inside[end:]
    meaning = (
        _("cụm “{phrase}”", phrase=phrase)
        if not rest.strip()
        else _("cụm “{phrase}” và phần còn lại", phrase=phrase)
    )
    return [Offer(f"{text[:at]}“{phrase}”{rest}", meaning)]


def _plain(text: str) -> list[Offer]:
    """The words alone, without signs and operators: always understood if any word is left."""
    words = _FIELD.sub(" ", _SIGNS.sub(" ", text))
    words = _OPERATOR.sub(" ", f" {words}")
    plain = " ".join(word.lstrip("-") for word in words.split())[:200]
    return [Offer(plain, _("bài có đủ các từ này đứng trước"))] if plain else []


def shorter(text: str, most: int = 3) -> list[str]:
    """Shorter queries to try when all the words together find nothing."""
    words = text.split()
    if len(words) < 3 or any(sign in text for sign in '"“”():'):
        return []
    cuts = [words[:-1], words[1:], words[:-2], words[:2], words[-2:]]
    return [" ".join(cut) for cut in cuts if len(cut) >= 2][:most]
