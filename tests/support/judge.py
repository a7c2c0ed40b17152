"""Each function twice over the same arguments: in Python at the cell boundary, and as LAMBDA in IronCalc."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import ironcalc
import openpyxl
from openpyxl.worksheet.table import Table

from tests.support import lookups
from tests.support.agreement import agree, matrix
from tests.support.departures import explain
from tests.support.verdict import Verdict
from xlgenai.cells.boundary import call
from xlgenai.cells.formula import address, function_names
from xlgenai.cells.modules import load_functions
from xlgenai.cells.twins import typed_lambda
from xlgenai.cells.values import OMITTED, CellError, Scalar, is_range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.cases import Case, Given
    from xlgenai.cells.function import Function
    from xlgenai.cells.values import Argument, Result

ARGUMENTS, RESULTS = 0, 1
"""Sheets by their position."""
BAND: Final = 20
"""Rows and columns that each argument and each result has for itself: none needs as many."""
ERRORS: Final = frozenset(CellError)
FUNCTIONS: Final = load_functions()


def judge(function: Function, cases: Sequence[Case], *, twin: Function | None = None) -> Verdict:
    """Compare a function with its twin.

    Parameters
    ----------
    function : Function
        Whose Python is judged.
    cases : sequence of Case
        The arguments.
    twin : Function, optional
        Whose twin is judged; left out, the function's own.

    Returns
    -------
    Verdict
        Every disagreement with its arguments.
    """
    verdict = Verdict(function.name, len(cases))
    for case, theirs in zip(cases, calculated(twin or function, cases), strict=True):
        ours = call(function, [given.value for given in case])
        has_number = any(isinstance(cell, float) for row in matrix(ours) for cell in row)
        verdict.numbers += has_number
        verdict.errors += not has_number
        if agree(ours, theirs):
            verdict.agreed += 1
        elif reason := explain(function, case, ours, theirs):
            verdict.exceptions[reason] += 1
        else:
            shown = ", ".join(repr(given.value) for given in case)
            verdict.disagreements.append(f"{function.name}({shown}): {ours!r} in Python, {theirs!r} in IronCalc")
    return verdict


def calculated(function: Function, cases: Sequence[Case]) -> list[Result]:
    """Let IronCalc calculate the twin for each case, all of them in one workbook."""
    model = _model(function)
    starts = range(1, 1 + BAND * len(cases), BAND)
    for row, case in zip(starts, cases, strict=True):
        written = ",".join(_written(model, given, row, 1 + BAND * place) for place, given in enumerate(case))
        model.set_user_input(RESULTS, row, 1, f"={function.name}({written})")
    model.evaluate()
    return [_read(model, row) for row in starts]


def _model(function: Function) -> Any:
    """Make a workbook with a sheet of arguments and one of results, the function as a name, and what that refers to."""
    if any(parameter.table for parameter in function.parameters):
        model = _with_quarters()
    else:
        model = ironcalc.create("judge", "en", "UTC")
        model.add_sheet("Results")
    for name in function_names(function.twin):
        if name in FUNCTIONS:
            model.new_defined_name(name, None, typed_lambda(FUNCTIONS[name]))
    model.new_defined_name(function.name, None, typed_lambda(function))
    return model


def _with_quarters() -> Any:
    """Make the workbook through a file, as only a file can bring a table: Nvidia's quarters, as ours has them."""
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Sheet1"
    book.create_sheet("Results")
    sheet = book.create_sheet("Data")
    quarters = lookups.rows()
    for row in quarters:
        sheet.append(row)
    sheet.add_table(Table(displayName="NvidiaQuarters", ref=f"A1:{address(len(quarters), len(quarters[0]))}"))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "quarters.xlsx"
        book.save(path)
        return ironcalc.load_from_xlsx(str(path), "en", "UTC")


def _written(model: Any, given: Given, row: int, column: int) -> str:
    """Write an argument as the formula holds it; what it refers to goes into the cells from there on."""
    if given.value is OMITTED:
        return ""
    if given.typed:
        return _constant(given.value)
    cells = matrix(given.value)
    for down, line in enumerate(cells):
        for right, cell in enumerate(line):
            _put(model, row + down, column + right, cell)
    last = address(row + len(cells) - 1, column + len(cells[0]) - 1)
    return f"Sheet1!{address(row, column)}" + (f":{last}" if is_range(given.value) else "")


def _constant(value: Argument) -> str:
    if is_range(value):
        return "{" + ";".join(",".join(map(_constant, row)) for row in value) + "}"
    match value:
        case CellError():
            return str(value)
        case bool():
            return str(value).upper()
        case str():
            return f'"{value}"'
    return repr(value)


def _put(model: Any, row: int, column: int, cell: Scalar) -> None:
    match cell:
        case None:
            pass
        case CellError():
            model.set_user_input(ARGUMENTS, row, column, str(cell))
        case bool():
            model.update_cell_with_bool(ARGUMENTS, row, column, cell)
        case str():
            model.update_cell_with_text(ARGUMENTS, row, column, cell)
        case _:
            model.update_cell_with_number(ARGUMENTS, row, column, cell)


def _read(model: Any, row: int) -> Result:
    """Read one result with all that it spills into."""
    across = next(i for i in range(1, BAND) if model.get_cell_value(RESULTS, row, 1 + i) is None)
    down = next(i for i in range(1, BAND) if model.get_cell_value(RESULTS, row + i, 1) is None)
    return [[_shown(model.get_cell_value(RESULTS, row + i, 1 + j)) for j in range(across)] for i in range(down)]


def _shown(value: Scalar) -> Scalar:
    return CellError(value) if isinstance(value, str) and value in ERRORS else value
