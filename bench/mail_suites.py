"""Addresses, hostile recipients and header rules that others wrote, put through the program as a center would.

    python bench/mail_suites.py SUITES/mail

Addresses go through a CSV as it is read for sending. Hostile values are sent to a server on loopback, and
what arrived is looked at. Header rules are checked on a letter as it arrived. Prints each miss, then counts.
"""

from __future__ import annotations

import base64
import csv
import email
import email.policy
import io
import json
import re
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(HERE), str(HERE / "tests" / "mail")]

from post_office import Post, letter, make_archive, offices, send  # noqa: E402

from digest.bulletin.render.email import render_email  # noqa: E402
from digest.errors import UsageError  # noqa: E402
from digest.mail import check  # noqa: E402
from digest.mail.address import BadAddress, parse  # noqa: E402
from digest.mail.message import Attachment, Template  # noqa: E402
from digest.mail.recipients import read_text  # noqa: E402
from tests.bulletin.render.sample import edition  # noqa: E402


def listed(value: str) -> tuple[Any, ...]:
    """The recipients that a CSV with this one cell has."""
    out = io.StringIO()
    csv.writer(out).writerows([["email", "name"], [value, ""]])
    return read_text(out.getvalue(), "list.csv").people


def parses(value: str) -> bool:
    """Whether it is an address as it stands."""
    try:
        return bool(parse(value))
    except BadAddress:
        return False


def addresses(folder: Path) -> Counter[str]:
    """isemail's own verdicts, and those of email-validator's tests."""
    counts: Counter[str] = Counter()
    for row in json.loads((folder / "isemail.json").read_text(encoding="utf-8")):
        taken = parses(row["address"])  # in a list, blanks pasted around an address are forgiven
        wanted = {"refuse": not taken, "accept": taken}.get(row["digest_must"], True)
        counts[f"isemail {row['class']}: {'as stated' if wanted else 'MISSED'}"] += 1
        if not wanted:
            print("  missed:", row["id"], repr(row["address"]), row["digest_must"])
    for row in json.loads((folder / "email_validator.json").read_text(encoding="utf-8")):
        people = listed(row["input"])
        said = row["peer_says"] if isinstance(row.get("peer_says"), dict) else {}
        wanted_domain = said.get("ascii_domain")
        same = not people or not wanted_domain or people[0].address.domain == wanted_domain.lower()
        counts[
            f"email-validator {row['test']}: {'taken' if people else 'refused'}{'' if same else ' OTHER DOMAIN'}"
        ] += 1
    return counts


def hostile(folder: Path) -> Counter[str]:
    """Each value in its place in a letter that is really sent; what arrived must be one whole letter."""
    counts: Counter[str] = Counter()
    for row in json.loads((folder / "hostile.json").read_text(encoding="utf-8")):
        said = tried(row["where"], row["value"])
        counts["hostile: looked at"] += 1
        print(f"  {row['where']}: {row['value'][:40]!r}: {said} (wanted: {row['expect']})")
    return counts


def tried(where: str, value: str) -> str:
    """What became of one value."""
    changes: dict[str, Any] = {}
    people: tuple[Any, ...] = listed("an@thu.test")
    if where == "recipient":
        people = listed(value)
        if not people:
            return "refused"
    elif where == "from":
        try:
            Template(letter(sender=value), b"x" * 32)
        except UsageError:
            return "refused"
        found = check.examine(value, None, now=datetime.now(UTC), lookup=lambda _name, _kind: [])
        return "; ".join(one.what for one in found if one.about == "sender") or "taken"
    elif where == "body":
        changes = {"text": value + letter().text, "html": value + letter().html}
    elif where == "attachment name":
        changes = {"attachments": (Attachment(value, "application/pdf", b"%PDF"),)}
    post = Post()
    with tempfile.TemporaryDirectory() as home, offices() as open_office:
        archive = make_archive(Path(home))
        send(archive, open_office(post).address, letter=letter(**changes), people=people)
        archive.close()
    arrived = [(to, email.message_from_bytes(raw, policy=email.policy.default)) for to, raw in post.letters]
    for _to, one in arrived:
        assert all(not part.defects for part in one.walk())
        assert one.keys().count("To") == 1 and "X-Injected" not in one
        if where == "body":
            kept = one.get_body(("plain",)).get_content().replace("\r\n", "\n")
            assert kept.startswith(value.replace("\r\n", "\n"))
        if where == "attachment name":
            assert next(one.iter_attachments()).get_filename() == value
    return f"{len(arrived)} letter(s) to {', '.join(to for to, _one in arrived)}, To: {arrived[0][1]['to'] if arrived else ''}"


def headers() -> Counter[str]:
    """The rules of header_checks.json that a program can look at, on a letter of an edition as it arrived."""
    html, text = render_email(
        edition(), "Trung tâm Đồng Mẫu", (), "https://thoi-nhan.invalid/", "", "https://x.vn"
    )
    post = Post()
    with tempfile.TemporaryDirectory() as home, offices() as open_office:
        archive = make_archive(Path(home))
        made = letter(html=html, text=text, subject="Những điều mới về công tác dân vận " * 3)
        send(archive, open_office(post).address, 1, letter=made)
        archive.close()
    raw = post.letters[0][1]
    head = raw.partition(b"\r\n\r\n")[0]
    found = email.message_from_bytes(raw, policy=email.policy.default)
    body = found.get_body(("html",)).get_content()
    titles = [item.title for item in edition().items]
    checks = {
        "hdr-02": bool(re.fullmatch(r"<[^@<> ]+@(?!localhost)[a-z0-9.-]+\.[a-z]+>", found["message-id"])),
        "hdr-03": parsedate_to_datetime(found["date"]).tzinfo is not None,
        "hdr-05": all(len(line) <= 78 for line in head.split(b"\r\n") if b"://" not in line)
        and max(map(len, raw.split(b"\r\n"))) <= 998,
        "hdr-07": all(
            len(word) <= 75 and base64.b64decode(word[10:-2]).decode("utf-8")
            for word in re.findall(rb"=\?utf-8\?B\?[^?]*\?=", head)
        ),
        "hdr-09": [part.get_content_type() for part in found.walk()][1:3] == ["text/plain", "text/html"]
        and all(title in found.get_body(("plain",)).get_content() for title in titles),
        "hdr-12": all(not part.defects for part in found.walk()),
        "hdr-16": found["list-unsubscribe"].startswith("<https://")
        and found["list-unsubscribe-post"] == "List-Unsubscribe=One-Click",
        "hdr-25": found["auto-submitted"] == "auto-generated" and "list-id" in found,
        "hdr-26": not re.search(r"display:\s*none|font-size:\s*0|visibility:\s*hidden", body),
    }
    for name, right in checks.items():
        if not right:
            print("  missed:", name)
    return Counter(f"headers: {'right' if right else 'MISSED'}" for right in checks.values())


def main() -> None:
    """Everything in one run."""
    folder = Path(sys.argv[1])
    for name, counts in (
        ("addresses", addresses(folder)),
        ("hostile", hostile(folder)),
        ("headers", headers()),
    ):
        print(f"{name}:")
        for what, number in sorted(counts.items()):
            print(f"  {number:4} {what}")


if __name__ == "__main__":
    main()
