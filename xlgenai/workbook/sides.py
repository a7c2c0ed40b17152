"""Texts to the left, numbers to the right, and each heading on the side of what stands below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xlgenai.model.anchors import HEADING_ROW
from xlgenai.model.placed import Role
from xlgenai.model.placing import LABEL, NOTE, UNIT

if TYPE_CHECKING:
    from xlgenai.model.placed import Cell, PlacedSheet

SHARED: Final = frozenset({Role.HEADING, Role.DATA, Role.FORMULA, Role.LINK})
"""Roles that texts and numbers share; their own alignment is that of numbers."""
TEXTS: Final = {LABEL: "left", UNIT: "left", NOTE: "indented"}
"""Columns of texts; a text in any other stands among numbers, and so to the right."""


class Sides:
    """Says for each cell of a sheet which of the styler's alignments it gets.

    Parameters
    ----------
    placed : PlacedSheet
        The sheet.
    """

    def __init__(self, placed: PlacedSheet) -> None:
        self._tables = {table.row for table in placed.tables}
        self._texts = {cell.column for cell in placed.cells if cell.role is Role.DATA and isinstance(cell.content, str)}
        headings = {cell.row for cell in placed.cells if cell.role is Role.HEADING and cell.row > HEADING_ROW}
        self._below = {
            (cell.row - 1, cell.column): cell.number_format for cell in placed.cells if cell.row - 1 in headings
        }

    def of(self, item: Cell) -> str:
        """Return the name of a cell's alignment; empty for that of its role."""
        if item.role not in SHARED:
            return ""
        if item.role is Role.HEADING:
            return self._heading(item)
        if item.role is Role.DATA:
            return "shrunk" if item.column in self._texts else ""
        return TEXTS.get(item.column, "") if item.number_format == "@" or item.column == LABEL else ""

    def _heading(self, item: Cell) -> str:
        if item.row in self._tables:
            return "shrunk" if item.column in self._texts else "beside button"
        if item.row > HEADING_ROW and self._below.get((item.row, item.column), "@") != "@":
            return ""
        return f"wrapped {TEXTS[item.column]}" if item.column in TEXTS else ""
