"""CSS selectors: one engine says which are right and picks elements with them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import lxml.html
from lxml import etree
from lxml.cssselect import CSSSelector

from digest.wording import _

# cssselect nests as deep as what it reads; an honest selector is far below.
LONGEST = 1000


class SelectorError(ValueError):
    """The selector can't be used; `str()` says why, in words for editors."""


def pick(tree: Any, selector: str) -> list[Any]:
    """The elements of an lxml tree that a selector names, in the order of the page; SelectorError."""
    found: list[Any] = _compiled(selector)(tree)
    return found


def check(selector: str) -> None:
    """Raises SelectorError unless the selector can be used; it is run, for some faults show only then."""
    pick(lxml.html.Element("div"), selector)


@lru_cache(maxsize=500)
def _compiled(selector: str) -> Any:
    if len(selector) > LONGEST:
        raise SelectorError(_("dài quá {most} chữ", most=LONGEST))
    try:
        made = CSSSelector(selector, translator="html")
        made(lxml.html.Element("div"))
    except (SyntaxError, etree.XPathError, ValueError, RuntimeError, RecursionError) as problem:
        raise SelectorError(_said(selector, str(problem))) from None
    return made


def _said(selector: str, problem: str) -> str:
    """cssselect's message in Vietnamese, with the place where reading stopped."""
    if "::" in selector:
        return _("bộ chọn chỉ ra phần tử của trang, không dùng được phần có dấu ::")
    if unknown := re.search(r"pseudo-class (:[\w-]+)", problem):
        return _("không có loại “{name}”", name=unknown[1])
    place = re.search(r" at (\d+)>", problem)
    if place and re.search(r":not\([^()]*,", selector):
        return _("trong :not(…) chỉ viết được một phần; viết :not(.a):not(.b)")
    if place and "EOF" not in problem:
        return _("không hiểu từ chỗ “{rest}”", rest=selector[int(place[1]) :][:20])
    return _("phần cuối còn thiếu hoặc viết sai")
