"""A stand-in for a workbook that is open in Excel on Windows: it holds cells, and notes everything that is done to it.

Only what xlgenai uses of xlwings' object model is there, so anything else fails.
"""

from __future__ import annotations

import datetime as dt
import shutil
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from openpyxl.styles.numbers import is_date_format

from xlgenai.cells.formula import address
from xlgenai.cells.values import EPOCH
from xlgenai.checks.view import View
from xlgenai.workbook.sheet import edges, position

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from xlgenai.workbook.package import Package

Call = tuple[Any, ...]


class FakeRange:
    def __init__(self, sheet: FakeSheet, ref: str) -> None:
        self.sheet = sheet
        self.ref = ref.replace("$", "")
        self.left, self.top, self.right, self.bottom = edges(self.ref)
        self.row, self.column = self.top, self.left
        self.columns = SimpleNamespace(autofit=lambda: sheet.did("autofit", self.ref))

    @property
    def address(self) -> str:
        return self.ref

    @property
    def font(self) -> FakeFont:
        return FakeFont(self)

    @property
    def places(self) -> list[list[str]]:
        columns = range(self.left, self.right + 1)
        return [[address(row, column) for column in columns] for row in range(self.top, self.bottom + 1)]

    def options(self, **options: Any) -> Any:
        assert options.pop("ndim") == 2
        errors = options.pop("err_to_str", False)
        assert not options
        values = [[self.sheet.values.get(where) for where in row] for row in self.places]
        return SimpleNamespace(value=values if errors else [[_unless_error(v) for v in row] for row in values])

    @property
    def formula(self) -> Any:
        """As COM gives it: one text for one cell, else rows; a constant is its own text."""
        rows = tuple(
            tuple(self.sheet.formulas.get(c, str(self.sheet.values.get(c, ""))) for c in r) for r in self.places
        )
        return rows[0][0] if self.places == [[self.ref]] else rows

    def _write(self, rows: list[list[Any]]) -> None:
        self.sheet.did("value", self.ref)
        assert [len(row) for row in rows] == [len(row) for row in self.places]
        for places, row in zip(self.places, rows, strict=True):
            for where, entry in zip(places, row, strict=True):
                self.sheet.enter(where, entry)

    value = property(fset=_write)

    def clear_contents(self) -> None:
        self.sheet.did("clear", self.ref)
        for row in self.places:
            for where in row:
                self.sheet.enter(where, None)

    def copy(self, destination: FakeRange) -> None:
        self.sheet.did("copy", self.ref, destination.ref)


class FakeFont:
    def __init__(self, cells: FakeRange) -> None:
        self.cells = cells

    def _set_bold(self, value: bool) -> None:
        self.cells.sheet.did("bold", self.cells.ref, value)

    bold = property(fset=_set_bold)


class FakeTable:
    show_headers, show_totals = True, False

    def __init__(self, sheet: FakeSheet, name: str, ref: str) -> None:
        self.sheet = sheet
        self.display_name = name
        self.range = FakeRange(sheet, ref)

    def resize(self, cells: FakeRange) -> None:
        self.sheet.did("resize", cells.ref)
        self.range = cells


class FakeSheet:
    def __init__(self, book: FakeBook, name: str) -> None:
        self.book = book
        self.name = name
        self.values: dict[str, Any] = {}
        self.formulas: dict[str, str] = {}
        self.tables: list[FakeTable] = []
        self.protected = False

    @property
    def used_range(self) -> FakeRange:
        places = [position(where) for where in (*self.values, *self.formulas)] or [(1, 1)]
        top, left = (min(place[i] for place in places) for i in (0, 1))
        bottom, right = (max(place[i] for place in places) for i in (0, 1))
        return self.range(f"{address(top, left)}:{address(bottom, right)}")

    def range(self, ref: str) -> FakeRange:
        first, _, last = ref.partition(":")
        return FakeRange(self, first if first == last else ref)

    def text(self, where: str) -> str:
        return self.formulas.get(where, str(self.values.get(where, "")))

    def did(self, what: str, *details: object) -> None:
        if self.protected:
            raise OSError(-2147352567, "Exception occurred.")
        self.book.calls.append((what, self.name, *details))

    def enter(self, where: str, entry: Any) -> None:
        self.values.pop(where, None)
        self.formulas.pop(where, None)
        if isinstance(entry, str) and entry.startswith("="):
            self.formulas[where] = entry
        elif entry is not None:
            self.values[where] = entry.removeprefix("'") if isinstance(entry, str) else entry


class FakeSheets:
    def __init__(self, sheets: list[FakeSheet]) -> None:
        self.sheets = sheets

    def __iter__(self) -> Iterator[FakeSheet]:
        return iter(self.sheets)

    def __getitem__(self, key: str | int) -> FakeSheet:
        return self.sheets[key] if isinstance(key, int) else next(s for s in self.sheets if s.name == key)


class FakeApp:
    """Excel itself.

    Attributes
    ----------
    answers : list of str
        The buttons that the user presses, one for each question.
    picked : str or False
        What the file dialog gives.
    alerts : list of tuple
        The messages shown, each with its mode.
    added : list of FakeBook
        The workbooks made.
    """

    def __init__(self, book: FakeBook) -> None:
        self.book = book
        self.answers: list[str] = []
        self.picked: str | bool = False
        self.calculation = "automatic"
        self.alerts: list[tuple[str, str | None]] = []
        self.added: list[FakeBook] = []
        self.api: Any = SimpleNamespace(GetOpenFilename=lambda *_: self.picked)
        self.books = SimpleNamespace(add=self._add)

    def _set_screen_updating(self, value: bool) -> None:
        self.book.calls.append(("screen_updating", value))

    screen_updating = property(fset=_set_screen_updating)

    def alert(self, prompt: str, title: str, buttons: str = "ok", mode: str | None = None) -> str:
        assert title == "xlgenai"
        self.alerts.append((prompt, mode))
        return "ok" if buttons == "ok" else self.answers.pop(0)

    def _add(self) -> FakeBook:
        self.added.append(FakeBook("Book2", ["Sheet1"]))
        return self.added[-1]


class FakeBook:
    """A workbook with empty sheets.

    Attributes
    ----------
    calls : list of tuple
        What was done, in order: what, where, and with what.
    """

    def __init__(self, name: str, sheets: list[str]) -> None:
        self.name = name
        self.calls: list[Call] = []
        self.sheets = FakeSheets([FakeSheet(self, sheet) for sheet in sheets])
        self.app = FakeApp(self)
        self.api = SimpleNamespace()

    @property
    def writes(self) -> list[Call]:
        return [call for call in self.calls if call[0] == "value"]


def open_in_excel(path: Path, package: Package) -> FakeBook:
    """Open a workbook, whose file can be copied: cells as xlwings reads them through COM."""
    book = FakeBook(path.name, list(package.sheets))
    book.api.SaveCopyAs = lambda target: shutil.copy(path, target)
    view = View(package)
    for sheet in book.sheets:
        for where, cell in view.cells[sheet.name].items():
            if isinstance(cell.value, float) and is_date_format(view.formats[cell.style].number_format):
                sheet.values[where] = EPOCH + dt.timedelta(days=cell.value)
            elif cell.value is not None:
                sheet.values[where] = cell.value
            if cell.formula:
                sheet.formulas[where] = cell.formula
    for table in view.tables.values():
        sheet = book.sheets[table.sheet]
        sheet.tables.append(FakeTable(sheet, table.name, table.ref))
    return book


def _unless_error(value: Any) -> Any:
    return None if isinstance(value, str) and value.startswith("#") else value
