"""Recipients' addresses stay in the center's own file: no log, report, database, backup or edition holds them."""

from __future__ import annotations

import asyncio
import base64
import json
import zlib
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from runs import run

from digest.jobs.setup import make_workspace
from digest.mail.address import Hasher, parse
from digest.storage import deliveries
from digest.storage.engine import Archive
from digest.web.app import create_app
from digest.workspace import Workspace

SOURCES = """
format: 1
site: {name: Bản tin thử, url: https://bantin.example.vn}
sources: []
topics:
  - {id: dan-van, name: Dân vận, query: '"dân vận"', min_score: 0}
bulletins:
  - {id: ban-tin, name: Bản tin thử, cadence: weekly, sections: {dan-van: 4}, formats: [html, txt]}
centers:
  - {id: dong-mau, name: Trung tâm Đồng Mẫu, sender: 'Đồng Mẫu <bantin@dongmau.test>', recipients: recipients/dong-mau.csv}
"""
NAMES = ("hoa.sen", "tuchoi.lan", "hoan.cuc", "matduong.dao", "thoinhan.mai", "quanday.hue")
LIST = "email;name\n" + "".join(f"{name}@hopthu-bi-mat.test;Người Tên {name.title()}\n" for name in NAMES)
# What would give somebody away, in any letter case and encoding.
SECRETS = ("hopthu-bi-mat", "sai.dia.chi", *NAMES)


class Echoing:
    """Refuses, puts off and drops, and says the address each time as real servers do."""

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("tuchoi"):
            return f"550 5.1.1 <{address}>: Recipient address rejected: {address} unknown"
        if address.startswith("hoan"):
            return f"450 4.2.0 <{address}>: Greylisted"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0].startswith("matduong"):
            server.transport.abort()
            await asyncio.sleep(0)
        return f"250 OK {envelope.rcpt_tos[0]}"


class Port0(Controller):
    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def server():
    controller = Port0(Echoing(), hostname="127.0.0.1", port=0)
    controller.start()
    yield f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


def articles() -> str:
    rows = (
        {
            "url": f"https://bao.example.vn/{n}",
            "title": f"Công tác dân vận ở xã Bến Thử, kỳ {n}",
            "paragraphs": [
                f"Tổ dân vận số {n} đến từng nhà nghe bà con nói về đường, điện và trường học trong xã. " * 3
            ],
            "published": f"2026-11-1{6 + n}T08:00:00+07:00",
            "outlet": "Báo Thử",
        }
        for n in range(3)
    )
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_addresses_are_found_in_the_list_alone(tmp_path, server):
    home = tmp_path / "home"
    make_workspace(Workspace(home), SOURCES)
    (home / "recipients" / "dong-mau.csv").write_text(
        LIST + f"{NAMES[0]}@hopthu-bi-mat.test;\nsai.dia.chi@;x\n", encoding="utf-8-sig"
    )
    (tmp_path / "bai.jsonl").write_text(articles(), encoding="utf-8")
    told = []

    (home / "settings.toml").write_text(
        f'smtp_url = "{server}"\nlog = "digest.log"\nlog_format = "json"\neditor = "bientap@dongmau.test"\n',
        encoding="utf-8",
    )

    def digest(*words: str, codes: tuple[int, ...] = (0,), **more: str) -> None:
        done = run(home, *words, DIGEST_NOW="2026-11-20T09:00:00+07:00", **more)
        assert done.returncode in codes, (words, done.returncode, done.stderr)
        told.append(done.stdout + done.stderr)

    digest("admin", "import", str(tmp_path / "bai.jsonl"))
    digest("draft", "ban-tin", "--period", "2026-W47")
    digest("build", "ban-tin/2026-W47")
    digest("approve", "ban-tin/2026-W47")
    digest("send", "ban-tin/2026-W47", "--center", "dong-mau", "--dry-run")
    # Time stands still in this run, so what is put off would be waited for: a limit ends it instead.
    digest("send", "ban-tin/2026-W47", "--center", "dong-mau", codes=(3,), DIGEST_MAIL_PER_HOUR="5")
    digest("send", "ban-tin/2026-W47", "--center", "dong-mau", "--json", codes=(3,), DIGEST_MAIL_PER_HOUR="5")
    suppressed = f"{NAMES[4]}@hopthu-bi-mat.test"
    digest("admin", "suppress", suppressed)
    digest("status")
    digest("status", "--json")
    (tmp_path / "thu-loi").mkdir()
    (tmp_path / "thu-loi" / "1.eml").write_text(
        bounce(home, f"{NAMES[0]}@hopthu-bi-mat.test"), encoding="utf-8"
    )
    digest("admin", "bounces", str(tmp_path / "thu-loi"))
    assert "1 địa chỉ không còn" in told[-1]
    # Tried again and again by the scheduler, with the center's list in a state that fails.
    (home / "recipients" / "dong-mau.csv").rename(home / "recipients" / "khac.csv")
    digest("send", "ban-tin/2026-W47", "--center", "dong-mau", codes=(2,))
    (home / "recipients" / "khac.csv").rename(home / "recipients" / "dong-mau.csv")
    digest("weekly", "--notify", codes=(0, 3))
    digest("admin", "verify", codes=(0, 1, 3))
    digest("admin", "backup", str(home / "ban-sao.zip"))
    (tmp_path / "mat-khau").write_text("đủ dài để không ai đoán ra", encoding="utf-8")
    digest(
        "admin", "backup", str(home / "ban-sao-2.zip"), "--with-recipients", "--passphrase-file",
        str(tmp_path / "mat-khau"),
    )  # fmt: skip
    metrics(home, told)
    assert '"command": "admin suppress"' in (home / "digest.log").read_text(encoding="utf-8")
    assert any("550 5.1.1" in text for text in told)  # the trouble was told, without whose it was
    assert '"dispatches"' in "".join(told)
    leaks = [text for text in told if found_in(text.encode())]
    assert leaks == []
    holding = [
        path.relative_to(home).as_posix()
        for path in sorted(home.rglob("*"))
        if path.is_file() and leaky(path)
    ]
    assert holding == ["recipients/dong-mau.csv"]


def bounce(home: Path, address: str) -> str:
    """A report on the letter to an address, as its server writes it."""
    archive = Archive.open(Workspace(home).database_url())
    key = Hasher(Workspace(home).secret_key())(parse(address))
    with archive.reading() as conn:
        begun = deliveries.dispatch(conn, "ban-tin/2026-W47", "dong-mau")
        (letter,) = [row for row in deliveries.all_of(conn, begun.id) if row.recipient == key]
    archive.close()
    return (
        'From: MAILER-DAEMON@mx.test\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.test\n\n"
        f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nTo: {address}\nMessage-ID: {letter.message_id}\n\n--b--\n"
    )


def metrics(home: Path, told: list[str]) -> None:
    """What the web view tells machines."""
    app = create_app(Workspace(home))
    told.append(app.test_client().get("/metrics").get_data(as_text=True))
    app.extensions["digest"].close()
    assert "digest_deliveries" in told[-1]


def leaky(path: Path) -> bool:
    data = path.read_bytes()
    if data[:2] == b"PK":
        import zipfile

        with zipfile.ZipFile(path) as archive:
            return any(found_in(archive.read(name)) or found_in(name.encode()) for name in archive.namelist())
    return found_in(data) or found_in(unpacked(data)) or found_in(path.name.encode())


def unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompress(data, wbits=47)
    except zlib.error:
        return b""


def found_in(data: bytes) -> bool:
    low = data.lower()
    return any(
        needle in low
        for secret in SECRETS
        for needle in (
            secret.encode(),
            secret.encode("utf-16-le"),
            secret.encode("utf-16-be"),
            base64.b64encode(secret.encode())[:-2].lower(),
        )
    )


def test_the_search_itself_finds_what_it_should():
    assert found_in(b"x HOA.SEN@") and found_in("hoa.sen".encode("utf-16-le")) and not found_in(b"hoa sen")
