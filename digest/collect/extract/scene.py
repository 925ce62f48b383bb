"""A page laid out for reading: its blocks, who contains whom, what is furniture, what it states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from digest.collect.extract import blocks as rows
from digest.collect.extract import stated as statements
from digest.collect.extract.blocks import Block
from digest.collect.extract.roles import roles
from digest.collect.extract.stated import Stated
from digest.collect.page import Element
from digest.model import Entry, Source

# An element that claims to be furniture and yet holds more than this share of the page's own text is none.
TOO_MUCH_FOR_NOISE = 0.4
# Letters of prose outside of readers' comments from which these may be more than the article itself.
ENOUGH_APART = 250


@dataclass(slots=True)
class Scene:
    """Everything that the decisions about one page look at. Counts of letters are by element."""

    entry: Entry
    source: Source
    stated: Stated
    blocks: list[Block]
    chains: dict[Element, tuple[Element, ...]] = field(default_factory=dict)
    letters: Counter[Element] = field(default_factory=Counter)
    prose: Counter[Element] = field(default_factory=Counter)
    pictures: Counter[Element] = field(default_factory=Counter)
    sentences: Counter[Element] = field(default_factory=Counter)  # blocks of prose
    _noise: dict[Element, bool] = field(default_factory=dict)

    def chain(self, block: Block) -> tuple[Element, ...]:
        """The block's owner and everything around it, inner to outer."""
        return self.chains[block.owner]

    def within(self, block: Block, container: Element) -> Iterator[Element]:
        """The elements from the block's owner up to, without, the container."""
        for node in self.chains[block.owner]:
            if node is container:
                return
            yield node

    def furniture(self, block: Block, container: Element | None = None) -> bool:
        """Something around the block (inside the container, if given) is not part of an article."""
        nodes = self.chains[block.owner] if container is None else self.within(block, container)
        return any(self._is_noise(node, container) for node in nodes)

    def _is_noise(self, node: Element, container: Element | None) -> bool:
        known = self._noise.get(node)
        if known is None:
            known = self._noise[node] = node.tag not in ("body", "html") and "noise" in roles(node)
        if not known:
            return False
        whole = self.prose[container] if container is not None else self._all_prose()
        if node.tag in ("nav", "footer") or self.prose[node] <= TOO_MUCH_FOR_NOISE * max(1, whole):
            return True
        apart = whole - self.prose[node] >= ENOUGH_APART and node.find(".//h1") is None
        return apart and "others" in roles(node)

    def _all_prose(self) -> int:
        return max(self.prose.values(), default=0)

    def claims(self, block: Block, role: str, levels: int = 2) -> bool:
        """The block's owner, or one of the elements next around it, is named so."""
        return any(role in roles(node) for node in self.chains[block.owner][:levels])

    def names(self, block: Block, role: str) -> bool:
        """The block's owner, or an inline element that holds nearly all of the block, is named so."""
        if role in roles(block.owner):
            return True
        inline = list(block.owner.iter("span", "b", "strong", "a", "font", "em", "i"))[:4]
        return any(role in roles(n) and len(n.text_content().strip()) >= 0.9 * block.size for n in inline)


def lay_out(tree: Element, entry: Entry, source: Source) -> Scene:
    """The scene of a tree."""
    body = tree.find("body")
    scene = Scene(entry, source, statements.read(tree), rows.read(tree if body is None else body))
    for block in scene.blocks:
        if block.owner not in scene.chains:
            scene.chains[block.owner] = (block.owner, *block.owner.iterancestors())
        for node in scene.chains[block.owner]:
            scene.letters[node] += block.size
            scene.pictures[node] += block.picture
            scene.sentences[node] += block.prose
            if block.prose:
                scene.prose[node] += block.size - block.linked
    return scene
