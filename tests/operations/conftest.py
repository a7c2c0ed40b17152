"""The workbook as built, once, and files of a user's own data."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import xlgenai
from tests.support.fake_book import open_in_excel
from xlgenai.operations.refresh import own_layout
from xlgenai.workbook.package import Package

if TYPE_CHECKING:
    from xlgenai.model.placed import Layout


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return xlgenai.build(tmp_path_factory.mktemp("operations") / "model.xlsx").path


@pytest.fixture
def model(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(built, tmp_path / "model.xlsx"))


@pytest.fixture
def package(model: Path) -> Package:
    return Package.open(model)


@pytest.fixture
def layout(package: Package) -> Layout:
    return own_layout(package)


@pytest.fixture
def book(model: Path, package: Package) -> Any:
    return open_in_excel(model, package)
