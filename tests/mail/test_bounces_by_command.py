"""`digest admin bounces`: mailboxes over IMAP and folders of .eml files, as a center runs it."""

from __future__ import annotations

import re
import shutil
from email import message_from_bytes

import pytest
from bureau import EDITION, open_bureau
from imap_office import imap_office
from post_office import Post
from test_bounces import report

A, B = "ben-thu", "dong-mau"


@pytest.fixture
def bureau(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("DIGEST_NOW", "2026-11-20T09:00:00+07:00")
    made = open_bureau(tmp_path / "home", capsys, A, B)
    made.approve()
    return made


@pytest.fixture
def sent(bureau, open_office):
    """Message-IDs of the letters that went out, by recipient; and the mail server, asked to take more."""
    post = Post()
    bureau.smtp = f"smtp://127.0.0.1:{open_office(post).port}"
    bureau.settings(smtp_url=bureau.smtp)
    bureau.recipients(A, "hoa", "lan", "cuc")
    bureau.digest("send", EDITION, "--center", A)
    return {to.partition("@")[0]: message_from_bytes(raw)["message-id"] for to, raw in post.letters}


def test_a_folder_belongs_to_no_center(bureau, tmp_path):
    bureau.digest("admin", "bounces", str(tmp_path), "--center", A, code=2)
    assert "--center" in bureau.err


def test_bounces_in_the_mailbox_end_in_silence(bureau, sent):
    with imap_office() as office:
        bureau.settings(smtp_url=bureau.smtp, imap_url=office.url)
        office.mails = {
            "3": report(sent["hoa"]),
            "5": b"From: lan@thu.test\r\nSubject: Re: Tin\r\n\r\nCam on\r\n",
            "8": report(sent["lan"], status="5.2.2", diagnostic="smtp; 552 5.2.2 full"),
        }
        said = bureau.json("admin", "bounces")
        assert said == [{"center": A, "hard": 1, "soft": 1, "known": 0, "others": 1}]
        assert office.seen == {"3", "8"}
        assert not any("UID FETCH 5 (BODY.PEEK[]" in command for command in office.asked)
        assert bureau.json("admin", "bounces")[0]["hard"] == 0
    bureau.recipients(B, "hoa", "lan")
    found = bureau.json("send", EDITION, "--center", B, "--dry-run")["dispatches"][0]
    assert (found["to_send"], found["suppressed"]) == (1, 1)  # hoa left every center's list
    assert "thu.test" not in bureau.out and "mật" not in bureau.out


def test_servers_that_name_the_mail_last_are_understood(bureau, sent):
    with imap_office() as office:
        office.uid_last = True
        bureau.settings(imap_url=office.url)
        office.mails = {"3": report(sent["hoa"])}
        assert bureau.json("admin", "bounces")[0]["hard"] == 1 and office.seen == {"3"}


def test_a_mailbox_that_fails_stops_no_other_and_shared_ones_are_read_once(bureau, sent):
    with imap_office() as office:
        office.mails = {"3": report(sent["hoa"])}
        bureau.settings(imap_url=office.url, imap_url_ben_thu="imaps://bantin:bi-mat@localhost:1")
        first, second = bureau.json("admin", "bounces", code=3)
        assert first["center"] == A and "error" in first and "bi-mat" not in bureau.out + bureau.err
        assert (second["center"], second["hard"]) == (B, 1)
        office.seen.clear()
        bureau.settings(imap_url=office.url)
        assert len(bureau.json("admin", "bounces")) == 1
        assert bureau.json("admin", "bounces", "--center", B)[0]["center"] == B


def test_without_a_mailbox_it_says_what_to_write(bureau):
    bureau.digest("admin", "bounces", code=2)
    assert "imap_url" in bureau.err


def test_reports_in_a_folder(bureau, sent, tmp_path):
    (tmp_path / "thư lỗi").mkdir()
    (tmp_path / "thư lỗi" / "1.eml").write_bytes(report(sent["hoa"]))
    assert re.search(
        r"^1 địa chỉ không còn", bureau.digest("admin", "bounces", str(tmp_path / "thư lỗi")), re.M
    )
    shutil.rmtree(tmp_path / "thư lỗi")
    bureau.digest("admin", "bounces", str(tmp_path / "thư lỗi"), code=2)


def test_an_address_is_suppressed_and_forgotten_by_command(bureau, sent):
    bureau.digest("admin", "suppress", "hoa@thu.test")
    bureau.recipients(B, "hoa", "lan")
    assert bureau.json("send", EDITION, "--center", B, "--dry-run")["dispatches"][0]["to_send"] == 1
    assert "2 dòng" in bureau.digest("admin", "forget", "hoa@thu.test")
    assert bureau.json("send", EDITION, "--center", B, "--dry-run")["dispatches"][0]["to_send"] == 2
