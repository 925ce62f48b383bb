"""From an edition's text and the archive to the View that all renderings take.

The citation (outlet, dates, author, link) comes from the archive, never from the file. Where two excerpts
do not follow each other in the article, `[…]` is put between them even if the editor did not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from digest import clock
from digest.bulletin.minutes import HOUSE, Speed, minutes, syllables
from digest.bulletin.parts import Edition, Item, Section
from digest.bulletin.passages import locate, quotable
from digest.bulletin.prose import read
from digest.bulletin.tables import PinnedCell, PinnedTable, split
from digest.bulletin.view import Cell, Table, View, ViewItem, ViewSection
from digest.model import Article, Bulletin, Revision, Site, Topic
from digest.text.normalise import clean

LONGEST_LINK = 60  # letters: a whole sentence in blue is hard to read; its mark leads to the source


@dataclass(frozen=True, slots=True)
class Archived:
    """What of the archive an edition needs: its articles, pinned revisions, and their stories."""

    articles: Mapping[int, Article]
    revisions: Mapping[tuple[int, int], Revision]
    stories: Mapping[int, Sequence[Article]] = field(default_factory=dict)


def assemble(
    edition: Edition,
    bulletin: Bulletin,
    site: Site,
    archived: Archived,
    built: date,
    *,
    topics: Sequence[Topic] = (),
    speed: Speed = HOUSE,
    state: str = "draft",
    link: str = "",
) -> View:
    """The whole edition as it is printed; `check` has been asked before (pins must exist)."""
    cited = tuple(_cited(edition, archived, site))
    orders = {item.article: order for order, item in enumerate(edition.items, 1)}
    orders |= {one.article: one.order for one in cited}
    ids = {clean(topic.name): topic.id for topic in topics}
    made = [_section(one, archived, site, speed, orders, ids.get(one.name, "")) for one in edition.sections]
    foreword = read(edition.foreword)
    count = syllables(block.text for block in foreword) + sum(said for _made, said in made)
    return replace(
        _cover(edition, bulletin, site, built),
        foreword=foreword,
        sections=tuple(section for section, said in made if said),  # no heading with nothing under it
        minutes=minutes(count, speed.silent),
        state=state,
        link=link,
        cited=cited,
        aloud=speed.aloud,
    )


def _cover(edition: Edition, bulletin: Bulletin, site: Site, built: date) -> View:
    """What an edition prints about itself, without what it tells."""
    return View(
        id=edition.id,
        kind=edition.kind or bulletin.cadence,
        name=bulletin.name,
        title=title(edition),
        first=edition.first,
        last=edition.last,
        issued=edition.issued or built,
        number=edition.number,
        audience=bulletin.audience,
        publisher=bulletin.publisher,
        letterhead=bulletin.letterhead,
        page=bulletin.page,
        imprint=bulletin.imprint,
        site_name=site.name,
        site_url=site.url,
        corrects=edition.corrects,
        to_meeting=bool(bulletin.rolls_up),
    )


def title(edition: Edition) -> str:
    """The title with its number; "…" stands for it until approval."""
    return edition.title.replace("{number}", str(edition.number) if edition.number else "…")


def _section(
    section: Section, archived: Archived, site: Site, speed: Speed, orders: Mapping[int, int], topic: str
) -> tuple[ViewSection, int]:
    """The section and how many syllables it prints."""
    items = tuple(_item(item, archived, site, speed, orders[item.article]) for item in section.items)
    words, tabled = split(section.note)
    note = read(words)
    tables = tuple(_table(one, archived, site, orders) for one in tabled)
    count = syllables(block.text for block in note) + sum(map(printed, items))
    count += syllables(cell.text for table in tables for row in table.rows for cell in row)
    made = ViewSection(section.name, topic, note, items, tables, minutes(count, speed.silent))
    return made, count


def _table(table: PinnedTable, archived: Archived, site: Site, orders: Mapping[int, int]) -> Table:
    """As it is printed: a cell is marked and linked where its source is another than that of the cell before."""
    rows = []
    for row in table.rows:
        pins = [cell.pin for cell in row]
        before = [next((pin for pin in reversed(pins[:n]) if pin), None) for n in range(len(pins))]
        rows.append(
            tuple(
                _cell(cell, archived, site, orders) if cell.pin != last else Cell(cell.text)
                for cell, last in zip(row, before, strict=True)
            )
        )
    return Table("", table.head, tuple(rows))


def _cell(cell: PinnedCell, archived: Archived, site: Site, orders: Mapping[int, int]) -> Cell:
    if cell.pin is None:
        return Cell(cell.text)
    article = archived.articles[cell.pin[0]]
    href = address(site, article) if len(cell.text) <= LONGEST_LINK else ""
    return Cell(cell.text, orders[article.id], href)


def _cited(edition: Edition, archived: Archived, site: Site) -> Iterator[ViewItem]:
    """Articles that only tables cite, for the list of sources."""
    after = len(edition.items)
    for order, pin in enumerate(dict(edition.cited).items(), after + 1):
        item = Item(*pin, archived.revisions[pin].content.title)
        yield replace(_item(item, archived, site, HOUSE, order), lead="", dateline="")


def address(site: Site, article: Article) -> str:
    """The address to print: short and ours where the site has a public one, else the outlet's."""
    return f"{site.url.rstrip('/')}/b/{article.id}" if site.url else article.url


def printed(item: ViewItem) -> int:
    """The syllables that a reader reads of one article."""
    return syllables((item.title, item.lead, *item.excerpts, *(block.text for block in item.note)))


def _item(item: Item, archived: Archived, site: Site, speed: Speed, order: int) -> ViewItem:
    article, revision = archived.articles[item.article], archived.revisions[item.pin]
    content = revision.content
    excerpts, note = quoted(item, revision), read(item.note)
    count = syllables((content.title, content.lead, *excerpts, *(b.text for b in note)))
    return ViewItem(
        article=item.article,
        revision=item.revision,
        order=order,
        title=clean(content.title),
        outlet=article.outlet,
        url=article.url,
        link=address(site, article),
        collected=clock.day(article.collected),
        published=clock.day(content.published) if content.published else None,
        author=content.author,
        dateline=content.dateline,
        lead=clean(content.lead),
        excerpts=excerpts,
        note=note,
        also_in=_also_in(article, archived.stories),
        minutes=minutes(count, speed.silent),
        text=revision.text,
    )


def _also_in(article: Article, stories: Mapping[int, Sequence[Article]]) -> tuple[str, ...]:
    """Other outlets with the story, in the order in which they had it."""
    outlets = [other.outlet for other in stories.get(article.story, ()) if other.state == "live"]
    return tuple(dict.fromkeys(outlet for outlet in outlets if outlet != article.outlet))


def quoted(item: Item, revision: Revision) -> tuple[str | None, ...]:
    """The item's excerpts, with None wherever words of the article were left out between two."""
    source = quotable(revision.content)
    made: list[str | None] = []
    end = -1
    for excerpt in item.excerpts:
        if excerpt.text is None:
            made.append(None)
            continue
        words = clean(excerpt.text)
        at = locate(source, words, max(0, end))
        if end >= 0 and at > end + 1 and made[-1] is not None:
            made.append(None)
        end = at + len(words)
        made.append(words)
    return tuple(made)
