"""One answer as it is read: its bytes, its letters, and its element tree made safely."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import lxml.html
from lxml import etree

from digest.text.legacy import decode
from digest.text.normalise import nfc

# lxml is not typed; a tree's elements go by this name.
Element = Any

# Nesting beyond this is no article: libxml2 stops by itself, Python code walks without recursion.
_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
# No honest tag is so long but one that carries its picture; libxml2 takes seconds over 100,000 attributes.
_GIANT_TAG = re.compile(r"<[^<>]{100000,}>")
_OF_HEADS = frozenset(
    ("title", "meta", "link", "script", "style", "base", "basefont", "bgsound", "noscript", "template")
)
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Page:
    """What came for an address, unpacked, and when."""

    url: str
    body: bytes
    charset: str | None = None
    content_type: str = ""
    fetched: datetime | None = None

    def text(self, kind: str = "html") -> str:
        """Its letters, by header, BOM, declaration and content; `kind` is html or xml."""
        letters = decode(self.body, self.charset, kind="xml" if kind == "xml" else "html")
        return nfc(_SURROGATES.sub("\ufffd", _UNWANTED.sub("", letters)))

    def tree(self) -> Element:
        """Its element tree; an empty document where there is nothing to read."""
        return parse(self.text())


def parse(html: str) -> Element:
    """HTML as a tree, whatever it looks like: no entities from outside, no network, bounded depth."""
    parser = lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    # Pages pieced together end more than once; libxml2 would drop all that stands behind the first end.
    data = _GIANT_TAG.sub("", _ENDS.sub("", html)).encode("utf-8", "replace")
    try:
        tree = lxml.html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return lxml.html.document_fromstring("<html><body></body></html>")
    _body_begun(tree)
    return tree


def _body_begun(tree: Element) -> None:
    """What stands in the head but is no head's begins the body, as in browsers; libxml2 keeps <article> and such there."""
    head = tree.find("head")
    if head is None:
        return
    first = next((n for n, one in enumerate(head) if one.tag not in _OF_HEADS), None)
    if first is None:
        return
    body = tree.find("body")
    if body is None:
        body = etree.SubElement(tree, "body")
    for place, one in enumerate(list(head)[first:]):
        body.insert(place, one)


def plain_text(html: str) -> str:
    """The text of a piece of HTML, tags dropped, references resolved."""
    if "<" not in html and "&" not in html:
        return html
    return " ".join(parse(f"<div>{html}</div>").text_content().split())
