"""Whole runs of collecting against outlets on loopback."""

from datetime import timedelta

import fictional
import pytest
from fictional import numbered, rss, sitemap
from loopback_outlet import Reply

from digest.collect import apply as keeping
from digest.errors import StorageError
from digest.storage import articles, pages, sources


def publish(outlet, numbers=range(1, 6)):
    """A feed, a section of two pages and a sitemap of the same articles."""
    numbers = list(numbers)
    tags = {"ETag": '"v1"'}

    def kept(body, kind="text/html; charset=utf-8"):
        def answer(asked):
            return (
                Reply(status=304, headers=tags)
                if asked.headers.get("if-none-match") == '"v1"'
                else Reply(body, kind=kind, headers=tags)
            )

        return answer

    outlet.pages |= {f"/bai-{n}.html": kept(numbered(n)) for n in numbers}
    outlet.pages |= {
        "/rss": kept(rss(outlet.url, numbers), "application/rss+xml"),
        "/muc": kept(fictional.listing(outlet.url, numbers[:3], "/muc?page=2")),
        "/muc?page=2": kept(fictional.listing(outlet.url, numbers[3:], "/muc?page=3")),
        "/sd.xml": kept(sitemap(outlet.url, numbers), "application/xml"),
    }


def stored(archive):
    with archive.reading() as conn:
        return {article.url.rpartition("/")[2]: article for article in articles.iterate(conn)}


@pytest.mark.parametrize(("kind", "path"), [("feed", "/rss"), ("listing", "/muc"), ("sitemap", "/sd.xml")])
def test_every_kind_brings_every_article_whole(run, outlet, archive, make_source, kind, path):
    publish(outlet)
    collected = run(make_source(outlet.url + path, kind))
    assert (collected.new, collected.failed) == (5, ())
    found = stored(archive)["bai-3.html"]
    assert found.content.title == f"{fictional.TITLE} đợt 3"
    assert found.content.paragraphs[0] == f"Tin số 3, đoạn 0: {fictional.PARAGRAPHS[0]}"
    assert found.revision.text == "full" and found.outlet == "Báo Thử"


def test_one_article_of_three_entry_points_is_fetched_once_and_named_by_the_first(
    run, outlet, archive, make_source
):
    publish(outlet)
    run(
        *(
            make_source(outlet.url + path, kind, id=kind)
            for kind, path in (("listing", "/muc"), ("feed", "/rss"), ("sitemap", "/sd.xml"))
        )
    )
    assert len(outlet.articles_asked()) == 5
    assert {article.source for article in stored(archive).values()} == {"listing"}


def test_a_second_run_asks_each_entry_point_once_and_no_article(run, outlet, make_source):
    publish(outlet)
    sources = [
        make_source(outlet.url + path, kind, id=kind)
        for kind, path in (("feed", "/rss"), ("listing", "/muc"), ("sitemap", "/sd.xml"))
    ]
    run(*sources)
    outlet.asked.clear()
    collected = run(*sources)
    assert sorted(outlet.asked) == ["/muc", "/rss", "/sd.xml"]
    assert (collected.new, collected.updated, collected.unchanged) == (0, 0, 5)


def test_a_server_without_validators_is_still_read_only_when_it_changed(run, outlet, make_source):
    publish(outlet)
    outlet.pages["/muc"] = Reply(fictional.listing(outlet.url, [1, 2, 3], "/muc?page=2"))
    source = make_source(outlet.url + "/muc", "listing")
    run(source)
    outlet.asked.clear()
    run(source)
    assert outlet.asked == ["/muc"]


def test_paging_stops_at_what_the_last_run_saw_and_a_missing_page_ends_it(run, outlet, archive, make_source):
    publish(outlet)
    source = make_source(outlet.url + "/muc", "listing")
    assert run(source).failed == ()
    outlet.pages["/bai-9.html"] = Reply(numbered(9))
    outlet.pages["/muc"] = Reply(fictional.listing(outlet.url, [9, 1, 2], "/muc?page=2"))
    outlet.pages["/muc?page=2"] = Reply(fictional.listing(outlet.url, [3, 4, 5], "/muc?page=3"))
    outlet.asked.clear()
    assert run(source).new == 1
    assert "/muc?page=3" not in outlet.asked


def test_a_failing_source_never_stops_the_others(run, outlet, second, archive, make_source):
    publish(outlet)
    second.pages["/rss"] = Reply(status=500)
    broken = make_source(second.url + "/rss", id="hong")
    empty = make_source(outlet.url + "/bai-1.html", id="khong-phai-rss")
    collected = run(broken, empty, make_source(outlet.url + "/rss"))
    assert collected.new == 5
    assert [(f.source, f.page) for f in collected.failed] == [("hong", False), ("khong-phai-rss", False)]
    assert all(failure.reason for failure in collected.failed)
    with archive.reading() as conn:
        health = sources.health(conn)
    assert (health["hong"].failures, health["thu"].failures) == (1, 0)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=403),
        Reply(status=500),
        Reply("một nửa", length=9000),
        Reply("<title>Just a moment...</title><p>Checking your browser</p>"),
        Reply("%PDF-1.7", kind="application/pdf"),
        Reply("<html><body></body></html>"),
    ],
    ids=["403", "500", "half", "challenge", "pdf", "empty"],
)
def test_an_entry_without_its_page_is_kept_as_such_and_had_in_the_next_run(
    run, outlet, archive, make_source, reply
):
    publish(outlet, [1])
    whole, outlet.pages["/bai-1.html"] = outlet.pages["/bai-1.html"], reply
    collected = run(make_source(outlet.url + "/rss"))
    (failure,) = collected.failed
    kept = stored(archive)["bai-1.html"]
    assert failure.page and failure.reason
    assert (kept.revision.text, kept.content.paragraphs, kept.revision.reason) == ("none", (), failure.reason)
    assert kept.content.title == f"{fictional.TITLE} đợt 1"
    outlet.pages["/bai-1.html"] = whole
    assert run(make_source(outlet.url + "/rss")).updated == 1
    again = stored(archive)["bai-1.html"]
    assert (again.revision.text, again.revision.number, len(again.content.paragraphs)) == ("full", 2, 4)


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_not_there_is_not_kept_and_asked_for_three_times_at_most(
    run, outlet, archive, make_source, status
):
    publish(outlet, [1, 2])
    outlet.pages["/bai-1.html"] = Reply(status=status)
    for _time in range(5):
        run(make_source(outlet.url + "/rss"))
    assert set(stored(archive)) == {"bai-2.html"}
    assert outlet.asked.count("/bai-1.html") == 3


def test_robots_are_obeyed_and_the_entry_is_kept(run, outlet, archive, make_source):
    publish(outlet, [1, 2])
    outlet.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /bai-1", kind="text/plain")
    run(make_source(outlet.url + "/rss"))
    kept = stored(archive)
    assert "/bai-1.html" not in outlet.asked
    assert (kept["bai-1.html"].revision.text, kept["bai-2.html"].revision.text) == ("none", "full")
    assert "robots.txt" in kept["bai-1.html"].revision.reason


def test_what_is_marked_internal_is_not_kept_at_all(run, outlet, archive, make_source):
    publish(outlet, [1])
    outlet.pages["/bai-1.html"] = Reply(numbered(1).replace("<h1>", "<p>LƯU HÀNH NỘI BỘ</p><h1>"))
    assert len(run(make_source(outlet.url + "/rss")).failed) == 1
    assert stored(archive) == {}


def test_a_correction_announced_by_the_feed_becomes_a_revision(run, outlet, archive, make_source):
    publish(outlet, [1])
    run(make_source(outlet.url + "/rss"))
    outlet.pages["/rss"] = Reply(rss(outlet.url, [1], "Đã sửa số liệu"), kind="application/rss+xml")
    outlet.pages["/bai-1.html"] = Reply(numbered(1).replace("ba trăm mét", "bốn trăm mét"))
    assert run(make_source(outlet.url + "/rss")).updated == 1
    kept = stored(archive)["bai-1.html"]
    assert kept.revision.number == 2 and "bốn trăm mét" in kept.content.paragraphs[0]
    with archive.reading() as conn:
        assert "ba trăm mét" in articles.revision(conn, kept.id, 1).content.paragraphs[0]


def test_articles_of_the_last_days_are_looked_at_again_with_validators_and_a_withdrawn_one_is_marked(
    run, outlet, archive, make_source
):
    publish(outlet, [1, 2])
    source = make_source(outlet.url + "/rss")
    run(source)
    outlet.pages["/rss"] = Reply(rss(outlet.url, [1, 2]) + " ", kind="application/rss+xml")
    outlet.pages["/bai-1.html"] = Reply(status=404)
    outlet.asked.clear()
    run(source, after=timedelta(days=1))
    assert sorted(outlet.articles_asked()) == ["/bai-1.html", "/bai-2.html"]
    assert outlet.seen[-1].headers.get("if-none-match") == '"v1"'
    kept = stored(archive)
    assert (kept["bai-1.html"].state, kept["bai-2.html"].state) == ("gone", "live")
    assert kept["bai-1.html"].content.paragraphs


def test_a_permanent_move_of_a_feed_is_remembered(run, outlet, make_source):
    publish(outlet, [1])
    outlet.pages["/cu"] = Reply(status=301, headers={"Location": "/rss"})
    source = make_source(outlet.url + "/cu")
    run(source)
    outlet.asked.clear()
    run(source)
    assert outlet.asked == ["/rss"]


def test_raw_pages_are_kept_only_where_the_settings_say_so(run, outlet, archive, make_source):
    from dataclasses import replace

    publish(outlet, [1])
    run.fetch = replace(run.fetch, keep_html=False)
    run(make_source(outlet.url + "/rss"))
    kept = stored(archive)["bai-1.html"]
    with archive.reading() as conn:
        assert pages.get(conn, kept.id, 1) is None


def test_many_pages_are_read_in_processes_with_the_same_result(run, outlet, archive, make_source):
    publish(outlet, range(1, 51))
    collected = run(make_source(outlet.url + "/rss", limit=60))
    assert (collected.new, collected.failed) == (50, ())
    assert stored(archive)["bai-50.html"].content.paragraphs[0].startswith("Tin số 50")


def test_an_address_that_leads_home_is_a_page_gone(run, outlet, archive, make_source):
    publish(outlet, [1])
    outlet.pages |= {"/bai-1.html": Reply(status=302, headers={"Location": "/"}), "/": Reply(numbered(2))}
    (failure,) = run(make_source(outlet.url + "/rss")).failed
    assert "trang chủ" in failure.reason
    assert stored(archive) == {}


def test_a_section_without_any_article_is_a_failure_not_silence(run, outlet, make_source):
    outlet.pages["/muc"] = Reply("<html><body><a href='/gioi-thieu'>Giới thiệu</a></body></html>")
    (failure,) = run(make_source(outlet.url + "/muc", "listing")).failed
    assert not failure.page


def test_a_feed_behind_a_session_cookie_that_another_page_sets(run, outlet, archive, make_source):
    publish(outlet, [1])
    feed = outlet.pages["/rss"]
    outlet.pages["/rss"] = Reply("phiên", headers={"Set-Cookie": "phien=1; Path=/"})
    outlet.pages["/rss/cate/tin.rss"] = lambda asked: (
        feed(asked)
        if "phien=1" in asked.headers.get("cookie", "")
        else Reply(status=302, headers={"Location": "/rss/cate/tin.rss"})
    )
    assert run(make_source(outlet.url + "/rss/cate/tin.rss")).new == 1


def test_a_run_that_spent_its_budget_leaves_the_rest_to_the_next(
    run, outlet, archive, make_source, monkeypatch
):
    publish(outlet, range(1, 6))
    monkeypatch.setattr("digest.collect.run.MOST_BYTES", 1)
    collected = run(make_source(outlet.url + "/rss"))
    assert collected.new < 5 and collected.warnings
    monkeypatch.undo()
    run(make_source(outlet.url + "/rss"))
    assert len(stored(archive)) == 5


def test_a_page_of_another_headline_is_flagged(run, outlet, archive, make_source):
    publish(outlet, [1])
    outlet.pages["/bai-1.html"] = Reply(
        fictional.page("Hướng dẫn sử dụng hộp thư góp ý", "Bạn đọc gửi góp ý qua hộp thư.")
    )
    run(make_source(outlet.url + "/rss"))
    assert "other-title" in stored(archive)["bai-1.html"].content.flags


def test_a_full_disk_ends_the_run_with_its_error_and_the_next_run_finishes(
    run, outlet, archive, make_source, monkeypatch
):
    publish(outlet, range(1, 61))
    source, apply, calls = make_source(outlet.url + "/rss", limit=60), keeping.apply, []

    def until_full(conn, outcomes):
        calls.append(len(outcomes))
        if len(calls) > 1:
            raise StorageError("Đĩa đã đầy")
        return apply(conn, outcomes)

    monkeypatch.setattr(keeping, "apply", until_full)
    with pytest.raises(StorageError):
        run(source)
    assert len(stored(archive)) == calls[0]
    monkeypatch.setattr(keeping, "apply", apply)
    run(source)
    assert len(stored(archive)) == 60
