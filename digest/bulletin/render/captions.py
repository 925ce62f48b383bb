"""The short lines that renderings print around the articles' words, the same in every format.

They are Vietnamese whatever language the program speaks: an edition is read by Vietnamese readers, and
its bytes must not depend on who built it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from digest.bulletin.view import Block, View, ViewItem, ViewSection
from digest.text.days import long_date, short_date

NOTE = "Lời ban biên tập"
CONTENTS = "Trong số này"
SOURCES = "Nguồn của số này"
CUT = "[…]"
READ = "Đọc toàn bài"
BY_CODE = "Đọc toàn bài: quét mã, hoặc gõ"
PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"
STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
LEAD_ONLY = "Mới có tiêu đề và phần mở đầu do báo công bố, chưa lấy được toàn bài."
DRAFT = "Bản nháp"
CITED = "Nguồn của các bảng:"
_KICKERS = {"slip": "Bản tin, tờ đính chính", "outline": "Bản tin, đề cương", "dossier": "Bản tin chuyên đề"}
_NUMBERED = re.compile(r"[\s,:–-]*\bsố\s+(?:(\d+)|…|\.{3}|\{number\}|_+)\s*$", re.IGNORECASE)
_LICENCE = re.compile(r"(Giấy phép xuất bản(?: bản tin)?)\s*:?\s+(?=số\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Masthead:
    """What stands in large letters: "Bản tin" · "Báo cáo viên" · "Số 12"."""

    kicker: str
    name: str
    number: str


def masthead(view: View) -> Masthead:
    """The title taken apart; an editor's own title stays whole. Press law wants "Bản tin" on page 1."""
    bare = _unnumbered(view)
    kicker = _KICKERS.get(view.kind, "Bản tin")
    if view.kind == "outline" and bare.casefold().startswith("đề cương "):
        bare = bare[len("đề cương ") :]
    if bare.casefold().startswith("bản tin "):
        bare = bare[len("bản tin ") :]
    elif kicker.casefold().endswith("chuyên đề") and bare.casefold().startswith(("chuyên đề ", "chuyên đề:")):
        bare = bare[len("chuyên đề") :].lstrip(": ")
    return Masthead(kicker, bare[:1].upper() + bare[1:], numbered(view))


def _unnumbered(view: View) -> str:
    """The title without its own number (a slip's title ends with the number of another edition)."""
    found = _NUMBERED.search(view.title)
    if found is None or (found[1] and int(found[1]) != view.number):
        return view.title or view.name
    return view.title[: found.start()] or view.name


def numbered(view: View) -> str:
    """As in "Số 12", or that it is a draft."""
    return DRAFT if view.number is None else f"Số {view.number}"


def title(view: View) -> str:
    """The edition's title on one line, with no hole where a draft has no number yet."""
    return view.title if view.number is not None else _unnumbered(view)


def dates(view: View, dash: str = " – ") -> str:
    """As in "16/11 – 22/11/2026"."""
    if view.first == view.last:
        return short_date(view.last)
    first = short_date(view.first) if view.first.year != view.last.year else f"{view.first:%d/%m}"
    return f"{first}{dash}{short_date(view.last)}"


def span(view: View) -> str:
    """As in "Tin từ 16/11 đến 22/11/2026"."""
    return f"Tin ngày {dates(view)}" if view.first == view.last else f"Tin từ {dates(view, ' đến ')}"


def volume(view: View) -> str:
    """As in "12 bài, đọc hết khoảng 15 phút"; read to a meeting: "12 bài, đọc trước hội nghị khoảng 25 phút"."""
    how = "đọc trước hội nghị" if view.to_meeting else "đọc hết"
    return f"{len(view.items)} bài, {how} khoảng {max(view.minutes, 1)} phút"


def counted(section: ViewSection) -> str:
    """As in "3 bài, 4 phút"; only what there is."""
    parts = [f"{len(section.items)} bài"] if section.items else []
    return ", ".join([*parts, *([f"{section.minutes} phút"] if section.minutes else [])])


def outlets(view: View) -> str:
    """As in "12 bài, 5 báo đài"."""
    return f"{len(view.sources)} bài, {len({item.outlet for item in view.sources})} báo đài"


def place_and_date(view: View) -> str:
    """As in "Hải Phòng, ngày 05 tháng 02 năm 2026"."""
    return long_date(view.issued, view.letterhead.place)


def when(item: ViewItem) -> str:
    """As in "ngày 18/11/2026"; an unknown date says so."""
    if item.published is None:
        return f"không rõ ngày đăng (thu thập {short_date(item.collected)})"
    return f"ngày {short_date(item.published)}"


def day(item: ViewItem) -> str:
    """As in "18/11/2026", or "không rõ" for columns."""
    return short_date(item.published) if item.published else "không rõ"


def after_outlet(item: ViewItem) -> str:
    """What follows the outlet in a citation: ", ngày 18/11/2026, Hoài Mẫu"."""
    return ", ".join(["", when(item), *([item.author] if item.author else [])])


def others(item: ViewItem) -> str:
    """As in "Cũng đăng trên Báo A, Báo B", or nothing."""
    return f"Cũng đăng trên {', '.join(item.also_in)}" if item.also_in else ""


def letters(address: str) -> str:
    """An address as people type it: without scheme and last slash."""
    return re.sub(r"^https?://(www\.)?|/$", "", address)


def code(view: View, item: ViewItem) -> str:
    """What to type after the site's address for this article ("b/1834"), or nothing."""
    start = f"{view.site_url}/"
    return item.link[len(start) :] if view.site_url and item.link.startswith(start) else ""


def imprint(view: View) -> list[tuple[str, str]]:
    """The imprint's lines as (label, text); a line without a label has an empty one."""
    pairs = []
    for line in filter(None, (line.strip() for line in view.imprint.splitlines())):
        licence = _LICENCE.match(line)
        label, colon, text = line.partition(":")
        if licence:
            pairs.append((licence[1], line[licence.end() :]))
        elif colon and text.strip() and len(label) <= 40 and "//" not in line[: len(label) + 3]:
            pairs.append((label.strip(), text.strip()))
        else:
            pairs.append(("", line))
    return pairs


def day_month(day_: date) -> str:
    """As in "18/11", for short messages."""
    return f"{day_:%d/%m}"


def corrects(view: View) -> str:
    """What a correction slip refers to: "Đính chính bản tin số …", or nothing."""
    return f"Tờ này đính chính {view.corrects}." if view.corrects else ""


def by_address(view: View) -> str:
    """How to open an article by its code, where every article has one; else nothing."""
    if not view.site_url or not all(code(view, item) for item in view.sources):
        return ""
    return f"Mở bài trên mạng: gõ {letters(view.site_url)}/ rồi thêm mã ở cột cuối."


def addresses(block: Block, whole: bool = False) -> str:
    """The addresses that a paragraph links to, to be printed after it: to type, or `whole` to be clicked."""
    shown = (run.href.removeprefix("mailto:") for run in block.runs if run.href)
    missing = dict.fromkeys(a if whole else letters(a) for a in shown if letters(a) not in block.text)
    return f" ({', '.join(missing)})" if missing else ""
