"""xlwings' own Windows code refreshing an open workbook: run as a script, because it replaces modules (see `classic`).

It reads a pickled pair from its input, the path of a workbook and the arguments of `refresh_book`, puts objects that
answer as Excel's do through COM below xlwings, and writes a pickled pair: the calls that reached them, and the values
that the cells of each sheet hold afterwards.
"""

from __future__ import annotations

import datetime as dt
import pickle
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import absolute_coordinate

from tests.support.classic import load_classic
from xlgenai.cells.formula import address
from xlgenai.cells.values import EPOCH, CellError
from xlgenai.checks.view import View
from xlgenai.workbook.package import Package
from xlgenai.workbook.sheet import edges, position

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODES: Final = {CellError.NA: -2146826246, CellError.DIV0: -2146826281}


class ComCells:
    """A range."""

    def __init__(self, sheet: ComSheet, ref: str) -> None:
        self.Worksheet = sheet
        self.Address = absolute_coordinate(ref.replace("$", ""))
        self._ref = ref.replace("$", "")
        left, top, right, bottom = edges(self._ref)
        self.Row, self.Column = top, left
        self.Rows, self.Columns = SimpleNamespace(Count=bottom - top + 1), SimpleNamespace(Count=right - left + 1)
        self.Count = self.Rows.Count * self.Columns.Count
        columns = range(left, right + 1)
        self._places = [[address(row, column) for column in columns] for row in range(top, bottom + 1)]

    def _read(self, held: dict[str, Any], absent: object) -> Any:
        rows = tuple(tuple(held.get(where, absent) for where in row) for row in self._places)
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows

    @property
    def Formula(self) -> Any:  # noqa: N802 - Excel's name
        return self._read(self.Worksheet.formulas, "")

    @property
    def Value(self) -> Any:  # noqa: N802
        return self._read(self.Worksheet.values, None)

    @Value.setter
    def Value(self, rows: Any) -> None:  # noqa: N802
        self.Worksheet.did("Value", self._ref)
        rows = rows if isinstance(rows, list | tuple) else [[rows]]
        for places, row in zip(self._places, rows, strict=True):
            self.Worksheet.values.update(zip(places, row, strict=True))

    def __call__(self, row: int, column: int) -> ComCells:
        return ComCells(self.Worksheet, address(self.Row + row - 1, self.Column + column - 1))

    def Copy(self, Destination: ComCells) -> None:  # noqa: N802, N803
        self.Worksheet.did("Copy", self._ref, Destination._ref)

    def ClearContents(self) -> None:  # noqa: N802
        self.Worksheet.did("ClearContents", self._ref)
        for row in self._places:
            for where in row:
                self.Worksheet.values.pop(where, None)


class ComTable:
    ShowHeaders, ShowTotals = True, False

    def __init__(self, sheet: ComSheet, name: str, ref: str) -> None:
        self.Name = self.DisplayName = name
        self.Range = ComCells(sheet, ref)

    def Resize(self, cells: ComCells) -> None:  # noqa: N802
        cells.Worksheet.did("Resize", cells._ref)


class ComSheet:
    def __init__(self, book: ComBook, view: View, name: str) -> None:
        self.Parent = book
        self.Name = name
        held = view.cells[name]
        self.formulas = {where: cell.formula for where, cell in held.items() if cell.formula}
        self.values: dict[str, Any] = {}
        for where, cell in held.items():
            if isinstance(cell.value, float) and is_date_format(view.formats[cell.style].number_format):
                self.values[where] = (EPOCH + dt.timedelta(days=cell.value)).replace(tzinfo=dt.UTC)
            elif cell.value is not None:
                self.values[where] = CODES[cell.value] if isinstance(cell.value, CellError) else cell.value
        self.ListObjects = [ComTable(self, t.name, t.ref) for t in view.tables.values() if t.sheet == name]

    @property
    def UsedRange(self) -> ComCells:  # noqa: N802
        rows, columns = zip(*(position(where) for where in self.values), strict=True)
        return self.Range(f"{address(min(rows), min(columns))}:{address(max(rows), max(columns))}")

    def Range(self, first: Any, last: ComCells | None = None) -> ComCells:  # noqa: N802
        ref = first if isinstance(first, str) else first._ref
        return ComCells(self, ref if last is None or last._ref == ref else f"{ref}:{last._ref}")

    def Cells(self, row: int, column: int) -> ComCells:  # noqa: N802
        return ComCells(self, address(row, column))

    def did(self, what: str, *details: object) -> None:
        self.Parent.calls.append((what, self.Name, *details))


class ComSheets:
    def __init__(self, sheets: list[ComSheet]) -> None:
        self.sheets = sheets
        self.Count = len(sheets)

    def __iter__(self) -> Iterator[ComSheet]:
        return iter(self.sheets)

    def __call__(self, name: str) -> ComSheet:
        return next(sheet for sheet in self.sheets if sheet.Name == name)


class ComApplication:
    Hwnd = 1

    def __init__(self, calls: list[Any]) -> None:
        self._calls = calls

    def _set_screen_updating(self, value: bool) -> None:
        self._calls.append(("ScreenUpdating", value))

    ScreenUpdating = property(fset=_set_screen_updating)


class ComBook:
    def __init__(self, package: Package, path: Path) -> None:
        self.Name = package.name
        self.FullName = str(path)
        self.calls: list[Any] = []
        self.Application = ComApplication(self.calls)
        view = View(package)
        self.Worksheets = ComSheets([ComSheet(self, view, name) for name in package.sheets])


def main() -> None:
    """Refresh the workbook."""
    path, changes = pickle.load(sys.stdin.buffer)
    load_classic()
    import xlwings  # noqa: PLC0415

    from xlgenai.operations.live import refresh_book  # noqa: PLC0415

    windows: Any = xlwings._xlwindows
    book = ComBook(Package.open(path), path)
    refresh_book(xlwings.Book(impl=windows.Book(xl=book)), **changes)
    held = {sheet.Name: sheet.values for sheet in book.Worksheets}
    sys.stdout.buffer.write(pickle.dumps((book.calls, held)))


if __name__ == "__main__":
    main()
