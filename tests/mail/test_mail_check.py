"""What a center sees before it sends anything."""

from __future__ import annotations

import socketserver
import threading

import dns.flags
import dns.message
import dns.resolver
import dns.rrset
import pytest
from post_office import CERTIFICATE, Clock, Post

from digest.mail import check
from digest.mail.server import Server

SENDER = "Trung tâm <bantin@dongmau.vn>"
GOOD = {
    ("dongmau.vn", "TXT"): ["v=spf1 include:_spf.example.vn -all", "other=1"],
    ("selector1._domainkey.dongmau.vn", "TXT"): ["v=DKIM1; k=rsa; p=MIIBIjANBg"],
    ("_dmarc.dongmau.vn", "TXT"): ["v=DMARC1; p=quarantine"],
    ("dongmau.vn", "MX"): ["10 mx.example.vn."],
}


def levels(records, domain="dongmau.vn"):
    found = check.records(domain, lambda name, kind: records.get((name, kind), []))
    return {finding.about: finding.level for finding in found}


def test_good_records():
    assert levels(GOOD) == {"spf": "ok", "dkim": "ok", "dmarc": "ok", "mx": "ok"}


def test_nothing_in_dns_says_what_to_ask():
    assert levels({}) == {"spf": "warning", "dkim": "unknown", "dmarc": "warning", "mx": "warning"}
    assert all(finding.fix for finding in check.records("dongmau.vn", lambda _name, _kind: []))


@pytest.mark.parametrize(
    ("change", "about", "level"),
    [
        ({("dongmau.vn", "TXT"): ["v=spf1 -all", "v=spf1 ~all"]}, "spf", "error"),
        ({("dongmau.vn", "TXT"): ["v=spf1 +all"]}, "spf", "warning"),
        ({("dongmau.vn", "TXT"): ["v=spf10 -all"]}, "spf", "warning"),
        ({("selector1._domainkey.dongmau.vn", "TXT"): ["v=DKIM1; p="]}, "dkim", "unknown"),
        ({("_dmarc.dongmau.vn", "TXT"): ["v=DMARC1"]}, "dmarc", "warning"),
    ],
)
def test_records_that_do_not_do(change, about, level):
    assert levels(GOOD | change)[about] == level


def test_our_own_key_must_be_in_dns():
    def lookup(name, kind):
        return GOOD.get((name, kind), [])

    for selector, level in (("selector1", "ok"), ("tin", "error")):
        found = check.records("dongmau.vn", lookup, selector)
        assert {one.about: one.level for one in found}["dkim"] == level


def test_dmarc_of_the_organisation_counts_for_what_is_below():
    assert (
        levels({("_dmarc.haiphong.gov.vn", "TXT"): ["v=DMARC1; p=none"]}, "dongmau.haiphong.gov.vn")["dmarc"]
        == "ok"
    )


def test_a_server_with_tls_and_log_in(open_office):
    post = Post()
    office = open_office(post, starttls=True, login=True, size=5_000_000)
    server = Server("localhost", office.port, "starttls", "bantin", "mật khẩu", str(CERTIFICATE))
    found = check.examine(
        SENDER,
        server,
        now=Clock().now(),
        size=6_000_000,
        lookup=lambda name, kind: GOOD.get((name, kind), []),
    )
    assert {one.about: one.level for one in found} == {
        "tls": "ok", "login": "ok", "size": "warning", "spf": "ok", "dkim": "ok", "dmarc": "ok", "mx": "ok",
    }  # fmt: skip
    assert "TLS" in found[0].what and post.letters == []


@pytest.mark.parametrize("trouble", ["stripped", "password", "nobody", "none"])
def test_a_server_that_does_not_do(open_office, trouble):
    office = open_office(Post(strip_starttls=trouble == "stripped"), starttls=True, login=True)
    server = Server("localhost", office.port, "starttls", "bantin", "sai", str(CERTIFICATE))
    if trouble == "nobody":
        server = Server("127.0.0.1", 1)
    found = check.examine(
        SENDER, None if trouble == "none" else server, now=Clock().now(), lookup=lambda _name, _kind: []
    )
    assert (found[0].about, found[0].level) == ("server", "error")
    assert found[0].fix and "sai" not in found[0].what.split()


def test_a_sender_at_a_great_provider_through_another_server():
    found = check.examine("x <digest@gmail.com>", None, now=Clock().now(), lookup=lambda _name, _kind: [])
    assert (found[0].about, found[0].level) == ("sender", "warning")
    assert check._sender("gmail.com", Server("smtp.gmail.com", 587, "starttls")) == []
    assert check.examine("không có", None, now=Clock().now())[0].level == "error"


class Dns(socketserver.BaseRequestHandler):
    """A name server for dongmau.vn alone; others do not exist, and fail.vn fails."""

    def handle(self):
        data, out = self.request
        asked = dns.message.from_wire(data)
        answer = dns.message.make_response(asked)
        question = asked.question[0]
        name = question.name.to_text(omit_final_dot=True)
        kind = {15: "MX", 16: "TXT"}[question.rdtype]
        found = GOOD.get((name, kind), [])
        if name.endswith("fail.vn"):
            answer.set_rcode(2)
        elif not found:
            answer.set_rcode(3)
        else:
            texts = [f'"{text}"' if kind == "TXT" else text for text in found]
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *texts))
        out.sendto(answer.to_wire(), self.client_address)


def test_dns_is_asked_for_real(monkeypatch):
    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Dns) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], server.server_address[1]
        monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
        found = check.records("dongmau.vn", check.dns_lookup)
        lost = check.records("fail.vn", check.dns_lookup)
        server.shutdown()
    assert [one.level for one in found] == ["ok"] * 4
    assert [(one.about, one.level) for one in lost] == [("dns", "unknown")]
