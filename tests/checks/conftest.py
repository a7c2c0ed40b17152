"""The workbook that every test of this folder damages a copy of, built once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from xlgenai.cells.modules import load_functions
from xlgenai.operations.build import build
from xlgenai.workbook.package import Package

if TYPE_CHECKING:
    from pathlib import Path

    from xlgenai.cells.function import Function


@pytest.fixture(scope="session")
def workbook_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("checks") / "model.xlsx"
    build(path)
    return path


@pytest.fixture(scope="session")
def built(workbook_path: Path) -> Package:
    return Package.open(workbook_path)


@pytest.fixture
def package(built: Package) -> Package:
    return built.copy()


@pytest.fixture(scope="session")
def functions() -> dict[str, Function]:
    return load_functions()
