"""The web view: readers search and read, editors decide at the desk."""

from digest.web.app import create_app

__all__ = ["create_app"]
