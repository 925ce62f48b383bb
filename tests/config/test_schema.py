"""The layout agrees with the model, with the plug points, with the JSON Schema and with its reference page."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from digest import config
from digest.bulletin.render import RENDERERS
from digest.collect.kinds import KINDS
from digest.config import layout
from digest.config.shapes import Record

DOCS = Path(__file__).parents[2] / "docs"
RECORDS = [one for one in vars(layout).values() if isinstance(one, Record)]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.make.__name__)
def test_every_field_of_the_model_is_a_key(record):
    keys = set(record.fields) - set(record.fixed)
    assert keys == {field.name for field in fields(record.make)}


def test_choices_are_those_of_the_plug_points():
    assert set(config.KINDS) == set(KINDS)
    assert set(config.FORMATS) == set(RENDERERS)


def test_the_published_schema_is_the_layout():
    """Write it again with: python3 tasks.py docs."""
    published = json.loads((DOCS / "sources.schema.json").read_text(encoding="utf-8"))
    assert published == config.schema()


def test_the_schema_knows_what_must_be_there():
    source = config.schema()["properties"]["sources"]["items"]
    assert source["required"] == ["id", "outlet", "kind", "url"]
    assert source["additionalProperties"] is False
    assert source["properties"]["kind"]["enum"] == sorted(KINDS)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.make.__name__)
def test_every_key_is_explained_to_editors(record):
    page = (DOCS / "vi" / "nguon-tin.md").read_text(encoding="utf-8")
    assert [key for key in record.fields if f"`{key}`" not in page] == []
