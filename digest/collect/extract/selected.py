"""What an editor's CSS selectors pick takes precedence over what was found without them."""

from __future__ import annotations

from dataclasses import replace

from digest import selectors as picking
from digest.collect.extract import blocks as rows
from digest.collect.extract.body import read
from digest.collect.extract.scene import lay_out
from digest.collect.extract.vietnamese import split_dateline
from digest.collect.page import Element, Page
from digest.model import Content, Entry, Selectors, Source
from digest.text.dates import parse_date
from digest.text.normalise import clean


def remove(tree: Element, selectors: Selectors) -> None:
    """Takes out of the tree what the editor wants left out."""
    for selector in selectors.remove:
        for node in picking.pick(tree, selector):
            if node.getparent() is not None:
                node.drop_tree()


def override(content: Content, tree: Element, page: Page, source: Source) -> Content:
    """The content with each field that a selector picks put in place of the general finding."""
    chosen = source.selectors
    if not any((chosen.title, chosen.lead, chosen.body, chosen.date, chosen.author)):
        return content
    remove(tree, chosen)
    if title := _text(tree, chosen.title):
        content = replace(content, title=title)
    if lead := _text(tree, chosen.lead):
        dateline, text = split_dateline(lead)
        content = replace(content, dateline=dateline, lead=text)
    if author := _text(tree, chosen.author):
        content = replace(content, author=author)
    content = _dated(content, tree, page, source)
    return _with_body(content, tree, source)


def _text(tree: Element, selector: str | None) -> str:
    for node in picking.pick(tree, selector) if selector else ():
        if text := clean(node.get("content") or node.text_content()):
            return text
    return ""


def _dated(content: Content, tree: Element, page: Page, source: Source) -> Content:
    for node in picking.pick(tree, source.selectors.date) if source.selectors.date else ():
        for stated in (node.get("datetime"), node.get("content"), node.text_content()):
            raw = clean(stated or "")[:200]
            when = parse_date(raw, hint=source.dates, fetched=page.fetched) if raw else None
            if when:
                flags = tuple(flag for flag in content.flags if flag != "no-date")
                return replace(content, published=when, published_raw=raw[:100], flags=flags)
    return content


def _with_body(content: Content, tree: Element, source: Source) -> Content:
    picked = picking.pick(tree, source.selectors.body) if source.selectors.body else []
    if not picked:
        return content
    scene = lay_out(tree, Entry(""), source)
    paragraphs: list[str] = []
    captions: list[str] = []
    for node in _outermost(picked):
        part = read(scene, node, set()) if node not in (tree,) else None
        texts = [b.text for b in part.blocks] if part else [b.text for b in rows.read(node)]
        paragraphs += [text for text in texts if text not in (content.title, content.lead, content.author)]
        captions += [b.text for b in part.captions] if part else []
    if not paragraphs:
        return content
    return replace(content, paragraphs=tuple(paragraphs), captions=tuple(dict.fromkeys(captions)))


def _outermost(nodes: list[Element]) -> list[Element]:
    held = set(nodes)
    return [node for node in nodes if not any(above in held for above in node.iterancestors())]
