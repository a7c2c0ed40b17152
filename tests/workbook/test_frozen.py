"""A frozen copy: values where formulas were, of every kind, and the workbook itself as it was."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from xlgenai.cells.values import CellError, Scalar
from xlgenai.workbook.frozen import freeze
from xlgenai.workbook.package import Package

VALUES: dict[str, Scalar] = {"A1": 2.5, "A2": "text", "A3": "", "A4": True, "A5": CellError.DIV0, "B1": 1.0, "B2": 2.0}
"""What the file says that the formulas give: nothing that a program could calculate from them."""


@pytest.fixture
def package() -> Package:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(1, 6):
        sheet[f"A{row}"] = "=NO_SUCH()"
    sheet["B1"] = ArrayFormula("B1:B2", "=C1:C2")
    sheet["D1"] = DataTableFormula(ref="D1:D1", r1="C1")
    sheet["E1"] = "a constant"
    data = BytesIO()
    book.save(data)
    package = Package.from_bytes(data.getvalue(), "book.xlsx")
    for address, value in {**VALUES, "D1": 7.0}.items():
        package.sheet("Sheet").set_calculated(address, value)
    package.sheet("Sheet").element("B1").set("cm", "1")
    return package


def test_every_formula_becomes_its_value(package: Package) -> None:
    before = dict(package.parts)
    frozen = Package.from_bytes(freeze(package).to_bytes(), "copy.xlsx")
    cells = {cell.address: cell for cell in frozen.sheet("Sheet").cells()}
    assert {address: cell.value for address, cell in cells.items()} == {**VALUES, "D1": 7.0, "E1": "a constant"}
    written = frozen.read(frozen.sheets["Sheet"])
    assert b"<f" not in written
    assert b'cm="' not in written
    assert b't="e"' in written
    assert dict(package.parts) == before


def test_the_chosen_formulas_only(package: Package) -> None:
    frozen = freeze(package, lambda cell: cell.address in {"A1", "B1", "E1"})
    formulas = {cell.address: cell.formula for cell in frozen.sheet("Sheet").formulas()}
    assert formulas == dict.fromkeys(["A2", "A3", "A4", "A5"], "=NO_SUCH()")
    assert b't="dataTable"' in frozen.read(frozen.sheets["Sheet"])
    assert b'cm="' not in frozen.read(frozen.sheets["Sheet"])
