"""Which part of a page is the article, and which of its lines are paragraphs, captions or neither."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from digest.collect.extract.blocks import Block
from digest.collect.extract.roles import roles
from digest.collect.extract.scene import Scene
from digest.collect.extract.vietnamese import advertising, ends_article, link_label, picture_credit
from digest.collect.page import Element

_WIDE = frozenset(("html", "body"))
# What a paragraph is worth to the element around its parent, and so on outwards (a parent itself: all of it).
OUTWARDS = 0.75
# Letters: a caption is not longer; a paragraph counts no more than so (one giant block must not decide alone).
LONGEST_CAPTION = 400
MOST_WEIGHT = 1200


@dataclass(slots=True)
class Body:
    """The article's part of a page. `blocks` are its lines in order, what does not belong already left out."""

    container: Element | None
    blocks: list[Block] = field(default_factory=list)
    captions: list[Block] = field(default_factory=list)


def container(scene: Scene, title: Block | None) -> Element | None:
    """The element that holds most of the page's prose with least around it; None where there is no prose."""
    scores: dict[Element, float] = {}
    for block in scene.blocks:
        weight = _weight(scene, block, title)
        if not weight:
            continue
        for distance, node in enumerate(scene.chain(block)):
            scores[node] = scores.get(node, 0.0) + weight * OUTWARDS ** max(0, distance - 1)
    if not scores:
        return None
    best = max(scores, key=lambda node: (_hinted(scores[node], node), -_depth(node)))
    return _widened(scene, best, title)


def _weight(scene: Scene, block: Block, title: Block | None) -> float:
    if block.picture or not block.prose or scene.furniture(block):
        return 0.0
    weight = float(min(MOST_WEIGHT, block.size - block.linked))
    if title is not None and block.order < title.order:
        weight *= 0.3
    return weight * (0.2 if teaser(scene, block) else 1.0)


def amid(scene: Scene, title: Block, holder: Element | None) -> bool:
    """A third of the text stands before the line in the same element: it heads no article."""
    if holder is None or holder not in scene.chain(title) or title.heading:
        return False
    before = sum(b.size for b in scene.blocks[: title.order] if b.prose and holder in scene.chain(b))
    return before * 3 >= scene.prose[holder] > 0


def home(scene: Scene, holder: Element | None) -> Element | None:
    """The innermost element that most paragraphs share: parent of them all, or their owner where breaks part them."""
    if holder is None:
        return None
    held = [b for b in scene.blocks if b.prose and holder in scene.chain(b)]
    owned = Counter(b.owner for b in held)
    counted: Counter[Element] = Counter()
    for block in held:
        chain = scene.chain(block)
        counted[block.owner if owned[block.owner] > 1 or len(chain) < 2 else chain[1]] += block.size
    return counted.most_common(1)[0][0] if counted else holder


def teaser(scene: Scene, block: Block, holder: Element | None = None) -> bool:
    """A summary beside the headline of another article: its item holds a long link and little else."""
    for node in scene.chain(block)[1:3]:
        if node is holder or scene.letters[node] > block.size + 300 or node.tag in _WIDE:
            return False
        for link in node.iter("a"):
            long = len(link.text_content().strip()) > 20
            if long and not any(above is block.owner for above in link.iterancestors()):
                return True
    return False


def _depth(node: Element) -> int:
    return sum(1 for _above in node.iterancestors())


def _hinted(score: float, node: Element) -> float:
    found = roles(node)
    return score * (1.15 if "body" in found else 1.0) * (0.6 if "noise" in found else 1.0)


def _widened(scene: Scene, best: Element, title: Block | None) -> Element:
    """Outwards as long as the next element adds prose that is not outweighed by links and furniture."""
    for _step in range(3):
        above = best.getparent()
        if above is None or above.tag in ("html", "body"):
            return best
        inside = [b for b in scene.blocks if best not in scene.chain(b) and above in scene.chain(b)]
        inside = [b for b in inside if title is None or b.order > title.order]
        gained = sum(_weight(scene, b, title) for b in inside if not scene.claims(b, "lead"))
        lost = sum(b.size for b in inside if b.mostly_links or scene.furniture(b))
        if gained < 0.1 * scene.prose[best] or gained < 2 * lost:
            return best
        best = above
    return best


def read(scene: Scene, holder: Element | None, skipped: set[int], after: int = -1) -> Body:
    """The lines of the article in its container, from behind block `after` on, without those skipped by order."""
    found = Body(holder)
    if holder is None:
        return found
    inside = [b for b in scene.blocks if holder in scene.chain(b)]
    usual = _usual_owner(inside)
    for block in inside:
        if block.picture or block.order in skipped or block.order <= after:
            continue
        if scene.furniture(block, holder) or teaser(scene, block, holder):
            continue
        if caption(scene, block, holder):
            found.captions.append(block)
        elif _marks_end(block, usual):
            if _nothing_follows(scene, block, inside, holder):
                break
        elif not _link_line(block):
            found.blocks.append(block)
    while (
        found.blocks and found.blocks[-1].heading
    ):  # a heading with nothing under it headed what was left out
        found.blocks.pop()
    return found


def _usual_owner(inside: list[Block]) -> tuple[str, str]:
    """Tag and class of the elements that hold most of the paragraphs."""
    counted = Counter((b.owner.tag, b.owner.get("class") or "") for b in inside if b.prose)
    return counted.most_common(1)[0][0] if counted else ("", "")


def _marks_end(block: Block, usual: tuple[str, str]) -> bool:
    """Such a mark, not one of the headlines that stand under it."""
    headline = block.mostly_links and block.size > 40
    return not headline and _sets_apart(block, usual) and ends_article(block.text)


def _sets_apart(block: Block, usual: tuple[str, str]) -> bool:
    """The line does not look like the paragraphs around it: what it says may be a mark rather than text."""
    looks = (block.owner.tag, block.owner.get("class") or "")
    return looks != usual or block.all_bold or block.heading or block.linked > 0.3 * block.size


def _nothing_follows(scene: Scene, mark: Block, inside: list[Block], holder: Element) -> bool:
    """Behind an end mark stand links and furniture, not most of an article."""
    text = [b for b in inside if b.prose and not scene.furniture(b, holder) and not teaser(scene, b, holder)]
    behind = sum(b.size - b.linked for b in text if b.order > mark.order)
    return behind <= sum(b.size - b.linked for b in text if b.order < mark.order)


def _link_line(block: Block) -> bool:
    """A line that only leads elsewhere, or to an advertisement; a sentence that happens to be one link stays."""
    if advertising(block.text) or (link_label(block.text) and block.linked):
        return True
    if block.mostly_links:
        whole_sentence = block.size > 120 and block.text[-1] in ".!?…"
        return not (whole_sentence and block.linked < 0.95 * block.size)
    return False


def caption(scene: Scene, block: Block, holder: Element) -> bool:
    """A line that belongs to a picture, by its element, its place, its look or its words."""
    if (
        block.size > LONGEST_CAPTION
        or block.heading
        or block.mostly_links
        or scene.claims(block, "author", 4)
    ):
        return False
    near = list(scene.within(block, holder))[:4]
    if any(node.tag == "figure" or "caption" in roles(node) for node in near):
        return True
    if block.text.endswith("|"):
        return True
    pictured = next((node for node in near if scene.pictures[node]), None)
    if pictured is not None and scene.letters[pictured] <= LONGEST_CAPTION and scene.sentences[pictured] < 2:
        return True
    beside = any(_bare_picture(scene, place) for place in (block.order - 1, block.order + 1))
    quoted = block.text[0] in '“"‘' or block.size > 250
    if beside and not quoted and (block.all_italic or _centred_alone(scene, block, holder)):
        return True
    return picture_credit(block.text) and (beside or block.all_italic)


def _centred_alone(scene: Scene, block: Block, holder: Element) -> bool:
    """Set in the middle under its picture, where paragraphs are not."""
    if not _centred(block) or not _bare_picture(scene, block.order - 1):
        return False
    text = [b for b in scene.blocks if b.prose and b is not block and holder in scene.chain(b)]
    return any(not _centred(b) for b in text)


def _centred(block: Block) -> bool:
    node = block.owner
    look = f"{node.get('align') or ''} {node.get('style') or ''} {node.get('class') or ''}".lower()
    return bool(re.search(r"^center\b|text-align\s*:\s*center|\b(text|align)-?_?center\b", look))


def _bare_picture(scene: Scene, place: int) -> bool:
    """The block at that place is a picture that has no caption of its own."""
    if not 0 <= place < len(scene.blocks) or not scene.blocks[place].picture:
        return False
    return not any(
        node.tag == "figure" and scene.letters[node] for node in scene.chain(scene.blocks[place])[:4]
    )
