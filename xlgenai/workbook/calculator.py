"""Calculate a workbook without Excel: formualizer computes, our functions are called through the cell boundary.

The file's formulas stay as they are. Three things are rewritten for the engine only: references to tables, which it
does not know in full; arguments left out, which it cannot tell from 0; and a table parameter left out, for which the
workbook's own table stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import formualizer

from xlgenai.cells.boundary import call
from xlgenai.cells.built_in import BUILT_IN
from xlgenai.cells.formula import Call, calls, fill_omitted, function_names
from xlgenai.cells.formula import address as make_address
from xlgenai.cells.structured import TableRange, expand
from xlgenai.cells.values import OMITTED, CellError, Result, Scalar, serial, types_in
from xlgenai.errors import WorkbookError
from xlgenai.workbook.sheet import members, position
from xlgenai.workbook.tables import table_ranges

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xlgenai.cells.function import Function
    from xlgenai.workbook.package import Package
    from xlgenai.workbook.sheet import StoredCell

MARK: Final = "\ue000left out\ue000"
"""Stands for an argument left out: a text that no cell holds."""
GAP: Final = re.compile(r"[(,]\s*[,)]")
"""What a formula with an argument left out contains."""
FROM_ENGINE: Final = {
    "Div": CellError.DIV0,
    "Na": CellError.NA,
    "Name": CellError.NAME,
    "Null": CellError.NULL,
    "Num": CellError.NUM,
    "Ref": CellError.REF,
    "Value": CellError.VALUE,
}
TO_ENGINE: Final = {error: kind for kind, error in FROM_ENGINE.items()}
OTHER: Final[dict[str, tuple[Scalar, str]]] = {
    "Spill": (CellError.VALUE, "has no room to spill: clear the cells that it would fill"),
    "Circ": (0.0, "depends on itself: break the circle"),
    "Calc": (CellError.VALUE, "gives an empty array"),
    "NImpl": (CellError.NAME, "uses a function that the calculator does not know; Excel may"),
}
"""What the engine knows beside the seven errors: what the cell gets, and what the user is told."""


@dataclass(frozen=True)
class Calculation:
    """What a workbook's formulas give.

    Attributes
    ----------
    values : dict
        By sheet and address: every formula cell and every cell that a formula spills into.
    spills : dict
        By sheet and address: the range that each array formula fills.
    notes : tuple of str
        What kept a formula from being calculated, one sentence each.
    """

    values: dict[str, dict[str, Scalar]]
    spills: dict[str, dict[str, str]]
    notes: tuple[str, ...] = field(default=())


def calculate(package: Package, functions: Mapping[str, Function]) -> Calculation:
    """Calculate every formula of a workbook.

    Parameters
    ----------
    package : Package
        The file.
    functions : mapping of str to Function
        Our functions by name in capitals.

    Returns
    -------
    Calculation
        The values.
    """
    formulas = {name: package.sheet(name).formulas() for name in package.sheets}
    engine = _engine(package, functions, formulas)
    return _results(engine, formulas)


def _engine(package: Package, functions: Mapping[str, Function], formulas: Mapping[str, list[StoredCell]]) -> Any:
    try:
        data = _unspilled(package, formulas).to_bytes(compress=False)
        engine = formualizer.Workbook.from_bytes(data, config=_one_thread())
        engine.set_temporal_egress("serial")
        for name, function in functions.items():
            engine.register_function(name, _callback(function), min_args=0, max_args=function.max_args)
        tables = table_ranges(package)
        fillers = {name: _table_arguments(function, tables) for name, function in functions.items()}
        for sheet, cells in formulas.items():
            for cell in cells:
                text = _for_engine(cell, sheet, fillers, tables)
                if cell.ref == cell.address and not cell.dynamic:
                    text = f"=INDEX({text.removeprefix('=')},1,1)"  # one cell of the old kind never spills
                if text != cell.formula:
                    engine.set_formula(sheet, *position(cell.address), text)
        engine.evaluate_all()
    except (OSError, RuntimeError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else "no reason given"
        raise WorkbookError(f"{package.name} could not be calculated ({reason}): open and save it in Excel.") from error
    return engine


def _one_thread() -> Any:
    """Functions called from the engine's own threads would wait for one another, three times as long as they take."""
    evaluation = formualizer.EvaluationConfig()
    evaluation.enable_parallel = False
    return formualizer.WorkbookConfig(
        mode=formualizer.WorkbookMode.Interactive, eval_config=evaluation, enable_changelog=False
    )


def _unspilled(package: Package, formulas: Mapping[str, list[StoredCell]]) -> Package:
    """Return a copy without the values that formulas spilled before, which would leave them no room to spill again."""
    copy = package.copy()
    for name, cells in formulas.items():
        spilled = [
            member for cell in cells if ":" in cell.ref for member in members(cell.ref) if member != cell.address
        ]
        if spilled:
            for member in spilled:
                copy.sheet(name).set_calculated(member, None)
    return copy


def _for_engine(
    cell: StoredCell, sheet: str, fillers: Mapping[str, Mapping[int, str]], tables: Mapping[str, TableRange]
) -> str:
    """Rewrite one formula; one that cannot be read is left to the engine."""
    formula = cell.formula
    try:
        ours = [name for name in function_names(formula) if name in fillers]
        if ours and (GAP.search(formula) or any(_lacks_a_table(call, fillers) for call in calls(formula))):
            formula = fill_omitted(formula, ours, fillers, f'"{MARK}"')
        return expand(formula, tables, sheet, position(cell.address)[0]) if "[" in formula else formula
    except ValueError:
        return formula


def _lacks_a_table(call: Call, fillers: Mapping[str, Mapping[int, str]]) -> bool:
    return len(call.arguments) <= max(fillers.get(call.name, ()), default=-1)


def _table_arguments(function: Function, tables: Mapping[str, TableRange]) -> dict[int, str]:
    return {
        index: f"{parameter.table}[#All]"
        for index, parameter in enumerate(function.parameters)
        if parameter.table and parameter.table.casefold() in tables
    }


def _callback(function: Function) -> Callable[..., Any]:
    def from_cell(*arguments: Any) -> Any:
        return _to_engine(call(function, [_from_engine(argument) for argument in arguments]))

    return from_cell


def _from_engine(argument: Any) -> Any:
    if isinstance(argument, list):
        if dict not in types_in(argument):
            return argument
        return [[_from_engine(cell) for cell in row] for row in argument]
    if isinstance(argument, dict):
        return FROM_ENGINE.get(argument.get("kind", ""), CellError.VALUE)
    return OMITTED if argument == MARK else argument


def _to_engine(result: Result) -> Any:
    if isinstance(result, list):
        return [[_to_engine(cell) for cell in row] for row in result]
    if isinstance(result, CellError):
        return formualizer.LiteralValue.error(TO_ENGINE[result], None)
    return result


def _results(engine: Any, formulas: Mapping[str, list[StoredCell]]) -> Calculation:
    values: dict[str, dict[str, Scalar]] = {}
    spills: dict[str, dict[str, str]] = {}
    notes: list[str] = []
    for sheet, cells in formulas.items():
        found, arrays = values.setdefault(sheet, {}), spills.setdefault(sheet, {})
        for cell in cells:
            ref = _extent(engine, sheet, cell)
            if cell.ref:
                arrays[cell.address] = ref
            for address in [ref] if ref == cell.address else members(ref):
                raw = engine.get_value(sheet, *position(address))
                found[address] = _value(raw)
                kind = raw.get("kind") if isinstance(raw, dict) else ""
                if kind == "Name" and _lacks(cell.formula):
                    kind = "NImpl"
                if kind in OTHER:
                    notes.append(f"{sheet}!{address} {OTHER[kind][1]}.")
            if cell.ref and not cell.dynamic and ref != cell.address:
                _repeat(found, ref, _spill(engine, sheet, cell.address))
    return Calculation(values, spills, tuple(notes))


def _extent(engine: Any, sheet: str, cell: StoredCell) -> str:
    """The range that a formula fills: fixed for an array formula of the old kind, else as far as it spills."""
    return _spill(engine, sheet, cell.address) if cell.dynamic else cell.ref or cell.address


def _spill(engine: Any, sheet: str, address: str) -> str:
    quoted = sheet.replace("'", "''")
    spill = engine.inspect_cell(f"'{quoted}'!{address}").cell.spill
    extent = spill.to_dict().get("extent") if spill is not None else None
    return str(extent).rpartition("!")[2].replace("$", "") if extent else address


def _repeat(found: dict[str, Scalar], ref: str, extent: str) -> None:
    """Fill an array formula of the old kind: a single row or column is repeated, beyond any other result is #N/A."""
    (top, left), (bottom, right) = (position(edge) for edge in (extent.partition(":")[0], extent.rpartition(":")[2]))
    for address in members(ref):
        row, column = position(address)
        source = make_address(top if top == bottom else row, left if left == right else column)
        found[address] = found[source] if source in members(extent) else CellError.NA


@cache
def _lacks(formula: str) -> bool:
    """Whether a formula calls a function of Excel's that the engine does not know, even without arguments."""
    scratch = formualizer.Workbook()
    scratch.add_sheet("S")
    try:
        names = BUILT_IN.intersection(function_names(formula))
    except ValueError:  # no formula that can be read
        return False
    for row, name in enumerate(names, start=1):
        scratch.set_formula("S", row, 1, f"={name}()")
        if (scratch.evaluate_cell("S", row, 1) or {}) == {"type": "Error", "kind": "Name"}:
            return True
    return False


def _value(raw: Any) -> Scalar:
    if isinstance(raw, dict):
        kind = raw.get("kind", "")
        return OTHER[kind][0] if kind in OTHER else FROM_ENGINE.get(kind, CellError.VALUE)
    if raw is None:
        return 0.0  # what Excel shows for a formula that refers to an empty cell
    if hasattr(raw, "year"):
        return serial(raw)
    return raw  # type: ignore[no-any-return]
