"""`digest send` as a center types it: slips, several centers, limits, signatures, answers, what codes mean."""

from __future__ import annotations

import base64
import email
import email.policy
import importlib.util

import pytest
from bureau import EDITION, open_bureau
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from post_office import Post

A, B, C = "ben-thu", "dong-mau", "song-van"


@pytest.fixture
def bureau(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("DIGEST_NOW", "2026-11-20T09:00:00+07:00")
    made = open_bureau(tmp_path / "home", capsys, A, B, C)
    made.approve()
    return made


def url(office):
    return f"smtp://127.0.0.1:{office.port}"


def to(post):
    return sorted(post.got())


def test_a_slip_goes_to_those_who_got_the_edition(bureau, open_office):
    post = Post(rcpt=lambda address, _nth: "550 5.1.1 No" if address.startswith("lan") else None)
    bureau.settings(smtp_url=url(open_office(post)))
    bureau.recipients(A, "hoa", "lan", "cuc")
    bureau.digest("send", EDITION, "--center", A)
    assert to(post) == ["cuc@thu.test", "hoa@thu.test"]
    bureau.recipients(A, "hoa", "lan", "cuc", "dao")  # joined since: has never read the faulty words
    slip = bureau.slip()
    assert f"digest send {slip} --center {A}" in bureau.said
    assert f"digest send {slip} --center {A}" in bureau.digest("status")
    for name in ("hoa", "cuc"):
        bureau.digest("admin", "suppress", f"{name}@thu.test")
    assert f"digest send {slip}" not in bureau.digest("status")  # who left is owed nothing
    for name in ("hoa", "cuc"):
        bureau.digest("admin", "suppress", f"{name}@thu.test", "--undo")
    assert bureau.json("send", slip, "--center", A, "--dry-run")["dispatches"][0]["to_send"] == 2
    post.letters.clear()
    bureau.digest("send", slip, "--center", A)
    assert to(post) == ["cuc@thu.test", "hoa@thu.test"]
    for _to, raw in post.letters:
        said = email.message_from_bytes(raw, policy=email.policy.default)
        assert "đính chính" in said["subject"].lower()
        assert "Số trước in sai ngày họp, đúng là 16/11." in said.get_body(("plain",)).get_content()
        assert "Số trước in sai ngày họp, đúng là 16/11." in said.get_body(("html",)).get_content()
    assert f"digest send {slip}" not in bureau.digest("status")
    # Whoever gets the edition now has to get the slip too: the command says so, and sends to them alone.
    bureau.digest("send", EDITION, "--center", A)
    assert f"digest send {slip} --center {A}" in bureau.digest("send", EDITION, "--center", A)
    post.letters.clear()
    bureau.digest("send", slip, "--center", A)
    assert to(post) == ["dao@thu.test"]


def test_a_slip_of_what_nobody_got_is_refused_unless_everyone_is_meant(bureau, open_office):
    post = Post()
    bureau.settings(smtp_url=url(open_office(post)))
    bureau.recipients(A, "hoa", "lan")
    slip = bureau.slip()
    bureau.digest("send", slip, "--center", A, code=2)
    assert "--everyone" in bureau.err and post.letters == []
    bureau.digest("send", slip, "--center", A, "--everyone")
    assert to(post) == ["hoa@thu.test", "lan@thu.test"]


def test_one_center_without_a_server_stops_no_other(bureau, open_office):
    post = Post()
    bureau.settings(smtp_url=url(open_office(post)), smtp_url_dong_mau="smtp://127.0.0.1:1")
    for center in (A, B, C):
        bureau.recipients(center, f"hoa-{center}", f"lan-{center}")
    found = bureau.json("send", EDITION, "--center", B, "--center", A, "--center", C, code=3)["dispatches"]
    assert [one["center"] for one in found] == [B, A, C]
    assert "error" in found[0] and [one["sent_now"] for one in found[1:]] == [2, 2]
    assert to(post) == sorted(f"{who}-{where}@thu.test" for who in ("hoa", "lan") for where in (A, C))
    assert "dong-mau: " in bureau.err


def test_a_center_without_a_list_or_of_no_name_stops_no_other(bureau, open_office):
    post = Post()
    bureau.settings(smtp_url=url(open_office(post)))
    (bureau.home / "recipients" / f"{A}.csv").unlink()
    bureau.recipients(B, "hoa")
    bureau.digest("send", EDITION, "--center", A, "--center", "khong-co", "--center", B, code=3)
    assert to(post) == ["hoa@thu.test"]
    bureau.digest("send", EDITION, "--center", A, "--center", "khong-co", code=1)
    bureau.digest("send", EDITION, "--center", "khong-co", code=2)


@pytest.mark.timeout(60)
def test_a_center_whose_server_is_slow_holds_up_nobody(bureau, open_office):
    """The slow server answers only after the quick one has had all its letters."""
    import threading

    done = threading.Event()
    quick = Post(data=lambda address, _nth: done.set() if address.startswith("lan") else None)
    slow = Post(data=lambda _address, _nth: None if done.wait(30) else "451 4.3.0 never")
    bureau.settings(smtp_url=url(open_office(quick)), smtp_url_ben_thu=url(open_office(slow)))
    bureau.recipients(A, "cham")
    bureau.recipients(B, "hoa", "lan")
    bureau.digest("send", EDITION, "--center", A, "--center", B)
    assert to(slow) == ["cham@thu.test"] and to(quick) == ["hoa@thu.test", "lan@thu.test"]


def test_centers_with_a_mailbox_in_common_share_its_limits_over_restarts(bureau, open_office, monkeypatch):
    post = Post()
    bureau.settings(smtp_url=url(open_office(post)), mail_per_day="3", mail_per_day_song_van="100")
    bureau.recipients(A, "hoa", "lan")
    bureau.recipients(B, "cuc", "dao")
    found = bureau.json("send", EDITION, "--center", A, "--center", B, code=3)["dispatches"]
    assert [one["sent_now"] for one in found] == [2, 1]
    assert found[1]["again"].startswith("2026-11-21T09:00")
    assert bureau.json("send", EDITION, "--center", B, code=3)["dispatches"][0]["sent_now"] == 0
    monkeypatch.setenv("DIGEST_NOW", "2026-11-21T09:00:01+07:00")
    assert bureau.json("send", EDITION, "--center", B)["dispatches"][0]["sent_now"] == 1
    assert to(post) == ["cuc@thu.test", "dao@thu.test", "hoa@thu.test", "lan@thu.test"]


def test_what_a_refusal_means_is_said_in_words(bureau, open_office):
    post = Post(rcpt=lambda address, _nth: "550 5.1.1 No" if address.startswith("lan") else None)
    bureau.settings(smtp_url=url(open_office(post)))
    bureau.recipients(A, "hoa", "lan")
    assert "dòng 3: máy chủ từ chối: không có hộp thư này (550 5.1.1 rcpt)" in bureau.digest(
        "send", EDITION, "--center", A
    )


def test_answers_go_where_the_center_says(bureau, open_office):
    post = Post()
    bureau.settings(smtp_url=url(open_office(post)))
    bureau.recipients(A, "hoa")
    bureau.digest("send", EDITION, "--center", A)
    said = email.message_from_bytes(post.letters[0][1], policy=email.policy.default)
    assert str(said["reply-to"]) == "Văn phòng <vp@dongmau.test>"
    assert said["from"].addresses[0].addr_spec == "bantin@dongmau.test"


def test_interrupted_all_centers_stop_and_the_next_run_goes_on(bureau, open_office, monkeypatch):
    from digest.mail.dispatch import _Run

    posts = Post(), Post()
    bureau.settings(smtp_url=url(open_office(posts[0])), smtp_url_ben_thu=url(open_office(posts[1])))
    names = [f"nguoi{n}" for n in range(30)]
    bureau.recipients(A, *names)
    bureau.recipients(B, *names)
    plain = _Run._settle

    def interrupted(self, item, reply):
        plain(self, item, reply)
        if self.sending.letter.center == B and self.sent == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(_Run, "_settle", interrupted)
    bureau.digest("send", EDITION, "--center", B, "--center", A, code=130)
    monkeypatch.setattr(_Run, "_settle", plain)
    bureau.digest("send", EDITION, "--center", B, "--center", A)
    for post in posts:
        assert to(post) == sorted(f"{name}@thu.test" for name in names)


@pytest.mark.skipif(importlib.util.find_spec("dkim") is None, reason="needs dkimpy")
def test_letters_are_signed_as_the_settings_say(bureau, open_office):
    import dkim

    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    (bureau.home / "dkim.pem").write_bytes(
        made.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    public = made.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    records = {b"tin._domainkey.dongmau.test.": b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)}
    post = Post()
    bureau.settings(smtp_url=url(open_office(post)), dkim_key="dkim.pem", dkim_selector_ben_thu="tin")
    bureau.recipients(A, "hoa", "lan")
    bureau.recipients(B, "cuc")
    bureau.digest("send", EDITION, "--center", A)
    bureau.digest("send", EDITION, "--center", A, "--test", "toi@thu.test")
    assert len(post.letters) == 3
    for _to, raw in post.letters:
        assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: records.get(name, b""))
        broken = raw.replace(b"\r\nSubject: ", b"\r\nSubject: x")
        assert not dkim.verify(broken, dnsfunc=lambda name, timeout=5: records.get(name, b""))
    bureau.digest("send", EDITION, "--center", B, code=2)  # a key without its name in DNS
    assert "dkim_selector" in bureau.err and len(post.letters) == 3
    bureau.settings(smtp_url=url(open_office(post)), dkim_key="khong-co.pem", dkim_selector="tin")
    bureau.digest("send", EDITION, "--center", B, code=2)
    assert len(post.letters) == 3


def test_a_center_is_told_that_its_letters_are_too_large_for_the_server(bureau, open_office, monkeypatch):
    monkeypatch.setattr("digest.mail.check.dns_lookup", lambda _name, _kind: [])  # no network in tests
    bureau.recipients(A, "hoa")
    levels = {}
    for size in (1_000, 10_000_000):
        bureau.settings(smtp_url=url(open_office(Post(), size=size)))
        found = bureau.json("check", "--mail", A)
        levels[size] = {one["about"]: one["level"] for one in found}
        assert all(one["fix"] for one in found if one["level"] != "ok")
    assert (levels[1_000]["size"], levels[10_000_000]["size"]) == ("warning", "ok")
    assert levels[1_000]["spf"] == "warning"
    bureau.settings(smtp_url="smtp://127.0.0.1:1")
    assert bureau.json("check", "--mail", A, code=1)[0]["about"] == "server"
