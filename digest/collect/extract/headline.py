"""Which of a page's lines is its headline, by agreement of what it shows, states and was announced as."""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest.collect.extract.blocks import Block
from digest.collect.extract.dated import LOOKS_DATED
from digest.collect.extract.scene import Scene
from digest.text.normalise import fold, same
from digest.text.tokens import syllables

LONGEST = 500
_SEPARATORS = re.compile(r"\s+[-–—|•·:»]+\s+|\s*\|\s*|(?:^|\s+):{2,}\s+")
_GENERIC = re.compile(
    r"^(trang chu|tin tuc|(trang )?chi tiet( tin( tuc)?| bai( viet)?)?|home|default|untitled|bao dien tu|cong thong tin.{0,40}|404.*)$"
)

_OUTLET = re.compile(
    r"^(báo( điện tử)?|tạp chí|cổng thông tin|trang (thông tin|tin)|đài (phát thanh|truyền hình|tiếng nói)|www\.)|^[\w.-]+\.(vn|com|org|net)$",
    re.IGNORECASE,
)
_OFFICE = re.compile(r"^(cổng|trang|đài|ban|bộ|sở|ubnd)\b", re.IGNORECASE)


def key(text: str) -> str:
    """What makes two spellings of a headline one."""
    return " ".join(syllables(same(text)))


@dataclass(frozen=True, slots=True)
class _Said:
    """What was said of the headline elsewhere, as keys; `silent` where nothing was that tells articles apart."""

    statements: tuple[str, ...]
    announced: str
    window: str
    longest: str  # part of the window's title
    silent: bool
    folded: str

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.statements, self.announced, self.window)


def _said(scene: Scene) -> _Said:
    stated, window, announced = scene.stated.titles, scene.stated.window_title, scene.entry.title
    generic = all(_tells_nothing(text, scene) for text in (*stated, window) if text)
    longest = max((part for part in _SEPARATORS.split(window)), key=len)
    return _Said(
        tuple(key(text) for text in stated), key(announced), key(window), key(longest), not announced and generic,
        fold(" | ".join((*stated, window, announced))),
    )  # fmt: skip


def alike(one: str, other: str) -> bool:
    """Two headlines that may be of one article: a third of the shorter one's syllables stand in the other."""
    first, second = set(key(one).split()), set(key(other).split())
    least = min(len(first), len(second))
    return least < 3 or len(first & second) * 3 >= least


def choose(scene: Scene) -> tuple[str, Block | None]:
    """The headline and the block that shows it, if one does."""
    said = _said(scene)
    best, best_score = None, 0.0
    for block in scene.blocks:
        if block.picture or not 6 <= block.size <= LONGEST:
            continue
        score = _support(scene, block, said)
        if score > best_score:
            best, best_score = block, score
    if best is not None and best_score >= (0.9 if said.silent else 3):
        return best.text[:LONGEST], best
    return without_block(scene), None


def _support(scene: Scene, block: Block, said: _Said) -> float:
    """How much speaks for a block: each agreement counts, so does how the page marks it."""
    main = block.owner.tag == "h1"
    start = fold(block.text[:20])
    if _GENERIC.match(start) and _GENERIC.match(fold(block.text)):
        return 0.0
    if not said.silent and not main and start not in said.folded:
        return 0.0  # its look alone would not do
    words = key(block.text)
    agreed: float = 3.0 * any(_agree(words, one) for one in said.statements)
    agreed += 3.0 * (bool(words) and words == said.announced) + 2.0 * _in_window(words, said.window)
    agreed += 1.0 * (len(words) >= 12 and words == said.longest)
    marked: float = 1.0 * _large(scene, block) + 0.3 * block.all_bold
    marked += 2.0 * main + 1.0 * scene.names(block, "title") + 0.5 * block.heading
    if said.silent:
        marked += 1.0 * _above_date(scene, block)
    elif agreed == 0:
        marked *= 1.0 if _related(words, said.all) else 0.25
    furniture = scene.furniture(block) or (block.mostly_links and not main)
    return (agreed + marked) * (0.3 if furniture else 1.0)


def _above_date(scene: Scene, block: Block) -> bool:
    """A short line of its own right above the date."""
    below = scene.blocks[block.order + 1 : block.order + 3]
    dated = any(not b.picture and b.size <= 80 and LOOKS_DATED.search(b.text) for b in below)
    return dated and block.size >= 15 and not block.links and not LOOKS_DATED.search(block.text)


def _large(scene: Scene, block: Block) -> bool:
    """Set in large type by old means: <font size=4>, or a style of 18 pixels and more."""
    for node in (block.owner, *block.owner.iter("font", "span", "b", "strong")):
        size = re.search(r"font-size\s*:\s*(\d+)(px|pt)", node.get("style") or "")
        if (node.get("size") or "").strip().lstrip("+") in ("4", "5", "6", "7") or (
            size and int(size[1]) >= 18
        ):
            return True
    return False


def _agree(words: str, statement: str) -> bool:
    return words == statement or (len(words) > 20 and statement.startswith(words + " "))


def _in_window(words: str, window: str) -> bool:
    return len(words) >= 12 and f" {words} " in f" {window} "


def _related(words: str, others: tuple[str, ...]) -> bool:
    """Half of its syllables stand in something else that was said of the page."""
    mine = set(words.split())
    return any(len(mine & set(other.split())) >= 0.5 * len(mine) for other in others if other)


def without_block(scene: Scene) -> str:
    """Where no block shows it: as announced or stated, the outlet's own name cut off."""
    stated = [_bare(text, scene) for text in scene.stated.titles]
    for text in stated:
        if text and not _GENERIC.match(fold(text)) and not _is_name(text, scene):
            return text[:LONGEST]
    if scene.entry.title:
        return scene.entry.title[:LONGEST]
    window = _bare(scene.stated.window_title, scene)
    return "" if _tells_nothing(window, scene) else window[:LONGEST]


def _bare(text: str, scene: Scene) -> str:
    """A title without the outlet's name before or behind it."""
    parts = [part.strip() for part in _SEPARATORS.split(text) if part.strip()]
    if len(parts) < 2:
        return text
    cut = list(_SEPARATORS.finditer(text))
    head, tail = text[: cut[-1].start()].strip(), text[cut[0].end() :].strip()
    if _is_name(parts[-1], scene):
        return head
    if _is_name(parts[0], scene):
        return tail
    return text


def _tells_nothing(title: str, scene: Scene) -> bool:
    """All articles of a section have this title: the outlet's name, the section's, or a word for any page."""
    bare = _bare(title, scene)
    return bool(_GENERIC.match(fold(bare))) or _is_name(bare, scene) or _is_section(bare, scene)


def _is_section(text: str, scene: Scene) -> bool:
    """A few words that are a link of the page above its text: in the menu, or on the way from the first page."""
    words = key(text)
    if not words or len(words.split()) > 6:
        return False
    first = next((block.order for block in scene.blocks if block.prose), 0)
    return any(words in _link_texts(block) for block in scene.blocks[:first] if block.linked)


def _link_texts(block: Block) -> list[str]:
    return [key(link.text_content()) for link in block.owner.iter("a")]


def _is_name(part: str, scene: Scene) -> bool:
    """The name of an outlet or office rather than a headline that begins with one."""
    names = [key(name) for name in (scene.source.outlet, *scene.stated.publishers)]
    words = key(part)
    if any(words == name or (len(words) > 5 and name.startswith(words)) for name in names if name):
        return True
    return bool(
        (_OUTLET.match(part) and len(words.split()) <= 10)
        or (_OFFICE.match(part) and len(words.split()) <= 5)
    )
