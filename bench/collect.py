"""How fast a newsroom is collected, beside a bare download loop and what others do with the same pages.

    python newsroom.py --port 8812 --sites 6 --per-site 40 --latency-ms 80 &
    python bench/collect.py http://127.0.1.1:8812/truth.jsonl

Wall time is compared with the larger of a bare aiohttp loop over the same articles and the computing time of
extraction over the cores. Peers are measured where they are installed: pip install trafilatura reader news-please
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import os
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import aiohttp

from digest.collect import run as running
from digest.collect.extract import extract
from digest.collect.fetch import Client
from digest.collect.page import Page
from digest.collect.run import Collected, collect
from digest.model import Config, Entry, FetchSettings, Silent, Source
from digest.storage.engine import Archive

CONCURRENCY = 16


class Counted(Client):
    """The client, telling how many requests each run made."""

    runs: ClassVar[list[int]] = []

    async def __aexit__(self, *about: Any) -> None:
        self.runs.append(self.requests)
        await super().__aexit__(*about)


def truth_of(url: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return [json.loads(line) for line in answer.read().decode().splitlines()]


def timed(work: Callable[[], object]) -> tuple[float, object]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def fastest(work: Callable[[], dict[str, bytes]], times: int) -> tuple[float, dict[str, bytes]]:
    """The best of several: a bare loop that is sometimes slower than it can be would flatter us."""
    tries = [timed(work) for _time in range(times)]
    return min(seconds for seconds, _pages in tries), tries[0][1]  # type: ignore[return-value]


def bare_loop(urls: list[str]) -> dict[str, bytes]:
    """Every page, at the same concurrency, and nothing else."""

    async def whole() -> dict[str, bytes]:
        waiting, pages = list(urls), {}
        connector = aiohttp.TCPConnector(limit=CONCURRENCY)
        async with aiohttp.ClientSession(connector=connector) as session:

            async def hand() -> None:
                while waiting:
                    url = waiting.pop()
                    async with session.get(url) as got:
                        pages[url] = await got.read()

            await asyncio.gather(*(hand() for _hand in range(CONCURRENCY)))
        return pages

    return asyncio.run(whole())


def extraction_cpu(pages: dict[str, bytes]) -> float:
    begun = time.process_time()
    for url, body in pages.items():
        extract(
            Page(url, body, "utf-8", "text/html", datetime.now(UTC)), Entry(url), Source("b", "", "feed", url)
        )
    return time.process_time() - begun


def our_runs(hosts: list[str], limit: int) -> tuple[float, float, Collected]:
    """The first run into an empty archive, and a second one right after."""
    running.Client = Counted  # type: ignore[misc]
    sources = tuple(
        Source(f"s{n}", f"Báo {n}", "sitemap", f"{host}/sitemap-news.xml", limit=limit)
        for n, host in enumerate(hosts)
    )
    settings = FetchSettings(
        concurrency=CONCURRENCY, per_host=CONCURRENCY, delay=0, allow_private=("127.0.0.0/8",)
    )
    config = Config(fetch=settings, sources=sources)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        archive = Archive.open(f"sqlite:///{Path(folder, 'archive.sqlite3').as_posix()}")

        def run() -> Collected:
            return collect(archive, config, sources=sources, now=lambda: datetime.now(UTC), progress=Silent())

        first, collected = timed(run)
        second, _again = timed(run)
        archive.close()
    assert isinstance(collected, Collected)
    return first, second, collected


def by_trafilatura(urls: list[str]) -> int:
    """With its guard against private addresses off (trafilatura 2.3): the newsroom is on this machine."""
    from copy import deepcopy

    from trafilatura import bare_extraction
    from trafilatura.downloads import add_to_compressed_dict, buffered_downloads, load_download_buffer
    from trafilatura.settings import DEFAULT_CONFIG, Extractor

    config = deepcopy(DEFAULT_CONFIG)
    config.set("DEFAULT", "SSRF_PROTECTION", "off")
    store, got = add_to_compressed_dict(urls), 0
    while not store.done:
        buffer, store = load_download_buffer(store, sleep_time=0)
        for _url, page in buffered_downloads(buffer, CONCURRENCY, options=Extractor(config=config)):
            got += bare_extraction(page) is not None
    return got


def by_news_please(urls: list[str]) -> int:
    from newsplease import NewsPlease

    return sum(
        bool(one and one.maintext)
        for one in NewsPlease.from_urls(urls, request_args={"timeout": 60}).values()
    )


def by_reader(feeds: list[str]) -> int:
    """Feeds only: reader fetches no articles."""
    from reader import make_reader

    reader = make_reader(":memory:")
    for feed in feeds:
        reader.add_feed(feed)
    reader.update_feeds(workers=6)
    return sum(1 for _entry in reader.get_entries())


def peak_megabytes() -> float | None:
    """The highest memory of this process and of the largest that it started, where the system tells."""
    if importlib.util.find_spec("resource") is None:
        return None
    import resource

    mine, child = (
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return (mine + child * min(4, os.cpu_count() or 1)) / 1024


def computing_seconds() -> float:
    """What this process and those it started have computed so far."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("truth", help="address of truth.jsonl of a newsroom that runs")
    parser.add_argument("--ours-only", action="store_true", help="no peers: for memory at many articles")
    given = parser.parse_args()
    truth = truth_of(given.truth)
    urls = [article["url"] for article in truth]
    hosts = sorted({"{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in urls})
    first, second, collected = our_runs(hosts, len(urls))
    peak, computing = peak_megabytes(), computing_seconds()
    bare, pages = fastest(lambda: bare_loop(urls), 1 if given.ours_only else 3)
    cpu = extraction_cpu(pages)
    floor = max(bare, cpu / (os.cpu_count() or 1))
    print(f"{len(urls)} articles on {len(hosts)} hosts, concurrency {CONCURRENCY}")
    print(
        f"bare aiohttp loop {bare:.2f} s; extraction {cpu:.2f} s of computing, {1000 * cpu / len(urls):.1f} ms a page"
    )
    print(
        f"digest, first run {first:.2f} s = {first / floor:.2f} x the floor; {collected.new} new, {len(collected.failed)} failed"
    )
    print(f"digest, second run {second:.2f} s, {Counted.runs[-1]} requests for {len(hosts)} entry points")
    print(f"digest's computing in all processes, both runs and what they import: {computing:.2f} s")
    if peak is not None:
        print(f"peak memory, all processes together at most {peak:.0f} MB")
    if given.ours_only:
        return
    feeds = [f"{host}/rss.xml" for host in hosts]
    peers: list[tuple[str, str, Callable[[], int]]] = [
        ("trafilatura", "trafilatura buffered_downloads + extraction", lambda: by_trafilatura(urls)),
        ("newsplease", "news-please from_urls", lambda: by_news_please(urls)),
        ("reader", "reader update_feeds (feeds alone)", lambda: by_reader(feeds)),
    ]
    for module, name, work in peers:
        if importlib.util.find_spec(module) is None:
            print(f"{name}: not installed here")
            continue
        try:
            seconds, got = timed(work)
        except ImportError as error:
            print(f"{name}: does not start here ({error})")
            continue
        print(f"{name} {seconds:.2f} s = {seconds / first:.2f} x ours, {got} got")


if __name__ == "__main__":
    sys.exit(main())
