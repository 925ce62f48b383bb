"""Extraction: a page and what was announced of it → the article's words, clean and structured."""

from __future__ import annotations

import re

from digest.collect.extract import body as bodies
from digest.collect.extract import byline, dated, headline, lead, refuse, selected, states, tables
from digest.collect.extract.blocks import Block
from digest.collect.extract.refuse import Refused
from digest.collect.extract.scene import Scene, lay_out
from digest.collect.extract.vietnamese import split_dateline
from digest.collect.page import Page, parse
from digest.model import Content, Entry, Source
from digest.text.normalise import clean
from digest.text.tokens import syllables

__all__ = ["Refused", "announced", "extract"]

# Letters of text below which an article is doubted.
SHORT = 250
LONGEST_PARAGRAPH = 20_000
MOST_PARAGRAPHS = 2000


def extract(page: Page, entry: Entry, source: Source) -> Content:
    """The article of a page; Refused where the page is none that may be kept as this article.

    It depends on this page and entry alone, so that runs in any order, broken off or not, archive the same.
    """
    tree = page.tree()
    selected.remove(tree, source.selectors)
    scene = lay_out(tree, entry, source)
    title, title_block = headline.choose(scene)
    refuse.check(scene, title)
    holder = bodies.container(scene, title_block)
    if title_block is not None and bodies.amid(scene, title_block, holder):
        title, title_block = headline.without_block(scene), None  # a subhead, taken for want of a headline
        holder = bodies.container(scene, None)
    if _thin(scene, holder):
        written = states.hidden(tree, scene.stated)
        if len(written) > sum(b.size for b in scene.blocks if b.prose):
            return _from_script(written, page, scene)
    refuse.check_announced(scene)
    content = _compose(page, scene, title, title_block, holder)
    return selected.override(content, page.tree() if _selects(source) else tree, page, source)


def _selects(source: Source) -> bool:
    chosen = source.selectors
    return any((chosen.title, chosen.lead, chosen.body, chosen.date, chosen.author))


def _thin(scene: Scene, holder: object) -> bool:
    return holder is None or scene.prose[holder] < SHORT


def _compose(page: Page, scene: Scene, title: str, title_block: Block | None, holder: object) -> Content:
    date_block = dated.find(scene, title_block, holder, page.fetched)
    lead_block = lead.find(scene, title_block, bodies.home(scene, holder))
    skipped = {b.order for b in (title_block, date_block, lead_block) if b is not None}
    after = max((b.order for b in (title_block, lead_block) if b is not None), default=-1)
    found = bodies.read(scene, holder, skipped, after)
    author, holding = byline.find(scene, title_block, date_block, found)
    text_blocks = [
        b for b in found.blocks if b not in holding and not _repeats_author(b, author, found.blocks)
    ]
    paragraphs = tables.joined(scene, text_blocks, holder)
    captions = [
        clean(b.text.rstrip("| "))
        for b in (*_loose_captions(scene, title_block, found, skipped), *found.captions)
        if not author or b.text != author
    ]
    dateline, text = split_dateline(
        lead_block.text if lead_block is not None else _stated_lead(scene, paragraphs)
    )
    published, raw = dated.published(scene, page.fetched, date_block)
    return _checked(
        Content(
            title=title, dateline=dateline, lead=text, paragraphs=tuple(paragraphs), captions=tuple(dict.fromkeys(captions)),
            author=author, published=published, published_raw=raw,
        ),
        scene.entry,
    )  # fmt: skip


def _repeats_author(block: Block, author: str, blocks: list[Block]) -> bool:
    """The author's name alone in one of the first or last lines is a byline that is known already."""
    edge = block in blocks[:2] or block in blocks[-2:]
    return bool(author) and edge and headline.key(block.text) == headline.key(author)


def _loose_captions(scene: Scene, title: Block | None, found: bodies.Body, skipped: set[int]) -> list[Block]:
    """Captions of pictures that stand between the headline and the text's container."""
    if title is None or not found.blocks:
        return []
    between = scene.blocks[title.order + 1 : found.blocks[0].order]
    loose = [
        b
        for b in between
        if not b.picture and b.order not in skipped and found.container not in scene.chain(b)
    ]
    return [
        b
        for b in loose
        if not scene.furniture(b) and bodies.caption(scene, b, title.owner.getroottree().getroot())
    ]


def _stated_lead(scene: Scene, paragraphs: list[str]) -> str:
    """Where the page shows no lead: what was announced or stated, unless it only repeats the text's beginning."""
    start = headline.key(" ".join(paragraphs[:3]))
    if not start:
        return ""  # nothing of the article was shown: a statement alone is no reading of it
    for text in (scene.entry.lead, *scene.stated.leads):
        words = headline.key(text)
        repeats = not words or words[:-8] in start
        if not repeats and words != headline.key(scene.stated.window_title) and len(text) >= 40:
            return text
    return ""


def _from_script(written: str, page: Page, scene: Scene) -> Content:
    """An article that a script would have shown: its text out of JSON-LD or a state object."""
    tree = parse(f"<html><body><article>{written}</article></body></html>")
    inner = lay_out(tree, scene.entry, scene.source)
    inner.stated = scene.stated
    title, title_block = headline.choose(inner)
    return _compose(page, inner, title, title_block, bodies.container(inner, title_block))


def _checked(content: Content, entry: Entry) -> Content:
    """The content within bounds, with the doubts that editors should see."""
    paragraphs = tuple(text[:LONGEST_PARAGRAPH] for text in content.paragraphs[:MOST_PARAGRAPHS])
    text = " ".join((content.lead, *paragraphs))
    flags = []
    if content.published is None:
        flags.append("no-date")
    if not content.title:
        flags.append("no-title")
    elif entry.title and not headline.alike(content.title, entry.title):
        flags.append("other-title")
    if sum(map(len, paragraphs)) < SHORT:
        flags.append("short")
    if text and not _vietnamese(text):
        flags.append("not-vietnamese")
    return Content(
        content.title[: headline.LONGEST], content.dateline, content.lead[: lead.LONGEST], paragraphs, content.captions,
        content.author, content.published, content.published_raw, tuple(flags),
    )  # fmt: skip


_OURS = re.compile(r"[ăđơưạ-ỹ]", re.IGNORECASE)  # letters that no other language writes


def _vietnamese(text: str) -> bool:
    """Vietnamese prose carries accents on more than half of its syllables; a quarter is safely that."""
    words = syllables(text[:2000])
    accented = sum(not word.isascii() for word in words)
    return len(words) < 20 or (accented >= 0.25 * len(words) and bool(_OURS.search(text)))


def announced(entry: Entry) -> Content:
    """What an entry point states of an article whose page could not be had."""
    dateline, text = split_dateline(entry.lead)
    flags = () if entry.published else ("no-date",)
    return Content(
        title=entry.title or text[: headline.LONGEST] or entry.url, dateline=dateline, lead=text, author=entry.author,
        published=entry.published, published_raw=entry.published_raw, flags=flags,
    )  # fmt: skip
