"""The workbook as built, once, and files of a user's own data."""

from __future__ import annotations

import csv
import shutil
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import xlgenai
from tests.support.fake_book import open_in_excel
from xlgenai.operations.refresh import own_layout
from xlgenai.workbook.package import Package

if TYPE_CHECKING:
    from xlgenai.model.placed import Layout

NEW_QUARTER = ["2027", "Q2", "2026-07-26", "90000", "84000", "50000", "25000", "as reported", "made up for the test"]


def bundled_rows() -> list[list[str]]:
    text = (resources.files("xlgenai.data") / "tables" / "nvidia_quarterly.csv").read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines()))


def write_csv(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return xlgenai.build(tmp_path_factory.mktemp("operations") / "model.xlsx").path


@pytest.fixture
def model(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(built, tmp_path / "model.xlsx"))


@pytest.fixture
def longer(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "longer.csv", [*bundled_rows(), NEW_QUARTER])


@pytest.fixture
def shorter(tmp_path: Path) -> Path:
    header, *rows = bundled_rows()
    return write_csv(tmp_path / "shorter.csv", [header, *rows[2:]])


@pytest.fixture
def package(model: Path) -> Package:
    return Package.open(model)


@pytest.fixture
def layout(package: Package) -> Layout:
    return own_layout(package)


@pytest.fixture
def book(model: Path, package: Package) -> Any:
    return open_in_excel(model, package)
