"""Articles that a page carries only for its scripts: JSON-LD's articleBody and state objects (Next.js, Nuxt, …)."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from digest.collect.extract.stated import Stated
from digest.collect.page import Element

_STATE = re.compile(r"(?:window\.)?(?:__[A-Z_]{4,40}__|__[A-Za-z_]{4,40}State)\s*=\s*(?=[{\[])")
_BODY_KEYS = re.compile(r"content|body|detail|noidung|noi_dung|text|html|description", re.IGNORECASE)
_MOST_NODES = 20_000
_LEAST = 300


def hidden_text(tree: Element, stated: Stated) -> str:
    """HTML of the longest article text found in the page's scripts, or ""."""
    found = [_as_html(stated.body)] if stated.body else []
    for script in tree.iter("script"):
        data = _data(script)
        if data is not None:
            found.append(_longest(data))
    return max(found, key=len, default="")


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


def _longest(data: Any) -> str:
    """The longest text under a key that names content; texts that are themselves JSON are left alone."""
    best = ""
    queue: list[tuple[str, Any]] = [("", data)]
    for count, (name, value) in enumerate(queue):
        if count > _MOST_NODES:
            break
        if isinstance(value, dict):
            queue.extend(value.items())
        elif isinstance(value, list):
            queue.extend((name, one) for one in value)
        elif isinstance(value, str) and len(value) > max(_LEAST, len(best)) and _BODY_KEYS.search(str(name)):
            best = value if _reads(value) else best
    return _as_html(best)


def _reads(text: str) -> bool:
    return text.count(" ") > len(text) / 20 and not text.lstrip().startswith(("{", "[", "function"))


def _as_html(text: str) -> str:
    if re.search(r"<(p|div|br|h\d|figure|table)\b", text, re.IGNORECASE):
        return text
    if re.search(r"&lt;(p|div|br)\b", text):
        return html.unescape(text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "".join(f"<p>{html.escape(html.unescape(line), quote=False)}</p>" for line in lines)
