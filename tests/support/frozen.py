"""A copy of a workbook with values in the place of formulas, for programs that know none of our functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlgenai.workbook.sheet import FORMULA

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlgenai.workbook.package import Package
    from xlgenai.workbook.sheet import StoredCell


def freeze(package: Package, which: Callable[[StoredCell], bool] = lambda _: True) -> Package:
    """Return a copy in which the chosen formulas have become their values."""
    copy = package.copy()
    for name in copy.sheets:
        sheet = copy.sheet(name)
        for cell in list(sheet.cells()):
            if cell.formula and which(cell):
                element = sheet.element(cell.address)
                element.remove(element.find(FORMULA))
                element.attrib.pop("cm", None)
    return copy
