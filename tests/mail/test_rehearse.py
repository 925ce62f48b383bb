"""Previews, test letters and .eml files: nothing of them touches the ledger."""

from __future__ import annotations

import email
import email.policy

import pytest
from post_office import CENTER, EDITION, SECRET, Clock, Post, letter, people, send, states

from digest.errors import MailError
from digest.mail.address import Hasher
from digest.mail.rehearse import preview, send_test, write_eml
from digest.storage import deliveries


def test_a_preview_counts_and_writes_nothing(archive, open_office):
    clock = Clock()
    seen = preview(archive, letter(), people(4), SECRET, clock.now())
    assert (seen.to_send, seen.already_sent, seen.total) == (4, 0, 4 * len(seen.first))
    assert b"thu.test" not in seen.first and b"nguoi.nhan@example.vn" in seen.first
    with archive.reading() as conn:
        assert deliveries.dispatch(conn, EDITION, CENTER) is None


def test_a_preview_knows_what_earlier_runs_did(archive, open_office):
    clock = Clock()
    answers = {"nguoi1@thu.test": "550 5.1.1 No"}
    post = Post(
        rcpt=lambda address, _nth: answers.get(address),
        data=lambda address, _nth: "drop" if address[5] == "2" else None,
    )
    send(archive, open_office(post).address, 3, clock)
    with archive.writing() as conn:
        deliveries.suppress(conn, Hasher(SECRET)(people(5)[4].address), "editor", clock.now())
    seen = preview(archive, letter(), people(5), SECRET, clock.now())
    assert (seen.to_send, seen.already_sent, seen.refused, seen.unknown, seen.suppressed) == (1, 1, 1, 1, 1)


def test_a_test_letter_goes_to_one_address_outside_the_ledger(archive, open_office):
    post = Post()
    send_test(letter(), "toi@thu.test", open_office(post).address, SECRET, Clock().now())
    ((to, told),) = post.letters
    read = email.message_from_bytes(told, policy=email.policy.default)
    assert to == "toi@thu.test" and read["subject"] == "[Gửi thử] Bản tin báo cáo viên số 1"
    assert states(archive) == []


def test_a_test_letter_that_is_refused_says_the_code_and_no_address(open_office):
    post = Post(rcpt=lambda address, _nth: f"550 5.1.1 <{address}> unknown")
    with pytest.raises(MailError, match=r"550 5\.1\.1") as failed:
        send_test(letter(), "toi@thu.test", open_office(post).address, SECRET, Clock().now())
    assert "toi@" not in str(failed.value)
    with pytest.raises(MailError):
        send_test(letter(), "toi", open_office(post).address, SECRET, Clock().now())


def test_eml_files_open_as_drafts_and_skip_those_who_left(archive, tmp_path):
    clock = Clock()
    with archive.writing() as conn:
        deliveries.suppress(conn, Hasher(SECRET)(people(3)[1].address), "unsubscribe", clock.now())
    written = write_eml(archive, letter(), people(3), tmp_path / "thư", SECRET, clock.now())
    assert [path.name for path in written] == ["00002.eml", "00004.eml"]
    read = email.message_from_bytes(written[0].read_bytes(), policy=email.policy.default)
    assert read["x-unsent"] == "1" and read["to"].addresses[0].addr_spec == "nguoi0@thu.test"
    assert states(archive) == []
