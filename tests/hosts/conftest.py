"""The workbooks that every host opens: as built, and with other data and inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import xlgenai
from tests.support.rig import started
from xlgenai.cells.modules import load_functions
from xlgenai.workbook.package import Package

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.rig import Rig
    from xlgenai.cells.function import Function

OTHER: dict[str, float | str] = {
    "revenue_vintage": "Agrawal 2026",
    "serving_share": 0.4,
    "post_fiscal_quarter": "Q1",
    "exit_years": 7,
}
"""Three layers in place of two, and another quarter."""


@pytest.fixture(scope="session")
def functions() -> dict[str, Function]:
    return load_functions()


@pytest.fixture(scope="session")
def rig() -> Iterator[Rig]:
    """One office for all tests, in which Calc calls our functions."""
    yield from started()


@pytest.fixture(scope="session")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return xlgenai.build(tmp_path_factory.mktemp("built") / "model.xlsx").path


@pytest.fixture(scope="session")
def built(workbook: Path) -> Package:
    return Package.open(workbook)


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> Package:
    path = tmp_path_factory.mktemp("other") / "other.xlsx"
    return Package.open(xlgenai.build(path, inputs=OTHER, scenario="Bull").path)
