"""References of the model as Excel writes them anew when a user renames a sheet, inserts rows or renames a column."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from openpyxl.formula.tokenizer import Token
from openpyxl.utils import range_boundaries

from xlgenai.cells.formula import CELL, CELLS, address, sheet_prefix, tokens
from xlgenai.checks.rows import ANCHORS, Rows, find_rows, labels
from xlgenai.workbook.sheet import position

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlgenai.cells.structured import TableRange
    from xlgenai.checks.view import View
    from xlgenai.model.placed import Layout, PlacedSheet, PlacedTable

ALIKE: Final = 0.8
"""Share of labels that must agree for a sheet to count as the missing one under another name."""


@dataclass(frozen=True)
class Renamed:
    """A table as it is called now: its name, and the new names of columns by their old ones."""

    name: str
    columns: dict[str, str] = field(default_factory=dict)


class Followed:
    """Where the sheets, rows and tables of a layout are now.

    Parameters
    ----------
    view : View
        The file.
    layout : Layout
        What it should hold.
    """

    def __init__(self, view: View, layout: Layout) -> None:
        self._view = view
        self._layout = layout

    @cached_property
    def sheets(self) -> dict[str, str]:
        """Sheets that have another name, by their old one."""
        return dict(_renamed_sheets(self._view, self._layout))

    @cached_property
    def rows(self) -> dict[str, Rows]:
        """Where the rows are, by the layout's name of the sheet; nothing for a sheet that is gone."""
        here = {sheet.name: self._view.cells.get(self.sheet(sheet.name)) for sheet in self._layout.sheets}
        return {s.name: find_rows(cells, s) for s in self._layout.sheets if (cells := here[s.name]) is not None}

    @cached_property
    def tables(self) -> dict[str, Renamed]:
        """Tables of which something has another name, by their old name in lower case."""
        found = {}
        for sheet in self._layout.sheets:
            for table in sheet.tables:
                renamed = self._renamed_table(sheet, table)
                if renamed and (renamed.columns or renamed.name != table.name):
                    found[table.name.casefold()] = renamed
        return found

    def sheet(self, name: str) -> str:
        """Return the name that a sheet has now."""
        return self.sheets.get(name, name)

    def cell(self, sheet: str, where: str) -> str:
        """Return where a cell is now; empty when its row is gone."""
        rows = self.rows.get(sheet)
        if rows is None or not rows.moved:
            return where
        row, column = position(where)
        now = rows.find(row)
        return "" if now is None else address(now, column)

    def table(self, sheet: str, table: PlacedTable) -> TableRange | None:
        """Return a table as it is now, if it is still on its sheet."""
        renamed = self.tables.get(table.name.casefold())
        found = self._view.tables.get((renamed.name if renamed else table.name).casefold())
        return found if found and found.sheet == self.sheet(sheet) else None

    def reference(self, text: str) -> str:
        """Return a reference of the model, sheet included, as it reads now."""
        return self.formula(f"={text.lstrip('=')}", "")[1:]

    def formula(self, text: str, home: str) -> str:
        """Return a formula of the model as it reads now.

        Parameters
        ----------
        text : str
            As the layout has it.
        home : str
            The layout's name of the sheet that it stands on.

        Returns
        -------
        str
            The formula with every reference that Excel would have changed.
        """
        if not self.changed:
            return text
        return "=" + "".join(
            self._operand(token.value, home) if (token.type, token.subtype) == (Token.OPERAND, Token.RANGE)
            else token.value
            for token in tokens(text)
        )  # fmt: skip

    @cached_property
    def changed(self) -> bool:
        """Whether anything is called otherwise or stands elsewhere."""
        return bool(self.sheets or self.tables or any(rows.moved for rows in self.rows.values()))

    def _operand(self, text: str, home: str) -> str:
        if "[" in text:
            return self._structured(text)
        prefix, mark, cells = text.rpartition("!")
        name = prefix.strip("'").replace("''", "'") or home
        shown = sheet_prefix(self.sheets[name]) if mark and name in self.sheets else prefix + mark
        rows = self.rows.get(name)
        return shown + (_shift(cells, rows) if rows and rows.moved and CELLS.fullmatch(cells) else cells)

    def _structured(self, text: str) -> str:
        name, bracket, rest = text.partition("[")
        renamed = self.tables.get(name.casefold())
        if renamed is None:
            return text
        rest = bracket + rest
        return renamed.name + re.sub(
            r"\[([^\[\]]+)\]", lambda match: f"[{renamed.columns.get(match[1], match[1])}]", rest
        )

    def _renamed_table(self, sheet: PlacedSheet, table: PlacedTable) -> Renamed | None:
        found = self._view.tables.get(table.name.casefold()) or self._in_place_of(sheet, table)
        if found is None:
            return None
        if len(found.columns) != len(table.columns):
            return Renamed(found.name)
        pairs = zip(table.columns, found.columns, strict=True)
        missing, added = set(table.columns) - set(found.columns), set(found.columns) - set(table.columns)
        return Renamed(found.name, {old: new for old, new in pairs if old in missing and new in added})

    def _in_place_of(self, sheet: PlacedSheet, table: PlacedTable) -> TableRange | None:
        """The table with all the columns that stands where the missing one stood."""
        corner = self.cell(sheet.name, address(table.row, table.column))
        for found in self._view.tables.values():
            same_place = found.sheet == self.sheet(sheet.name) and found.ref.partition(":")[0] == corner
            if same_place and found.columns == table.columns:
                return found
        return None


def _shift(cells: str, rows: Rows) -> str:
    """Write a cell or a range where its rows are now; as it was when none of them is left."""
    _, top, _, bottom = range_boundaries(cells.upper())
    now = rows.edges(int(top or 1), int(bottom or 1))
    if now is None:
        return cells
    ends = iter(now)

    def moved(match: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, _ = match.groups()
        return f"{fixed_column}{letters}{fixed_row}{next(ends)}"

    return CELL.sub(moved, cells)


def _renamed_sheets(view: View, layout: Layout) -> Iterator[tuple[str, str]]:
    """Find each missing sheet under another name, by its labels."""
    known = {sheet.name for sheet in layout.sheets}
    strangers = [name for name in view.cells if name not in known]
    for sheet in layout.sheets:
        if sheet.name in view.cells:
            continue
        expected = labels(sheet, ANCHORS)
        for stranger in strangers:
            texts = {(position(where)[1], stored.value) for where, stored in view.cells[stranger].items()}
            same = sum((cell.column, cell.content) in texts for cell in expected)
            if expected and same >= ALIKE * len(expected):
                strangers.remove(stranger)
                yield sheet.name, stranger
                break
