"""Rough clients on the wire: endless lines, floods of octets, bodies that never end, and those that say nothing."""

from __future__ import annotations

import contextlib
import socket

import pytest
from conftest import Served

from digest.web.app import LARGEST_BODY, create_app

pytestmark = pytest.mark.timeout(60)
HEAD = b"Host: 127.0.0.1\r\n"


@pytest.fixture
def hasty(workspace):
    """A server that waits one second only, so that a test need not wait for half a minute."""
    one = Served(create_app(workspace), channel_timeout=1, cleanup_interval=1)
    yield one
    one.close()


def call(url: str, data: bytes) -> bytes:
    """What the server says to these octets before it closes or falls silent."""
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=20) as wire:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it had heard enough
            wire.sendall(data)
        try:
            return wire.recv(65536)
        except ConnectionResetError:
            return b""


def alive(url: str) -> bool:
    return b" 200 " in call(url, b"GET /healthz HTTP/1.0\r\n" + HEAD + b"\r\n")


@pytest.mark.parametrize(
    "line",
    [
        b"GET /?q=" + b"a" * 1_000_000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n",
        b"GET / HTTP/1.1\r\n" + HEAD + b"X-Long: " + b"a" * 1_000_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HEAD + b"".join(b"X-%d: a\r\n" % n for n in range(20_000)) + b"\r\n",
    ],
    ids=["a query of a megabyte", "a header of a megabyte", "twenty thousand headers"],
)
def test_what_is_too_long_is_refused_before_any_work(served, line):
    said = call(served.url, line)
    assert not said or b" 431 " in said[:40] or b" 414 " in said[:40]
    assert alive(served.url)


def test_a_body_that_is_announced_too_large_is_not_waited_for(served):
    head = b"POST /api/v1/search HTTP/1.1\r\n" + HEAD + b"Content-Length: %d\r\n\r\n" % (LARGEST_BODY + 1)
    assert b" 413 " in call(served.url, head + b"x" * 1000)[:40]
    assert alive(served.url)


def test_a_body_that_never_ends_is_cut(served):
    head = b"POST /api/v1/search HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    said = call(served.url, head + (b"10000\r\n" + b"x" * 0x10000 + b"\r\n") * 64)
    assert not said or b" 413 " in said[:40]
    assert alive(served.url)


@pytest.mark.parametrize(
    "octets",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"\r\n" * 100,
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    ],
    ids=["TLS to a plain port", "empty lines", "half a line", "two hosts"],
)
def test_nonsense_is_no_failure(hasty, octets):
    assert b" 500 " not in call(hasty.url, octets + b"\r\n\r\n")[:40]
    assert alive(hasty.url)


def test_two_requests_in_one_are_never_seen_where_lengths_disagree(served):
    smuggled = b"GET /healthz HTTP/1.1\r\n" + HEAD + b"\r\n"
    head = (
        b"POST /api/v1/search HTTP/1.1\r\n"
        + HEAD
        + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n"
    )
    assert call(served.url, head + b"0\r\n\r\n" + smuggled).count(b"HTTP/1.1 200") <= 1
    assert alive(served.url)


def test_who_says_nothing_more_is_hung_up_on(hasty):
    port = int(hasty.url.rpartition(":")[2])
    silent = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(40)]
    for one in silent:
        one.sendall(b"GET / HTTP/1.1\r\n" + HEAD + b"X-Slow: ")
    assert alive(hasty.url)
    assert all(one.recv(4096) == b"" for one in silent)
    for one in silent:
        one.close()
