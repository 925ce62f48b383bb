"""/metrics is what Prometheus reads, counts what happened, and names nobody."""

from __future__ import annotations

import os
import re

import pytest
import samples

from digest.storage import deliveries, runs
from digest.storage.engine import Archive
from digest.web.app import create_app
from digest.workspace import Workspace

# The text format: https://prometheus.io/docs/instrumenting/exposition_formats/
LABELS = r'\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+\}'
SAMPLE = re.compile(rf"([a-z_][a-z0-9_]*)({LABELS})? (-?[0-9.e+]+)")


def read(text):
    """Sample → value; every line must be one, or the HELP and TYPE of the samples that follow."""
    values, typed = {}, {}
    assert text.endswith("\n")
    for line in text.splitlines():
        if found := re.fullmatch(r"# TYPE (\S+) (counter|gauge|histogram)", line):
            assert found[1] not in typed
            typed[found[1]] = found[2]
        elif not re.fullmatch(r"# HELP \S+ .+", line):
            sample = SAMPLE.fullmatch(line)
            assert sample, line
            assert sample[1] in typed or re.sub(r"_(bucket|sum|count)$", "", sample[1]) in typed
            key = sample[1] + (sample[2] or "")
            assert key not in values
            values[key] = float(sample[3])
    return values


def metrics(client):
    answer = client.get("/metrics")
    assert answer.status_code == 200 and answer.content_type.startswith("text/plain; version=0.0.4")
    return read(answer.get_data(as_text=True))


@pytest.fixture
def own_client(own):
    app = create_app(own)
    yield app.test_client()
    app.extensions["digest"].close()


def test_what_stands_in_the_archive(client):
    found = metrics(client)
    assert found["digest_archive_up"] == 1 and found["digest_articles"] > 0
    assert found["digest_index_up"] == 1 and found["digest_index_articles"] > 0
    assert sum(value for name, value in found.items() if name.startswith("digest_sources{")) > 0


def test_requests_are_counted_those_answered_from_memory_too(own_client):
    before = metrics(own_client)
    for _again in range(3):
        assert own_client.get("/").status_code == 200
    assert own_client.get("/khong-co").status_code == 404
    after = metrics(own_client)

    def more(name):
        name = name.replace("{", f'{{process="{os.getpid()}",').replace(",}", "}")
        return after.get(name, 0) - before.get(name, 0)

    # The first look at /metrics is counted by the second.
    assert more('digest_http_requests_total{method="GET",code="200"}') == 4
    assert more('digest_http_requests_total{method="GET",code="404"}') == 1
    assert (
        more("digest_http_request_seconds_count{}")
        == more('digest_http_request_seconds_bucket{le="+Inf"}')
        == 5
    )
    buckets = [value for name, value in after.items() if "_bucket" in name]
    assert buckets == sorted(buckets)


def test_runs_and_letters(own, own_client):
    archive = Archive.open(own.database_url())
    with archive.writing() as conn:
        for code in (1, 3):
            runs.finish(conn, runs.start(conn, "weekly", samples.NOW), samples.NOW, code, {})
        runs.start(conn, "backup", samples.NOW)
        deliveries.suppress(conn, "ab" * 16, "editor", samples.NOW)
    archive.close()
    answer = own_client.get("/metrics").get_data(as_text=True)
    found = read(answer)
    assert (
        found['digest_run_last_code{kind="weekly"}'] == 3
        and found['digest_run_last_code{kind="backup"}'] == -1
    )
    assert found['digest_run_last_started_timestamp_seconds{kind="weekly"}'] == samples.NOW.timestamp()
    assert 'digest_deliveries{state="sent"}' in found
    assert "ab" * 16 not in answer and "@" not in answer


def test_without_an_archive_the_scrape_still_answers(tmp_path):
    (tmp_path / "sources.yaml").write_text("format: 1\nsources: []\n", encoding="utf-8")
    app = create_app(Workspace(tmp_path))
    found = metrics(app.test_client())
    app.extensions["digest"].close()
    assert found["digest_archive_up"] == 0


@pytest.mark.parametrize(
    ("peer", "code"), [("192.168.1.9", 200), ("::1", 200), ("1.2.3.4", 404), ("8.8.8.8", 404)]
)
def test_strangers_are_told_that_there_is_none(client, peer, code):
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": peer}).status_code == code


def test_what_a_proxy_passes_on_is_not_near(client):
    near = {"REMOTE_ADDR": "127.0.0.1"}
    assert client.get("/metrics", environ_base=near).status_code == 200
    for name in ("X-Forwarded-For", "Forwarded"):
        assert client.get("/metrics", environ_base=near, headers={name: "for=9.9.9.9"}).status_code == 404
