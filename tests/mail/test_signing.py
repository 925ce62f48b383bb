"""DKIM signatures, read back by the verifier of the same standard."""

from __future__ import annotations

import base64
import importlib.util
import re
import shutil
import subprocess

import pytest
from post_office import CENTER, EDITION, SECRET, Post, letter, people, send

from digest.errors import UsageError
from digest.mail.agenda import who_got
from digest.mail.reply import meaning
from digest.mail.signing import signer

needs_dkim = pytest.mark.skipif(
    importlib.util.find_spec("dkim") is None or shutil.which("openssl") is None,
    reason="needs dkimpy and openssl",
)


@needs_dkim
def test_a_signature_that_verifies_and_covers_the_way_to_leave(archive, open_office, tmp_path):
    import dkim

    key = tmp_path / "dkim.pem"
    subprocess.run(
        ["openssl", "genrsa", "-traditional", "-out", str(key), "2048"], check=True, capture_output=True
    )
    public = subprocess.run(
        ["openssl", "rsa", "-in", str(key), "-pubout", "-outform", "DER"], check=True, capture_output=True
    ).stdout
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    post = Post()
    sign = signer(letter().sender, "tin", key)
    assert send(archive, open_office(post).address, 2, sign=sign).sent == 2
    for _to, told in post.letters:
        assert dkim.verify(
            told, dnsfunc=lambda name, timeout=5: record if name == b"tin._domainkey.dongmau.test." else b""
        )
        assert not dkim.verify(
            told.replace(b"List-Unsubscribe: <https", b"List-Unsubscribe: <http"),
            dnsfunc=lambda name, timeout=5: record,
        )
        covered = re.search(rb"h=([^;]+);", told)[1]
        assert b"list-unsubscribe" in covered and b"list-unsubscribe-post" in covered


@needs_dkim
def test_a_key_that_is_none_is_said_before_anything_is_sent(tmp_path):
    (tmp_path / "k.pem").write_text("không phải khóa", encoding="utf-8")
    for path in (tmp_path / "k.pem", tmp_path / "khong-co.pem"):
        with pytest.raises(UsageError):
            signer(letter().sender, "tin", path)


def test_a_slip_concerns_those_who_got_the_edition(archive, open_office):
    answers = {"nguoi1@thu.test": "550 5.1.1 No"}
    post = Post(
        rcpt=lambda address, _nth: answers.get(address),
        data=lambda address, _nth: "drop" if address[5] == "2" else None,
    )
    send(archive, open_office(post).address, 3)
    found = who_got(archive, people(5), SECRET, EDITION, CENTER)
    assert [person.row for person in found] == [2, 4]
    assert who_got(archive, people(5), SECRET, "bao-cao-vien/2026-W01", CENTER) == ()


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ("550 5.1.1 rcpt", "không có hộp thư này"),
        ("552 5.2.2 rcpt", "hộp thư đầy"),
        ("552 end", "thư quá lớn"),
        ("554 5.7.1 end", "chặn"),
        ("450 4.2.0 rcpt", "bận"),
        ("451 rcpt", "sau"),
        ("end", ""),
        ("", ""),
    ],
)
def test_codes_in_words(detail, words):
    assert (words in meaning(detail)) and bool(meaning(detail)) == bool(words)
