"""Which cells a formula reads: needed to tell the cell where an error begins from those that pass it on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from openpyxl.utils import range_boundaries

from xlgenai.cells.formula import CELLS, references
from xlgenai.workbook.sheet import position

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlgenai.checks.view import View
    from xlgenai.workbook.sheet import StoredCell

WHOLE: Final = re.compile(r"\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|\$?\d+:\$?\d+")
LAST: Final = 1 << 20

Area = tuple[str, int, int, int, int]
"""A sheet, and the left, top, right and bottom edge of a range on it."""


def reads(view: View, sheet: str, cell: StoredCell, cells: set[tuple[str, str]]) -> bool:
    """Whether a formula refers to one of some cells, other than its own.

    Parameters
    ----------
    view : View
        The file, for its names and tables.
    sheet : str
        The sheet that the formula stands on.
    cell : StoredCell
        The formula.
    cells : set of (sheet, address)
        The cells in question.

    Returns
    -------
    bool
        True when one of them is read directly, or through a name or a table.
    """
    others = cells - {(sheet, cell.address)}
    return any(_inside(area, other) for area in _areas(view, cell.formula, sheet) for other in others)


def _inside(area: Area, cell: tuple[str, str]) -> bool:
    sheet, left, top, right, bottom = area
    row, column = position(cell[1])
    return cell[0].casefold() == sheet.casefold() and left <= column <= right and top <= row <= bottom


def _areas(view: View, formula: str, sheet: str, *, names: bool = True) -> Iterator[Area]:
    for reference in references(formula):
        prefix, _, cells = reference.rpartition("!")
        home = prefix.strip("'").replace("''", "'") or sheet
        if CELLS.fullmatch(cells) or WHOLE.fullmatch(cells):
            left, top, right, bottom = range_boundaries(cells.upper())
            yield home, left or 1, top or 1, right or LAST, bottom or LAST
        elif table := view.tables.get(reference.partition("[")[0].casefold()):
            left, top, right, bottom = range_boundaries(table.ref)
            yield table.sheet, left or 1, top or 1, right or LAST, bottom or LAST
        elif names and (meant := view.meaning(cells)):
            yield from _areas(view, f"={meant}", sheet, names=False)
