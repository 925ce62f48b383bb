"""What every kind of entry point owes: this suite says when a new kind is done.

A new kind adds its module to KINDS and one sample of three articles to SAMPLES.
"""

from __future__ import annotations

import inspect
import pickle
from datetime import UTC, datetime

import pytest

from digest.collect.kinds import KINDS, Reading, Unreadable
from digest.collect.page import Page
from digest.model import Entry, Source

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
BASE = "https://bao.example.vn"
TITLES = (
    "Xã Bến Thử khánh thành nhà văn hóa thôn Đồng Mẫu",
    "Thôn Hạ Sơn thành lập tổ hòa giải ở cơ sở",
    "Phường Sông Vân đối thoại với bà con có đạo",
)

_RSS = "".join(
    f"<item><title>{title}</title><link>/tin-{n}0000{n}.html?utm_source=rss</link><pubDate>Fri, 20 Nov 2026 0{n}:00:00 +0700</pubDate></item>"
    for n, title in enumerate(TITLES, 1)
)
_ROWS = "".join(
    f"<li><h3><a href='/tin-{n}0000{n}.html?utm_source=muc'>{title}</a></h3><span class='time'>0{n}:00 20/11/2026</span></li>"
    for n, title in enumerate(TITLES, 1)
)
_URLS = "".join(
    f"<url><loc>{BASE}/tin-{n}0000{n}.html?utm_source=sd</loc><n:news><n:title>{title}</n:title>"
    f"<n:publication_date>2026-11-20T0{n}:00:00+07:00</n:publication_date></n:news></url>"
    for n, title in enumerate(TITLES, 1)
)
SAMPLES: dict[str, str] = {
    "feed": f"<rss version='2.0'><channel><title>Báo</title><link>{BASE}/</link>{_RSS}</channel></rss>",
    "listing": f"<html><body><ul class='menu'><li><a href='/chinh-tri'>Chính trị</a></li></ul><ul>{_ROWS}</ul></body></html>",
    "sitemap": f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>{_URLS}</urlset>",
}
HOSTILE = {
    "nothing": b"",
    "zeros": bytes(1000),
    "noise": bytes(range(256)) * 8,
    "unclosed": b"<rss><channel><item><title>a" + b"<" * 2000,
    "deep": b"<div>" * 5000,
    "entities": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss><channel><item><title>&x;</title></item></channel></rss>',
    "surrogates": b"<p>&#xD800;\xed\xa0\x80</p>",
    "json": b'{"items": [1, {"url": 5}, null]}',
}


@pytest.fixture(params=sorted(KINDS))
def kind(request):
    return request.param


def source(kind: str, **more: object) -> Source:
    return Source(id="thu", outlet="Báo Thử", kind=kind, url=f"{BASE}/vao", **more)  # type: ignore[arg-type]


def page(body: bytes) -> Page:
    return Page(f"{BASE}/vao", body, "utf-8", "", NOW)


def read(kind: str, body: bytes) -> Reading:
    return KINDS[kind].read(page(body), source(kind))


def test_every_kind_has_a_sample(kind):
    assert kind in SAMPLES


def test_the_sample_yields_its_three_articles(kind):
    reading = read(kind, SAMPLES[kind].encode())
    assert {entry.title for entry in reading.entries} == set(TITLES)
    assert all(isinstance(entry, Entry) for entry in reading.entries)


def test_addresses_are_absolute_and_without_tracking(kind):
    urls = {entry.url for entry in read(kind, SAMPLES[kind].encode()).entries}
    assert urls == {f"{BASE}/tin-{n}0000{n}.html" for n in (1, 2, 3)}


def test_dates_are_instants_with_the_outlets_own_string_beside(kind):
    for entry in read(kind, SAMPLES[kind].encode()).entries:
        assert entry.published is not None and entry.published.utcoffset() is not None
        assert entry.published_raw
        assert entry.published.date().isoformat() in ("2026-11-19", "2026-11-20")


def test_reading_is_repeatable_and_travels_between_processes(kind):
    first, second = (read(kind, SAMPLES[kind].encode()) for _time in range(2))
    assert first == second == pickle.loads(pickle.dumps(first))
    assert pickle.loads(pickle.dumps(KINDS[kind].read)) is not None


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_rubbish_is_read_as_nothing_or_said_to_be_unreadable(kind, name):
    try:
        reading = read(kind, HOSTILE[name])
    except Unreadable as error:
        assert str(error)
    else:
        assert all(entry.url.startswith("http") for entry in reading.entries)
        assert not any("root:" in entry.title for entry in reading.entries)


def test_a_page_of_another_kind_is_unreadable_or_empty(kind):
    for other in sorted(set(SAMPLES) - {kind}):
        try:
            entries = read(kind, SAMPLES[other].encode()).entries
        except Unreadable:
            continue
        assert all(entry.url.startswith(BASE) for entry in entries)


def test_the_reader_is_documented(kind):
    assert inspect.getdoc(KINDS[kind].read)
