"""Reports of letters that came back, as servers of several kinds write them."""

from __future__ import annotations

import pytest
from imap_office import imap_office
from post_office import CENTER, EDITION, SECRET, Clock, Post, letter, people, send, states

from digest.errors import MailError, UsageError
from digest.mail.bounces import Bounce, Kind, Taken, Tally, parse, read_folder, take
from digest.mail.mailbox import Mailbox, mailbox, read
from digest.mail.message import Template
from digest.storage import deliveries

ID = "<0123456789abcdef0123456789abcdef@dongmau.test>"


def report(
    message_id=ID,
    action="failed",
    status="5.1.1",
    diagnostic="smtp; 550 5.1.1 No such user",
    headers_only=True,
):
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.thu.test (Mail Delivery System)\r\nTo: bantin@dongmau.test\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <20261124.aa@mx.thu.test>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status;\r\n boundary="b1"\r\n\r\n'
        "--b1\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you\r\n"
        "--b1\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.thu.test\r\n\r\n"
        f"Final-Recipient: rfc822; nguoi0@thu.test\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: {diagnostic}\r\n\r\n"
        f"--b1\r\nContent-Type: {kind}\r\n\r\nFrom: bantin@dongmau.test\r\nMessage-ID: {message_id}\r\nSubject: Tin\r\n\r\n"
        "--b1--\r\n"
    ).encode()


@pytest.mark.parametrize("headers_only", [True, False])
@pytest.mark.parametrize(
    ("action", "status", "diagnostic", "kind", "code"),
    [
        ("failed", "5.1.1", "smtp; 550 5.1.1 No such user", Kind.HARD, "5.1.1"),
        ("Failed", "5.0.0", "smtp; 550 5.1.1 <x>: Recipient address rejected", Kind.HARD, "5.1.1"),
        ("failed", "5.2.1", "smtp; 550 disabled", Kind.HARD, "5.2.1"),
        ("failed", "5.1.10", "smtp; 550 5.1.10 RESOLVER.ADR.RecipientNotFound", Kind.HARD, "5.1.10"),
        ("failed", "5.2.2", "smtp; 552 5.2.2 Over quota", Kind.SOFT, "5.2.2"),
        ("failed", "5.7.1", "smtp; 554 5.7.1 Spam", Kind.SOFT, "5.7.1"),
        ("failed", "4.4.7", "smtp; 451 4.4.7 expired", Kind.SOFT, "4.4.7"),
        ("failed", "5.0.0", "x-unix; ?", Kind.SOFT, "5.0.0"),
        ("delayed", "4.4.1", "smtp; 451 4.4.1 later", Kind.NONE, "4.4.1"),
        ("delivered", "2.0.0", "smtp; 250 ok", Kind.NONE, "2.0.0"),
    ],
)
def test_reports_by_the_standard(headers_only, action, status, diagnostic, kind, code):
    raw = report(action=action, status=status, diagnostic=diagnostic, headers_only=headers_only)
    assert parse(raw) == Bounce(ID, kind, code)


def test_free_text_of_an_old_server():
    raw = (
        "Return-Path: <>\nFrom: MAILER-DAEMON@old.test\nSubject: failure notice\nMessage-ID: <1@old.test>\n\n"
        "<nguoi0@thu.test>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 unknown user\n\n"
        f"--- Below this line is a copy of the message.\n\nMessage-ID: {ID}\nSubject: Tin\n"
    ).encode()
    assert parse(raw) == Bounce(ID, Kind.HARD, "5.1.1")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"From: ban.doc@thu.test\nSubject: Re: Tin\nIn-Reply-To: " + ID.encode() + b"\n\nCam on 5.1.1\n",
        # Absent readers' automatic replies name our letter in their head.
        b"Return-Path: <>\nFrom: an@thu.test\nAuto-Submitted: auto-replied\nReferences: "
        + ID.encode()
        + b"\n\nToi di vang 550\n",
        report(message_id="<khong-phai-cua-ta@thu.test>"),
        b"\xff\xfe\x00 Content-Type: multipart/report",
    ],
)
def test_what_is_no_report_on_a_letter_of_ours(raw):
    assert parse(raw) is None


def sent(archive, open_office, number=3):
    """The Message-IDs of letters that were sent."""
    post = Post()
    send(archive, open_office(post).address, number)
    template = Template(letter(), SECRET)
    return [template.message_id(template.hash(person.address)) for person in people(number)]


def test_hard_bounces_end_in_silence_and_soft_ones_are_counted(archive, open_office):
    ids, clock = sent(archive, open_office), Clock()
    mails = [
        report(ids[0]),
        report(ids[1], status="5.2.2", diagnostic="smtp; 552 5.2.2 full"),
        report(ids[0]),
        b"Subject: hi\n\n",
    ]
    assert take(archive, mails, clock.now()) == Taken(hard=1, soft=1, known=1, others=1)
    assert take(archive, mails, clock.now()) == Taken(known=3, others=1)
    template = Template(letter(), SECRET)
    keys = [template.hash(person.address) for person in people(3)]
    with archive.reading() as conn:
        assert deliveries.suppressed(conn, keys) == {keys[0]: "bounce"}
        assert deliveries.soft_bounces(conn, keys[1]) == 1
        assert deliveries.dispatch(conn, EDITION, CENTER).counts["sent"] == 3
    assert states(archive) == ["sent"] * 3


def test_nobody_is_suppressed_by_an_invented_report(archive, open_office):
    sent(archive, open_office)
    assert take(archive, [report("<" + "f" * 32 + "@dongmau.test>")], Clock().now()) == Taken(others=1)


def test_reports_saved_as_files(archive, open_office, tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "thư lỗi.eml").write_bytes(report())
    (tmp_path / "ghi chú.txt").write_text("x", encoding="utf-8")
    assert [parse(raw) for raw in read_folder(tmp_path)] == [Bounce(ID, Kind.HARD, "5.1.1")]
    with pytest.raises(UsageError):
        read_folder(tmp_path / "khong-co")


@pytest.fixture
def imap():
    with imap_office() as office:
        yield office


def test_reports_over_imap_and_other_mails_stay_unseen(archive, open_office, imap):
    (ids, clock), office = (sent(archive, open_office), Clock()), imap
    office.mails = {
        "4": report(ids[0]),
        "7": b"From: an@thu.test\r\nSubject: Re\r\n\r\nCam on\r\n",
        "9": report(ID),
    }
    tally = Tally(archive, clock.now())
    assert read(office.mailbox, clock.now(), tally.note) == 1
    assert tally.taken == Taken(hard=1, others=2)
    assert office.seen == {"4"}
    assert not any("BODY[]" in command for command in office.asked)
    assert 'SELECT "INBOX"' in office.asked and any(
        "SINCE 25-Oct-2026" in command for command in office.asked
    )


def test_a_mailbox_that_does_not_open_is_said_without_the_password(imap):
    imap = imap.mailbox
    for box in (
        Mailbox(imap.host, imap.port, "bantin", "bi-mat", ca=imap.ca),
        Mailbox(imap.host, imap.port, "bantin", "bi-mat"),
    ):
        with pytest.raises(MailError) as failed:
            read(box, Clock().now(), lambda _bounce: True)
        assert "bi-mat" not in str(failed.value) + repr(box)


def test_addresses_of_mailboxes():
    assert mailbox("imaps://ban%40tin:m%40t@imap.example.vn/Thu%20loi") == Mailbox(
        "imap.example.vn", 993, "ban@tin", "m@t", "Thu loi"
    )
    for url in ("imap://a:b@c.vn", "imaps://c.vn", "imaps://a:mat-khau@c.vn:x"):
        with pytest.raises(UsageError) as wrong:
            mailbox(url)
        assert "mat-khau@c" not in str(wrong.value)
