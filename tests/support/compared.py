"""A workbook's values against those that another program calculates from the same formulas."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from xlgenai.cells.formula import function_names
from xlgenai.workbook.frozen import freeze
from xlgenai.workbook.sheet import members

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from xlgenai.cells.values import Scalar
    from xlgenai.workbook.package import Package

Values = dict[tuple[str, str], "Scalar"]
"""By sheet and address."""
CLOSE: Final = 1e-9
"""Relative difference between two engines' numbers that counts as none: they sum in another order."""
TINY: Final = 1e-15
"""Absolute difference that counts as none where the number is zero."""


def without(package: Package, names: Collection[str]) -> Package:
    """Return a copy for a program that lacks functions: cells that call them hold their values."""
    return freeze(package, lambda cell: any(name in names for name in function_names(cell.formula)))


def uncalculated(package: Package) -> Package:
    """Return a copy without any calculated value, so that a program that shows one must have calculated it."""
    copy = package.copy()
    for name in copy.sheets:
        sheet = copy.sheet(name)
        for cell in sheet.formulas():
            for address in members(cell.ref or cell.address):
                sheet.set_calculated(address, None)
    return copy


def calculated(package: Package) -> Values:
    """Return the value of each cell with a formula, and of each cell that one spills into."""
    found: Values = {}
    for name in package.sheets:
        cells = {cell.address: cell for cell in package.sheet(name).cells()}
        for cell in list(cells.values()):
            if cell.formula:
                found |= {(name, where): cells[where].value for where in members(cell.ref or cell.address)}
    return found


def differences(ours: Mapping[tuple[str, str], object], theirs: Mapping[tuple[str, str], object]) -> list[str]:
    """Name each cell where the two do not agree."""
    return [
        f"{sheet}!{cell}: {value!r} here, {theirs.get((sheet, cell))!r} there"
        for (sheet, cell), value in ours.items()
        if not same(value, theirs.get((sheet, cell)))
    ]


def same(ours: object, theirs: object) -> bool:
    """Whether two values are the same: of one kind, and equal but for the rounding of the computer."""
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if isinstance(ours, float | int) and isinstance(theirs, float | int):
        return math.isclose(ours, theirs, rel_tol=CLOSE, abs_tol=TINY)
    return ours is not None and ours == theirs
