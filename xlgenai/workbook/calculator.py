"""Calculate a workbook without Excel: formualizer computes, our functions are called through the cell boundary.

The file's formulas stay as they are; `engine_calls` rewrites them for the engine only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import formualizer

from xlgenai.cells.built_in import BUILT_IN
from xlgenai.cells.formula import address as make_address
from xlgenai.cells.formula import function_names
from xlgenai.cells.values import CellError, Scalar, serial
from xlgenai.errors import WorkbookError
from xlgenai.workbook.engine_calls import ERRORS, EngineCalls
from xlgenai.workbook.sheet import members, position

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlgenai.cells.function import Function
    from xlgenai.workbook.package import Package
    from xlgenai.workbook.sheet import StoredCell

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
        ours = EngineCalls(package, functions, formulas)
        ours.register(engine)
        for sheet, cells in formulas.items():
            for cell in cells:
                text = ours.rewritten(cell.formula, sheet, cell.address)
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
        return OTHER[kind][0] if kind in OTHER else ERRORS.get(kind, CellError.VALUE)
    if raw is None:
        return 0.0  # what Excel shows for a formula that refers to an empty cell
    if hasattr(raw, "year"):
        return serial(raw)
    return raw  # type: ignore[no-any-return]
