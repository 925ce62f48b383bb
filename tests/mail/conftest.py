"""Fixtures of the mail tests; what they are made of is in post_office.py."""

from __future__ import annotations

import pytest
from post_office import make_archive, offices


@pytest.fixture
def open_office():
    """Opens SMTP servers that follow a script; all are closed at the end."""
    with offices() as opened:
        yield opened


@pytest.fixture
def archive(tmp_path):
    """An archive that holds one approved edition."""
    opened = make_archive(tmp_path)
    yield opened
    opened.close()
