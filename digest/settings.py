"""Every setting there is: its name, what it means, where it may stand; docs and checks are made from it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

PREFIX = "DIGEST_"


@dataclass(frozen=True, slots=True)
class Setting:
    """`name` without DIGEST_; `per_center`: NAME_LE_CHAN is that of one center alone.

    `file`: may stand in settings.toml too, in lower case; others are read before there is a home.
    """

    name: str
    en: str
    vi: str
    example: str = ""
    per_center: bool = False
    file: bool = True


SETTINGS = (
    Setting(
        "HOME",
        "the workspace, where `--home` is not given",
        "thư mục làm việc, khi không ghi `--home`",
        "D:\\BanTin",
        file=False,
    ),
    Setting(
        "LANG",
        "language of messages: `vi` (default) or `en`",
        "ngôn ngữ của các câu báo: `vi` (mặc định) hay `en`",
        "en",
    ),
    Setting(
        "NOW",
        "a fixed present instant (ISO 8601), for rehearsals and tests",
        "thời điểm hiện tại đặt sẵn, để diễn tập",
        "2026-11-20T09:00:00+07:00",
        file=False,
    ),
    Setting(
        "DATABASE_URL",
        "another database than `archive.sqlite3`",
        "kho bài ở nơi khác, không phải `archive.sqlite3`",
        "postgresql+psycopg://digest:password@db/digest",
    ),
    Setting(
        "READ_URL",
        "a read replica, which the web view reads from",
        "bản sao chỉ đọc của kho bài, cho trang web",
        "postgresql+psycopg://digest:password@replica/digest",
    ),
    Setting(
        "SECRET_KEY",
        "in place of `secret.key`; at least 16 characters",
        "thay cho tệp `secret.key`; ít nhất 16 ký tự",
    ),
    Setting(
        "SMTP_URL",
        "the mail server: `smtp://user:password@host:587?starttls=1` or `smtps://…`; `ca=FILE` names its authorities",
        "máy chủ gửi thư: `smtp://tên:mật-khẩu@máy-chủ:587?starttls=1` hay `smtps://…`",
        "smtps://bantin%40example.vn:password@smtp.example.vn",
        per_center=True,
    ),
    Setting(
        "MAIL_PER_MINUTE",
        "the provider's limit of letters in any minute, held across restarts",
        "mỗi phút gửi nhiều nhất bao nhiêu thư, kể cả khi tắt máy bật lại",
        "20",
        per_center=True,
    ),
    Setting(
        "MAIL_PER_HOUR", "the same in any hour", "mỗi giờ nhiều nhất bao nhiêu thư", "300", per_center=True
    ),
    Setting(
        "MAIL_PER_DAY",
        "the same in any 24 hours",
        "mỗi 24 giờ nhiều nhất bao nhiêu thư",
        "2000",
        per_center=True,
    ),
    Setting(
        "IMAP_URL",
        "the mailbox that reports of undelivered letters come to (`digest admin bounces`)",
        "hộp thư nhận các thư báo không tới được (`digest admin bounces`)",
        "imaps://bantin%40example.vn:password@imap.example.vn/INBOX",
        per_center=True,
    ),
    Setting(
        "DKIM_KEY",
        "a file with the RSA key (PEM) that signs letters, for mail servers of one's own; needs the package `dkimpy`",
        "tệp khóa RSA (PEM) để ký thư, khi có máy chủ thư riêng; cần cài thêm gói `dkimpy`",
        "dkim.pem",
        per_center=True,
    ),
    Setting(
        "DKIM_SELECTOR",
        "the key's name in DNS: `NAME._domainkey.example.vn`",
        "tên khóa ấy trong DNS: `TÊN._domainkey.example.vn`",
        "bantin2026",
        per_center=True,
    ),
    Setting(
        "EDITOR",
        "the address that is told when a scheduled run failed or a source fell silent",
        "địa chỉ nhận thư báo khi lần chạy theo lịch bị hỏng hay một nguồn im lặng",
        "bientap@example.vn",
    ),
    Setting(
        "LOG",
        "a file that log lines go to (turned over at 1 MB, five kept); `-` means standard error",
        "tệp nhật ký (đủ 1 MB thì sang tệp mới, giữ năm tệp); `-` là màn hình",
        "digest.log",
    ),
    Setting(
        "LOG_FORMAT",
        "`text` (default) or `json`: one object a line",
        "`text` (mặc định) hay `json`: mỗi dòng một mục",
        "json",
    ),
    Setting(
        "HOSTS",
        "other names by which the web view may be called, besides that of `site: url`",
        "các tên khác của trang web, ngoài tên ở `site: url`",
        "bantin.local, 192.168.1.5",
    ),
    Setting(
        "PROXY",
        "addresses of proxies whose `X-Forwarded-…` headers are believed",
        "địa chỉ các máy trung gian (proxy) được tin",
        "127.0.0.1",
    ),
    Setting(
        "RATE",
        "requests that one reader's address may make in a minute (240)",
        "mỗi địa chỉ người đọc được hỏi bao nhiêu lần một phút (240)",
        "600",
    ),
    Setting(
        "TWO_HANDS",
        "`1`: who wrote an edition last may not approve it",
        "`1`: người sửa số sau cùng không được duyệt số ấy",
        "1",
    ),
)


def known(centers: Collection[str]) -> list[str]:
    """Every name that settings.toml may hold; `centers` are ids."""
    own = [
        f"{one.name.lower()}_{center.replace('-', '_')}"
        for one in SETTINGS
        if one.per_center
        for center in centers
    ]
    return [one.name.lower() for one in SETTINGS if one.file] + own


def table(language: str) -> str:
    """The Markdown table of all settings: "en" as variables of the environment, "vi" as in settings.toml."""
    heads = {"en": ("name", "means", "for example"), "vi": ("tên", "nghĩa", "ví dụ")}[language]
    own = {"en": "one center's own", "vi": "riêng một trung tâm"}[language]
    rows = [f"| {' | '.join(heads)} |", "| --- | --- | --- |"]
    for one in SETTINGS:
        upper = language == "en" or not one.file
        name = f"{PREFIX}{one.name}" if upper else one.name.lower()
        said = one.en if language == "en" else one.vi
        if one.per_center:
            said = f"{said}; {own}: `{name}{'_LE_CHAN' if upper else '_le_chan'}`"
        rows.append(f"| `{name}` | {said} | {f'`{one.example}`' if one.example else ''} |")
    return "\n".join(rows) + "\n"
