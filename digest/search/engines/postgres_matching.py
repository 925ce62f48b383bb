"""A query as PostgreSQL's conditions: which articles match. Its meaning is `digest.query.matches`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Connection

from digest.query import And, Dated, Field, Node, Not, Or, Phrase, Title, Word, Words, is_accented, spaced
from digest.query.match import same_outlet
from digest.search import analysis
from digest.search.engines.postgres_tables import texts
from digest.search.engines.postgres_terms import number
from digest.search.results import Request
from digest.text.normalise import fold

Condition = sa.ColumnElement[bool]
Held = frozenset[str]


class Matching:
    """Conditions within one moment of the database."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    @cached_property
    def outlets(self) -> list[str]:
        """The outlets' names, as the archive has them."""
        return list(self.conn.scalars(sa.select(texts.c.outlet).distinct()))

    def allowed(self, request: Request) -> Condition:
        """What the request's own filters let through."""
        parts: list[Condition] = [sa.true()]
        if request.upto:
            parts.append(texts.c.article <= request.upto)
        if request.after:
            parts.append(texts.c.article > request.after)
        if request.first or request.last:
            parts.append(self.condition(Dated(request.first, request.last)))
        if request.topics:
            parts.append(sa.or_(*(texts.c.topics.contains([topic]) for topic in request.topics)))
        if request.outlets:
            parts.append(texts.c.outlet.in_(request.outlets))
        return sa.and_(*parts)

    def condition(self, node: Node, held: Held = frozenset()) -> Condition:
        """A query as SQL; its meaning is `digest.query.matches`. `held`: terms that an article is known to hold,
        which are not asked for again: to look for them in it would unpack all its terms."""
        if isinstance(node, And):
            return sa.and_(*(self.condition(part, held) for part in node.parts))
        if isinstance(node, Or):
            return sa.or_(*(self.condition(part, held) for part in node.parts))
        if isinstance(node, Not):
            return sa.not_(self.condition(node.part, held))
        if isinstance(node, Words):
            return sa.and_(*(_word(word, held) for word in node.words))
        if isinstance(node, Phrase):
            return _phrase(node.text, is_accented(node.text), held)
        if isinstance(node, Title):
            return _title(node)
        if isinstance(node, Dated):
            return _dated(node)
        return self._field(node)

    def _field(self, node: Field) -> Condition:
        if node.name == "topic":
            return texts.c.topics.contains([node.value.lower()])
        return texts.c.outlet.in_([one for one in self.outlets if same_outlet(node.value, one)])


def among(ids: Sequence[int]) -> Condition:
    """These articles; one parameter, however many they are."""
    return texts.c.article == sa.func.any(sa.literal(list(ids), ARRAY(sa.BigInteger)))


def outside(ids: Sequence[int]) -> Condition:
    """All others."""
    return texts.c.article != sa.func.all(sa.literal(list(ids), ARRAY(sa.BigInteger)))


def held_with(lexemes: Iterable[str]) -> Held:
    """What an article holds that holds these: their terms, and of a pair both syllables."""
    terms = {lexeme.lstrip("^").partition("~")[0] for lexeme in lexemes}
    return frozenset(terms | {syllable for term in terms for syllable in term.split(" ")})


def holds(lexemes: Collection[str], held: Held = frozenset()) -> Condition:
    """All of these terms (see `postgres_terms.number`) but those known to be held; nothing holds all of none."""
    wanted: dict[str, list[int]] = {}
    for lexeme in lexemes:
        if lexeme in held:
            continue
        wanted.setdefault(_column(lexeme), []).append(number(lexeme))
    holding = [
        texts.c[name].contains(sa.literal(numbers, ARRAY(sa.BigInteger))) for name, numbers in wanted.items()
    ]
    return sa.and_(sa.true(), *holding) if lexemes else sa.false()


def _column(lexeme: str) -> str:
    if lexeme.startswith("="):
        return "accented"
    return "heavier" if lexeme.startswith("^") or "~" in lexeme else "terms"


def _word(word: Word, held: Held) -> Condition:
    tokens = analysis.folded(word.text)
    loose = word.loose or len(tokens) == 1
    ways = [holds(tokens, held) if loose else _phrase(word.text, False, held)]
    return sa.or_(*ways, *(_phrase(other, False, held) for other in word.other))


def _phrase(text: str, accented: bool, held: Held) -> Condition:
    tokens = analysis.exact(text) if accented else analysis.folded(text)
    mark = "=" if accented else ""
    terms = [f"{mark}{one} {two}" for one, two in pairwise(tokens)] or [mark + token for token in tokens]
    if len(tokens) < 3:
        return holds(terms, held)
    column = texts.c.exact if accented else texts.c.folded
    return holds(terms, held) & (sa.func.strpos(column, spaced(" ".join(tokens))) > 0)


def _title(node: Title) -> Condition:
    phrase = isinstance(node.inner, Phrase)
    typed = [node.inner.text] if isinstance(node.inner, Phrase) else [word.text for word in node.inner.words]
    parts: list[Condition] = []
    for text in typed:
        accented = phrase and is_accented(text)
        tokens = analysis.exact(text) if accented else analysis.folded(text)
        headline = sa.func.split_part(texts.c.exact if accented else texts.c.folded, "\n", 1)
        parts.append(holds([f"^{fold(token)}" for token in tokens]))
        parts.append(sa.func.strpos(headline, spaced(" ".join(tokens))) > 0)
    return sa.and_(*parts)


def _dated(node: Dated) -> Condition:
    parts: list[Condition] = [texts.c.day.is_not(None)]
    if node.first:
        parts.append(texts.c.day >= node.first.toordinal())
    if node.last:
        parts.append(texts.c.day <= node.last.toordinal())
    return sa.and_(*parts)
