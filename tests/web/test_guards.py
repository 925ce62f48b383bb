"""What stands before every request: hosts, proxies, sizes, rates, paths; and the headers after it."""

from __future__ import annotations

import socket

import pytest

from digest.web import guards
from digest.web.guards import Buckets, host_allowed


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8000",
        "127.0.0.1:8000",
        "[::1]:8000",
        "192.168.1.7",
        "bantin.example.vn",
        "BANTIN.example.vn:443",
    ],
)
def test_our_own_names_are_answered(client, host):
    assert client.get("/cach-tim", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "bantin.example.vn.evil.example",
        "8.8.8.8",
        "localhost@evil.example",
        "127.0.0.1.evil.example",
        "",
    ],
)
def test_other_hosts_are_refused_and_never_echoed(client, host):
    answer = client.get("/atom/moi.xml", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("probe", ["/healthz", "/readyz"])
def test_a_balancer_that_names_no_host_is_told_how_it_stands(client, probe):
    assert client.get(probe, headers={"Host": ""}).status_code in (200, 503)
    assert client.get(probe, headers={"Host": "evil.example"}).status_code == 400


def test_feeds_name_the_public_address_whatever_host_was_asked(client):
    text = client.get("/atom/moi.xml", headers={"Host": "127.0.0.1:1"}).get_data(as_text=True)
    assert "https://bantin.example.vn/bai/" in text and "127.0.0.1" not in text


def test_settings_name_further_hosts():
    rules = guards.rules("", "may-chu, ban-tin.lan:8080", "10.0.0.1", "")
    assert host_allowed("may-chu:8000", rules.hosts) and host_allowed("ban-tin.lan", rules.hosts)
    assert not host_allowed("may-chu2", rules.hosts)


def test_every_answer_carries_the_security_headers(client):
    for path in ("/", "/khong-co", "/api/v1/topics", "/api/v1/khong-co", "/static/khong-co", "/atom/moi.xml"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"], path
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in headers and "Set-Cookie" not in headers


def test_hsts_only_behind_tls(own, make_client):
    (own.home / "settings.toml").write_text('proxy = "127.0.0.1"\n', encoding="utf-8")
    client = make_client(own)
    assert "Strict-Transport-Security" not in client.get("/cach-tim").headers
    behind = client.get("/cach-tim", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"})
    assert "Strict-Transport-Security" in behind.headers


def test_forwarded_headers_of_strangers_are_not_believed(client):
    answer = client.get(
        "/cach-tim", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    )
    assert "Strict-Transport-Security" not in answer.headers and "evil" not in answer.get_data(as_text=True)


# --- rate -----------------------------------------------------------------------------------


def test_a_bucket_empties_and_fills_again():
    now = [0.0]
    buckets = Buckets(clock=lambda: now[0])
    assert all(buckets.take("203.0.113.1", 60, 5) for _ in range(5))
    assert not buckets.take("203.0.113.1", 60, 5)
    assert buckets.take("203.0.113.2", 60, 5)
    now[0] = 1.0
    assert buckets.take("203.0.113.1", 60, 5) and not buckets.take("203.0.113.1", 60, 5)


def test_neighbours_in_one_ipv6_network_share_a_bucket():
    buckets = Buckets(clock=lambda: 0.0)
    assert buckets.take("2001:db8::1", 60, 1) and not buckets.take("2001:db8::2", 60, 1)


def test_buckets_forget_the_oldest():
    buckets = Buckets(most=10, clock=lambda: 0.0)
    for number in range(100):
        buckets.take(f"203.0.113.{number}", 60, 5)
    assert len(buckets._levels) == 10


def test_strangers_are_limited_and_loopback_is_not(client):
    codes = [
        client.get("/healthz", environ_overrides={"REMOTE_ADDR": "203.0.113.77"}).status_code
        for _ in range(80)
    ]
    assert codes[0] == 200 and 429 in codes
    assert all(client.get("/healthz").status_code == 200 for _ in range(300))


def test_behind_a_trusted_proxy_readers_are_limited_one_by_one(own, make_client):
    (own.home / "settings.toml").write_text('proxy = "127.0.0.1"\nrate = "40"\n', encoding="utf-8")
    client = make_client(own)
    one = [client.get("/healthz", headers={"X-Forwarded-For": "203.0.113.5"}).status_code for _ in range(30)]
    assert 429 in one
    assert client.get("/healthz", headers={"X-Forwarded-For": "203.0.113.6"}).status_code == 200
    assert all(client.get("/readyz").status_code == 200 for _ in range(60))  # the balancer itself


# --- sizes, paths, redirects ------------------------------------------------------------------


@pytest.mark.timeout(60)
def test_a_query_of_a_megabyte_is_refused(client):
    assert client.get("/?q=" + "a" * 1_000_000).status_code == 414
    assert client.get("/?" + "topic=a&" * 1_000).status_code == 200
    assert client.get("/?q=" + "(" * 900).status_code == 400


def test_a_body_that_is_too_large_is_refused(client):
    assert client.post("/", data=b"x" * 2_000_000).status_code in (405, 413)
    assert client.post("/api/v1/search", data=b"{}").status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/%2e%2e/sources.yaml",
        "/static//etc/passwd",
        "/ban-tin/bao-cao-vien/2026-W47/tep/..%2f..%2fsources.yaml",
        "/ban-tin/..%2f../tep/secret.key",
        "/ban-tin/%00/x",
        "/bai/1%00",
    ],
)
def test_no_path_leads_out_of_the_site(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "format: 1" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/b/1",
        "/~en//evil.example",
        "/b/1?next=//evil.example",
        "/%5cevil.example/",
        "/~lon/b/1",
    ],
)
def test_no_redirect_leads_to_another_host(client, path):
    answer = client.get(path)
    where = answer.headers.get("Location", "")
    assert not where or where in ("/bai/1", "/~lon/bai/1")


def test_a_trailing_slash_does_not_open_a_redirect(client):
    for path in ("//evil.example", "//evil.example/", "/chu-de//evil.example/"):
        answer = client.get(path)
        assert "evil" not in answer.headers.get("Location", "")


def test_a_slow_client_does_not_hold_up_others(served):
    port = int(served.url.rpartition(":")[2])
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
    for one in slow:
        one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
    fast = socket.create_connection(("127.0.0.1", port), timeout=5)
    fast.sendall(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
    assert b"200 OK" in fast.recv(4096)
    for one in [*slow, fast]:
        one.close()


def test_the_access_log_has_no_address_and_no_query(client, caplog):
    with caplog.at_level("INFO", logger="digest.web.access"):
        client.get("/?q=điều+tôi+tìm", environ_overrides={"REMOTE_ADDR": "203.0.113.200"})
    lines = [record.getMessage() for record in caplog.records if record.name == "digest.web.access"]
    assert len(lines) == 1 and lines[0].startswith("GET / 200 ")
    assert "203.0.113" not in lines[0] and "t%C3%B4i" not in lines[0] and "tìm" not in lines[0]


def test_what_has_not_changed_is_not_sent_again(client):
    first = client.get("/bai/1")
    again = client.get("/bai/1", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data


def test_a_crash_is_told_without_its_inside(own, make_client, monkeypatch):
    from digest.web.reader import about

    def broken(*_args, **_named):
        raise RuntimeError("bí mật bên trong")

    client = make_client(own)
    monkeypatch.setattr(about, "render_template", broken)
    answer = client.get("/cach-tim")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 500 and "T-1124-1047" in text and "bí mật" not in text
