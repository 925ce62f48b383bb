"""What holds for all tests: in CI nothing is skipped quietly, since .ci/run brings all that tests need."""

from __future__ import annotations

import os

import pytest


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") != "true" or reporter is None or exitstatus:
        return
    if reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped")
    if skipped and os.environ.get("CI") == "true":
        terminalreporter.write_line(f"{len(skipped)} skipped: in CI a skipped test is a failed one", red=True)
