"""A plan written into an open workbook: one write for each block of cells, and all of them or none."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from xlgenai.cells.boundary import LOG
from xlgenai.cells.formula import address
from xlgenai.cells.values import CellError, serial
from xlgenai.errors import WorkbookError
from xlgenai.workbook.sheet import position

if TYPE_CHECKING:
    from collections.abc import Iterator

    import xlwings as xw

    from xlgenai.cells.values import Scalar
    from xlgenai.model.placed import Layout
    from xlgenai.operations.live.reading import LiveView
    from xlgenai.operations.plan import Plan, TableWrite

TEXT_FORMAT: Final = "@"
"""The number format of a cell that takes whatever is typed as a text."""

Entry: TypeAlias = float | bool | str | None
"""What Excel is handed for one cell; a formula with its equals sign."""
Rows: TypeAlias = tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True)
class Block:
    """Cells that are written at once.

    Attributes
    ----------
    sheet : str
        Where they are.
    row, column : int
        The top left one.
    new, old : tuple of tuple
        What they get, and what they hold now; the two may differ in their number of rows.
    table : str
        The table whose data they are; empty for an input.
    """

    sheet: str
    row: int
    column: int
    new: Rows
    old: Rows
    table: str = ""


def write_plan(book: xw.Book, view: LiveView, layout: Layout, plan: Plan) -> None:
    """Write a plan into an open workbook; what cannot be written as a whole is put back.

    Parameters
    ----------
    book : xlwings.Book
        The workbook.
    view : LiveView
        What it holds now.
    layout : Layout
        Tells which inputs are formatted as texts.
    plan : Plan
        The inputs and tables to write.

    Raises
    ------
    WorkbookError
        When Excel does not take a block.
    """
    written: list[Block] = []
    with _still(book.app):
        for block in _blocks(view, layout, plan):
            try:
                _put(book, block, block.new, block.old)
            except Exception as error:
                LOG.warning("%s was not written", block.sheet, exc_info=True)
                refused = f"{book.name}: Excel did not take the new cells of {block.sheet}"
                raise WorkbookError(f"{refused}, {_undone(book, block, written)}") from error
            written.append(block)


@contextmanager
def _still(app: xw.App) -> Iterator[None]:
    """Keep Excel from drawing; one engine cannot say whether it did before, so afterwards it always does."""
    app.screen_updating = False
    try:
        yield
    finally:
        app.screen_updating = True


def _undone(book: xw.Book, failed: Block, written: list[Block]) -> str:
    """Put back what was written, and say what the user has to do."""
    with suppress(Exception):  # most likely the sheet is protected, so that this block is as it was
        _put(book, failed, failed.old, failed.new)
    try:
        for block in reversed(written):
            _put(book, block, block.old, block.new)
    except Exception:
        LOG.warning("%s was not put back", block.sheet, exc_info=True)
        return "and the rest could not be put back: close the workbook without saving it."
    return "so it is as it was: unprotect the sheet and leave the cell that you are editing, then try again."


def _put(book: xw.Book, block: Block, rows: Rows, replaced: Rows) -> None:
    """Put rows in the place of others: a table is resized, new rows look like the first, rows too many are emptied."""
    sheet = book.sheets[block.sheet]
    width = len(rows[0])
    more = len(rows) - len(replaced)
    if block.table and more:
        table = next(table for table in sheet.tables if table.display_name == block.table)
        table.resize(_range(sheet, block.row - 1, block.column, len(rows) + 1, width))
    if more > 0:
        first = _range(sheet, block.row, block.column, 1, width)
        first.copy(_range(sheet, block.row + len(replaced), block.column, more, width))
    _range(sheet, block.row, block.column, len(rows), width).value = [list(row) for row in rows]
    if more < 0:
        _range(sheet, block.row + len(rows), block.column, -more, width).clear_contents()


def _range(sheet: xw.Sheet, row: int, column: int, height: int, width: int) -> xw.Range:
    return sheet.range(f"{address(row, column)}:{address(row + height - 1, column + width - 1)}")


def _blocks(view: LiveView, layout: Layout, plan: Plan) -> list[Block]:
    formats = {
        (sheet.name, address(cell.row, cell.column)): cell.number_format
        for sheet in layout.sheets
        for cell in sheet.cells
    }
    inputs = []
    for write in plan.inputs:
        bare = formats.get((write.sheet, write.address)) == TEXT_FORMAT
        new, old = _entry(write.value, bare=bare), _entry_now(view, write.sheet, write.address, bare=bare)
        inputs.append(Block(write.sheet, *position(write.address), ((new,),), ((old,),)))
    return [*inputs, *(_table_block(view, table) for table in plan.tables)]


def _table_block(view: LiveView, table: TableWrite) -> Block:
    new = tuple(tuple(_entry(value) for value in row) for row in table.rows)
    columns = range(table.column, table.column + table.width)
    rows = range(table.row, table.row + table.rows_before)
    old = tuple(tuple(_entry_now(view, table.sheet, address(row, column)) for column in columns) for row in rows)
    return Block(table.sheet, table.row, table.column, new, old, table.name)


def _entry_now(view: LiveView, sheet: str, where: str, *, bare: bool = False) -> Entry:
    stored = view.cells[sheet].get(where)
    return None if stored is None else stored.formula or _entry(stored.value, bare=bare)


def _entry(value: Scalar, *, bare: bool = False) -> Entry:
    """Write a value so that Excel takes it for what it is: a bare text is read as if typed, and 2023-11 as a date."""
    match value:
        case None | bool():
            return value
        case CellError():
            return value.value
        case str():
            return value if bare or not value else f"'{value}"
        case dt.date():
            return serial(value)
    return float(value)
