"""The demo's articles: written by us, kept as text files, dated back from now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path

from digest import clock

FOLDER = Path(__file__).with_name("articles")


@dataclass(frozen=True, slots=True)
class Outlet:
    """An invented publisher. `prefix` opens its leads, `entry` is the way in that sources.yaml names."""

    id: str
    name: str
    template: str
    entry: str
    prefix: str = ""


OUTLETS = (
    Outlet("bao-song-van", "Báo Sông Vân", "modern", "/rss/tin-moi.rss"),
    Outlet("bao-ha-son", "Báo Hạ Sơn", "classic", "/rss/home.rss"),
    Outlet("bao-dong-mau", "Báo Đồng Mẫu", "portal", "/tin-tuc", prefix="(ĐMO) - "),
    Outlet("dai-ben-thu", "Đài Phát thanh Bến Thử", "divs", "/atom.xml"),
    Outlet("tap-chi-ly-luan", "Tạp chí Lý luận Sông Vân", "script", "/sitemap-news.xml"),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One article as its outlet means it. `trouble` names what is wrong with its page:

    truncated | missing | forbidden | internal; `slip` is (wrong words, right words) of a later correction.
    """

    outlet: Outlet
    slug: str
    published: datetime
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    captions: tuple[str, ...] = ()
    author: str = ""
    topics: tuple[str, ...] = ()
    copy_of: str = ""
    trouble: str = ""
    slip: tuple[str, str] = ("", "")

    @property
    def key(self) -> str:
        """Outlet and slug, unique in the newsroom."""
        return f"{self.outlet.id}/{self.slug}"

    @property
    def path(self) -> str:
        """Where its page is; some are under a path that robots.txt forbids."""
        folder = "/noi-bo" if self.trouble == "forbidden" else "/bai"
        return f"{folder}/{self.slug}.html"

    def corrected(self) -> Piece:
        """The article after its outlet put the slip right."""
        wrong, right = self.slip
        return replace(self, paragraphs=tuple(text.replace(wrong, right) for text in self.paragraphs))


def pieces(now: datetime) -> tuple[Piece, ...]:
    """All articles, the newest first, as if `now` were the present."""
    found: dict[str, Piece] = {}
    for outlet in OUTLETS:
        for fields, paragraphs in _records(outlet.id):
            piece = _piece(outlet, fields, paragraphs, now, found)
            found[piece.key] = piece
    return tuple(sorted(found.values(), key=lambda piece: (piece.published, piece.key), reverse=True))


@cache
def _records(outlet_id: str) -> tuple[tuple[dict[str, str], tuple[str, ...]], ...]:
    text = (FOLDER / f"{outlet_id}.txt").read_text(encoding="utf-8")
    return tuple(_record(block) for block in text.split("\n=== ")[1:])


def _record(block: str) -> tuple[dict[str, str], tuple[str, ...]]:
    head, *paragraphs = [part.strip() for part in block.strip().split("\n\n")]
    slug, *lines = head.splitlines()
    fields = {"slug": slug.strip()}
    for line in lines:
        name, _colon, value = line.partition(": ")
        fields[name] = f"{fields[name]}\n{value}" if name in fields else value
    return fields, tuple(" ".join(text.split()) for text in paragraphs)


def _piece(
    outlet: Outlet,
    fields: dict[str, str],
    paragraphs: tuple[str, ...],
    now: datetime,
    earlier: dict[str, Piece],
) -> Piece:
    original = earlier.get(fields.get("copy_of", ""))
    if original:
        dropped = int(fields["drop"]) - 1
        kept = tuple(text for place, text in enumerate(original.paragraphs) if place != dropped)
        paragraphs = (*kept, *paragraphs)
    wrong, _arrow, right = fields.get("slip", "").partition(" => ")
    return Piece(
        outlet=outlet,
        slug=fields["slug"],
        published=_instant(fields["day"], now),
        title=fields["title"],
        lead=fields.get("lead") or (original.lead if original else ""),
        paragraphs=paragraphs,
        captions=tuple(fields.get("caption", "").splitlines()),
        author=fields.get("author", ""),
        topics=original.topics if original else tuple(fields.get("topics", "").split()),
        copy_of=fields.get("copy_of", ""),
        trouble=fields.get("trouble", ""),
        slip=(wrong, right),
    )


def _instant(written: str, now: datetime) -> datetime:
    """ "-2 08:15" is a quarter past eight, two days ago in Việt Nam."""
    days, _space, at = written.partition(" ")
    day = clock.day(now) + timedelta(days=int(days))
    return datetime.combine(day, time.fromisoformat(at), clock.ZONE)
