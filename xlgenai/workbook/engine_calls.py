"""Our functions as the engine calls them.

Four things are rewritten for the engine only: what a file for LibreOffice spells otherwise; references to tables,
which it does not know in full; arguments left out, which it cannot tell from 0; and tables in which no formula stands:
as a mark in place of hundreds of cells they cost nothing on the way.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import formualizer

from xlgenai.cells.boundary import call
from xlgenai.cells.formula import CALC, Call, address, calls, fill_omitted, function_names
from xlgenai.cells.spelling import typed
from xlgenai.cells.structured import TableRange, expand
from xlgenai.cells.values import OMITTED, CellError, Result, types_in
from xlgenai.workbook.sheet import position
from xlgenai.workbook.tables import table_ranges

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xlgenai.cells.function import Function
    from xlgenai.cells.values import Matrix
    from xlgenai.workbook.package import Package
    from xlgenai.workbook.sheet import StoredCell

LEFT_OUT: Final = "\ue000left out\ue000"
"""Stands for an argument left out: a text that no cell holds."""
GAP: Final = re.compile(r"[(,]\s*[,)]")
"""What a formula with an argument left out contains."""
CALC_PREFIX: Final = f"{CALC}."
ERRORS: Final = {
    "Div": CellError.DIV0,
    "Na": CellError.NA,
    "Name": CellError.NAME,
    "Null": CellError.NULL,
    "Num": CellError.NUM,
    "Ref": CellError.REF,
    "Value": CellError.VALUE,
}
"""The seven errors by the engine's names."""
KINDS: Final = {error: kind for kind, error in ERRORS.items()}


class EngineCalls:
    """How the formulas of one workbook call our functions through the engine.

    Parameters
    ----------
    package : Package
        The file.
    functions : mapping of str to Function
        Our functions by name in capitals.
    formulas : mapping of str to list of StoredCell
        The cells with formulas, by sheet.
    """

    def __init__(
        self, package: Package, functions: Mapping[str, Function], formulas: Mapping[str, list[StoredCell]]
    ) -> None:
        self._functions = functions
        self._tables = table_ranges(package)
        asked = {(parameter.table or "").casefold() for f in functions.values() for parameter in f.parameters}
        constant = [
            table
            for key, table in self._tables.items()
            if key in asked and not any(_holds(table, cell.address) for cell in formulas[table.sheet])
        ]
        self._marks = {f"{table.name}[#All]": f"\ue000{table.name}\ue000" for table in constant}
        self._contents = {self._marks[f"{table.name}[#All]"]: _content(package, table) for table in constant}
        self._fillers = {name: self._filler(function) for name, function in functions.items()}

    def register(self, engine: Any) -> None:
        """Make our functions known to an engine."""
        for name, function in self._functions.items():
            engine.register_function(name, self._callback(function), min_args=0, max_args=function.max_args)

    def rewritten(self, formula: str, sheet: str, where: str) -> str:
        """Write a cell's formula as the engine gets it; one that cannot be read is left to the engine."""
        try:
            if CALC_PREFIX in formula:
                formula = typed(formula)
            ours = [name for name in function_names(formula) if name in self._functions]
            if ours and (GAP.search(formula) or any(self._lacks_a_table(each) for each in calls(formula))):
                formula = fill_omitted(formula, ours, self._fillers, f'"{LEFT_OUT}"')
            if "[" not in formula:
                return formula
            return expand(self._marked(formula, ours) if ours else formula, self._tables, sheet, position(where)[0])
        except ValueError:
            return formula

    def _filler(self, function: Function) -> dict[int, str]:
        """What stands for a table parameter left out: the workbook's own table, if it has one."""
        return {
            index: f"{table.name}[#All]"
            for index, parameter in enumerate(function.parameters)
            if (table := self._tables.get((parameter.table or "").casefold()))
        }

    def _lacks_a_table(self, one: Call) -> bool:
        return len(one.arguments) <= max(self._fillers.get(one.name, ()), default=-1)

    def _marked(self, formula: str, ours: list[str]) -> str:
        """Write a table as its mark, where it is a whole argument of ours and stands nowhere else."""
        for reference, mark in self._marks.items():
            given = sum(each.arguments.count(reference) for each in calls(formula) if each.name in ours)
            if given and given == formula.count(reference):
                formula = formula.replace(reference, f'"{mark}"')
        return formula

    def _callback(self, function: Function) -> Callable[..., Any]:
        def from_cell(*arguments: Any) -> Any:
            return _to_engine(call(function, [self._argument(argument) for argument in arguments]))

        return from_cell

    def _argument(self, argument: Any) -> Any:
        if isinstance(argument, str):
            if argument in self._contents:
                return self._contents[argument]
            return OMITTED if argument == LEFT_OUT else argument
        if isinstance(argument, list) and dict in types_in(argument):
            return [[self._argument(cell) for cell in row] for row in argument]
        if isinstance(argument, dict):
            return ERRORS.get(argument.get("kind", ""), CellError.VALUE)
        return argument


def _holds(table: TableRange, where: str) -> bool:
    left, top, right, bottom = table.edges
    row, column = position(where)
    return top <= row <= bottom and left <= column <= right


def _content(package: Package, table: TableRange) -> Matrix:
    left, top, right, bottom = table.edges
    values = {cell.address: cell.value for cell in package.sheet(table.sheet).cells()}
    return tuple(  # nothing that a function could change for those that are called after it
        tuple(values.get(address(row, column)) for column in range(left, right + 1)) for row in range(top, bottom + 1)
    )


def _to_engine(result: Result) -> Any:
    if isinstance(result, list):
        return [[_to_engine(cell) for cell in row] for row in result]
    if isinstance(result, CellError):
        return formualizer.LiteralValue.error(KINDS[result], None)
    return result
