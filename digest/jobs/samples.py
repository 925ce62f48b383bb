"""What sources.yaml still has as the sample has it: addresses that lead nowhere, for letters that lead people."""

from __future__ import annotations

import re
from email.utils import parseaddr
from urllib.parse import urlsplit

from digest.jobs.session import Session
from digest.wording import _

_SAMPLE = re.compile(r"(^|\.)example(\.(vn|com|net|org))?$", re.IGNORECASE)


def left_as_sample(session: Session) -> tuple[str, ...]:
    """One sentence for the reading site and for each center's sender that nobody has changed yet."""
    found = []
    if _SAMPLE.search(urlsplit(session.config.site.url).hostname or ""):
        found.append(
            _(
                "sources.yaml: {url} ở mục site là địa chỉ mẫu, liên kết trong thư và mã QR sẽ không mở được. "
                "Đổi thành địa chỉ trang đọc của đơn vị; chưa có thì xóa dòng url ấy",
                url=session.config.site.url,
            )
        )
    for center in session.config.centers:
        if _SAMPLE.search(parseaddr(center.sender)[1].rpartition("@")[2]):
            found.append(
                _(
                    "sources.yaml: người gửi của trung tâm {center} là địa chỉ mẫu. "
                    "Đổi mục sender thành địa chỉ hộp thư thật trước khi gửi",
                    center=center.id,
                )
            )
    return tuple(found)
