"""Kinds of entry points: what each says of its articles. A new kind is one module and a line in KINDS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from digest.collect.page import Page
from digest.model import Entry, Source


class Unreadable(Exception):
    """The page is no entry point of this kind; `str()` says why, for editors."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page of an entry point says: its entries, newest first where it orders them, and pages that go on.

    `more` are addresses of further pages of the same entry point, to be read in this order.
    """

    entries: tuple[Entry, ...]
    more: tuple[str, ...] = ()


class Kind(Protocol):
    """One kind of entry point. Reading is pure: no network, no clock; tests/contract/test_kinds.py says when it is done."""

    def read(self, page: Page, source: Source) -> Reading:
        """What the page says; Unreadable if it is nothing of this kind."""


from digest.collect.kinds import feed, listing, sitemap  # noqa: E402

KINDS: dict[str, Kind] = {"feed": feed, "listing": listing, "sitemap": sitemap}
