"""A page as a row of blocks: runs of text as a reader sees them, with what is known of each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from digest.collect.page import Element
from digest.text.normalise import clean

_BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "html",
        "legend",
        "dialog",
    ]
)
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "object",
        "embed",
        "select",
        "textarea",
        "input",
        "head",
        "canvas",
        "audio",
        "map",
        "math",
        "option",
        "button",
        "datalist",
        "frameset",
        "link",
        "meta",
        "title",
    ]
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_PICTURES = frozenset(("img", "picture", "video", "amp-img"))
_BOLD = frozenset(("b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"))
_ITALIC = frozenset(("i", "em", "cite", "dfn"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)", re.IGNORECASE)
_ITALIC_STYLE = re.compile(r"font-style\s*:\s*(italic|oblique)", re.IGNORECASE)
_BREAK = "\x0b"  # stands for <br>: control characters never come out of a parsed page
_SENTENCE_END = re.compile(r"[.!?…:;”\"»)\]]\s*$")
_DATE_LINE = re.compile(
    r"^[^\d]{0,30}\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}\b|^\W*(thứ|chủ nhật)\b[^.]{0,20},\s*(ngày\s*)?\d",
    re.IGNORECASE,
)
# Within these an element of a site's own naming is a place of the page, not a word in a sentence.
_HOLDERS = frozenset(("article", "body", "div", "main", "section"))
# Text, whether in a link, bold, italic, and the class of the inline element around it.
_Piece = tuple[str, bool, bool, bool, str]
# Pages with more elements than this hold no article that anyone reads.
MOST_ELEMENTS = 25_000


@dataclass(slots=True, eq=False)
class Block:
    """A run of text between two edges. `owner` is the innermost block element around it.

    Counts are of letters. A picture is a block without text. `order` counts blocks of the page from 0.
    `heading`: it stands in h1 … h6, or says that it is one. `prose`: it reads like a sentence or more, and does
    not lead elsewhere.
    """

    owner: Element
    order: int
    text: str = ""
    linked: int = 0
    bold: int = 0
    italic: int = 0
    links: int = 0
    picture: bool = False
    after_break: bool = False
    size: int = field(init=False)
    heading: bool = field(init=False)
    prose: bool = field(init=False)

    def __post_init__(self) -> None:
        self.size = len(self.text)
        self.heading = self.owner.tag in _HEADINGS or self.owner.get("role") == "heading"
        plain = self.size >= 40 and not self.heading and not self.mostly_links
        self.prose = plain and (self.size >= 90 or self.text[-1] in '.!?…:;”"»)')

    @property
    def mostly_links(self) -> bool:
        """More than half of it leads elsewhere."""
        return self.linked > 0.5 * max(1, self.size)

    @property
    def all_bold(self) -> bool:
        """All of it is bold."""
        return self.size > 0 and self.bold >= 0.9 * self.size

    @property
    def all_italic(self) -> bool:
        """All of it is italic."""
        return self.size > 0 and self.italic >= 0.9 * self.size


@dataclass(slots=True)
class _Run:
    """Text being gathered: pieces with their style, cut at block edges and at line breaks."""

    pieces: list[_Piece] = field(default_factory=list)
    links: int = 0


class _Reader:
    """Walks the tree without recursion and gathers blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._owners: list[Element] = []
        self._run = _Run()
        self._style = {"a": 0, "bold": 0, "italic": 0}
        self._classes = [""]

    def text(self, data: str | None) -> None:
        if data:
            style = self._style
            self._run.pieces.append(
                (data, style["a"] > 0, style["bold"] > 0, style["italic"] > 0, self._classes[-1])
            )

    def edge(self) -> None:
        """Ends the present run, as one block or several where line breaks part paragraphs."""
        run, self._run = self._run, _Run()
        if not self._owners:
            return
        for number, pieces in enumerate(_paragraphs(run.pieces)):
            self._keep(pieces, run.links, after_break=number > 0)

    def _keep(self, pieces: list[_Piece], links: int, *, after_break: bool) -> None:
        text = clean("".join(piece[0] for piece in pieces))
        if not text:
            return
        linked, bold, italic = (sum(len(piece[0].strip()) for piece in pieces if piece[n]) for n in (1, 2, 3))
        order = len(self.blocks)
        self.blocks.append(
            Block(self._owners[-1], order, text, linked, bold, italic, links, after_break=after_break)
        )

    def picture(self) -> None:
        self.edge()
        if self._owners:
            self.blocks.append(Block(self._owners[-1], len(self.blocks), picture=True))

    def open(self, node: Element) -> None:
        tag = node.tag
        block = tag in _BLOCK_TAGS or ("-" in tag and _stands_alone(node))
        self._classes.append("" if block else node.get("class") or self._classes[-1])
        if block:
            self.edge()
            self._owners.append(node)
        elif tag == "br":
            self._run.pieces.append((_BREAK, False, False, False, ""))
        if tag == "a":
            self._run.links += 1
        self._styled(node, 1)
        if tag in _PICTURES:
            self.picture()

    def close(self, node: Element) -> None:
        self._styled(node, -1)
        self._classes.pop()
        if self._owners and self._owners[-1] is node:
            self.edge()
            self._owners.pop()

    def _styled(self, node: Element, step: int) -> None:
        tag, look = node.tag, node.get("style") or ""
        if tag == "a":
            self._style["a"] += step
        if tag in _BOLD or (look and _BOLD_STYLE.search(look)):
            self._style["bold"] += step
        if tag in _ITALIC or (look and _ITALIC_STYLE.search(look)):
            self._style["italic"] += step


def _stands_alone(node: Element) -> bool:
    """An element of a site's own naming (<app-lead>) with nothing but elements beside it."""
    around = node.getparent()
    if around is None or not (around.tag in _HOLDERS or "-" in around.tag):
        return False
    return not any(text and text.strip() for text in (around.text, *(child.tail for child in around)))


def _paragraphs(pieces: list[_Piece]) -> list[list[_Piece]]:
    """Cuts a run at line breaks: at two in a row always, at one where something new begins behind it."""
    made: list[list[_Piece]] = [[]]
    before, breaks = ("", False, False, False, ""), 0
    for piece in pieces:
        if piece[0] == _BREAK:
            breaks += 1
        elif not piece[0].strip(" \t\r\n\xa0"):
            made[-1].append(piece)
        else:
            if breaks > 1 or (breaks and _begins(before, piece)):
                made.append([])
            elif breaks:
                made[-1].append((" ", False, False, False, ""))
            made[-1].append(piece)
            before, breaks = piece, 0
    return made


def _begins(before: _Piece, piece: _Piece) -> bool:
    """A sentence has ended, the style changes behind a long line, both are named otherwise, or a date stands by itself."""
    if _SENTENCE_END.search(before[0][-20:]) or (before[4] and piece[4] and before[4] != piece[4]):
        return True
    other_look = before[2] != piece[2] and len(before[0].strip()) >= 40
    return other_look or (len(piece[0]) <= 60 and bool(_DATE_LINE.match(piece[0])))


def read(root: Element) -> list[Block]:
    """The blocks of a tree in reading order; what is not shown to readers is left out."""
    reader = _Reader()
    stack: list[tuple[Element, bool]] = [(root, False)]
    count = 0
    while stack and count < MOST_ELEMENTS:
        node, done = stack.pop()
        if done:
            reader.close(node)
            reader.text(node.tail if node is not root else None)
            continue
        count += 1
        if not isinstance(node.tag, str) or node.tag in _SKIPPED or _hidden(node):
            reader.text(node.tail if node is not root else None)
            continue
        reader.open(node)
        reader.text(node.text)
        stack.append((node, True))
        stack.extend((child, False) for child in reversed(node))
    reader.edge()
    return reader.blocks


def _hidden(node: Element) -> bool:
    style = node.get("style")
    return bool(style and _HIDDEN.search(style)) or node.get("hidden") is not None
