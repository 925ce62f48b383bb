"""The web view over a small workspace of invented communes; a browser where there is one."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import waitress
from waitress import wasyncore

sys.path.insert(0, str(Path(__file__).parent))

import samples

from digest.web.app import create_app
from digest.web.serve import limits
from digest.workspace import Workspace


@pytest.fixture(autouse=True)
def _fixed_now(monkeypatch):
    monkeypatch.setenv("DIGEST_NOW", samples.NOW.isoformat())


@pytest.fixture(scope="session")
def workspace(tmp_path_factory) -> Workspace:
    """Read by many tests, written by none."""
    os.environ["DIGEST_NOW"] = samples.NOW.isoformat()
    return samples.build(tmp_path_factory.mktemp("web") / "home")


@pytest.fixture
def own(workspace, tmp_path) -> Workspace:
    """A copy that a test may change."""
    home = tmp_path / "home"
    shutil.copytree(workspace.home, home)
    return Workspace(home)


@pytest.fixture(scope="session")
def app(workspace):
    made = create_app(workspace)
    yield made
    made.extensions["digest"].close()


@pytest.fixture
def client(app):
    return app.test_client()


class Served:
    """An application on a port of its own, in threads of this process."""

    def __init__(self, app, **other) -> None:
        self.app = app
        self.server = waitress.create_server(app, host="127.0.0.1", port=0, **(limits() | other))
        self.url = f"http://127.0.0.1:{self.server.effective_port}"
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.task_dispatcher.shutdown(timeout=10)
        # In the loop's own thread, and browsers' kept-alive connections too: else the loop goes on for them,
        # and a socket of this test is collected, with a warning, amid another.
        self.server.trigger.pull_trigger(lambda: wasyncore.close_all(self.server._map))
        self.thread.join(10)
        assert not self.thread.is_alive()
        self.app.extensions["digest"].close()


@pytest.fixture(scope="session")
def served(workspace) -> Iterator[Served]:
    one = Served(create_app(workspace))
    yield one
    one.close()


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium through Playwright; without it a test is skipped, and in CI that is a failure."""
    where = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if where is None:
        message = "Chromium is not installed: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=where,
            args=["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def make_client():
    """A client of an application over another workspace."""
    made = []

    def make(workspace, **options):
        app = create_app(workspace, **options)
        made.append(app)
        return app.test_client()

    yield make
    for app in made:
        app.extensions["digest"].close()
