"""No refused address is ever connected to, as the interpreter itself sees it at the socket."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from dataclasses import replace

import fictional
import pytest
from loopback_outlet import FETCH, Reply

_WATCHES: list[list[str]] = []


def _hook(event: str, args: tuple[object, ...]) -> None:
    if event == "socket.connect" and isinstance(args[1], tuple):
        for watch in _WATCHES:
            watch.append(str(args[1][0]))


sys.addaudithook(_hook)  # there is no taking it away: it only looks on


@pytest.fixture
def connected() -> Iterator[list[str]]:
    """The addresses that sockets of this process are connected to meanwhile."""
    watch: list[str] = []
    _WATCHES.append(watch)
    yield watch
    _WATCHES.remove(watch)


@pytest.fixture
def strict(run):
    """Runs that may connect to 127.0.0.1 and nowhere else."""
    run.fetch = replace(FETCH, allow_private=("127.0.0.1/32",))
    return run


TARGETS = (
    "http://127.0.0.2:{port}/", "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/", "http://[64:ff9b::7f00:1]/", "http://2852039166/", "http://0x7f.0x0.0x0.0x2:{port}/",
    "http://0177.0.0.2:{port}/", "http://127.0.0.2:22/", "file:///etc/passwd", "gopher://127.0.0.2:25/_", "//127.0.0.2/",
    "http:127.0.0.2/", "http://\u2460\u2461\u2466.\u24ea.\u24ea.\u2461/", "http://127.0.0.2#@example.com/",
    "http://example.com@127.0.0.2/", "http://240.0.0.1/", "http://0/",
)  # fmt: skip


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("place", ["source", "link", "redirect"])
def test_a_refused_address_is_not_connected_to_and_the_others_are_collected(
    strict, outlet, make_source, connected, archive, place, target
):
    target = target.format(port=outlet.url.rpartition(":")[2])
    outlet.pages["/rss"] = Reply(fictional.rss(outlet.url, [1]), kind="application/rss+xml")
    outlet.pages["/bai-1.html"] = Reply(fictional.numbered(1))
    item = f"<item><title>Bài dẫn đi</title><link>{target}</link></item>"
    outlet.pages["/link"] = Reply(f"<rss version='2.0'><channel>{item}</channel></rss>")
    location = target.encode().decode("latin-1")
    outlet.pages["/redirect"] = Reply(status=302, headers={"Location": location})
    where = target if place == "source" else f"{outlet.url}/{place}"
    collected = strict(make_source(where, id="xau"), make_source(outlet.url + "/rss"))
    assert collected.per_source["thu"].new == 1
    assert set(connected) == {"127.0.0.1"}
    assert all(failure.reason for failure in collected.failed)


def test_a_name_that_turns_to_a_refused_address_later_is_not_followed(
    strict, outlet, make_source, connected, monkeypatch
):
    asked, real = [], socket.getaddrinfo

    def turning(host, port, *args, **more):
        if host != "bao.example.vn":
            return real(host, port, *args, **more)
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "127.0.0.2", port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", turning)
    url = outlet.url.replace("127.0.0.1", "bao.example.vn")
    outlet.pages["/rss"] = Reply(fictional.rss(url, []), kind="application/rss+xml")
    assert strict(make_source(url + "/rss")).failed == ()
    (failure,) = strict(make_source(url + "/rss")).failed
    assert "mạng nội bộ" in failure.reason
    assert len(asked) >= 2 and set(connected) == {"127.0.0.1"}
