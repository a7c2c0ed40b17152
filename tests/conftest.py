"""What every run of the tests ends with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.verdict import HEADER

if TYPE_CHECKING:
    import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the judge found, function by function."""
    reports = [report for reports in ("passed", "failed") for report in terminalreporter.getreports(reports)]
    lines = [text for report in reports for name, text in report.user_properties if name == "verdict"]
    if lines:
        terminalreporter.section("Python against LAMBDA, function by function")
        terminalreporter.write_line(HEADER)
        for line in sorted(lines):
            terminalreporter.write_line(str(line))
