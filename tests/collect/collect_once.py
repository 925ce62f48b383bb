"""One run of collecting in a process of its own, to be killed: archive URL, then kind=address for each source."""

import logging
import sys

from loopback_outlet import FETCH, NOW

from digest.collect import fetch, harvest, run, stories
from digest.model import Config, Silent, Source
from digest.storage import articles
from digest.storage.engine import Archive


def main() -> None:
    logging.disable(logging.CRITICAL)
    archive = Archive.open(sys.argv[1])
    harvest.BATCH, fetch.BACKOFF = 3, 0.01
    pairs = (word.split("=", 1) for word in sys.argv[2:])
    sources = tuple(Source(f"s{n}", "Báo Thử", kind, url, limit=80) for n, (kind, url) in enumerate(pairs))
    print("begun", flush=True)
    run.collect(
        archive, Config(fetch=FETCH, sources=sources), sources=sources, now=lambda: NOW, progress=Silent()
    )
    with archive.reading() as conn:
        waiting = articles.unsigned(conn)
    stories.group(archive, waiting)
    archive.close()


if __name__ == "__main__":
    main()
