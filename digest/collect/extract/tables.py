"""Tables as text: a row of cells becomes one line, so that figures stay beside what they count."""

from __future__ import annotations

from collections import Counter

from digest.collect.extract.blocks import Block
from digest.collect.extract.scene import Scene
from digest.collect.page import Element

# Letters: a longer cell is no cell of a table but a column of a page.
LONGEST_CELL = 200
BETWEEN = " | "


def joined(scene: Scene, blocks: list[Block], holder: Element | None) -> list[str]:
    """The blocks' texts in order, those of one table row put together."""
    rows = {block: _row(scene, block, holder) for block in blocks}
    sizes = Counter(row for row in rows.values() if row is not None)
    tables = Counter(_table(row) for row, size in sizes.items() if size > 1)
    texts: list[str] = []
    last: Element | None = None
    for block in blocks:
        row = rows[block]
        in_table = row is not None and sizes[row] > 1 and tables[_table(row)] > 1
        if in_table and row is last:
            texts[-1] += BETWEEN + block.text
        else:
            texts.append(block.text)
        last = row if in_table else None
    return texts


def _row(scene: Scene, block: Block, holder: Element | None) -> Element | None:
    if holder is None or block.size > LONGEST_CELL:
        return None
    for node in scene.within(block, holder):
        if node.tag == "tr":
            return node
    return None


def _table(row: Element) -> Element:
    return next(row.iterancestors("table"), row)
