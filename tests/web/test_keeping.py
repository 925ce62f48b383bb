"""Pages kept in memory: the same bytes, never older than what they show, never one reader's for another."""

from __future__ import annotations

import gzip
import re

import samples

from digest.search import index, opened
from digest.storage import articles
from digest.storage.engine import Archive
from digest.web.keeping import Kept
from digest.web.reader import search as searching


def counted():
    """A tiny application that says how often it was asked."""
    asked: list[str] = []

    def app(environ, start):
        asked.append(environ["PATH_INFO"])
        body = f"{environ['PATH_INFO']} {len(asked)}".encode()
        start(
            "200 OK",
            [("Content-Type", "text/html"), ("Cache-Control", "no-cache"), ("ETag", f'W/"{len(asked)}"')],
        )
        return [body]

    return app, asked


def call(kept, path="/", query="", **more):
    told = {}

    def start(status, head, exc_info=None):
        told.update(status=status, head=dict(head))

    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "x",
        **more,
    }
    return told, b"".join(kept(environ, start))


def test_a_page_is_made_once_until_something_changes():
    app, asked = counted()
    mark = [1]
    kept = Kept(app, lambda: mark[0])
    assert call(kept)[1] == call(kept)[1] == b"/ 1"
    mark[0] = 2
    assert call(kept)[1] == b"/ 2" and len(asked) == 2


def test_a_page_whose_own_matter_did_not_change_stays():
    inner, asked = counted()
    mark, proof = [1], [1]

    def app(environ, start):
        environ["digest.proof"] = proof[0], lambda: proof[0]
        return inner(environ, start)

    kept = Kept(app, lambda: mark[0])
    call(kept, "/bai/1")
    mark[0] = 2
    call(kept, "/bai/1")
    assert len(asked) == 1
    mark[0], proof[0] = 3, 2
    call(kept, "/bai/1")
    assert len(asked) == 2


def test_cookies_referrers_and_other_hosts_are_kept_apart():
    app, asked = counted()
    kept = Kept(app, lambda: 1)
    call(kept, "/bai/1")
    call(kept, "/bai/1", HTTP_COOKIE="ban=x")
    call(kept, "/bai/1", HTTP_REFERER="http://x/?q=a")
    call(kept, "/bai/1", HTTP_HOST="y")
    call(kept, "/~toi/bai/1")
    call(kept, "/bien-tap/")
    call(kept, "/~toi/bien-tap/")
    assert len(asked) == 7
    call(kept, "/bai/1")
    assert len(asked) == 7


def test_memory_is_bounded():
    app, _asked = counted()
    kept = Kept(app, lambda: 1, most=2_000)
    for number in range(500):
        call(kept, f"/{number}")
    assert kept._size <= 2_000 and kept._size == sum(len(page.body) for page in kept._pages.values())


def test_who_can_take_it_gets_it_compressed_and_who_has_it_nothing():
    app, _asked = counted()
    kept = Kept(app, lambda: 1)
    told, body = call(kept, HTTP_ACCEPT_ENCODING="br, gzip")
    assert told["head"]["Content-Encoding"] == "gzip" and gzip.decompress(body) == b"/ 1"
    told, body = call(kept, HTTP_ACCEPT_ENCODING="gzip;q=0")
    assert "Content-Encoding" not in told["head"] and body == b"/ 1"
    told, body = call(kept, HTTP_IF_NONE_MATCH='W/"1"')
    assert told["status"].startswith("304") and body == b""


def test_a_corrected_article_is_seen_at_once(own, make_client):
    client = make_client(own)
    before = client.get("/bai/2").get_data(as_text=True)
    assert client.get("/bai/2").get_data(as_text=True) == before
    archive = Archive.open(own.database_url())
    with archive.writing() as conn:
        articles.mark(conn, 2, "takedown", "theo yêu cầu", samples.NOW)
    archive.close()
    assert client.get("/bai/2").status_code == 410
    assert client.get("/bai/1").status_code == 200


def test_a_page_made_out_of_the_index_before_is_made_again_once_the_newer_is_open(own, make_client):
    client = make_client(own)
    asked = "/?q=giữ rừng đầu nguồn"
    before = client.get(asked).get_data(as_text=True)
    archive = Archive.open(own.database_url())
    with archive.reading() as conn:
        ids = [article.id for article in articles.iterate(conn)]
        last = articles.last_change(conn)
    archive.close()
    with opened._guard:  # as if another thread were opening it
        index.update(own.index_dir, [], ids, last)
        assert client.get(asked).get_data(as_text=True) == before
    opened.opened(own.index_dir)
    assert client.get(asked).get_data(as_text=True) != before


def test_results_stay_kept_until_an_article_among_them_changes(own, make_client, monkeypatch):
    made = []
    really = searching.ask
    monkeypatch.setattr(searching, "ask", lambda *given: made.append(1) or really(*given))
    client = make_client(own)
    client.get("/?q=rừng")  # the index is open from here on
    made.clear()
    asked = "/?q=giữ rừng đầu nguồn"
    before = client.get(asked).get_data(as_text=True)
    shown = {int(id) for id in re.findall(r'href="/bai/(\d+)', before)}
    archive = Archive.open(own.database_url())
    with archive.writing() as conn:
        other = next(one.id for one in articles.iterate(conn) if one.id not in shown)
        articles.mark(conn, other, "takedown", "theo yêu cầu", samples.NOW)
    assert client.get(asked).get_data(as_text=True) == before
    assert len(made) == 1
    gone = min(shown)
    with archive.writing() as conn:
        articles.mark(conn, gone, "takedown", "theo yêu cầu", samples.NOW)
    archive.close()
    after = client.get(asked).get_data(as_text=True)
    assert len(made) == 2
    assert f'href="/bai/{gone}"' in before and f'href="/bai/{gone}"' not in after
