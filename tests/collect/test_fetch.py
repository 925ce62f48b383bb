"""The HTTP client against real servers that misbehave in every way they do."""

import asyncio
import gzip
import time
from dataclasses import replace
from pathlib import Path

import pytest
from loopback_outlet import FETCH, Reply, opened

from digest.collect import fetch
from digest.collect.answers import FetchError
from digest.collect.fetch import Client
from digest.collect.pace import TRIPPED
from digest.model import Site

SITE = Site("Bản tin thử", "http://bantin.example.vn")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(fetch, "BACKOFF", 0.01)


def get(url, settings=FETCH, times=1, **conditions):
    async def asked():
        async with Client(settings, SITE) as client:
            for _time in range(times):
                answer = await client.get(url, **conditions)
            return answer

    return asyncio.run(asked())


def failure(url, settings=FETCH):
    with pytest.raises(FetchError) as raised:
        get(url, settings)
    return raised.value


def test_says_who_asks_and_where_to_complain(outlet):
    outlet.pages["/"] = Reply("xin chào")
    assert get(outlet.url + "/").body.decode() == "xin chào"
    agent = outlet.seen[0].headers["user-agent"]
    assert agent.startswith("digest/") and "http://bantin.example.vn" in agent


def test_asks_again_only_for_what_changed(outlet):
    outlet.pages["/"] = lambda asked: (
        Reply(status=304) if asked.headers.get("if-none-match") == '"v1"' else Reply("mới")
    )
    assert get(outlet.url + "/", etag='"v1"').unchanged
    assert not get(outlet.url + "/", etag='"v0"').unchanged


def test_a_busy_server_is_tried_again_after_the_time_it_asks_for(outlet):
    outlet.pages["/"] = lambda asked: (
        Reply(status=503, headers={"Retry-After": "1"}) if asked.times == 1 else Reply("đây")
    )
    begun = time.monotonic()
    assert get(outlet.url + "/").body.decode() == "đây"
    assert time.monotonic() - begun >= 1.0


def test_a_wait_too_long_for_this_run_is_left_to_the_next(outlet):
    outlet.pages["/"] = Reply(status=503, headers={"Retry-After": "3600"})
    error = failure(outlet.url + "/")
    assert (error.kind, error.wait, len(outlet.asked)) == ("server", 3600.0, 1)


def test_a_page_that_is_gone_is_not_asked_for_twice(outlet):
    assert failure(outlet.url + "/mất").kind == "gone"
    assert len(outlet.asked) == 1


def test_a_body_shorter_than_announced_is_a_failure_never_half_a_page(outlet):
    outlet.pages["/"] = Reply("một nửa", length=5000)
    assert failure(outlet.url + "/").kind == "broken"


def test_a_packed_body_cut_short_is_a_failure(outlet):
    outlet.pages["/"] = Reply(gzip.compress(b"x" * 5000)[:-10], headers={"Content-Encoding": "gzip"})
    assert failure(outlet.url + "/").kind == "broken"


def test_the_size_limit_counts_what_comes_out(outlet):
    outlet.pages["/"] = Reply(gzip.compress(bytes(5_000_000)), headers={"Content-Encoding": "gzip"})
    assert failure(outlet.url + "/", replace(FETCH, max_bytes=1_000_000)).kind == "large"


def test_redirects_are_followed_and_a_permanent_one_is_remembered(outlet):
    outlet.pages |= {
        "/cũ".encode().decode("latin-1"): Reply(),
        "/cu": Reply(status=301, headers={"Location": "/moi"}),
        "/tam": Reply(status=302, headers={"Location": "/moi"}),
        "/moi": Reply("trang mới"),
    }
    assert get(outlet.url + "/cu").moved == outlet.url + "/moi"
    answer = get(outlet.url + "/tam")
    assert (answer.url, answer.moved, answer.body.decode()) == (outlet.url + "/moi", "", "trang mới")


def test_a_ring_of_redirects_ends(outlet):
    outlet.pages |= {
        "/a": Reply(status=302, headers={"Location": "/b"}),
        "/b": Reply(status=302, headers={"Location": "/a"}),
    }
    assert failure(outlet.url + "/a").kind == "redirects"
    assert len(outlet.asked) < 12


def test_a_session_cookie_lets_the_redirect_back_through(outlet):
    def page(asked):
        if "phien=1" in asked.headers.get("cookie", ""):
            return Reply("vào được")
        return Reply(status=302, headers={"Location": "/rss", "Set-Cookie": "phien=1; Path=/"})

    outlet.pages["/rss"] = page
    assert get(outlet.url + "/rss").body.decode() == "vào được"


def test_cookies_stay_with_the_host_that_set_them(outlet, second):
    outlet.pages["/"] = Reply(
        status=302,
        headers={"Location": second.url.replace("127.0.0.1", "localhost") + "/", "Set-Cookie": "bi-mat=1"},
    )
    second.pages["/"] = Reply("khác")
    get(outlet.url + "/", replace(FETCH, allow_private=("127.0.0.0/8", "::1/128")))
    assert "cookie" not in second.seen[0].headers


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://127.0.0.1:25/_", "http://exa mple.com/"])
def test_a_redirect_to_no_web_page_is_refused(outlet, target):
    outlet.pages["/"] = Reply(status=302, headers={"Location": target})
    assert failure(outlet.url + "/").kind == "address"


def test_loopback_is_refused_unless_the_settings_allow_it(outlet):
    outlet.pages["/"] = Reply("bí mật")
    assert failure(outlet.url + "/", replace(FETCH, allow_private=())).kind == "address"
    assert outlet.asked == []


def test_a_name_that_leads_to_loopback_is_refused_too(outlet):
    port = outlet.url.rpartition(":")[2]
    for host in ("localhost", "127.1", "2130706433", "0x7f000001"):
        assert failure(f"http://{host}:{port}/", replace(FETCH, allow_private=())).kind in ("address", "name")
    assert outlet.asked == []


def test_a_redirect_into_a_private_net_is_refused_at_the_socket(outlet):
    outlet.pages["/"] = Reply(status=302, headers={"Location": "http://10.255.255.1/"})
    assert failure(outlet.url + "/").kind == "address"


@pytest.mark.parametrize("reply", [Reply("x" * 50, pause=0.2), Reply("muộn", hang=3)])
def test_a_host_that_drips_or_hangs_costs_the_time_limit_and_no_more(outlet, reply, monkeypatch):
    monkeypatch.setattr(fetch, "TRIES", 1)
    outlet.pages["/"] = reply
    assert failure(outlet.url + "/", replace(FETCH, timeout=0.5)).kind == "timeout"


def test_a_connection_that_is_reset_is_a_failure_with_a_reason(outlet):
    outlet.pages["/"] = Reply(reset=True)
    error = failure(outlet.url + "/")
    assert error.kind == "network" and error.reason


def test_a_host_that_keeps_failing_is_left_alone(outlet):
    outlet.pages["/"] = Reply(status=500)

    async def many():
        async with Client(FETCH, SITE) as client:
            kinds = []
            for _time in range(6):
                try:
                    await client.get(outlet.url + "/")
                except FetchError as error:
                    kinds.append(error.kind)
            return kinds

    assert asyncio.run(many()) == ["server"] * TRIPPED + ["breaker"]


def test_a_host_that_does_not_answer_at_all_is_left_alone_sooner(outlet):
    outlet.pages["/"] = Reply(reset=True)

    async def many():
        async with Client(FETCH, SITE) as client:
            kinds = []
            for _time in range(3):
                with pytest.raises(FetchError) as raised:
                    await client.get(outlet.url + "/")
                kinds.append(raised.value.kind)
            return kinds

    assert asyncio.run(many())[-1] == "breaker"


def test_requests_to_one_host_keep_their_distance(outlet):
    outlet.pages["/"] = Reply("một")
    begun = time.monotonic()
    get(outlet.url + "/", replace(FETCH, delay=0.2), times=3)
    assert time.monotonic() - begun >= 0.4


def test_a_certificate_that_nobody_signed_is_a_failure_with_a_reason():
    with opened(Path(__file__).parent / "data" / "self-signed.pem") as secure:
        secure.pages["/"] = Reply("xin chào")
        error = failure(secure.url + "/")
    assert error.kind == "tls" and "chứng thư" in error.reason
    assert secure.asked == []
