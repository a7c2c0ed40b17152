"""What a refresh writes: inputs and whole tables, planned first, and then applied to a file or to an open workbook."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlgenai.cells.formula import address
from xlgenai.cells.values import serial
from xlgenai.checks.layout import moved_anchors
from xlgenai.errors import AnchorError, WorkbookError
from xlgenai.operations.results import Change
from xlgenai.operations.settings import InputWrite, plan_inputs
from xlgenai.workbook.sheet import SheetXml, edges
from xlgenai.workbook.tables import resize

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xlgenai.cells.values import Scalar
    from xlgenai.checks.view import Contents
    from xlgenai.data.sources import Source
    from xlgenai.data.table import DataTable
    from xlgenai.model.placed import Layout
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


@dataclass(frozen=True)
class Plan:
    """Everything that a refresh writes: the inputs that get a new value, and the tables that get other rows."""

    inputs: tuple[InputWrite, ...]
    tables: tuple[TableWrite, ...]

    def changes(self, view: Contents) -> tuple[Change, ...]:
        """Say what each write changes in the workbook that it was planned for."""
        cells = (
            Change(write.key, write.label, _plain(held(view, write.sheet, write.address)), _plain(write.value))
            for write in self.inputs
        )
        tables = (
            Change(table.name, f"Table {table.name}", f"{table.rows_before} rows", f"{len(table.rows)} rows")
            for table in self.tables
        )
        return (*cells, *tables)


def plan_refresh(
    view: Contents,
    layout: Layout,
    *,
    inputs: Mapping[str, float | str] | None,
    scenario: str | None,
    nvidia: Source | None,
    value_chain: Source | None,
) -> Plan:
    """Plan a refresh of a workbook whose cells are where its layout says.

    Parameters
    ----------
    view : Contents
        The workbook.
    layout : Layout
        Where its inputs and tables are.
    inputs : mapping of str to float or str, or None
        Assumptions by key.
    scenario : str or None
        The scenario to show.
    nvidia, value_chain : path-like, DataFrame or None
        Data that replace the tables.

    Returns
    -------
    Plan
        What to write.

    Raises
    ------
    AnchorError
        When cells of the model have moved; each is named.
    XlgenaiError
        For an input, a file or a table that does not fit.
    """
    moved = moved_anchors(view, layout)
    if moved:
        raise AnchorError(view.name, moved)
    writes = plan_inputs(layout, inputs or {}, scenario, str(input_value(view, layout, layout.scenario)))
    return Plan(writes, tuple(_plan_tables(view, layout, nvidia, value_chain)))


def input_value(view: Contents, layout: Layout, key: str) -> Scalar:
    """Return what an input holds now; None when there is no such input."""
    return next((held(view, cell.sheet, cell.address) for cell in layout.inputs if cell.key == key), None)


def held(view: Contents, sheet: str, where: str) -> Scalar:
    """Return the value of a cell; None when it holds nothing."""
    stored = view.cells[sheet].get(where)
    return stored.value if stored else None


def _plain(value: Scalar) -> str:
    if value is None:
        return "empty"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _plan_tables(
    view: Contents, layout: Layout, nvidia: Source | None, value_chain: Source | None
) -> Iterator[TableWrite]:
    if nvidia is None and value_chain is None:
        return
    from xlgenai.data import user  # noqa: PLC0415 - pandas and pandera take a second to load

    if nvidia is not None:
        yield plan_table(view, layout, user.load_nvidia(nvidia))
    if value_chain is not None:
        yield plan_table(view, layout, user.load_value_chain(value_chain))


def plan_table(view: Contents, layout: Layout, data: DataTable) -> TableWrite:
    """Plan to put a data table into the Excel table of its name.

    Parameters
    ----------
    view : Contents
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
        raise WorkbookError(f"{view.name} has no table {data.name} for these data: build a new workbook.")
    if found.totals_rows:
        raise WorkbookError(
            f"{view.name}: the table {data.name} has a total row of your own, which new rows would overwrite:"
            " switch it off (Table Design > Total Row)."
        )
    left, top, right, bottom = edges(found.ref)
    known = {column.name: data.column(column.name) for column in data.columns}
    extra = [name for name in found.columns if name not in known]
    if extra:
        raise WorkbookError(
            f"{view.name}: the table {data.name} has the column {extra[0]} of your own,"
            " which new rows would leave behind: move it to a sheet of your own."
        )
    rows = tuple(zip(*(known[name] for name in found.columns), strict=True))
    write = TableWrite(data.name, found.sheet, top + 1, left, rows, bottom - top, right - left + 1)
    _refuse_to_overwrite(view, write, bottom)
    return write


def _refuse_to_overwrite(view: Contents, write: TableWrite, bottom: int) -> None:
    cells = view.cells[write.sheet]
    for row in range(bottom + 1, write.row + len(write.rows)):
        for column in range(write.column, write.column + write.width):
            stored = cells.get(address(row, column))
            if stored is not None and (stored.formula or stored.value is not None):
                raise WorkbookError(
                    f"{view.name}: the table {write.name} needs the cell {write.sheet}!{stored.address}, which"
                    " holds something of your own: move it to a sheet of your own."
                )


def apply_plan(package: Package, plan: Plan) -> None:
    """Apply a plan to a workbook's package; every part that is not named in it stays as it is.

    Parameters
    ----------
    package : Package
        The file.
    plan : Plan
        The inputs and tables to write.
    """
    for write in plan.inputs:
        package.sheet(write.sheet).set_constant(write.address, write.value)
    for table in plan.tables:
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
