"""Each behaviour of a server leaves exactly the right state for every recipient."""

from __future__ import annotations

import re
import socket
import sqlite3
from datetime import timedelta

import pytest
from post_office import CENTER, CERTIFICATE, EDITION, SECRET, Clock, Post, letter, people, send, states

from digest.errors import MailError, StorageError
from digest.mail.address import Hasher
from digest.mail.dispatch import Sending, run
from digest.mail.message import Attachment
from digest.mail.pace import Limits
from digest.mail.server import Server
from digest.mail.unsubscribe import leave
from digest.storage import deliveries
from digest.storage.pen import Pen


def everyone(number):
    return [f"nguoi{n}@thu.test" for n in range(number)]


@pytest.mark.parametrize("pipelining", [True, False])
def test_all_are_sent_over_one_connection_once(archive, open_office, pipelining):
    post = Post(pipelining=pipelining)
    office = open_office(post)
    report = send(archive, office.address, 20)
    assert post.got() == everyone(20)
    assert (report.sent, report.done, post.connections) == (20, True, 1)
    assert states(archive) == ["sent"] * 20
    again = send(archive, office.address, 20)
    assert (again.sent, again.done) == (0, True)
    assert len(post.letters) == 20


def test_people_added_to_the_list_later_get_it_and_the_others_not_again(archive, open_office):
    post = Post()
    office = open_office(post)
    send(archive, office.address, 2)
    assert send(archive, office.address, 4).sent == 2
    assert post.got() == everyone(4)


def test_greylisting_is_waited_for(archive, open_office):
    post = Post(
        rcpt=lambda address, nth: (
            "450 4.2.0 Greylisted" if nth == 1 and address != "nguoi1@thu.test" else None
        )
    )
    clock = Clock()
    report = send(archive, open_office(post).address, 4, clock)
    assert sorted(post.got()) == everyone(4)
    assert states(archive) == ["sent"] * 4
    assert sum(clock.slept) >= 290 and report.done


def test_a_long_wait_ends_the_run_and_says_when_to_go_on(archive, open_office):
    post = Post(rcpt=lambda _address, nth: "451 4.7.1 Later" if nth < 3 else None)
    office, clock = open_office(post), Clock()
    report = send(archive, office.address, 2, clock, longest_wait=timedelta(minutes=1))
    assert not report.done and report.again is not None
    assert states(archive) == ["deferred"] * 2
    assert report.troubles == ((2, "deferred", ""), (3, "deferred", ""))
    clock.at = report.again
    assert not send(archive, office.address, 2, clock, longest_wait=timedelta(minutes=1)).done
    clock.at += timedelta(hours=1)
    assert send(archive, office.address, 2, clock).done
    assert states(archive) == ["sent"] * 2


def test_put_off_for_a_day_is_given_up(archive, open_office):
    post = Post(rcpt=lambda address, _nth: "450 4.2.0 Never" if address == "nguoi0@thu.test" else None)
    report = send(archive, open_office(post).address, 2, longest_wait=timedelta(days=1))
    assert states(archive) == ["refused", "sent"]
    assert post.asked["nguoi0@thu.test"] == 11
    assert report.troubles == ((2, "refused", "450 4.2.0 rcpt"),)


def test_421_in_the_middle_goes_on_over_a_new_connection(archive, open_office):
    post = Post(
        rcpt=lambda address, nth: (
            "421 4.3.2 Going down" if address == "nguoi2@thu.test" and nth == 1 else None
        )
    )
    assert send(archive, open_office(post).address, 5).done
    assert sorted(post.got()) == everyone(5)
    assert post.connections == 2
    assert states(archive) == ["sent"] * 5


def test_421_after_data_was_not_taken(archive, open_office):
    post = Post(
        data=lambda address, nth: (
            "421 4.3.2 Going down" if address == "nguoi1@thu.test" and nth == 1 else None
        )
    )
    assert send(archive, open_office(post).address, 3).done
    assert sorted(post.got()) == everyone(3)


def test_a_line_that_breaks_before_data_is_taken_up_again(archive, open_office):
    post = Post(rcpt=lambda address, nth: "drop" if address == "nguoi1@thu.test" and nth == 1 else None)
    assert send(archive, open_office(post).address, 3).done
    assert sorted(post.got()) == everyone(3)
    assert states(archive) == ["sent"] * 3


@pytest.mark.parametrize("kept", [True, False])
def test_a_line_that_breaks_after_data_leaves_it_unknown(archive, open_office, kept):
    word = "keep and drop" if kept else "drop"
    post = Post(data=lambda address, nth: word if address == "nguoi1@thu.test" and nth == 1 else None)
    office = open_office(post)
    report = send(archive, office.address, 3)
    assert states(archive) == ["sent", "unknown", "sent"]
    assert report.troubles == ((3, "unknown", "end"),)
    assert send(archive, office.address, 3).sent == 0
    assert post.offered["nguoi1@thu.test"] == 1
    assert send(archive, office.address, 3, retry_unknown=True).sent == 1
    assert states(archive) == ["sent"] * 3
    assert post.got().count("nguoi1@thu.test") == (2 if kept else 1)


def test_a_letter_sent_again_has_the_same_message_id(archive, open_office):
    post = Post(data=lambda _address, nth: "keep and drop" if nth == 1 else None)
    office = open_office(post)
    send(archive, office.address, 1)
    send(archive, office.address, 1, retry_unknown=True)
    first, second = (
        [line for line in told.splitlines() if line.startswith(b"Message-ID")] for _to, told in post.letters
    )
    assert first == second and len(first) == 1


def test_a_server_that_swallows_everything_is_not_fed_on(archive, open_office):
    post = Post(data=lambda _address, _nth: "drop")
    report = send(archive, open_office(post).address, 30)
    assert report.stopped
    assert states(archive) == ["unknown"] * 5 + ["planned"] * 25


def test_refused_recipients_are_final_and_the_others_get_it(archive, open_office):
    post = Post(
        rcpt=lambda address, _nth: f"550 5.1.1 <{address}>: no such user" if address[5] in "13" else None
    )
    office = open_office(post)
    report = send(archive, office.address, 5)
    assert states(archive) == ["sent", "refused", "sent", "refused", "sent"]
    assert [(row, codes) for row, _state, codes in report.troubles] == [
        (3, "550 5.1.1 rcpt"),
        (5, "550 5.1.1 rcpt"),
    ]
    assert "thu.test" not in repr(report)
    send(archive, office.address, 5)
    assert post.asked["nguoi1@thu.test"] == 1


def test_too_large_is_refused_without_a_lighter_letter(archive, open_office):
    post = Post(data=lambda _address, _nth: "552 5.3.4 Message too big")
    send(archive, open_office(post).address, 3)
    assert states(archive) == ["refused"] * 3


def test_too_large_falls_back_to_the_lighter_letter(archive, open_office):
    heavy = letter(attachments=(Attachment("ban-tin.pdf", "application/pdf", b"%PDF" * 50_000),))
    told = Post()
    report = send(archive, open_office(told, size=100_000).address, 3, letter=heavy, light=letter())
    assert report.light and states(archive) == ["sent"] * 3
    assert all(len(content) < 5_000 for _to, content in told.letters)


def test_a_server_that_says_552_only_at_the_end_gets_the_lighter_letter(archive, open_office):
    heavy = letter(attachments=(Attachment("ban-tin.pdf", "application/pdf", b"%PDF" * 50_000),))
    post = Post(data=lambda _address, nth: "552 Too big" if sum(post.offered.values()) == 1 else None)
    report = send(archive, open_office(post).address, 3, letter=heavy, light=letter())
    assert report.light and report.sent == 3 and sorted(post.got()) == everyone(3)


def test_a_full_mailbox_is_not_a_letter_too_large(archive, open_office):
    post = Post(rcpt=lambda address, _nth: "552 5.2.2 Mailbox full" if address == "nguoi0@thu.test" else None)
    report = send(archive, open_office(post).address, 2, light=letter())
    assert not report.light and states(archive) == ["refused", "sent"]


def test_a_forbidden_sender_stops_the_run_and_condemns_nobody(archive, open_office):
    post = Post(mail=lambda nth: "550 5.7.1 Daily quota exceeded" if nth > 2 else None)
    report = send(archive, open_office(post).address, 5)
    assert "550 5.7.1" in report.stopped and not report.done
    assert states(archive) == ["sent", "sent", "deferred", "planned", "planned"]


def test_a_slow_server_is_waited_for(archive, open_office):
    import time

    def slow(_address, _nth):
        time.sleep(0.3)

    post = Post(data=slow)
    assert send(archive, open_office(post).address, 2).sent == 2


def test_stripped_starttls_sends_nothing(archive, open_office):
    post = Post(strip_starttls=True)
    office = open_office(post, starttls=True)
    server = Server("localhost", office.port, "starttls", ca=str(CERTIFICATE))
    with pytest.raises(MailError, match="STARTTLS"):
        send(archive, server)
    assert post.letters == [] and states(archive) == ["planned"] * 3


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # aiosmtpd does not count smtps as TLS
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_tls_is_verified_and_the_password_goes_only_over_it(archive, open_office, security):
    post = Post()
    office = open_office(post, login=True, **{security: True})
    trusted = Server("localhost", office.port, security, "bantin", "mật khẩu", str(CERTIFICATE))
    assert send(archive, trusted).sent == 3
    assert post.encrypted and post.logins == [(b"bantin", "mật khẩu".encode())]
    with pytest.raises(MailError, match="Chứng chỉ"):
        send(archive, Server("localhost", office.port, security, "bantin", "mật khẩu"), 4)
    assert len(post.letters) == 3


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # aiosmtpd does not count smtps as TLS
def test_a_wrong_password_is_said_without_it(archive, open_office):
    office = open_office(Post(), login=True, tls=True)
    server = Server("localhost", office.port, "tls", "bantin", "bi-mat", str(CERTIFICATE))
    with pytest.raises(MailError) as failed:
        send(archive, server)
    assert "535" in str(failed.value) and "bi-mat" not in str(failed.value) + repr(server)


def test_nobody_there(archive, open_office):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nobody = Server("127.0.0.1", unused.getsockname()[1])
        with pytest.raises(MailError):
            send(archive, nobody)
    assert states(archive) == ["planned"] * 3


def test_limits_hold_over_restarts(archive, open_office):
    post, clock = Post(), Clock()
    office = open_office(post)
    limits = Limits(minute=2, hour=5)
    began = clock.at
    report = send(archive, office.address, 8, clock, limits=limits)
    assert report.sent == 5 and report.again is not None  # the hour's rest is longer than half an hour
    assert clock.at - began >= timedelta(minutes=2)
    clock.at += timedelta(minutes=1)
    assert send(archive, office.address, 8, clock, limits=limits).sent == 0
    clock.at = began + timedelta(hours=1, minutes=1)
    assert 1 <= send(archive, office.address, 8, clock, limits=limits).sent <= 3
    clock.at += timedelta(hours=1)
    send(archive, office.address, 8, clock, limits=limits)
    assert post.got() == everyone(8)


def test_the_suppressed_get_nothing_and_those_off_the_list_neither(archive, open_office):
    post = Post(rcpt=lambda address, nth: "450 4.2.0 Later" if nth == 1 else None)
    office, clock, hashed = open_office(post), Clock(), Hasher(SECRET)
    with archive.writing() as conn:
        deliveries.suppress(conn, hashed(people(1)[0].address), "unsubscribe", clock.now())
    send(archive, office.address, 4, clock, longest_wait=timedelta(0))
    assert states(archive) == ["suppressed", "deferred", "deferred", "deferred"]
    clock.at += timedelta(minutes=10)
    send(archive, office.address, clock=clock, people=people(3))
    assert states(archive) == ["suppressed", "sent", "sent", "suppressed"]
    assert sorted(post.got()) == ["nguoi1@thu.test", "nguoi2@thu.test"]
    with archive.writing() as conn:
        deliveries.unsuppress(conn, hashed(people(1)[0].address))
    send(archive, office.address, 4, clock)
    assert states(archive) == ["sent"] * 4


def test_who_leaves_while_a_run_goes_on_gets_nothing(archive, open_office):
    hashed, clock = Hasher(SECRET), Clock()

    def leave(address, _nth):
        if address == "nguoi0@thu.test":
            with archive.writing() as conn:
                deliveries.suppress(conn, hashed(people(3)[2].address), "unsubscribe", clock.now())

    post = Post(data=leave)
    send(archive, open_office(post).address, 3, clock)
    assert states(archive) == ["sent", "sent", "suppressed"]
    assert post.got() == everyone(2)


def test_the_summary_tells_planned_as_everyone(archive, open_office):
    post = Post(rcpt=lambda address, _nth: "550 5.1.1 No" if address[5] == "1" else None)
    send(archive, open_office(post).address, 4)
    with archive.reading() as conn:
        (found,) = deliveries.summaries(conn)
    assert (found.edition, found.center) == (EDITION, CENTER)
    assert dict(found.counts) == {"planned": 4, "sent": 3, "refused": 1}


def test_an_accented_local_part_needs_a_server_that_knows_it(archive, open_office):
    from digest.mail.recipients import read_text

    listed = read_text("email\nđồng.mẫu@thu.test\nnguoi@việt.test\n", "x.csv").people
    post = Post()
    assert send(archive, open_office(post).address, people=listed).sent == 2
    assert sorted(post.got()) == ["nguoi@xn--vit-5kz.test", "đồng.mẫu@thu.test"]


def test_leaving_by_the_link_in_a_letter(archive, open_office):
    post, clock = Post(), Clock()
    office = open_office(post)
    send(archive, office.address, 2, clock)
    token = re.search(rb"List-Unsubscribe: <.*/thoi-nhan/(.*)>", post.letters[1][1])[1].decode()
    assert leave(archive, SECRET, token + "x", clock.now()) is None
    for _twice in range(2):
        assert leave(archive, SECRET, token, clock.now()).center == CENTER
    with archive.reading() as conn:
        assert deliveries.suppressed(conn, [Hasher(SECRET)(one.address) for one in people(2)]) == {
            Hasher(SECRET)(people(2)[1].address): "unsubscribe"
        }


def test_a_clock_that_stands_still_does_not_hold_the_run(archive, open_office):
    """DIGEST_NOW fixes the time in rehearsals."""
    post = Post(rcpt=lambda _address, nth: "450 4.2.0 Later" if nth == 1 else None)
    sending = Sending(letter(), people(2), open_office(post).address, limits=Limits(minute=3))
    fixed = Clock().at
    slept = []
    assert run(archive, sending, SECRET, now=lambda: fixed, sleep=slept.append).sent == 2
    assert sum(slept) >= 290 and len(slept) < 6


def test_a_full_disk_stops_before_the_next_letter_and_loses_nothing(archive, open_office, monkeypatch):
    post = Post()
    office, written, plain = open_office(post), [], Pen._written

    def full(self, own, steps, offer, when):
        written.append(offer)
        if len(written) == 3:
            raise sqlite3.OperationalError("database or disk is full")
        return plain(self, own, steps, offer, when)

    monkeypatch.setattr(Pen, "_written", full)
    with pytest.raises(StorageError):
        send(archive, office.address, 5)
    assert states(archive) == ["sent", "sent", "planned", "planned", "planned"]
    assert send(archive, office.address, 5).sent == 3
    assert post.got() == everyone(5)
