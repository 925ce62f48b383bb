"""Pages that are no article: challenges, log-in, consent, "not found" under a 200, and what is not meant for the public."""

from __future__ import annotations

import re

from digest.collect.extract.scene import Scene
from digest.text.normalise import fold
from digest.wording import _

# Letters of prose above which a page is an article, whatever else it mentions.
ENOUGH_PROSE = 1200


class Refused(Exception):
    """The page must not be stored as an article. `gone`: the outlet says that it does not exist."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(kind, reason)  # both, or it could not come back out of a worker process
        self.kind, self.reason = kind, reason


_CHALLENGE = re.compile(
    r"just a moment|checking your browser|verify(ing)? (that )?you are (a )?human|attention required|ddos protection|cf-browser-verification"
    r"|enable javascript and cookies|please (enable|turn on) javascript|access denied|request blocked|xac (minh|nhan) ban (la|khong phai)"
    r"|kiem tra trinh duyet|vui long bat javascript|captcha|are you a robot|unusual traffic|ban khong phai la robot|truy cap bi (tu choi|chan)"
)
_NOT_FOUND = re.compile(
    r"khong tim thay (trang|noi dung|bai viet|duong dan|ket qua|tin)|(trang|bai viet|noi dung|duong dan)( ma)?( ban)?( dang)?( tim| yeu cau| truy cap)*"
    r" (nay )?(khong (ton tai|co san|con)|da (bi )?(xoa|go|thay doi))|page not found|404 (not found|error)|error 404|loi 404|not be found|no longer available"
)
_LOGIN = re.compile(r"dang nhap|log ?in|sign in|dang ky tai khoan|quen mat khau|tai khoan cua ban")
_CONSENT = re.compile(
    r"(chap nhan|dong y|accept|consent).{0,80}cookies?|cookies?.{0,80}(chap nhan|dong y|accept|consent)|before you continue"
)
_SECRET = re.compile(
    r"^\W*(MẬT|TỐI MẬT|TUYỆT MẬT|(TÀI LIỆU )?LƯU HÀNH NỘI BỘ|TÀI LIỆU (MẬT|NỘI BỘ)|NỘI BỘ|(TÀI LIỆU )?KHÔNG PHỔ BIẾN)\W*$"
    r"|\(?(tài liệu |văn bản |chỉ )?lưu hành nội bộ\)?\W*$|^\W*độ mật\s*:\s*(mật|tối mật|tuyệt mật)"
)
_SECRET_ANY_CASE = re.compile(
    r"^\W*((tài liệu )?lưu hành nội bộ|(dấu|độ) mật\s*:\s*(mật|tối mật|tuyệt mật)|tài liệu (mật|nội bộ))\W*$",
    re.IGNORECASE,
)


def check(scene: Scene, title: str) -> None:
    """Raises Refused where the page is none that may be kept as an article."""
    if _secret(scene, title):
        raise Refused("secret", _("trang ghi là tài liệu mật hoặc lưu hành nội bộ nên không lưu"))
    amount = sum(b.size - b.linked for b in scene.blocks if not b.picture and b.prose)
    if amount >= ENOUGH_PROSE:
        return
    head = fold(f"{scene.stated.window_title} {title}")
    text = head + " " + fold(" ".join(b.text for b in scene.blocks[:80]))[:6000]
    if _CHALLENGE.search(head) or (amount < 400 and _CHALLENGE.search(text)):
        raise Refused("challenge", _("máy chủ đưa ra trang kiểm tra trình duyệt thay cho bài"))
    if _NOT_FOUND.search(head) or (amount < 400 and _NOT_FOUND.search(text)):
        raise Refused("gone", _("trang báo bài không tồn tại dù máy chủ trả lời bình thường"))
    if amount < 400 and _LOGIN.search(head):
        raise Refused("login", _("trang đòi đăng nhập mới xem được bài"))
    if amount < 400 and _CONSENT.search(text):
        raise Refused("consent", _("trang hỏi đồng ý cookie thay cho bài"))


def _secret(scene: Scene, title: str) -> bool:
    """A mark that stands alone in a line, as documents carry it; a sentence that speaks of secrecy is none."""
    if re.search(r"\((tài liệu )?lưu hành nội bộ\)", title, re.IGNORECASE):
        return True
    lines = [b.text for b in scene.blocks if not b.picture and b.size <= 60 and not b.linked]
    return any(_SECRET.search(line) or _SECRET_ANY_CASE.match(line) for line in lines)
