"""Who wrote it: as stated, as named beside the headline, or as signed under the last paragraph."""

from __future__ import annotations

import re

from digest.collect import urls
from digest.collect.extract.blocks import Block
from digest.collect.extract.body import Body
from digest.collect.extract.headline import key
from digest.collect.extract.roles import roles
from digest.collect.extract.scene import Scene
from digest.collect.extract.vietnamese import ends_article, like_name, signs, unlabelled
from digest.text.normalise import fold

LONGEST = 150
_DATE_PARTS = re.compile(
    r"(thứ (hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|ngày đăng|cập nhật( lúc)?|đăng (lúc|ngày)|ngày|gmt\s*\+?\s*7|lúc|xuất bản|(?<!\w)(am|pm|sa|ch|ict)(?!\w))"
    r"|tháng\s+(\d+|một|giêng|hai|ba|tư|năm|sáu|bảy|tám|chín|mười( một| hai)?|chạp)\b|năm\s+\d{4}|\d+\s*(giờ|phút)(\s*\d+\s*(phút)?)?"
    r"|\d+\s*[:h/.\-]\s*\d+(\s*[:/.\-]\s*\d+)*|\d+|lượt xem|views?|[()\[\]]",
    re.IGNORECASE,
)
_PICTURES = re.compile(
    r"^\(?(ảnh|video|clip|đồ họa|đồ hoạ|hình)\s*:", re.IGNORECASE
)  # whose pictures, not whose text
_ADDRESS = re.compile(
    r"^(https?:|www\.|@)|\.(vn|com|org|net)\b|\b(online|news|corp|media)$|^[\d.:]+$", re.IGNORECASE
)
_NOBODY = re.compile(
    r"^(admin|administrator|editor|root|webmaster|quản trị( viên)?|author|tác giả|n/?a|null|none|unknown|news)$",
    re.IGNORECASE,
)


def find(scene: Scene, title: Block | None, shown_date: Block | None, body: Body) -> tuple[str, list[Block]]:
    """The author's line and the blocks that hold it (they are no paragraphs); "" where nobody is named."""
    signed, holding = _signed(scene, body)
    stated = _stated(scene)
    if stated:
        holding += [b for b in body.blocks[-3:] if b not in holding and key(b.text) == key(stated[0])]
        return ", ".join(stated)[:LONGEST], holding
    named = _named(scene, title, body)
    beside = _beside_date(scene, shown_date)
    for candidate in (named, beside, signed, _below(scene, body)):
        if candidate:
            return candidate[:LONGEST], holding
    entry = _person(scene, scene.entry.author)
    return entry[:LONGEST], holding


def _stated(scene: Scene) -> list[str]:
    """The persons of the first statement that names any: JSON-LD, then meta elements one after another."""
    for group in scene.stated.authors:
        people = [
            name for text in group for part in re.split(r"\s*;\s*", text) if (name := _person(scene, part))
        ]
        if people:
            return list(dict.fromkeys(people))
    return []


def _person(scene: Scene, text: str) -> str:
    """A stated author, unless it is the outlet itself, a login or an address."""
    text = unlabelled(text)
    if not text or _NOBODY.match(text) or _ADDRESS.search(text) or len(text) > LONGEST:
        return ""
    words = _joined(text)
    names = {_joined(name) for name in (scene.source.outlet, *scene.stated.publishers)}
    if words in names or any(len(words) > 5 and words.startswith(name) for name in names if len(name) > 5):
        return ""
    labels = [_joined(label) for label in urls.site(scene.entry.url).split(".")[:-1]]
    return "" if any(_mere(words, label) for label in labels if len(label) > 3) else text


def _mere(words: str, label: str) -> bool:
    """The site's own name, with no person's beside it."""
    return words in label or (label in words and len(words) - len(label) < 6)


def _joined(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(text))


def _named(scene: Scene, title: Block | None, body: Body) -> str:
    """A line whose element says that it names the author, near the article."""
    first = title.order - 3 if title is not None else 0
    last = (body.blocks[-1].order if body.blocks else first) + 12
    for block in scene.blocks:
        if block.picture or not first <= block.order <= last or block.size > LONGEST:
            continue
        if any("author" in roles(node) for node in scene.chain(block)[:3]) and like_name(block.text):
            return _person(scene, block.text)
        inner = _inline_author(block)
        if inner and like_name(inner):
            return _person(scene, inner)
    return ""


def _inline_author(block: Block) -> str:
    for node in block.owner.iter("span", "a", "strong", "b", "em", "i"):
        if "author" in roles(node) or node.get("rel") == "author":
            return " ".join(node.text_content().split())
    return ""


def _beside_date(scene: Scene, shown: Block | None) -> str:
    """A name in the line of the date, or alone in the line before or behind it."""
    if shown is None:
        return ""
    rest = " ".join(_DATE_PARTS.sub(" ", shown.text).split()).strip(" -–—|•·,;:/+")
    if rest and like_name(rest) and rest in shown.text:
        return _person(scene, rest)
    for place in (shown.order - 1, shown.order + 1):
        if 0 <= place < len(scene.blocks):
            block = scene.blocks[place]
            parents = (block.owner.getparent(), shown.owner.getparent())
            if (
                parents[0] is parents[1]
                and block.size <= 60
                and not block.heading
                and not block.links
                and like_name(block.text)
            ):
                return _person(scene, block.text)
    return ""


def _below(scene: Scene, body: Body) -> str:
    """A name set apart in one of the two lines under the article's element."""
    if not body.blocks:
        return ""
    last = body.blocks[-1].order
    for block in scene.blocks[last + 1 : last + 3]:
        apart = block.bold + block.italic >= 0.9 * block.size or _aligned(block)
        if (
            block.picture
            or block.heading
            or block.links
            or scene.furniture(block)
            or ends_article(block.text)
        ):
            return ""
        if apart and block.size <= 60 and like_name(block.text):
            return _person(scene, block.text)
    return ""


def _signed(scene: Scene, body: Body) -> tuple[str, list[Block]]:
    """The short lines at the end of the text that are set apart and read like names."""
    found: list[Block] = []
    for block in reversed(body.blocks[-3:]):
        apart = (
            block.bold + block.italic >= 0.9 * block.size
            or _aligned(block)
            or scene.claims(block, "author", 2)
        )
        labelled = signs(block.text)
        if block.size <= LONGEST and like_name(block.text) and (apart or labelled):
            found.insert(0, block)
        else:
            break
    if all(_PICTURES.match(block.text) for block in found):
        return "", []
    return " - ".join(unlabelled(block.text) for block in found), found


def _aligned(block: Block) -> bool:
    for node in (block.owner, block.owner.getparent()):
        if node is None:
            return False
        if "right" in (node.get("align") or "").lower() or re.search(
            r"text-align\s*:\s*right", node.get("style") or ""
        ):
            return True
    return bool(re.search(r"right|signature|pauthor|author", block.owner.get("class") or "", re.IGNORECASE))
