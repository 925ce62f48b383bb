"""Whether a page is valid HTML: html5lib in strict mode, plus rules it does not know (ids, labels, nesting)."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import html5lib
from html5lib.constants import E

INTERACTIVE = {"a", "button", "input", "select", "textarea", "summary"}


def faults(html: str) -> list[str]:
    """What is wrong with a page; empty for a valid one."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    tree = parser.parse(html)
    found = [f"{place}: {E.get(code, code) % data}" for place, code, data in parser.errors]
    ids = Counter(
        element.get("id") for element in tree.iter() if isinstance(element.tag, str) and element.get("id")
    )
    found += [f"id twice: {name}" for name, count in ids.items() if count > 1]
    found += _references(tree, set(ids))
    found += _nested(tree)
    levels = [
        int(one.tag[1])
        for one in tree.iter()
        if isinstance(one.tag, str) and one.tag in ("h1", "h2", "h3", "h4")
    ]
    found += [] if levels.count(1) == 1 else [f"{levels.count(1)} h1"]
    found += [f"h{b} after h{a}" for a, b in pairwise(levels) if b > a + 1]
    root = tree if tree.tag == "html" else tree.find("html")
    found += [] if root is not None and root.get("lang") else ["no lang"]
    return found


def _references(tree, ids) -> list[str]:
    found = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for name in ("aria-labelledby", "aria-describedby", "for", "list"):
            for one in (element.get(name) or "").split():
                if one not in ids:
                    found.append(f"{element.tag} {name}={one}: no such id")
        if element.tag in ("img",) and element.get("alt") is None:
            found.append("img without alt")
        if element.get("style") or any(name.startswith("on") for name in element.attrib):
            found.append(f"{element.tag}: inline style or script")
        if element.tag in ("style",) or (element.tag == "script" and not element.get("src")):
            found.append(f"inline {element.tag}")
    return found


def _nested(tree) -> list[str]:
    found = []

    def walk(element, inside: str) -> None:
        for child in element:
            if not isinstance(child.tag, str):
                continue
            if inside and child.tag in INTERACTIVE and child.get("type") != "hidden":
                found.append(f"{child.tag} inside {inside}")
            if element.tag in ("ul", "ol") and child.tag not in ("li", "script", "template"):
                found.append(f"{child.tag} in {element.tag}")
            if element.tag == "p" and child.tag in (
                "div",
                "p",
                "ul",
                "ol",
                "h1",
                "h2",
                "h3",
                "section",
                "form",
            ):
                found.append(f"{child.tag} in p")
            walk(child, child.tag if child.tag in ("a", "button") else inside)

    walk(tree, "")
    return found
