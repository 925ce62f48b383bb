"""Pages that are no article: challenges, log-in, consent, "not found" under a 200, and what is not meant for the public."""

from __future__ import annotations

import re

from digest.collect.extract.body import teaser
from digest.collect.extract.scene import Scene
from digest.text.normalise import fold, same
from digest.text.tokens import syllables
from digest.wording import _

# Letters of prose above which a page is an article, whatever else it mentions.
ENOUGH_PROSE = 1200
# ... below which it may be the part of one that everybody may read, and below which it has to prove itself one.
LITTLE_PROSE, SHORT = 600, 400


class Refused(Exception):
    """The page must not be stored as an article. `gone`: the outlet says that it does not exist."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(kind, reason)  # both, or it could not come back out of a worker process
        self.kind, self.reason = kind, reason


_CHALLENGE = re.compile(
    r"just a moment|checking your browser|verify(ing)? (that )?you are (a )?human|attention required|ddos protection|cf-browser-verification"
    r"|enable javascript and cookies|please (enable|turn on) javascript|access denied|request blocked|xac (minh|nhan) ban (la|khong phai)"
    r"|kiem tra trinh duyet|vui long bat javascript|captcha|are you a robot|unusual traffic|ban khong phai la robot|truy cap bi (tu choi|chan)"
    r"|nhap ma xac (nhan|thuc).{0,40}de tiep tuc|you have been blocked|has been blocked"
)
_NOT_FOUND = re.compile(
    r"khong tim thay (trang|noi dung|bai viet|duong dan|ket qua|tin)|(trang|bai viet|noi dung|duong dan)( ma)?( ban)?( dang)?( tim| yeu cau| truy cap)*"
    r" (nay )?(khong (ton tai|co san|con)|da (bi )?(xoa|go|thay doi))|page not found|404 (not found|error)|error 404|loi 404|not be found|no longer available"
    r"|(trang|bai viet|noi dung|duong dan)( ma)? (ban|quy vi|quy khach)( dang| vua)? (tim( kiem)?|yeu cau|truy cap) khong (co|con|ton tai|tim thay)"
)
_LOGIN = re.compile(r"dang nhap|log ?in|sign in|dang ky tai khoan|quen mat khau|tai khoan cua ban")
_LOGIN_WALL = re.compile(
    r"(vui long|can|phai|hay|xin) dang nhap.{0,80}(de|moi)( co the)? (xem|doc|tiep tuc|truy cap)|(log|sign) ?in to (continue|read|view)"
)
_PAYWALL = re.compile(
    r"danh (rieng )?cho (thanh vien|doc gia|hoi vien|tai khoan|nguoi dung)( \w+){0,3} (tra phi|vip|premium|da dang ky)"
    r"|(dang ky|mua) goi.{0,40}(doc|xem)|(tra phi|nang cap tai khoan) de (doc|xem)|subscribe to (read|continue)|subscribers only"
)
_BROKEN = re.compile(
    r"(he thong|website|trang( web| tin)?|may chu).{0,30}(bao tri|nang cap|qua tai|gap su co)|under maintenance|temporarily unavailable"
    r"|(internal )?server error|unhandled exception|bad gateway|gateway time-?out|web application firewall|domain( name)? is for sale"
)
_CONSENT = re.compile(
    r"(chap nhan|dong y|accept|consent).{0,80}cookies?|cookies?.{0,80}(chap nhan|dong y|accept|consent)|before you continue"
)
_SECRET = re.compile(
    r"^\W*(MẬT|TỐI MẬT|TUYỆT MẬT|(TÀI LIỆU )?LƯU HÀNH NỘI BỘ|TÀI LIỆU (MẬT|NỘI BỘ)|NỘI BỘ|(TÀI LIỆU )?KHÔNG PHỔ BIẾN)\W*$"
    r"|^\W*(TÀI LIỆU|VĂN BẢN|THÔNG TIN|BẢN TIN)( [A-ZĐÀ-Ỹ]+){0,3} NỘI BỘ\W*$"
    r"|\(?(tài liệu |văn bản |chỉ )?lưu hành nội bộ\)?\W*$|^\W*độ mật\s*:\s*(mật|tối mật|tuyệt mật)"
)
_SECRET_ANY_CASE = re.compile(
    r"^\W*((tài liệu )?lưu hành nội bộ(\W*\s[-–,.;]\s.*)?|(dấu|độ) mật\s*:\s*(mật|tối mật|tuyệt mật)|tài liệu (mật|nội bộ))\W*$",
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
    text = head + " " + fold(" ".join(b.text for b in scene.blocks[:80]))[:6000] if amount < SHORT else ""
    announced = fold(scene.entry.title)  # an article about such things is no such thing

    def found(pattern: re.Pattern[str], *places: str) -> bool:
        return any(pattern.search(place) for place in places) and not pattern.search(announced)

    if found(_CHALLENGE, head, text):
        raise Refused("challenge", _("máy chủ đưa ra trang kiểm tra trình duyệt thay cho bài"))
    if found(_NOT_FOUND, head, text):
        raise Refused("gone", _("trang báo bài không tồn tại dù máy chủ trả lời bình thường"))
    if amount < SHORT and (found(_LOGIN, head) or found(_LOGIN_WALL, text)):
        raise Refused("login", _("trang đòi đăng nhập mới xem được bài"))
    if found(_BROKEN, text):
        raise Refused("broken", _("máy chủ báo lỗi hoặc đang bảo trì thay cho bài"))
    if found(_CONSENT, text):
        raise Refused("consent", _("trang hỏi đồng ý cookie thay cho bài"))
    if amount < LITTLE_PROSE and found(_PAYWALL, fold(" ".join(b.text for b in scene.blocks[:80]))[:6000]):
        raise Refused("paywall", _("trang chỉ cho xem phần đầu, muốn đọc hết phải trả phí"))


def check_announced(scene: Scene) -> None:
    """Raises Refused where little is shown and nothing of it, nor of what the page states, is the article announced.

    So that walls of kinds that nobody has seen yet are not taken for articles.
    """
    if not scene.entry.title or scene.stated.dates:
        return
    shown = [b for b in scene.blocks if not b.picture]
    amount = sum(b.size - b.linked for b in shown if b.prose and not teaser(scene, b))
    if amount >= SHORT:
        return
    wanted = set(syllables(same(scene.entry.title)))
    said = (scene.stated.window_title, *scene.stated.titles, *(b.text for b in shown if b.size <= 500))
    if not any(2 * len(wanted & set(syllables(same(text)))) >= len(wanted) for text in said):
        raise Refused("other", _("trang hiện ra không phải bài mà nguồn tin đã báo"))


def _secret(scene: Scene, title: str) -> bool:
    """A mark that stands alone in a line, as documents carry it; a sentence that speaks of secrecy is none."""
    if re.search(r"\((tài liệu )?lưu hành nội bộ\)", title, re.IGNORECASE):
        return True
    lines = [b.text for b in scene.blocks if not b.picture and b.size <= 120 and not b.linked]
    lines += [line.replace(" ", "") for line in lines if re.fullmatch(r"(\w ){2,}\w", line)]  # "M Ậ T"
    return any(_SECRET.search(line) or _SECRET_ANY_CASE.match(line) for line in lines)
