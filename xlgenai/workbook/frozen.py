"""A copy of a workbook with values in the place of formulas, for programs that know none of our functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlgenai.workbook.sheet import FORMULA

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlgenai.workbook.package import Package
    from xlgenai.workbook.sheet import StoredCell


def freeze(package: Package, which: Callable[[StoredCell], bool] = lambda _: True) -> Package:
    """Return a copy in which the chosen formulas have become the values that the file holds for them.

    Parameters
    ----------
    package : Package
        The workbook, calculated; it stays as it is.
    which : callable, optional
        Tells of a cell with a formula whether it becomes its value; all do when left out. Cells that share one formula
        are to be chosen together.

    Returns
    -------
    Package
        The copy: an error stays an error, an empty text an empty text, and what a formula spilled stays where it is.
    """
    copy = package.copy()
    for name in copy.sheets:
        sheet = copy.sheet(name)
        # A data table's formula is a mark without a text, which would be calculated all the same.
        formulas = {str(next(formula.iterancestors()).get("r")) for formula in sheet.root.iter(FORMULA)}
        for cell in [cell for cell in sheet.cells() if cell.address in formulas and which(cell)]:
            element = sheet.element(cell.address)
            element.remove(element.find(FORMULA))
            element.attrib.pop("cm", None)
    return copy
