"""How Vietnamese papers name documents: kinds, numbers, who issues them, from when they are in force.

Numbers are of two families: the state's "12/2026/NĐ-CP", "2345/QĐ-TTg", "31/2024/QH15" (decree 30/2020/NĐ-CP,
appendix I) and the Party's "57-NQ/TW" (instruction 36-HD/VPTW). All patterns are bounded: their work grows with the text alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from digest.bulletin.tally import DAY

_UP = "[" + "".join(letter for code in range(0x41, 0x1EFA) if (letter := chr(code)).isupper()) + "]"
_KINDS = (
    "Bộ luật|Luật|Pháp lệnh|Nghị quyết liên tịch|Nghị quyết|Nghị định|Quyết định|Thông tư liên tịch|Thông tư|Chỉ thị|"
    "Kết luận|Quy định|Quy chế|Hướng dẫn|Công điện|Công văn|Kế hoạch|Thông báo|Chương trình hành động|Chương trình"
)
_CODES = r"(?:NĐ|NQ|NQLT|QĐ|TT|TTLT|CT|KL|QĐi|QC|HD|CĐ|KH|TB|CTr|CTrHĐ|PL|UBTVQH\d{1,2}|QH\d{1,2})(?![a-zđ])"
_TAIL = rf"{_UP}\w{{0,11}}(?:[-/]{_UP}\w{{0,11}}){{0,4}}"
_NUMBER = r"\d{1,5}(?:/\d{4}/|/|-)"
_NAMED = re.compile(
    rf"(?<![\w/-])(?:(?P<kind>(?i:{_KINDS}))\s+(?:(?i:số)\s*:?\s+)?(?P<number>{_NUMBER}{_TAIL})"
    rf"|(?P<bare>{_NUMBER}{_CODES}(?:[-/]{_UP}\w{{0,11}}){{0,4}}))(?![\w/-])"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A document as a sentence names it: its number as it is compared, its kind, the words, their place."""

    key: str
    kind: str
    words: str
    start: int
    end: int


def named(sentence: str) -> list[Named]:
    """All documents that a sentence names by their numbers."""
    return [_named(found) for found in _NAMED.finditer(sentence)]


def _named(found: re.Match[str]) -> Named:
    number = found["number"] or found["bare"]
    capital = bool(found["kind"]) and found["kind"][0].isupper()
    words = found[0] if capital else number
    return Named(number.upper().lstrip("0"), (found["kind"] or "").lower(), words, found.start(), found.end())


# --- who issues ---------------------------------------------------------------------------------

_PLACE = rf"(?:\s+(?:tỉnh|thành phố|TP\.?|xã|phường|đặc khu|huyện|quận|thị xã))?(?:\s+{_UP}\w*){{1,4}}"
_MINISTRIES = (
    "Công an|Quốc phòng|Ngoại giao|Nội vụ|Tư pháp|Tài chính|Công Thương|Xây dựng|Y tế|Giáo dục và Đào tạo|"
    "Khoa học và Công nghệ|Nông nghiệp và Môi trường|Văn hóa, Thể thao và Du lịch|Dân tộc và Tôn giáo"
)
_ISSUER = re.compile(
    r"(?<!\w)(?:Ban Chấp hành Trung ương(?: Đảng)?|Bộ Chính trị|Ban Bí thư(?: Trung ương(?: Đảng)?)?|Quân ủy Trung ương|"
    r"(?:Ủy|Uỷ) ban Thường vụ Quốc hội|Quốc hội|Thủ tướng(?: Chính phủ)?|Chính phủ|Chủ tịch nước|Tổng Bí thư|"
    r"Ban (?:Tuyên giáo và Dân vận|Tổ chức|Nội chính|Chính sách, chiến lược) Trung ương|Văn phòng Trung ương Đảng|"
    r"(?:Ủy|Uỷ) ban Kiểm tra Trung ương|Ngân hàng Nhà nước(?: Việt Nam)?|Thanh tra Chính phủ|Kiểm toán nhà nước|"
    rf"(?:Bộ trưởng )?Bộ (?:{_MINISTRIES})|"
    rf"(?:Chủ tịch )?(?:(?:Ủy|Uỷ) ban nhân dân|Hội đồng nhân dân|HĐND|UBND|[Uu]ỷ ban nhân dân){_PLACE}|"
    rf"(?:Ban Thường vụ )?(?:Tỉnh|Thành|Đảng) ?(?:ủy|uỷ){_PLACE})(?!\w)"
)
_OFFICE = re.compile(
    r"(?:Phó|Thường trực|Thứ trưởng|Văn phòng|Trưởng|Ủy viên|Uỷ viên|Chủ nhiệm|trình|của|tại|với|do)\s+(?:\w+\s+)?$"
)
_SIGNS = rf"(?:\s+{_UP}\w*){{0,5}}(?:\s+(?:vừa|đã|mới|chính thức|thống nhất)){{0,2}}\s+(?:ký,?\s+ban hành|ban hành|ký|thông qua)(?!\w)"
_BY = re.compile(_ISSUER.pattern + _SIGNS)
_ON_BEHALF = re.compile(r"(?i:thay mặt)\s+" + _ISSUER.pattern)
_MEANT_BESIDE = re.compile(
    r"(?i:thay thế|thay cho|bãi bỏ|hủy bỏ|sửa đổi|bổ sung|của|theo|căn cứ|thực hiện|tại|cùng|và|với|quy định ở)\s+"
    r"(?:(?:một số )?(?:điều|nội dung)(?: của)?\s+)?(?:các\s+)?$"
)
_JUST = re.compile(r"(?<!\w)(?:vừa|mới)\s+(?:chính thức\s+)?(?:được\s+)?(?:ký|ban hành|thông qua)(?!\w)")
_MADE = re.compile(r"(?<!\w)(?:ban hành|ký|thông qua)(?!\w)")


def issuer_before(text: str, directly: bool) -> str:
    """ "Chính phủ" in "Chính phủ vừa ban hành …": who issues what is named behind `text`, or `directly` so."""
    if not directly and (behalf := list(_ON_BEHALF.finditer(text))):
        found = _ISSUER.search(behalf[-1][0])
        return found[0] if found else ""
    for signs in reversed(list(_BY.finditer(text))):
        found = _ISSUER.match(text, signs.start())
        if directly and text[signs.end() :].strip():
            return ""
        if found and not _OFFICE.search(text[max(0, signs.start() - 40) : signs.start()]):
            return found[0]
    return ""


def beside_the_point(text: str) -> bool:
    """Whether the document that is named behind `text` is not what it speaks of: "… thay thế Nghị định …"."""
    return _MEANT_BESIDE.search(text) is not None


def just_made(text: str) -> bool:
    """Whether words say that something has just been issued."""
    return _JUST.search(text) is not None


def made(text: str) -> bool:
    """Whether words say that something was issued."""
    return _MADE.search(text) is not None


# --- what stands behind a number ----------------------------------------------------------------

_OF = re.compile(rf"[,\s]*của\s+(?P<issuer>{_ISSUER.pattern})")
_DATED = re.compile(rf"[,\s(]*(?:được\s+)?(?:ký\s+)?(?:ban hành\s+)?(?:vào\s+)?(?i:ngày)\s+{DAY}\)?")
_ABOUT = re.compile(
    r"(?:[,\s]*(?P<about>(?:(?:ban hành\s+)?về(?: việc)?|V/v|[Qq]uy định|[Hh]ướng dẫn|[Ss]ửa đổi|[Pp]hê duyệt|[Bb]an hành|[Bb]ãi bỏ|"
    r"[Tt]hành lập|[Đđ]iều chỉnh|[Tt]ăng cường|[Cc]hấn chỉnh)(?!\w)[^.;“”]{6,300}?)"
    r"|\s*[:–-]\s+(?P<titled>[^.;:]{8,300}?))"
    r"(?=[.;]|$|,?\s+(?:và\s+|sẽ\s+|chính thức\s+|bắt đầu\s+){0,3}có\s+hiệu\s+lực"
    r"|,\s+(?:trong đó|theo đó|thay thế|thay cho|nêu rõ|yêu cầu|nhằm|gồm|với|do)(?!\w))"
)
ON_DAY = re.compile(rf"(?<!\w)(?i:ngày)\s+{DAY}")


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a number: "… của Chính phủ ngày 12/11/2026 quy định …"."""

    issuer: str = ""
    day: re.Match[str] | None = None
    about: str = ""


def behind(text: str) -> Behind:
    """Reads the words from a document's number on, up to the next one."""
    at, issuer, day = 0, "", None
    for _turn in range(2):
        if not issuer and (of := _OF.match(text, at)):
            issuer, at = of["issuer"], of.end()
        if day is None and (dated := _DATED.match(text, at)):
            day, at = dated, dated.end()
    about = _ABOUT.match(text, at)
    words = (about["about"] or about["titled"] or "").strip(" ,") if about else ""
    return Behind(issuer, day, words)


# --- in force -------------------------------------------------------------------------------------

_FORCE = r"hiệu\s+lực(?:\s+thi\s+hành)?"
_FROM = re.compile(
    rf"(?i:có\s+){_FORCE}(?:,)?\s+(?:kể\s+)?(?:từ|vào)\s+(?:hôm nay\s*,?\s*\(?)?"
    rf"(?:(?P<words>ngày (?:ký ban hành|ký|ban hành))(?!\w)|(?:ngày\s+)?{DAY})"
)
_SINCE = re.compile(rf"(?i:từ)\s+(?:ngày\s+)?{DAY},?[^.;]{{0,200}}?(?<!\w)có\s+{_FORCE}(?!\s+(?:kể\s+)?từ)")
_THIS = re.compile(
    rf"(?<!\w)(?P<kind>(?i:{_KINDS}))(?:\s+(?:này|trên|nói trên|mới))?,?\s+(?:(?:sẽ|cũng|chính thức|bắt đầu|được ban hành)\s+){{0,3}}có\s+{_FORCE}"
)


def in_force(text: str, alone: bool) -> re.Match[str] | None:
    """ "… có hiệu lực từ ngày 01/01/2027"; in a sentence on one document alone also "Từ ngày …, … có hiệu lực"."""
    return _FROM.search(text) or (_SINCE.search(text) if alone else None)


def spoken_of(text: str) -> Iterator[str]:
    """Kinds (in small letters) of which a sentence says "Nghị định này có hiệu lực", without a number."""
    return (found["kind"].lower() for found in _THIS.finditer(text))
