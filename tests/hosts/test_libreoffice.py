"""LibreOffice calculates every formula of the workbook that calls none of our functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.support.compared import calculated, differences, uncalculated, without
from tests.support.office import convert, needs_office

if TYPE_CHECKING:
    from pathlib import Path

    from xlgenai.cells.function import Function
    from xlgenai.workbook.package import Package

pytestmark = needs_office

LACKING = {
    "FILTER": "LibreOffice has it from 24.8 on; its file of 7.4 shows #NAME?",
    "UNIQUE": "LibreOffice has it from 24.8 on; its file of 7.4 shows #NAME?",
}
"""Built-in functions that stand frozen as well, each with the reason."""
EXCEPTIONS = 5
"""Formulas that call one of them: three columns of the layers, the list of vintages, the check on quarters."""


def recalculated(package: Package, folder: Path) -> dict[tuple[str, str], object]:
    """Return the value of every cell; a formula that gives an empty text has no value in the file that Calc writes."""
    source = folder / "frozen.xlsx"
    source.write_bytes(package.to_bytes())
    book = openpyxl.load_workbook(convert(source, "xlsx", folder / "calculated"), data_only=True)
    return {
        (sheet.title, cell.coordinate): "" if cell.value is None else number(cell.value)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
    }


def count(package: Package) -> int:
    return sum(len(package.sheet(name).formulas()) for name in package.sheets)


def number(value: object) -> object:
    """Return a boolean as the number that Calc takes it for: it cannot tell them apart."""
    return float(value) if isinstance(value, bool) else value


@pytest.mark.parametrize("name", ["built", "other"])
def test_libreoffice_calculates_the_same(
    name: str, functions: dict[str, Function], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    whole = request.getfixturevalue(name)
    package = without(whole, {*functions, *LACKING})
    expected = {cell: number(value) for cell, value in calculated(package).items()}
    assert count(without(whole, functions)) - count(package) == EXCEPTIONS
    assert len(expected) > 280
    assert not differences(expected, recalculated(uncalculated(package), tmp_path))
