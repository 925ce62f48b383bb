"""The demo's sources.yaml names the newsroom, five bulletins and one center."""

from datetime import UTC, datetime

import pytest
import yaml

from digest.demo.newsroom import start_newsroom
from digest.demo.sources import RECIPIENTS_PATH, recipients_csv, sources_yaml

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def stated():
    with start_newsroom(NOW) as room:
        return yaml.safe_load(sources_yaml(room)), room.urls


def test_each_outlet_is_a_source_on_loopback(stated):
    config, urls = stated
    assert {source["id"]: source["url"].split("/", 3)[2] for source in config["sources"]} == {
        id: url.removeprefix("http://") for id, url in urls.items()
    }
    assert {source["kind"] for source in config["sources"]} == {"feed", "listing", "sitemap"}
    assert config["fetch"]["allow_private"] == ["127.0.0.0/8"]
    assert config["fetch"]["delay"] == 0


def test_sections_name_topics_that_there_are(stated):
    config, _urls = stated
    topics = {topic["id"] for topic in config["topics"]}
    assert len(config["bulletins"]) == 5
    for bulletin in config["bulletins"]:
        assert set(bulletin["sections"]) <= topics
        assert bulletin["letterhead"]["style"] == "party"


def test_the_center_writes_to_three_people_who_cannot_receive(stated):
    config, _urls = stated
    assert [center["recipients"] for center in config["centers"]] == [RECIPIENTS_PATH]
    lines = recipients_csv().splitlines()
    assert lines[0] == "email,name"
    assert len(lines) == 4
    assert all(line.split(",")[0].endswith("@example.vn") for line in lines[1:])
