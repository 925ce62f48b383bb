"""The doubts that extraction leaves with an article (`Content.flags`), in words for editors."""

from __future__ import annotations

from digest.wording import _, mark

DOUBTS = {
    "no-date": mark("không rõ ngày đăng"),
    "no-title": mark("không thấy tiêu đề"),
    "other-title": mark("tiêu đề trên trang khác hẳn tiêu đề trong nguồn tin"),
    "short": mark("phần chữ rất ngắn, có thể thiếu"),
    "not-vietnamese": mark("có vẻ không phải tiếng Việt"),
}


def say(flag: str) -> str:
    """A flag in the reader's language; one of another making as it stands."""
    return _(DOUBTS[flag]) if flag in DOUBTS else flag
