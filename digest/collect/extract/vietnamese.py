"""Habits of Vietnamese newsrooms: the agency prefix of a lead, credits, signatures, marks after which no article goes on."""

from __future__ import annotations

import re

from digest.text.normalise import clean, fold

# "(ĐCSVN) - ", "(Chinhphu.vn) – ", "Hà Nội (TTXVN) - ", "TPO - ", "VOV.VN - ", "SGGPO –"
_BRACKETED = re.compile(
    r"^((?:[A-ZĐÀ-Ỹ][\w.]*(?:[ ,]{1,2}[\w./]+){0,6}[ ,] ?)?[(\[][^()\[\]]{2,40}[)\]]\s*[-–—:.,]?\s+)(?=\S)"
)
_BARE = re.compile(
    r"^((?:[A-ZĐ]{2,8}(?:\.[A-Z]{2,3})?|[A-Z][\w]{1,20}\.(?:vn|VN|com|org)|NLĐO|NDĐT|Dân trí|Vietnam\+|VietNamNet)\s*[-–—]\s+)(?=\S)"
)
_AGENCY = re.compile(r"[A-ZĐ]{2,}|\.(vn|com|org)|Online|[Bb]áo|[Tt]hông tấn|Vietnam\+|[Dd]ân trí|Cổng")

# "(TTXVN 20/11)": the day of a dispatch stands behind its agency
_DAY_BEHIND = re.compile(r"(?<=\w),?\s+(?:ngày\s+)?\d{1,2}/\d{1,2}(?:/\d{4})?$")

_END_MARKS = re.compile(
    r"^(cac )?(tin|bai|bai viet|tin bai)( tuc)?( (khac|lien quan|cung chuyen muc|moi nhat|moi hon|cu hon|da dua|doc nhieu|cung loai"
    r"|moi|noi bat))+\b"
    r"|^(cac )?(tin tuc |noi dung |su kien |van ban |chuyen de )?(co )?(lien quan|khac|doc nhieu( nhat)?|xem nhieu( nhat)?|tin noi bat)\s*:?$"
    r"|^(xem|doc|tim hieu) (them|tiep|nhieu)\b|^tin cung chuyen muc|^cung chuyen muc|^tu khoa|^tags?\b|^the\s*:|^chu de\s*:"
    r"|^(y kien )?binh luan|^gui (y kien|binh luan)|^y kien( ban doc| cua ban)?\s*(\(\d+\))?$|^chia se( bai viet)?\b.{0,40}$"
    r"|^(in bai|in trang|quay lai|ve dau trang|len dau trang|tro ve dau)\b|^ban quyen|^moi (quy vi|ban doc|doc gia|cac ban)\b.*(theo doi|xem|don doc|doc them)"
    r"|^theo dong su kien|^dong su kien|^tin nong|^doc bao in|^danh gia bai viet|^so luot (xem|truy cap)|^luot xem\b|^ban dang doc bai"
    r"|^theo doi .{2,60} tren (google news|zalo|facebook|youtube|tiktok)"
)
_LINK_LABEL = re.compile(
    r"^(>>+|»|xem them|doc them|tin lien quan|bai lien quan|moi ban|tham khao)", re.IGNORECASE
)
_PICTURE_CREDIT = re.compile(
    r"(^|[.\s(/|])(ảnh|hình|nguồn ảnh|ảnh minh họa|ảnh minh hoạ|video|clip|đồ họa|infographic|photo)\s*:\s*[^.]{0,60}\)?\.?$"
    r"|\((ảnh|nguồn|photo|hình)[^)]{0,60}\)\.?$|^(ảnh|ảnh minh họa|ảnh minh hoạ|ảnh tư liệu|minh họa|\(?ảnh minh h[oọ][aạ]\)?)\.?$",
    re.IGNORECASE,
)


def split_dateline(lead: str) -> tuple[str, str]:
    """A lead as (agency prefix with what follows it up to the text, text); ("", lead) where it has none."""
    found = _BARE.match(lead) or _BRACKETED.match(lead)
    if not found:
        return "", lead
    prefix = found[1]
    bracket = re.search(r"[(\[]([^()\[\]]+)[)\]]", prefix)
    if bracket and not _is_agency(bracket[1], prefix):
        return "", lead
    return prefix, lead[len(prefix) :]


def _is_agency(name: str, prefix: str) -> bool:
    name = _DAY_BEHIND.sub("", name)
    if re.search(r"\d{2}", name) or len(name.split()) > 6:
        return False
    dashed = bool(re.search(r"[-–—]\s*$", prefix))
    return (dashed and (bool(_AGENCY.search(name)) or len(name.split()) <= 4)) or bool(
        re.fullmatch(r"[A-ZĐ]{3,8}", name)
    )


def ends_article(text: str) -> bool:
    """A line behind which stand other articles, tags, comments: nothing of this one."""
    return len(text) <= 160 and bool(_END_MARKS.match(fold(clean(text)).strip(" .:»>*-–•|")))


def link_label(text: str) -> bool:
    """A line that only leads elsewhere ("Xem thêm: …", ">> …")."""
    return len(text) <= 300 and bool(_LINK_LABEL.match(fold(text).strip()))


def advertising(text: str) -> bool:
    """The label that stands over an advertisement, and nothing else."""
    return len(text) <= 30 and fold(text).strip(" .:-–[]()*") in (
        "quang cao",
        "advertisement",
        "advertisements",
    )


def picture_credit(text: str) -> bool:
    """A line that says whose picture it is, as captions do at their end."""
    return bool(_PICTURE_CREDIT.search(text.strip().rstrip("|").strip()))


_PLAIN_NAME = re.compile(r"^[^\W\d_](?:[\w.]|[-’'](?=\w))*$")
_JOINERS = frozenset(("và", "-", "–", "&", "/", ",", "—", "+", "|"))
_ROLE = re.compile(
    r"^((bài|tin|ảnh|nội dung|thực hiện|tổng hợp|trình bày|đồ họa|đồ hoạ|minh họa|biên tập"
    r"|thiết kế|kỹ thuật|dựng|video|clip|chỉ đạo)(\s*[:,&]|\s+(và|ảnh|viết)\b)"
    r"|(theo|nguồn|tác giả|pv|nhóm pv|phóng viên|biên dịch|người viết|ts|ths|pgs|gs|thạc sĩ|tiến sĩ|ctv|bbt)\b)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(tác giả|người viết|bởi|by|author|viết bởi|đăng bởi|người đăng|người gửi|được đăng bởi|bút danh)\s*:?\s+",
    re.IGNORECASE,
)


def unlabelled(author: str) -> str:
    """An author's name without the words that only announce it ("Tác giả: ")."""
    return _LABEL.sub("", author).strip(" -–|•·,;:/")


def signs(text: str) -> bool:
    """Begins with the words that announce who wrote or where it was taken from ("Theo …", "Bài, ảnh: …")."""
    return bool(_ROLE.match(text.lstrip("(")))


def like_name(text: str) -> bool:
    """Reads like an author's line: a few names or capitals, no sentence."""
    text = unlabelled(text.strip()).lstrip("([")
    text = text if "(" in text else text.rstrip(")] ")
    words = re.sub(r"(?<=\w)/(?=\w)", " / ", text).split()
    if not words or len(text) > 90 or len(words) > 12 or text[-1] in '?!:;”"' or re.search(r"\d{2}", text):
        return False
    if _ROLE.match(text) and len(words) <= 10:
        return True
    names = [word.strip(",;()") for word in words if word not in _JOINERS and word.strip(",;()/-–")]
    if not 1 <= len(names) <= 9 or (len(names) == 1 and len(names[0]) < 2):
        return False
    capital = [bool(_PLAIN_NAME.match(name)) and name[0].isupper() for name in names]
    loose = sum(not one for one in capital)
    return loose == 0 or (
        loose <= 3 and bool(re.search(r"\((tổng hợp|theo|lược dịch|ghi|t/h|thực hiện|dịch)[^)]*\)", text))
    )
