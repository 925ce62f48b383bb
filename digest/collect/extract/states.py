"""Articles that a page carries only for its scripts: JSON-LD's articleBody and state objects (Next.js, Nuxt, …)."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from digest.collect.extract.stated import Stated
from digest.collect.page import Element
from digest.text.normalise import clean

_STATE = re.compile(r"(?:window\.)?(?:__[A-Z_]{4,40}__|__[A-Za-z_]{4,40}State)\s*=\s*(?=[{\[])")
_BODY_KEYS = re.compile(r"content|body|detail|noidung|noi_dung|text|html|description", re.IGNORECASE)
_TITLE_KEYS = re.compile(r"^(title|headline|tieu_?de|name)$", re.IGNORECASE)
_DATE_KEYS = re.compile(
    r"^(date_?)?(publish(ed)?|public|ngay_?dang|post(ed)?)(_?(at|on|date|time))*$", re.IGNORECASE
)
_AUTHOR_KEYS = re.compile(
    r"^(author|authors|author_?name|tac_?gia|byline|pen_?name|but_?danh)$", re.IGNORECASE
)
_LEAD_KEYS = re.compile(r"^(sapo|lead|description|summary|abstract|intro|tom_?tat|excerpt)$", re.IGNORECASE)
_MOST_NODES = 20_000
_LEAST = 300


def hidden(tree: Element, stated: Stated) -> str:
    """HTML of the longest article text in the page's scripts, or ""; what stands beside it is added to `stated`."""
    best, beside = _as_html(stated.body), {}
    for script in tree.iter("script"):
        data = _data(script)
        if data is not None:
            text, around = _longest(data)
            if len(text) > len(best):
                best, beside = text, around
    _state_fields(stated, beside)
    return best


def _state_fields(stated: Stated, around: dict[str, Any]) -> None:
    """Title, date and author of the object that holds the text, by the names that such objects give them."""
    for name, value in around.items():
        if isinstance(value, dict):
            value = value.get("name") or value.get("fullName") or value.get("title") or ""
        if not isinstance(value, str) or not value.strip() or len(value) > 1000:
            continue
        if _TITLE_KEYS.match(name):
            stated.titles.append(clean(value))
        elif _DATE_KEYS.match(name):
            stated.dates.append(clean(value))
        elif _AUTHOR_KEYS.match(name):
            stated.authors.append([clean(value)])
        elif _LEAD_KEYS.match(name):
            stated.leads.append(clean(value))


def _data(script: Element) -> Any:
    text = script.text or ""
    if len(text) < _LEAST:
        return None
    kind, name = (script.get("type") or "").lower(), script.get("id") or ""
    try:
        if name in ("__NEXT_DATA__", "__NUXT_DATA__") or kind == "application/json":
            return json.loads(text, strict=False)
        if match := _STATE.search(text):
            return json.JSONDecoder(strict=False).raw_decode(text, match.end())[0]
    except (ValueError, RecursionError):
        return None
    return None


def _longest(data: Any) -> tuple[str, dict[str, Any]]:
    """The longest text under a key that names content, as HTML, and the object that it stands in."""
    best, holder = "", {}
    queue: list[tuple[str, Any, dict[str, Any]]] = [("", data, {})]
    for count, (name, value, around) in enumerate(queue):
        if count > _MOST_NODES:
            break
        if isinstance(value, dict):
            queue.extend((str(key), one, value) for key, one in value.items())
        elif isinstance(value, list):
            queue.extend((name, one, around) for one in value)
        elif (
            isinstance(value, str)
            and len(value) > max(_LEAST, len(best))
            and _BODY_KEYS.search(name)
            and _reads(value)
        ):
            best, holder = value, around
    return _as_html(best), holder


def _reads(text: str) -> bool:
    return text.count(" ") > len(text) / 20 and not text.lstrip().startswith(("{", "[", "function"))


def _as_html(text: str) -> str:
    if re.search(r"<(p|div|br|h\d|figure|table)\b", text, re.IGNORECASE):
        return text
    if re.search(r"&lt;(p|div|br)\b", text):
        return html.unescape(text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "".join(f"<p>{html.escape(html.unescape(line), quote=False)}</p>" for line in lines)
