"""An open workbook as a refresh sees it: the values, formulas and tables of its sheets, all read at once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from xlgenai.cells.formula import address
from xlgenai.cells.structured import TableRange
from xlgenai.cells.values import Scalar, serial
from xlgenai.workbook.sheet import ERRORS, StoredCell

if TYPE_CHECKING:
    from collections.abc import Iterator

    import xlwings as xw

    from xlgenai.model.placed import Layout


class LiveView:
    """What an open workbook holds on the sheets of the model, as it was when it was read.

    Parameters
    ----------
    book : xlwings.Book
        The workbook, in whatever engine of xlwings.
    layout : Layout
        Names the sheets; a sheet that is not there is left out.

    Attributes
    ----------
    name : str
        The workbook's name.
    cells : dict of str to dict of str to StoredCell
        Every cell that holds something, by sheet and address: numbers and dates as floats, as a file holds them. The
        formulas are empty where the engine cannot read any.
    tables : dict of str to TableRange
        Every table by its name in lower case.
    """

    def __init__(self, book: xw.Book, layout: Layout) -> None:
        known = {sheet.name for sheet in layout.sheets}
        sheets = [sheet for sheet in book.sheets if sheet.name in known]
        self.name = book.name
        self.cells = {sheet.name: _cells(sheet) for sheet in sheets}
        self.tables = {
            table.name.casefold(): table for sheet in sheets for table in _tables(sheet, self.cells[sheet.name])
        }


def _cells(sheet: xw.Sheet) -> dict[str, StoredCell]:
    used = sheet.used_range
    top, left = used.row, used.column
    formulas = _formulas(used)
    found = {}
    for down, row in enumerate(used.options(ndim=2, err_to_str=True).value):
        for across, content in enumerate(row):
            where, value = address(top + down, left + across), _value(content)
            formula = formulas.get((down, across), "")
            if formula or value is not None:
                found[where] = StoredCell(where, formula, value, 0)
    return found


def _formulas(used: xw.Range) -> dict[tuple[int, int], str]:
    """The formulas of a range by their place in it; none where the engine cannot tell."""
    try:
        text: Any = used.formula
    except NotImplementedError:
        return {}
    rows = text if isinstance(text, list | tuple) else ((text,),)
    return {
        (down, across): cell
        for down, row in enumerate(rows)
        for across, cell in enumerate(row)
        if isinstance(cell, str) and cell.startswith("=")
    }


def _value(content: Any) -> Scalar:
    """Write what xlwings hands over as a file holds it: amounts of money come as decimals, dates as dates."""
    match content:
        case None | bool():
            return content
        case str():
            return ERRORS.get(content, content)
        case dt.date():
            return serial(content)
    return float(content)


def _tables(sheet: xw.Sheet, cells: dict[str, StoredCell]) -> Iterator[TableRange]:
    for table in sheet.tables:
        ref = str(table.range.address).replace("$", "")
        found = TableRange(
            str(table.display_name), sheet.name, ref, (), int(table.show_headers), int(table.show_totals)
        )
        left, top, right, _ = found.edges
        headers = [cells.get(address(top, column)) for column in range(left, right + 1)] if found.header_rows else []
        names = tuple(str(cell.value) if cell else "" for cell in headers)
        yield TableRange(found.name, found.sheet, ref, names, found.header_rows, found.totals_rows)
