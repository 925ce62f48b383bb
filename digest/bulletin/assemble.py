"""From an edition's text and the archive to the View that all renderings take.

The citation (outlet, dates, author, link) comes from the archive, never from the file. Where two excerpts
do not follow each other in the article, `[…]` is put between them even if the editor did not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from digest import clock
from digest.bulletin.minutes import HOUSE, Speed, minutes, syllables
from digest.bulletin.parts import Edition, Item, Section
from digest.bulletin.passages import locate, quotable
from digest.bulletin.prose import read
from digest.bulletin.view import View, ViewItem, ViewSection
from digest.model import Article, Bulletin, Revision, Site, Topic
from digest.text.normalise import clean


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
    ids = {clean(topic.name): topic.id for topic in topics}
    sections: list[ViewSection] = []
    count = syllables(block.text for block in read(edition.foreword))
    order = 0
    for section in edition.sections:
        made, said = _section(section, archived, site, speed, order, ids.get(section.name, ""))
        sections.append(made)
        order += len(made.items)
        count += said
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
        foreword=read(edition.foreword),
        sections=tuple(sections),
        minutes=minutes(count, speed.silent),
        page=bulletin.page,
        imprint=bulletin.imprint,
        site_name=site.name,
        site_url=site.url,
        corrects=edition.corrects,
        state=state,
        link=link,
    )


def title(edition: Edition) -> str:
    """The title with its number; "…" stands for it until approval."""
    return edition.title.replace("{number}", str(edition.number) if edition.number else "…")


def _section(
    section: Section, archived: Archived, site: Site, speed: Speed, before: int, topic: str
) -> tuple[ViewSection, int]:
    """The section and how many syllables it prints."""
    items = tuple(_item(item, archived, site, speed, before + n) for n, item in enumerate(section.items, 1))
    note = read(section.note)
    count = syllables(block.text for block in note) + sum(map(printed, items))
    made = ViewSection(
        name=section.name, topic=topic, note=note, items=items, minutes=minutes(count, speed.silent)
    )
    return made, count


def printed(item: ViewItem) -> int:
    """The syllables that a reader reads of one article."""
    return syllables(
        (item.title, item.dateline, item.lead, *item.excerpts, *(block.text for block in item.note))
    )


def _item(item: Item, archived: Archived, site: Site, speed: Speed, order: int) -> ViewItem:
    article, revision = archived.articles[item.article], archived.revisions[item.pin]
    content = revision.content
    excerpts, note = quoted(item, revision), read(item.note)
    count = syllables((content.title, content.dateline, content.lead, *excerpts, *(b.text for b in note)))
    return ViewItem(
        article=item.article,
        revision=item.revision,
        order=order,
        title=clean(content.title),
        outlet=article.outlet,
        url=article.url,
        link=f"{site.url.rstrip('/')}/b/{item.article}" if site.url else article.url,
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
