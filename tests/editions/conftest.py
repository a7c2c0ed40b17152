"""The desktop workbooks as built, once, and what independent readers find in their VBA."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest
from oletools.olevba import VBA_Parser

import xlgenai
from xlgenai.cells.modules import load_functions
from xlgenai.workbook.package import Package

if TYPE_CHECKING:
    from pathlib import Path

    from xlgenai.cells.function import Function

PROJECT = "xl/vbaProject.bin"


@pytest.fixture(scope="session")
def functions() -> dict[str, Function]:
    return load_functions()


@pytest.fixture(scope="session")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return xlgenai.build(tmp_path_factory.mktemp("desktop") / "model.xlsm").path


@pytest.fixture(scope="session")
def standalone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return xlgenai.build(tmp_path_factory.mktemp("standalone") / "model.xlsm", standalone=True).path


@pytest.fixture(scope="session")
def package(desktop: Path) -> Package:
    return Package.open(desktop)


@pytest.fixture(scope="session")
def sources(desktop: Path) -> dict[str, str]:
    """Each module's source, as oletools reads it."""
    return modules(desktop)


def modules(path: Path) -> dict[str, str]:
    parser = VBA_Parser(str(path))
    try:
        return {name.rpartition(".")[0]: code for _, _, name, code in parser.extract_macros()}
    finally:
        parser.close()


def project(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(PROJECT)
