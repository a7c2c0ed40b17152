"""Data of a user's own for any test, and what every run of the tests ends with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import xlgenai
from tests.support.quarters import NEW_QUARTER, bundled_rows, write_csv
from tests.support.verdict import HEADER

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def libreoffice_workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return xlgenai.build(tmp_path_factory.mktemp("libreoffice") / "model.xlsx", edition="libreoffice").path


@pytest.fixture
def longer(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "longer.csv", [*bundled_rows(), NEW_QUARTER])


@pytest.fixture
def shorter(tmp_path: Path) -> Path:
    header, *rows = bundled_rows()
    return write_csv(tmp_path / "shorter.csv", [header, *rows[2:]])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the judge found, function by function."""
    reports = [report for reports in ("passed", "failed") for report in terminalreporter.getreports(reports)]
    lines = [text for report in reports for name, text in report.user_properties if name == "verdict"]
    if lines:
        terminalreporter.section("Python against LAMBDA, function by function")
        terminalreporter.write_line(HEADER)
        for line in sorted(lines):
            terminalreporter.write_line(str(line))
