"""Small files that are right, for tests to spoil."""

import pytest
from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

SMALL = """\
format: 1
site: {name: Bản tin Bến Thử, url: https://ban-tin.example.vn/}
sources:
  - id: bao-ben-thu
    outlet: Báo Bến Thử
    kind: feed
    url: https://bao.example.vn/rss
    topics: [nuoc-sach]
topics:
  - id: nuoc-sach
    name: Nước sạch
    query: '"nước sạch" OR "giếng khoan"'
  - {id: truong-hoc, name: Trường học, query: trường, parent: nuoc-sach}
bulletins:
  - id: ban-tin-xa
    name: Bản tin xã
    cadence: weekly
    sections: {nuoc-sach: 3, truong-hoc: 2}
centers:
  - id: ben-thu
    name: Trung tâm chính trị xã Bến Thử
    sender: 'Trung tâm <bantin@example.vn>'
    recipients: recipients/ben-thu.csv
    bulletins: [ban-tin-xa]
"""


@pytest.fixture
def small():
    return SMALL
