"""Everything that goes wrong on the network, on the disk and beside us: the rest is collected, nothing is half-stored."""

import re
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import fictional
import pytest
from loopback_outlet import FETCH, Reply, opened
from sqlalchemy import event

from digest.errors import StorageError
from digest.storage import articles
from digest.storage.engine import Archive

HERE = Path(__file__).parent


def ring(asked):
    """Two addresses that lead to each other."""
    name = asked.path[1:]
    return Reply(
        status=302, headers={"Location": "/" + (name.capitalize() if name.islower() else name.lower())}
    )


FAULTS = {
    "treo": Reply("muộn", hang=3),
    "nho-giot": Reply("x" * 400, pause=0.05),
    "ngat": Reply(reset=True),
    "ban": Reply(status=503, headers={"Retry-After": "0"}),
    "loi": Reply(status=500),
    "vong": ring,
    "cam": Reply(status=403),
    "mat": Reply(status=410),
    "cut": Reply("một nửa", length=9000),
    "nen-hong": Reply(b"\x1f\x8b hong", headers={"Content-Encoding": "gzip"}),
    "nen-la": Reply(b"xyz", headers={"Content-Encoding": "snappy"}),
    "bo-trong": Reply(b""),
    "chung-thu": Reply("kín"),
    "ten-la": Reply(status=302, headers={"Location": "http://khong-co.invalid/"}),
}
ENGLISH = re.compile(
    r"\b(error|timed? ?out|refused|failed|connection|not|invalid|unexpected)\b", re.IGNORECASE
)


def stored(archive):
    with archive.reading() as conn:
        return list(articles.iterate(conn))


def faulty(stack, name, fault):
    """An outlet of its own on which every page has this fault."""
    certificate = HERE / "data" / "self-signed.pem" if name == "chung-thu" else None
    host = stack.enter_context(opened(certificate))
    host.pages |= dict.fromkeys(("/rss", "/bai.html", "/Rss", "/Bai.html"), fault)
    return host.url


@pytest.mark.timeout(120)
def test_every_fault_at_once_costs_only_itself_and_is_told_in_vietnamese(run, outlet, archive, make_source):
    run.fetch = replace(FETCH, timeout=0.7)
    outlet.pages |= {f"/bai-{n}.html": Reply(fictional.numbered(n)) for n in range(1, 10)}
    with ExitStack() as stack:
        bases = {name: faulty(stack, name, fault) for name, fault in FAULTS.items()}
        items = "".join(
            f"<item><title>Bài ở máy chủ {name}</title><link>{base}/bai.html</link></item>"
            for name, base in bases.items()
        )
        outlet.pages["/rss"] = Reply(
            fictional.rss(outlet.url, range(1, 10)).replace("</channel>", items + "</channel>")
        )
        sources = [make_source(f"{base}/rss", id=name) for name, base in bases.items()]
        sources.insert(3, make_source(outlet.url + "/rss", id="tot"))
        collected = run(*sources)
    kept = stored(archive)
    bad = {f"{base}/bai.html" for base in bases.values()}
    assert sum(a.revision.text == "full" for a in kept) == 9
    assert {a.url for a in kept if a.revision.text == "none"} == bad - {bases["mat"] + "/bai.html"}
    assert {f.source for f in collected.failed if not f.page} == set(bases)
    assert {f.url for f in collected.failed if f.page} == bad
    for failure in collected.failed:
        assert failure.reason and not ENGLISH.search(failure.reason), failure


def test_a_disk_that_is_full_loses_nothing_that_was_kept(run, outlet, archive, make_source):
    numbers = range(1, 61)
    outlet.pages |= {f"/bai-{n}.html": Reply(fictional.numbered(n)) for n in numbers}
    outlet.pages["/rss"] = Reply(fictional.rss(outlet.url, numbers))
    source = make_source(outlet.url + "/rss", limit=60)
    with archive.reading() as conn:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one()

    def small(conn):
        conn.exec_driver_sql(f"PRAGMA max_page_count = {pages + 30}")

    event.listen(archive._writer, "begin", small)
    with pytest.raises(StorageError, match="Đĩa đã đầy"):
        run(source)
    event.remove(archive._writer, "begin", small)
    before = stored(archive)
    assert 0 < len(before) < 60
    assert all(len(a.content.paragraphs) == 4 for a in before)
    event.listen(
        archive._writer, "begin", lambda conn: conn.exec_driver_sql("PRAGMA max_page_count = 1000000")
    )
    run(source)
    after = stored(archive)
    assert len(after) == 60 and all(a.revision.number == 1 and len(a.content.paragraphs) == 4 for a in after)


def test_two_runs_at_once_without_a_lock_keep_each_article_once(outlet, tmp_path):
    outlet.pages |= {f"/bai-{n}.html": Reply(fictional.numbered(n)) for n in range(1, 31)}
    outlet.pages["/rss"] = Reply(fictional.rss(outlet.url, range(1, 31)))
    address = f"sqlite:///{(tmp_path / 'archive.sqlite3').as_posix()}"
    asked = [sys.executable, HERE / "collect_once.py", address, f"feed={outlet.url}/rss"]
    both = [subprocess.Popen(asked, cwd=HERE, stdout=subprocess.DEVNULL) for _time in range(2)]
    assert [one.wait(timeout=100) for one in both] == [0, 0]
    archive = Archive.open(address)
    kept = stored(archive)
    archive.close()
    assert len(kept) == 30 and all(a.revision.number == 1 and a.revision.text == "full" for a in kept)


@pytest.mark.timeout(120)
def test_a_second_command_is_told_who_is_collecting(outlet, tmp_path):
    outlet.pages |= {f"/bai-{n}.html": Reply(fictional.numbered(n)) for n in range(1, 4)}
    slow = Reply(fictional.rss(outlet.url, range(1, 4)), hang=6)
    outlet.pages["/rss"] = slow
    (tmp_path / "sources.yaml").write_text(
        "format: 1\nfetch: {delay: 0, timeout: 20, allow_private: [127.0.0.0/8]}\n"
        f"sources:\n  - {{id: thu, outlet: Báo Thử, kind: feed, url: '{outlet.url}/rss'}}\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "digest", "--home", str(tmp_path), "collect"]
    first = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    with first:
        while "/rss" not in outlet.asked:
            time.sleep(0.05)
        second = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)
        assert first.communicate(timeout=60) and first.returncode == 0
    assert second.returncode == 4
    assert str(first.pid) in second.stderr
    assert outlet.asked.count("/rss") == 1
