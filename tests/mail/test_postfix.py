"""Postfix takes our letters, keeps every character, and its own reports of failure are understood."""

from __future__ import annotations

import contextlib
import email
import email.policy
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
from post_office import Clock, letter, make_archive, send, states

from digest.mail.bounces import Taken, take
from digest.mail.message import Attachment
from digest.mail.recipients import read_text
from digest.mail.server import Server

POSTFIX = shutil.which("postfix", path="/usr/sbin:/sbin:/usr/local/sbin")
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
pytestmark = pytest.mark.skipif(not (POSTFIX and ROOT), reason="needs Postfix (apt install postfix) and root")

MAIN = """
compatibility_level = 3.6
queue_directory = {queue}
data_directory = {data}
mail_owner = postfix
setgid_group = postdrop
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = mx.thu.test
mydestination =
alias_maps =
maillog_file = {log}
virtual_mailbox_domains = thu.test, dongmau.test
virtual_mailbox_base = {boxes}
virtual_mailbox_maps = inline:{{ {{ nguoi0@thu.test = nguoi0/ }}, {{ nguoi1@thu.test = nguoi1/ }}, {{ khongco@thu.test = khongco/ }}, {{ bantin@dongmau.test = bantin/ }} }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
transport_maps = inline:{{ {{ khongco@thu.test = nobody: }} }}
smtpd_recipient_restrictions = check_recipient_access inline:{{ {{ tuchoi@thu.test = 550 5.1.1 unknown }} }}, permit_mynetworks, reject
message_size_limit = 1000000
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
nobody unix - n n - - pipe flags=R user=nobody argv=/bin/sh -c {{exit 67}}
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""


@pytest.fixture
def postfix(tmp_path):
    import grp
    import pwd

    home = tmp_path / "postfix"
    owner = pwd.getpwnam("postfix")
    for part in ("queue", "data", "boxes", "conf"):
        (home / part).mkdir(parents=True)
    for part in ("data", "boxes"):
        os.chown(home / part, owner.pw_uid, owner.pw_gid)
    for folder in [home, *home.parents]:
        if folder.stat().st_uid == 0 and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o711)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    main = MAIN.format(
        queue=home / "queue", data=home / "data", boxes=home / "boxes", log="/dev/stdout",
        uid=owner.pw_uid, gid=grp.getgrnam("postfix").gr_gid,
    )  # fmt: skip
    (home / "conf" / "main.cf").write_text(main, encoding="ascii")
    (home / "conf" / "master.cf").write_text(MASTER.format(port=port), encoding="ascii")
    server = subprocess.Popen(
        [POSTFIX, "-c", str(home / "conf"), "start-fg"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_for(lambda: answers(port), server)
        yield Server("127.0.0.1", port), home / "boxes"
    finally:
        subprocess.run([POSTFIX, "-c", str(home / "conf"), "stop"], capture_output=True, check=False)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(20)
        server.kill()
        print(server.communicate()[0])


def answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as there:
            return there.recv(100).startswith(b"220")
    except OSError:
        return False


def wait_for(true, server=None):
    deadline = time.monotonic() + 30
    while not true():
        if server is not None and server.poll() is not None:
            pytest.fail(server.stdout.read())
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_dispatch_through_postfix(postfix, tmp_path):
    server, boxes = postfix
    archive, clock = make_archive(tmp_path), Clock()
    rows = "nguoi0@thu.test,Nguyễn Thị Ánh\ntuchoi@thu.test,Hai\nkhongco@thu.test,Ba\nnguoi1@thu.test,\n"
    listed = read_text("email,name\n" + rows, "a.csv").people
    file = bytes(range(256)) * 100
    words = "Ắ Ằ Ẳ Ẵ Ặ ậ ễ ợ ữ ỹ đ — “chữ” …\n.\n..đầu dòng\nFrom đầu dòng\n"
    made = letter(
        text=words + "\n" + letter().text, attachments=(Attachment("bản tin.pdf", "application/pdf", file),)
    )
    report = send(archive, server, people=listed, letter=made, clock=clock)
    assert states(archive) == ["sent", "refused", "sent", "sent"] and report.done
    assert send(archive, server, people=listed, letter=made, clock=clock).sent == 0
    wait_for(
        lambda: all(len(list(boxes.glob(f"{who}/new/*"))) == 1 for who in ("nguoi0", "nguoi1", "bantin"))
    )
    (path,) = boxes.glob("nguoi0/new/*")
    read = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert read["to"].addresses[0].display_name == "Nguyễn Thị Ánh" and read["subject"] == made.subject
    assert read.get_body(("plain",)).get_content().replace("\r\n", "\n").startswith(words)
    assert "https://bantin.example.vn/thoi-nhan/" in read["list-unsubscribe"]
    assert next(read.iter_attachments()).get_content() == file
    (report_path,) = boxes.glob("bantin/new/*")
    assert take(archive, [report_path.read_bytes()], clock.now()) == Taken(hard=1)
    archive.close()


def test_postfix_says_how_much_it_takes(postfix, tmp_path):
    server, _boxes = postfix
    archive = make_archive(tmp_path)
    heavy = letter(attachments=(Attachment("ban-tin.pdf", "application/pdf", b"x" * 900_000),))
    report = send(archive, server, 2, letter=heavy, light=letter())
    assert report.light and states(archive) == ["sent", "sent"]
    archive.close()
