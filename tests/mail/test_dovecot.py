"""Dovecot, a mail server that centers' providers really run: reports in its mailbox are found and marked."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from email import message_from_bytes
from pathlib import Path
from urllib.parse import quote

import pytest
from bureau import EDITION, open_bureau
from post_office import CERTIFICATE, Post
from test_bounces import report

DOVECOT = shutil.which("dovecot", path="/usr/sbin:/sbin:/usr/local/sbin")
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
pytestmark = pytest.mark.skipif(
    not (DOVECOT and ROOT), reason="needs Dovecot (apt install dovecot-imapd) and root"
)
PASSWORD = "mật khẩu@/"
CONF = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{certificate}
ssl_key = <{certificate}
auth_mechanisms = plain login
mail_location = maildir:{home}/box
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {home}/users
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={home}/box
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service imap-login {{
  chroot =
}}
service anvil {{
  chroot =
}}
"""


@pytest.fixture
def dovecot():
    # Its sockets lie in here, and a socket's path has at most 107 letters: pytest's own folders are too deep.
    with tempfile.TemporaryDirectory(prefix="dovecot-", ignore_cleanup_errors=True) as short:
        yield from serving(Path(short))


def serving(home):
    for part in ("run", "state", "box/new", "box/cur", "box/tmp"):
        (home / part).mkdir(parents=True)
    for folder in [home, *home.parents][:-1]:  # its processes give up root, and must still come through
        if folder.stat().st_uid == 0 and len(folder.parts) > 1:
            folder.chmod(folder.stat().st_mode | 0o711)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    certificate = shutil.copy(CERTIFICATE, home / "localhost.pem")
    (home / "users").write_text(f"bantin:{{PLAIN}}{PASSWORD}\n", encoding="utf-8")
    (home / "dovecot.conf").write_text(
        CONF.format(home=home, port=port, certificate=certificate), encoding="utf-8"
    )
    server = subprocess.Popen(
        [DOVECOT, "-F", "-c", str(home / "dovecot.conf")], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        wait_for(port, server)
        word = quote(PASSWORD, safe="")
        yield f"imaps://bantin:{word}@localhost:{port}?ca={quote(str(CERTIFICATE))}", home / "box"
    finally:
        server.terminate()
        server.communicate(timeout=20)
        print((home / "log").read_text(encoding="utf-8") if (home / "log").exists() else "")


def wait_for(port, server):
    deadline = time.monotonic() + 30
    while True:
        if server.poll() is not None:
            pytest.fail(server.stdout.read().decode())
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def put(box, name, mail):
    """Delivers a mail as a server does."""
    path = box / "new" / name
    path.write_bytes(mail.replace(b"\r\n", b"\n"))
    shutil.chown(path, "nobody", "nogroup")


def test_reports_in_a_real_mailbox(dovecot, tmp_path, capsys, monkeypatch, open_office):
    url, box = dovecot
    for folder in (box, *box.iterdir()):
        shutil.chown(folder, "nobody", "nogroup")
    monkeypatch.setenv("DIGEST_NOW", "2026-11-20T09:00:00+07:00")
    bureau = open_bureau(tmp_path / "home", capsys, "ben-thu")
    bureau.approve()
    post = Post()
    bureau.settings(smtp_url=f"smtp://127.0.0.1:{open_office(post).port}", imap_url=url)
    bureau.recipients("ben-thu", "hoa", "lan", "cuc")
    bureau.digest("send", EDITION, "--center", "ben-thu")
    ids = {to.partition("@")[0]: message_from_bytes(raw)["message-id"] for to, raw in post.letters}
    put(box, "1.a", report(ids["hoa"]))
    put(box, "2.a", b"From: lan@thu.test\r\nSubject: =?utf-8?q?C=E1=BA=A3m?=\r\n\r\nx\r\n")
    put(box, "3.a", report(ids["lan"], status="5.2.2", diagnostic="smtp; 552 5.2.2 full"))
    put(
        box,
        "4.a",
        b"From: a@b.test\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nanh\r\n--x--\r\n",
    )
    assert bureau.json("admin", "bounces") == [
        {"center": "ben-thu", "hard": 1, "soft": 1, "known": 0, "others": 2}
    ]
    seen = sorted(
        path.name.partition(".")[0]
        for path in (box / "cur").iterdir()
        if "S" in path.name.partition(":2,")[2]
    )
    assert seen == ["1", "3"]
    assert bureau.json("admin", "bounces")[0]["hard"] == 0
