"""Which line of a page is its lead (sapô), kept apart from the paragraphs that follow."""

from __future__ import annotations

from digest.collect.extract.blocks import Block
from digest.collect.extract.body import caption
from digest.collect.extract.headline import key
from digest.collect.extract.scene import Scene
from digest.collect.extract.vietnamese import split_dateline
from digest.collect.page import Element
from digest.text.normalise import fold

LONGEST = 1500


def find(scene: Scene, title: Block | None, holder: Element | None) -> Block | None:
    """The block of the lead: what the page names, states or shows as such between headline and text.

    `holder` is the element that the paragraphs share (see `body.home`).
    """
    first = title.order + 1 if title is not None else 0
    zone = _zone(scene, first, holder)
    statements = [key(text) for text in (*scene.stated.leads, scene.entry.lead) if text]
    best, best_score = None, 0.0
    opening, alone = _bold_opening(scene, holder), _alone_before(scene, zone, holder)
    for place, block in enumerate(zone):
        score = _support(scene, block, statements, place, holder)
        score += 2.2 * (block is opening) + 0.9 * (block is alone)
        if score > best_score:
            best, best_score = block, score
    return best if best_score >= 2.0 else None


def _bold_opening(scene: Scene, holder: Element | None) -> Block | None:
    """The first paragraph of the text where it alone is bold: how a lead looks that has no place of its own."""
    if holder is None:
        return None
    text = [b for b in scene.blocks if holder in scene.chain(b) and b.prose]
    bold = [b.bold >= 0.8 * b.size for b in text[:4]]
    return text[0] if len(bold) > 1 and bold[0] and not any(bold[1:]) else None


def _alone_before(scene: Scene, zone: list[Block], holder: Element | None) -> Block | None:
    """The one paragraph between headline and text that is no caption, if there is just one."""
    if holder is None:
        return None
    page = holder.getroottree().getroot()
    outside = [b for b in zone if holder not in scene.chain(b) and b.prose and not caption(scene, b, page)]
    text = [b.order for b in scene.blocks if holder in scene.chain(b) and b.prose]
    return outside[0] if len(outside) == 1 and text and outside[0].order < text[0] else None


def _zone(scene: Scene, first: int, holder: Element | None) -> list[Block]:
    """Blocks that could be it: from the headline to the second paragraph of the text."""
    zone: list[Block] = []
    inside = 0
    for block in scene.blocks[first : first + 60]:
        if (
            block.picture
            or block.size < 20
            or block.size > LONGEST
            or scene.furniture(block)
            or block.mostly_links
        ):
            continue
        zone.append(block)
        inside += holder is not None and holder in scene.chain(block) and block.prose
        if inside >= 2 or len(zone) >= 10:
            break
    return zone


def _support(scene: Scene, block: Block, statements: list[str], place: int, holder: Element | None) -> float:
    within = holder is not None and holder in scene.chain(block)
    words = key(split_dateline(block.text)[1])
    score = 0.0
    if any(_matches(words, one) for one in statements):
        score += 1.5 if within else 2.5
    if scene.claims(block, "lead", 3) and not scene.claims(block, "caption", 2):
        score += 2.0
    if not within and (block.prose or block.heading) and block.size >= 40:
        score += 1.5
    if block.all_bold and block.size >= 40 and not block.after_break:
        score += 1.0
    if fold(block.text[:10]).startswith("tom tat") and block.size >= 60:
        score += 2.6  # an abstract, as journals have it
    if block.owner.tag in ("h2", "h3") and block.size >= 60:
        score += 2.0 if block.size >= 120 or block.text[-1] in ".…!?" else 0.5
    if score and split_dateline(block.text)[0]:
        score += 1.0
    return score - 0.2 * place - (1.0 if scene.claims(block, "caption", 2) else 0.0)


def _matches(words: str, statement: str) -> bool:
    """The same words, or a statement cut short of them."""
    if not words or not statement:
        return False
    return words == statement or (
        len(statement) >= 40 and (words.startswith(statement[:-8]) or statement.startswith(words))
    )
