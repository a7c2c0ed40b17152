"""What a refresh writes: inputs and whole tables, planned first and then applied to the package."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlgenai.cells.formula import address
from xlgenai.cells.values import serial
from xlgenai.errors import WorkbookError
from xlgenai.workbook.sheet import SheetXml, edges
from xlgenai.workbook.tables import resize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xlgenai.cells.values import Scalar
    from xlgenai.checks.view import View
    from xlgenai.data.table import DataTable
    from xlgenai.model.placed import Layout
    from xlgenai.operations.settings import InputWrite
    from xlgenai.workbook.package import Package


@dataclass(frozen=True)
class TableWrite:
    """A data table that gets other rows.

    Attributes
    ----------
    name, sheet : str
        The table and the sheet that it is on.
    row, column : int
        The top left cell of its data, below the header.
    rows : tuple
        The new rows, in the order of the table's columns.
    rows_before : int
        How many rows the table has now.
    width : int
        How many columns it has.
    """

    name: str
    sheet: str
    row: int
    column: int
    rows: tuple[tuple[Scalar, ...], ...]
    rows_before: int
    width: int

    @property
    def ref(self) -> str:
        """The whole range of the table with its new rows."""
        last = address(self.row + max(1, len(self.rows)) - 1, self.column + self.width - 1)
        return f"{address(self.row - 1, self.column)}:{last}"


def plan_table(view: View, layout: Layout, data: DataTable) -> TableWrite:
    """Plan to put a data table into the Excel table of its name.

    Parameters
    ----------
    view : View
        The workbook.
    layout : Layout
        Where the table is.
    data : DataTable
        The new rows.

    Returns
    -------
    TableWrite
        The plan.

    Raises
    ------
    WorkbookError
        When the workbook has no such table, or something of the user's stands where the table would grow.
    """
    found = view.tables.get(data.name.casefold())
    if found is None or not any(table.name == data.name for sheet in layout.sheets for table in sheet.tables):
        raise WorkbookError(f"{view.package.name} has no table {data.name} for these data: build a new workbook.")
    if found.totals_rows:
        raise WorkbookError(
            f"{view.package.name}: the table {data.name} has a total row of your own, which new rows would overwrite:"
            " switch it off (Table Design > Total Row)."
        )
    left, top, right, bottom = edges(found.ref)
    known = {column.name: data.column(column.name) for column in data.columns}
    extra = [name for name in found.columns if name not in known]
    if extra:
        raise WorkbookError(
            f"{view.package.name}: the table {data.name} has the column {extra[0]} of your own,"
            " which new rows would leave behind: move it to a sheet of your own."
        )
    rows = tuple(zip(*(known[name] for name in found.columns), strict=True))
    write = TableWrite(data.name, found.sheet, top + 1, left, rows, bottom - top, right - left + 1)
    _refuse_to_overwrite(view, write, bottom)
    return write


def _refuse_to_overwrite(view: View, write: TableWrite, bottom: int) -> None:
    cells = view.cells[write.sheet]
    for row in range(bottom + 1, write.row + len(write.rows)):
        for column in range(write.column, write.column + write.width):
            stored = cells.get(address(row, column))
            if stored is not None and (stored.formula or stored.value is not None):
                raise WorkbookError(
                    f"{view.package.name}: the table {write.name} needs the cell {write.sheet}!{stored.address}, which"
                    " holds something of your own: move it to a sheet of your own."
                )


def apply_plan(package: Package, inputs: Iterable[InputWrite], tables: Iterable[TableWrite]) -> None:
    """Apply a plan to a workbook's package; every part that is not named in it stays as it is.

    Parameters
    ----------
    package : Package
        The file.
    inputs : iterable of InputWrite
        Cells that get a new value.
    tables : iterable of TableWrite
        Tables that get other rows.
    """
    for write in inputs:
        package.sheet(write.sheet).set_constant(write.address, write.value)
    for table in tables:
        sheet = package.sheet(table.sheet)
        for where, value, style in _table_cells(sheet, table):
            sheet.set_constant(where, value, style)
        sheet.widen(table.ref)
        resize(package, table.name, table.ref)


def _table_cells(sheet: SheetXml, table: TableWrite) -> Iterator[tuple[str, Scalar, int | None]]:
    """Every cell of the new rows, and of old rows that are no more; a new row looks like the first."""
    height = max(len(table.rows), table.rows_before)
    for down in range(height):
        for across in range(table.width):
            value = table.rows[down][across] if down < len(table.rows) else None
            look = sheet.style(address(table.row, table.column + across)) if down >= table.rows_before else None
            yield address(table.row + down, table.column + across), _stored(value), look


def _stored(value: Scalar) -> Scalar:
    return serial(value) if isinstance(value, dt.date) else value
