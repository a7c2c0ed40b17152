"""An engine that shares no code with the one that calculated the values: formulon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import formulon
import pytest

from tests.support.compared import Values, calculated, differences, uncalculated, without
from xlgenai.cells.values import CellError
from xlgenai.workbook.sheet import position

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlgenai.cells.function import Function
    from xlgenai.cells.values import Scalar
    from xlgenai.workbook.package import Package

EXCEPTIONS: dict[tuple[str, str], str] = {}
"""Cells that formulon cannot calculate, each with the reason: none."""
ERRORS = {
    formulon.ErrorCode.NULL: CellError.NULL,
    formulon.ErrorCode.DIV0: CellError.DIV0,
    formulon.ErrorCode.VALUE: CellError.VALUE,
    formulon.ErrorCode.REF: CellError.REF,
    formulon.ErrorCode.NAME: CellError.NAME,
    formulon.ErrorCode.NUM: CellError.NUM,
    formulon.ErrorCode.NA: CellError.NA,
}


def recalculated(package: Package, cells: Mapping[tuple[str, str], Scalar]) -> Values:
    sheets = list(package.sheets)
    with formulon.Workbook.load(package.to_bytes()) as book:
        book.recalc()
        return {
            (sheet, cell): read(book, sheets.index(sheet), *position(cell))
            for sheet, cell in cells
            if (sheet, cell) not in EXCEPTIONS
        }


def read(book: formulon.Workbook, sheet: int, row: int, column: int) -> Scalar:
    value = book.get_value(sheet, row - 1, column - 1)
    if value.kind is formulon.ValueKind.ERROR:
        assert value.error_code is not None
        return ERRORS[formulon.ErrorCode(value.error_code)]
    plain = value.to_python()
    assert not isinstance(plain, formulon.Value)
    return plain


@pytest.mark.parametrize("name", ["built", "other"])
def test_formulon_calculates_the_same_from_every_formula_that_calls_none_of_ours(
    name: str, functions: dict[str, Function], request: pytest.FixtureRequest
) -> None:
    package = without(request.getfixturevalue(name), functions)
    expected = calculated(package)
    assert len(expected) > 280
    assert not EXCEPTIONS
    assert not differences(expected, recalculated(uncalculated(package), expected))


def test_a_wrong_value_would_be_found(built: Package, functions: dict[str, Function]) -> None:
    package = without(built, functions)
    (cell, value), *_ = calculated(package).items()
    assert differences({cell: "something else"}, recalculated(package, {cell: value})) != []
