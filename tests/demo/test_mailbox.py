"""The demo's mailbox keeps every letter as it came and sends nothing on."""

import smtplib
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from digest.demo.mailbox import start_mailbox


def letter(subject, body):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "bantin@example.vn", "thoa.be@example.vn", subject
    made.set_content(body)
    return made


@pytest.fixture
def mailbox(tmp_path):
    with start_mailbox(tmp_path / "mailbox") as box:
        yield box


def test_letters_are_kept_letter_by_letter(mailbox):
    body = "Kính gửi đồng chí,\n.\n..một dòng mở đầu bằng dấu chấm\nHết.\n"
    with smtplib.SMTP("127.0.0.1", mailbox.port) as smtp:
        smtp.send_message(letter("Bản tin số 12", body), to_addrs=["thoa.be@example.vn"])
        smtp.send_message(letter("Bản tin số 13", body), to_addrs=["a@example.vn", "b@example.vn"])
    assert [path.name for path in mailbox.letters] == ["001-thoa.be.eml", "002-a.eml", "003-b.eml"]
    kept = message_from_bytes(mailbox.letters[0].read_bytes(), policy=policy.default)
    assert kept["Subject"] == "Bản tin số 12"
    assert kept.get_content().replace("\r\n", "\n") == body


def test_one_may_log_in_with_anything(mailbox):
    with smtplib.SMTP("127.0.0.1", mailbox.port) as smtp:
        smtp.login("ai cũng được".encode().hex(), "mat-khau")
        smtp.send_message(letter("Thử", "Thử"))
    assert len(mailbox.letters) == 1


def test_a_letter_broken_off_is_not_kept(mailbox):
    with socket.create_connection(("127.0.0.1", mailbox.port), timeout=5) as line:
        talk = line.makefile("rwb")
        talk.readline()
        for said in (b"HELO x", b"MAIL FROM:<a@example.vn>", b"RCPT TO:<b@example.vn>", b"DATA"):
            talk.write(said + b"\r\n")
            talk.flush()
            talk.readline()
        talk.write(b"Subject: half\r\n\r\nnot fin")
        talk.flush()
        talk.close()
    with smtplib.SMTP("127.0.0.1", mailbox.port) as smtp:
        assert smtp.noop()[0] == 250
    assert mailbox.letters == []


def test_a_name_that_is_a_path_stays_in_the_folder(mailbox):
    with smtplib.SMTP("127.0.0.1", mailbox.port) as smtp:
        smtp.sendmail("a@example.vn", ["../../etc/passwd@example.vn"], b"Subject: x\r\n\r\nx\r\n")
    assert [path.name for path in mailbox.letters] == ["001-etc-passwd.eml"]


def test_reopening_goes_on_counting(tmp_path):
    for expected in (1, 2):
        with start_mailbox(tmp_path) as box:
            with smtplib.SMTP("127.0.0.1", box.port) as smtp:
                smtp.send_message(letter("Thử", "Thử"))
            assert len(box.letters) == expected
