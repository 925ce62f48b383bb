"""The layout of sources.yaml: every key, its shape, and whether it must be there."""

from __future__ import annotations

from digest.config import names, values
from digest.config.shapes import Counts, Flag, ListOf, Number, Record, Text
from digest.model import Bulletin, Center, Config, FetchSettings, Letterhead, Selectors, Site, Source, Topic
from digest.wording import mark

_ID = f"^{values.ID}$"
_NAME = Text(longest=300)
_LINES = ListOf(Text(longest=200), once=False)
_PATTERNS = ListOf(Text(values.a_pattern))
_TOPICS = ListOf(Text(refers="topic"))
_SELECTOR = Text(values.a_selector)
_ADDRESS = Text(values.an_address, longest=2_000, pattern="^https?://")

SITE = Record(Site, {"name": _NAME, "url": Text(values.a_site_address, pattern="^https?://")})

FETCH = Record(
    FetchSettings,
    {
        "concurrency": Number(1, 256),
        "per_host": Number(1, 64),
        "delay": Number(0, 3_600, fraction=True),
        "timeout": Number(0.1, 600, fraction=True),
        "max_bytes": Number(1_000, 1_000_000_000),
        "keep_html": Flag(),
        "allow_private": ListOf(Text(values.a_network)),
    },
)

SELECTORS = Record(
    Selectors,
    dict.fromkeys(("link", "title", "lead", "body", "date", "author"), _SELECTOR)
    | {"remove": ListOf(_SELECTOR)},
)

SOURCE = Record(
    Source,
    {
        "id": Text(values.an_id, defines="source", pattern=_ID),
        "outlet": _NAME,
        "kind": Text(choices=names.KINDS),
        "url": _ADDRESS,
        "enabled": Flag(),
        "weight": Number(0, 100, fraction=True),
        "topics": _TOPICS,
        "limit": Number(1, 100_000),
        "include": _PATTERNS,
        "exclude": _PATTERNS,
        "show": Text(choices=names.SHOWS),
        "dates": Text(choices=names.DATES),
        "selectors": SELECTORS,
    },
    required=("id", "outlet", "kind", "url"),
    what=mark("Nguồn này"),
)

TOPIC = Record(
    Topic,
    {
        "id": Text(values.an_id, defines="topic", pattern=_ID),
        "name": _NAME,
        "query": Text(values.a_query, longest=20_000),
        "min_score": Number(0, 1_000_000, fraction=True),
        "parent": Text(refers="topic"),
    },
    required=("id", "name", "query"),
    what=mark("Chủ đề này"),
)

LETTERHEAD = Record(Letterhead, {"style": Text(choices=names.LETTERHEADS), "lines": _LINES, "place": _NAME})

BULLETIN = Record(
    Bulletin,
    {
        "id": Text(values.a_bulletin_id, defines="bulletin", pattern=_ID),
        "name": _NAME,
        "audience": _NAME,
        "publisher": _NAME,
        "letterhead": LETTERHEAD,
        "cadence": Text(choices=names.CADENCES),
        "sections": Counts(Number(1, 100), refers="topic"),
        "minutes": Number(1, 600),
        "formats": ListOf(Text(choices=names.FORMATS)),
        "page": Text(values.a_page),
        "imprint": Text(longest=2_000),
        "rolls_up": ListOf(Text(refers="bulletin")),
        "meeting": Number(1, 28),
        "documents": Number(0, 50),
        "speed": Number(60, 600),
    },
    required=("id", "name", "cadence", "sections"),
    what=mark("Bản tin này"),
)

CENTER = Record(
    Center,
    {
        "id": Text(values.an_id, defines="center", pattern=_ID),
        "name": _NAME,
        "letterhead": _LINES,
        "place": _NAME,
        "sender": Text(values.a_sender),
        "reply_to": Text(values.a_sender),
        "bulletins": ListOf(Text(refers="bulletin")),
        "recipients": Text(values.a_list_file),
    },
    required=("id", "name", "sender", "recipients"),
    what=mark("Trung tâm này"),
)

CONFIG = Record(
    Config,
    {
        "format": Number(1, 1),
        "site": SITE,
        "fetch": FETCH,
        "sources": ListOf(SOURCE),
        "topics": ListOf(TOPIC),
        "bulletins": ListOf(BULLETIN),
        "centers": ListOf(CENTER),
    },
    fixed=("format",),
)
