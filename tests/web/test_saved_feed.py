"""A search that editors saved has a feed of its own, which tells what holds all of it and nothing else."""

from __future__ import annotations

import feedparser

from digest.jobs import searches
from digest.jobs.search import Asked
from digest.jobs.session import opened
from digest.web.app import create_app


def test_a_saved_search_is_followed_by_its_name(own):
    with opened(own) as session:
        searches.keep(session, "Rừng, và dân tộc", Asked("rừng"))
        searches.keep(session, "Không có gì", Asked("rừng qwertyuiop"))
    app = create_app(own)
    try:
        client = app.test_client()
        feed = feedparser.parse(client.get("/atom/da-luu/rung-va-dan-toc.xml").data)
        assert not feed.bozo and feed.feed.title == "Rừng, và dân tộc"
        everyday = feedparser.parse(client.get("/atom/tim.xml?q=rừng").data)
        assert [one.id for one in feed.entries] == [one.id for one in everyday.entries] != []
        nothing = feedparser.parse(client.get("/atom/da-luu/khong-co-gi.xml").data)
        assert not nothing.bozo and nothing.entries == []
        assert client.get("/atom/da-luu/khac.xml").status_code == 404
    finally:
        app.extensions["digest"].close()
