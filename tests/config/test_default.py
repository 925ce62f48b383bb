"""The packaged sources.yaml keeps what it promises to editors."""

from pathlib import Path

import pytest
import yaml

from digest import config, query
from digest.model import Bulletin
from digest.query import Phrase, positive
from digest.query.match import spaced
from digest.text.normalise import same

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def default():
    return config.parse(config.default_text())


def test_it_is_the_one_of_this_checkout():
    assert (ROOT / "sources.yaml").read_bytes().decode("utf-8").replace("\r\n", "\n") == config.default_text()


def test_official_sources_enough_and_those_not_enabled_say_why(default):
    assert len(default.sources) >= 30
    assert sum(source.enabled for source in default.sources) >= 15
    off = [line for line in config.default_text().splitlines() if line.strip().startswith("enabled: false")]
    assert len(off) == sum(not source.enabled for source in default.sources)
    assert all(len(line.partition("#")[2].strip()) > 5 for line in off)


def test_topics_and_bulletins_of_the_meeting(default):
    assert [topic.id for topic in default.topics] == [
        *("xay-dung-dang", "ton-giao", "dan-toc", "hoi-nhap", "ly-luan"),
        *("thuc-tien", "quoc-phong-an-ninh", "phap-luat", "van-hoa", "hai-phong"),
    ]
    assert {one.id: one.cadence for one in default.bulletins} == {
        "bao-cao-vien": "weekly",
        "chi-bo": "monthly",
        "cam-tinh-dang": "monthly",
        "dan-toc-ton-giao": "weekly",
        "doanh-nghiep": "weekly",
    }
    assert [center.id for center in default.centers] == ["le-chan"]


def test_every_topic_is_printed_somewhere(default):
    printed = {topic for bulletin in default.bulletins for topic, _most in bulletin.sections}
    assert printed == {topic.id for topic in default.topics}


def test_a_bulletin_is_few_articles(default):
    def most(bulletin: Bulletin) -> int:
        return sum(number for _topic, number in bulletin.sections)

    assert all(8 <= most(bulletin) <= 16 for bulletin in default.bulletins)


def test_no_phrase_of_a_topic_is_counted_twice(default):
    """A phrase within another one of the same query would weigh double."""
    for topic in default.topics:
        terms = [one for one in positive(query.parse(topic.query)) if isinstance(one, Phrase)]
        keys = [spaced(same(term.text)) for term in terms]
        assert not [(a, b) for n, a in enumerate(keys) for m, b in enumerate(keys) if n != m and a in b], (
            topic.id
        )


def test_phrases_are_accented_so_that_look_alikes_stay_out(default):
    for topic in default.topics:
        phrases = [one.text for one in positive(query.parse(topic.query)) if isinstance(one, Phrase)]
        assert len(phrases) >= 10
        assert all(query.is_accented(phrase) or "OCOP" in phrase for phrase in phrases), topic.id


def test_it_is_plain_yaml_for_other_readers():
    assert yaml.safe_load(config.default_text())["format"] == 1
