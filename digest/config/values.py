"""What a single value of sources.yaml must be: ids, addresses, patterns, selectors, queries, page sizes."""

from __future__ import annotations

import ipaddress
import re
import warnings
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from digest import query
from digest.errors import QueryError, UsageError
from digest.wording import _

ID = r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?"
_RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")  # no file on Windows may be called so
# Names, classes, ids and attributes with the usual combinators: what all but a few selectors consist of.
_SIMPLE = r"(?:[A-Za-z][A-Za-z0-9-]*|\*)"
_MORE = (
    r"(?:[.#][A-Za-z][\w-]*|\[[A-Za-z][A-Za-z0-9-]*(?:[~|^$*]?=(?:\"[^\"\\\n]*\"|[A-Za-z][A-Za-z0-9-]*))?\])"
)
_COMPOUND = rf"(?:{_SIMPLE}{_MORE}*|{_MORE}+)"
_PLAIN_SELECTOR = re.compile(rf"{_COMPOUND}(?:(?: *[>+~,] *| +){_COMPOUND})*", re.ASCII)
_PAGES = {"a4": (210, 297), "a5": (148, 210)}
_SMALLEST, _LARGEST = 100, 420  # mm


def an_id(value: str) -> str:
    """A name fit for addresses, folders and files everywhere."""
    if not re.fullmatch(ID, value):
        raise UsageError(
            _("id “{value}” không dùng được", value=value[:60]),
            fix=_("Chỉ dùng chữ thường không dấu, số và gạch nối, như xay-dung-dang"),
        )
    if _RESERVED.fullmatch(value):
        raise UsageError(_("Windows không cho đặt tên “{value}”", value=value), fix=_("Đặt id khác"))
    return value


def a_bulletin_id(value: str) -> str:
    """An id that no dossier's or outline's can be mistaken for."""
    if value.startswith("chuyen-de-"):
        raise UsageError(
            _("id bản tin không được bắt đầu bằng “chuyen-de-”"), fix=_("Tên ấy dành cho các chuyên đề")
        )
    if value.startswith("de-cuong-"):
        raise UsageError(
            _("id bản tin không được bắt đầu bằng “de-cuong-”"), fix=_("Tên ấy dành cho các đề cương")
        )
    return an_id(value)


def an_address(value: str) -> str:
    """An http or https address with a host and without a password."""
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host, parts = None, None
    if parts is None or parts.scheme not in ("http", "https") or not host or re.search(r"[\s<>\"\\]", value):
        raise UsageError(
            _("“{value}” không phải địa chỉ trang web", value=value[:80]),
            fix=_("Viết đủ, như https://nhandan.vn/rss/home.rss"),
        )
    if parts.username or parts.password:
        raise UsageError(
            _("Địa chỉ có kèm tên và mật khẩu"), fix=_("Bỏ phần trước dấu @: tệp này còn gửi cho người khác")
        )
    return value


def a_site_address(value: str) -> str:
    """The public address of the web view, without a slash at its end."""
    return an_address(value).rstrip("/")


def a_pattern(value: str) -> str:
    """A regular expression that compiles."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(value)
    except (re.error, OverflowError, RecursionError) as problem:
        raise UsageError(
            _("Mẫu “{value}” viết chưa đúng ({why})", value=value[:60], why=str(problem)[:120]),
            fix=_("Để tìm đúng chữ như đã viết, thêm \\ trước các dấu . ? * + ( ) [ ]"),
        ) from None
    return value


def a_selector(value: str) -> str:
    """A CSS selector, checked by what will pick elements with it."""
    if _PLAIN_SELECTOR.fullmatch(value):
        return value
    from digest import selectors  # brings lxml, which plain selectors need not wait for

    try:
        selectors.check(value)
    except selectors.SelectorError as problem:
        raise UsageError(
            _("Bộ chọn CSS “{value}” viết chưa đúng: {why}", value=value[:60], why=str(problem)),
            fix=_("Viết như: .list h3 a"),
        ) from None
    return value


def a_query(value: str) -> str:
    """A query of our language; QueryError says where it is wrong."""
    for field in _topic_fields(query.parse(value)):
        raise QueryError(
            _("Câu tìm của một chủ đề không dùng “topic:” được"),
            field.start,
            fix=_("Để chủ đề này nằm trong chủ đề khác, thêm mục parent"),
        )
    return value


def _topic_fields(node: query.Node) -> Iterator[query.Field]:
    """Where a query asks for topics: taggings are made from it, so there are none to ask for yet."""
    if isinstance(node, query.Field) and node.name == "topic":
        yield node
    elif isinstance(node, query.And | query.Or):
        for part in node.parts:
            yield from _topic_fields(part)
    elif isinstance(node, query.Not):
        yield from _topic_fields(node.part)


def a_page(value: str) -> str:
    """a4, a5, or width x height in mm."""
    name = value.lower().replace(" ", "").replace("×", "x")
    found = re.fullmatch(r"(\d{2,3})x(\d{2,3})", name)
    size = (int(found[1]), int(found[2])) if found else _PAGES.get(name)
    if size is None or not all(_SMALLEST <= side <= _LARGEST for side in size):
        raise UsageError(
            _("Khổ giấy “{value}” không dùng được", value=value[:40]),
            fix=_("Viết a4, a5, hoặc rộng x cao theo mm, như 190x270 (từ 100 đến 420)"),
        )
    return name


def a_network(value: str) -> str:
    """An address or net such as 127.0.0.0/8."""
    try:
        return str(ipaddress.ip_network(value, strict=False))
    except ValueError:
        raise UsageError(
            _("“{value}” không phải một dải địa chỉ mạng", value=value[:60]), fix=_("Viết như 127.0.0.0/8")
        ) from None


def a_sender(value: str) -> str:
    """`Name <address>` or an address alone, on one line."""
    found = re.fullmatch(r"(?:[^<>\x00-\x1f]*<([^<>\s@]+@[^<>\s@]+)>|([^<>\s@]+@[^<>\s@]+))", value)
    if not found or "." not in (found[1] or found[2]).rpartition("@")[2]:
        raise UsageError(
            _("“{value}” không phải người gửi thư", value=value[:80]),
            fix=_("Viết như 'Trung tâm chính trị <bantin@example.vn>'"),
        )
    return value


def a_list_file(value: str) -> str:
    """A file inside the workspace, with / between folders."""
    path = PurePosixPath(value)
    inside = (
        not path.is_absolute() and ".." not in path.parts and not re.search(r'[\\:*?"<>|\x00-\x1f]', value)
    )
    if not inside or any(_RESERVED.fullmatch(part.partition(".")[0].lower()) for part in path.parts):
        raise UsageError(
            _("“{value}” không phải tệp trong thư mục làm việc", value=value[:80]),
            fix=_("Viết như recipients/le-chan.csv"),
        )
    return value
