"""One HTML file that reads well on any screen and prints well: no script, no request to anyone."""

from __future__ import annotations

from digest.bulletin import tokens
from digest.bulletin.render import pages
from digest.bulletin.view import View


def render(view: View) -> bytes:
    """The edition as one page, with its fonts and codes inside."""
    wide, high = tokens.PAGES_MM.get(view.page.lower(), tokens.PAGES_MM["a4"])
    return pages.fill(
        "edition.html",
        view=view,
        regular=pages.font("Regular"),
        semibold=pages.font("SemiBold"),
        wide=wide,
        high=high,
    ).encode()
