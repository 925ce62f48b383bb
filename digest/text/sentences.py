"""Cutting a paragraph into sentences, as exact substrings, where a Vietnamese reader would."""

from __future__ import annotations

import re
from bisect import bisect_right

# Written with a point and followed by what they belong to: places, degrees, titles, papers, volumes.
_ABBREVIATED = """
tp tx tt ts ths th.s tskh pgs gs gs.ts pgs.ts gs.tskh pgs.tskh bs bsck bscki bsckii ks kts cn ncs ls ds
nxb tr ql tl st đc đ/c tcn scn mr mrs ms dr prof jr vs vol fig nsnd nsưt nnưt ngnd ngưt ttưt ttnd
"""
# Words that begin sentences and are no part of a name: after an initial ("bà H. Sau đó …") they decide.
_BEGINNING = """
sau khi theo bà ông anh chị em cô cháu tuy đến trong từ hiện tại ngày do vì nhưng còn các những đây đó
qua trước với và cùng để nếu ngoài bên một cả mặc rồi lúc thấy tôi họ chúng người nạn vụ kết được bị đồng
trên dù bởi thế vậy ngay nhờ về việc như mới nhiều mỗi mọi không đối căn hôm năm tháng lực cơ phía
"""
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())
_STARTERS = frozenset(_BEGINNING.split())
_STOP = re.compile(r"[.!?…]+[”\"’'»)\]]*(?=\s)|\n+")
_KEPT_WHOLE = re.compile(r"“[^“”\n]{1,300}”|\([^()\n]{1,200}\)|(?<!\S)\"(?=\S)[^\"\n]{1,300}(?<=\S)\"(?!\w)")
_LOOK_BACK = 120  # letters; enough for a clause's number, and keeps the work linear
_NEXT = re.compile(r"\s+[“\"‘'«(\[]*(\w*)(.?)")
_INITIALS = re.compile(r"(?:[A-ZĐ]|Ch|Gi|Kh|Ng|Nh|Ph|Qu|Th|Tr|Y)(?:\.(?:[A-ZĐ]|Ch|Gi|Kh|Ng|Nh|Ph|Th|Tr))*")
_NUMBER = r"(?:\d{1,3}(?:\.\d{1,3}){0,4}|[IVXLC]{1,6}|[A-Za-zđĐ])"
_CLAUSE = re.compile(
    r"(?:[-–•+(]\s*)?"
    r"(?:(?:Điều|Khoản|Mục|Chương|Phần|Bài|Câu|Hình|Bảng|Biểu|Tiết|Phụ lục|Quyển|Tập)\s+)?" + _NUMBER
)


def sentences(paragraph: str) -> list[str]:
    """The sentences in order, each an exact substring without the white space around it."""
    return [paragraph[start:end] for start, end in spans(paragraph)]


def spans(paragraph: str) -> list[tuple[int, int]]:
    """Where the sentences stand; together they hold every letter of the paragraph.

    A quotation of up to 300 letters and a bracket of up to 200 are not cut; a line break ends
    a sentence unless the words go on.
    """
    found: list[tuple[int, int]] = []
    whole = [one.span() for one in _KEPT_WHOLE.finditer(paragraph)]
    starts = [start for start, _end in whole]
    begin = 0
    for stop in _STOP.finditer(paragraph):
        if _inside(stop.end(), whole, starts) or not _ends(paragraph, begin, stop):
            continue
        _add(found, paragraph, begin, stop.end())
        begin = stop.end()
    _add(found, paragraph, begin, len(paragraph))
    return found


def _add(found: list[tuple[int, int]], paragraph: str, begin: int, end: int) -> None:
    piece = paragraph[begin:end]
    if piece.strip():
        begin += len(piece) - len(piece.lstrip())
        found.append((begin, begin + len(piece.strip())))


def _inside(at: int, whole: list[tuple[int, int]], starts: list[int]) -> bool:
    """Whether a place lies inside a quotation or bracket that is kept whole."""
    before = bisect_right(starts, at) - 1
    return before >= 0 and at < whole[before][1]


def _ends(paragraph: str, begin: int, stop: re.Match[str]) -> bool:
    """Whether a stop ends the sentence that began at `begin`."""
    line_break = stop[0][0] == "\n"
    after = _NEXT.match(paragraph, stop.start() if line_break else stop.end())
    if after is None or (not after[1] and after[2] in ",;:.)/%"):
        return False
    clause = len(after[1]) == 1 and after[2] == ")"  # "b) …"
    if after[1][:1].islower() and not clause:
        return False
    said = paragraph[max(begin, stop.start() - _LOOK_BACK) : stop.start()].rstrip()
    if line_break:
        return not said.endswith((".", ",")) or _point_ends(said[:-1], after[1])
    return stop[0] != "." or _point_ends(said, after[1])


def _point_ends(said: str, following: str) -> bool:
    """Whether a single point behind the words `said` is a full stop, and no part of the last of them."""
    said = said.lstrip()
    word = said.rsplit(None, 1)[-1].lstrip("“\"'‘«([") if said else ""
    if _CLAUSE.fullmatch(said):
        return False  # "1. …", "Điều 5. …", "a. …": a number and its text are one sentence
    if word.lower() in ("v.v", "vv"):
        return True
    if word.lower() in _ABBREVIATIONS:
        return False
    if re.fullmatch(_NUMBER, word) and said[: -len(word)].rstrip().endswith((":", ";", "-", "–", "(")):
        return False  # "gồm: 1. Tổ chức; 2. Kiểm tra"
    if _INITIALS.fullmatch(word):
        return following.lower() in _STARTERS
    return True
