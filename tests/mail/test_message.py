"""Letters read back: headers, twins, files and every character; nothing gets out of its header."""

from __future__ import annotations

import base64
import csv
import email
import email.policy
import io
import json
import re
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from post_office import SECRET, Clock, letter

from digest import config
from digest.errors import FileFaults, UsageError
from digest.mail.address import Address
from digest.mail.message import LINK, NAME, Attachment, Template, compose
from digest.mail.recipients import Person, read_text
from digest.mail.unsubscribe import Leaving, Tokens

ANH = Person(Address("an", "thu.test"), "Nguyễn Thị Ánh", 2)
WHEN = Clock().at
HEADERS = [
    "Date", "Message-ID", "To", "List-Unsubscribe", "From", "Reply-To", "Subject", "List-Unsubscribe-Post", "List-ID",
    "List-Help", "Auto-Submitted", "Content-Language", "MIME-Version", "Content-Type",
]  # fmt: skip
LONG = " ".join(["Những điều mới về công tác dân vận ở xã Bến Thử, phường Sông Vân và đặc khu Hạ Sơn"] * 3)


def read(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    assert all(not part.defects for part in found.walk())
    return found


def body(found: EmailMessage, kind: str) -> str:
    part = found.get_body((kind,))
    assert part is not None
    return part.get_content().replace("\r\n", "\n")


def check_form(raw: bytes) -> None:
    """7-bit, CRLF only, lines ≤ 998, headers folded at 78 save for addresses, encoded words ≤ 75."""
    assert raw.isascii() and b"\0" not in raw
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    head = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert all(len(line) <= 78 for line in head if b"://" not in line and b"@" not in line)
    for word in re.findall(rb"=\?utf-8\?B\?[^?]*\?=", raw.partition(b"\r\n\r\n")[0]):
        assert len(word) <= 75
        assert base64.b64decode(word[10:-2]).decode("utf-8")
    assert all(len(line) <= 78 for line in raw.partition(b"\r\n\r\n")[2].split(b"\r\n"))


def test_headers_of_a_letter():
    raw = compose(letter(subject=LONG[:200]), ANH, WHEN, SECRET)
    found = read(raw)
    check_form(raw)
    assert list(found.keys()) == HEADERS
    assert found["subject"] == LONG[:200].strip()
    assert str(found["to"]) == "Nguyễn Thị Ánh <an@thu.test>"
    assert found["from"].addresses[0].display_name == "Trung tâm chính trị xã Đồng Mẫu"
    assert found["reply-to"].addresses[0].addr_spec == "bantin@dongmau.test"
    assert parsedate_to_datetime(found["date"]) == WHEN.replace(microsecond=0)
    assert found["date"].endswith("+0700")
    assert re.fullmatch(r"<[0-9a-f]{32}@dongmau\.test>", found["message-id"])
    assert found["list-id"].endswith("<bao-cao-vien.dong-mau.dongmau.test>")
    assert found["auto-submitted"] == "auto-generated"


def test_one_click_leaving_with_a_long_address_stays_one_plain_line():
    raw = compose(letter(site_url="https://ban-tin-cua-trung-tam.rat-dai.example.vn"), ANH, WHEN, SECRET)
    line = next(line for line in raw.split(b"\r\n") if line.startswith(b"List-Unsubscribe: "))
    url = line.decode().partition("<")[2].rstrip(">")
    assert len(url) > 100 and b"=?" not in line
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    leaving = Tokens(SECRET).read(url.rpartition("/")[2])
    assert leaving == Leaving("dong-mau", Template(letter(), SECRET).hash(ANH.address))
    assert url in body(read(raw), "plain") and url in body(read(raw), "html")


def test_without_a_web_view_one_leaves_by_mail():
    found = read(compose(letter(site_url="", reply_to="Văn phòng <vp@dongmau.test>"), ANH, WHEN, SECRET))
    assert found["list-unsubscribe"] == "<mailto:vp@dongmau.test?subject=Thoi%20nhan%20ban%20tin>"
    assert found["list-unsubscribe-post"] is None
    assert found["list-help"] == "<mailto:vp@dongmau.test>"
    assert "mailto:vp@dongmau.test" in body(found, "plain")


def test_one_click_is_not_claimed_over_plain_http():
    assert (
        read(compose(letter(site_url="http://127.0.0.1:8000"), ANH, WHEN, SECRET))["list-unsubscribe-post"]
        is None
    )


def test_twins_come_in_order_and_every_letter_is_right():
    words = (
        "Ắ Ằ Ẳ Ẵ Ặ ấ ầ ẩ ẫ ậ ế ề ể ễ ệ đ Đ ơ ư ỹ “ngoặc” — …\n.\n..\nFrom đầu dòng\n\ttab  và cách cuối \n"
        + LONG
    )
    made = letter(text=f"Kính gửi {NAME}\n{words}\n{LINK}\n", html=f"<p>{NAME}</p><pre>{words}</pre>")
    raw = compose(made, ANH, WHEN, SECRET)
    check_form(raw)
    found = read(raw)
    assert [part.get_content_type() for part in found.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert body(found, "plain").startswith(
        f"Kính gửi Nguyễn Thị Ánh\n{words}\nhttps://bantin.example.vn/thoi-nhan/"
    )
    assert body(found, "html").rstrip("\n") == f"<p>Nguyễn Thị Ánh</p><pre>{words}</pre>"


def test_a_second_parser_reads_the_same():
    """A parser of forty lines out of RFC 2045-2047, so that the standard library does not judge itself."""
    file = bytes(range(256)) * 300
    raw = compose(
        letter(attachments=(Attachment("bản tin.pdf", "application/pdf", file),)), ANH, WHEN, SECRET
    )
    head, parts = second_parser(raw)
    assert head["subject"] == "Bản tin báo cáo viên số 1"
    assert head["to"] == "Nguyễn Thị Ánh <an@thu.test>"
    assert [kind for kind, _content in parts] == ["text/plain", "text/html", "application/pdf"]
    assert parts[0][1].decode().startswith("Kính gửi Nguyễn Thị Ánh,\r\n")
    assert parts[2][1] == file


def second_parser(raw: bytes) -> tuple[dict[str, str], list[tuple[str, bytes]]]:
    head_raw, _gap, rest = raw.partition(b"\r\n\r\n")
    lines = re.sub(rb"\r\n[ \t]", b" ", head_raw).decode("ascii").split("\r\n")
    head = {
        name.lower(): unworded(value.strip()) for name, _sep, value in (line.partition(":") for line in lines)
    }
    boundary = re.search(r'boundary="([^"]+)"', head["content-type"])
    if boundary is None:
        kind = head["content-type"].partition(";")[0]
        return head, [(kind, unpacked(head["content-transfer-encoding"], rest))]
    pieces = rest.split(f"--{boundary[1]}".encode())[1:-1]
    return head, [
        part
        for piece in pieces
        for part in second_parser(piece.removeprefix(b"\r\n").removesuffix(b"\r\n"))[1]
    ]


def unworded(value: str) -> str:
    value = re.sub(r"(\?=) +(=\?)", r"\1\2", value)
    return re.sub(r"=\?utf-8\?B\?([^?]*)\?=", lambda found: base64.b64decode(found[1]).decode(), value)


def unpacked(how: str, data: bytes) -> bytes:
    if how == "base64":
        return base64.b64decode(data)
    assert how == "quoted-printable"
    joined = re.sub(rb"=\r\n", b"", data)
    return re.sub(rb"=([0-9A-F]{2})", lambda found: bytes([int(found[1], 16)]), joined)


@pytest.mark.parametrize(
    "name",
    [
        "ban-tin-12.pdf",
        "báo cáo.pdf",
        "Bản tin báo cáo viên số mười hai của Trung tâm chính trị xã Đồng Mẫu.docx",
        'a"b;c.pdf',
        "../../x.pdf",
    ],
)
def test_names_of_files(name):
    raw = compose(letter(attachments=(Attachment(name, "application/pdf", b"%PDF-1.7"),)), ANH, WHEN, SECRET)
    check_form(raw)
    (file,) = read(raw).iter_attachments()
    assert file.get_filename() == name.replace("/", "-")
    assert file.get_content() == b"%PDF-1.7"
    assert file.get_content_disposition() == "attachment"


def test_a_recipient_without_a_name_is_greeted_all_the_same():
    assert "Kính gửi quý vị," in body(
        read(compose(letter(), Person(ANH.address, "", 2), WHEN, SECRET)), "plain"
    )


def test_a_name_is_no_markup():
    found = read(compose(letter(), Person(ANH.address, '<b onclick="x">Ánh</b>', 2), WHEN, SECRET))
    assert "<b" not in body(found, "html") and "&lt;b" in body(found, "html")
    assert "<b onclick" in body(found, "plain")


def test_the_letter_has_no_picture_no_script_and_its_own_links_only():
    class Seen(HTMLParser):
        tags: list[str] = []  # noqa: RUF012

        def handle_starttag(self, tag, attrs):
            self.tags.append(tag)

    seen = Seen()
    seen.feed(body(read(compose(letter(), ANH, WHEN, SECRET)), "html"))
    assert seen.tags == ["html", "p", "p", "a"]


def test_message_ids_differ_by_edition_center_and_recipient_and_last():
    template = Template(letter(), SECRET)
    ids = {
        template.message_id("a" * 32),
        template.message_id("b" * 32),
        Template(letter(edition="bao-cao-vien/2026-W48"), SECRET).message_id("a" * 32),
        Template(letter(center="song-van"), SECRET).message_id("a" * 32),
        Template(letter(), b"x" * 32).message_id("a" * 32),
    }
    assert len(ids) == 5
    assert Template(letter(subject="khác"), SECRET).message_id("a" * 32) in ids


def test_the_size_is_never_underestimated():
    template = Template(letter(attachments=(Attachment("a.pdf", "application/pdf", b"x" * 9999),)), SECRET)
    longest = Person(Address("a" * 64, "b" * 60 + ".test"), "Ễ" * 200, 2)
    assert len(template.compose(longest, WHEN)) <= template.size


@pytest.mark.parametrize(
    "sender",
    [
        "Evil\r\nX-Injected: 1 <a@dongmau.test>",
        "a@dongmau.test, b@dongmau.test",
        "không có",
        "đ@dongmau.test",
    ],
)
def test_a_sender_that_is_none_is_refused(sender):
    with pytest.raises(UsageError):
        Template(letter(sender=sender), SECRET)


anything = st.text(st.characters(codec="utf-8"), max_size=120) | st.text(
    '\r\n\t :<>@,;"\\=?Bcc\0\x85\u2028ắ', max_size=40
)


@settings(max_examples=60)
@given(subject=anything, name=anything, list_name=anything, shown=anything, text=anything, file=anything)
def test_nothing_gets_out_of_its_place(subject, name, list_name, shown, text, file):
    shown = re.sub(r"[<>@]|[\x00-\x1f\x7f-\x9f\u2028\u2029]", "", shown)
    made = letter(
        subject=subject,
        list_name=list_name,
        sender=f"{shown} <bantin@dongmau.test>",
        text=text + NAME,
        html=text + LINK,
        attachments=(Attachment(file, "application/pdf", b"x"),),
    )
    raw = compose(made, Person(ANH.address, name, 2), WHEN, SECRET)
    check_form(raw)
    found = email.message_from_bytes(raw, policy=email.policy.compat32)
    assert [key for key in found if key != "List-ID"] == [key for key in HEADERS if key != "List-ID"]
    assert [part.get_content_type() for part in found.walk()][1:] == [
        "multipart/alternative", "text/plain", "text/html", "application/pdf",
    ]  # fmt: skip
    assert (
        second_parser(raw)[0]["to"].endswith("an@thu.test>") or second_parser(raw)[0]["to"] == "an@thu.test"
    )
    plain = second_parser(raw)[1][0][1].decode()
    said = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    assert plain.startswith(said)


@settings(max_examples=100, deadline=None)
@given(name=anything, sender=anything, answers=anything, email_cell=anything, name_cell=anything)
def test_nothing_of_sources_yaml_or_of_a_list_becomes_a_header(name, sender, answers, email_cell, name_cell):
    """Whole ways: YAML as it is read, the CSV as it is read, and what both leave over is one right letter."""
    try:
        center = config.parse(
            "centers:\n  - {id: dong-mau, recipients: recipients/a.csv, "
            f"name: {json.dumps(name)}, sender: {json.dumps(sender + ' <bantin@dongmau.test>')}, "
            f"reply_to: {json.dumps(answers + ' <vp@dongmau.test>')}}}\n"
        ).centers[0]
    except FileFaults:
        center = config.parse(
            "centers: [{id: dong-mau, name: Đồng Mẫu, sender: bantin@dongmau.test, recipients: recipients/a.csv}]"
        ).centers[0]
    rows = io.StringIO()
    csv.writer(rows).writerows([["email", "name"], [email_cell, name_cell], ["an@thu.test", name_cell]])
    try:
        people = read_text(rows.getvalue(), "a.csv").people
    except FileFaults:
        people = (ANH,)
    try:
        made = Template(letter(sender=center.sender, reply_to=center.reply_to, list_name=center.name), SECRET)
    except UsageError:
        return
    for person in people:
        raw = made.compose(person, WHEN)
        found = email.message_from_bytes(raw, policy=email.policy.compat32)
        assert list(found.keys()) == HEADERS
        assert raw.partition(b"\r\n\r\n")[0].count(b"@dongmau.test") >= 3
        head = second_parser(raw)[0]
        assert re.search(r"(^|<)bantin@dongmau\.test>?$", head["from"])
        assert head["to"].endswith((person.address.spec, f"<{person.address.spec}>"))


@given(st.text(max_size=200))
def test_only_our_own_tokens_are_read(text):
    assert Tokens(SECRET).read(text) is None


def test_tokens_never_expire_and_cannot_be_changed():
    token = Tokens(SECRET).make("dong-mau", "0" * 32)
    assert re.fullmatch(r"[A-Za-z0-9._-]+", token)
    assert Tokens(SECRET).read(token) == Leaving("dong-mau", "0" * 32)
    assert Tokens(b"x" * 32).read(token) is None
    assert Tokens(SECRET).read(token.replace("dong-mau", "song-van")) is None
