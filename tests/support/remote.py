"""A host for xlwings' remote engine without Excel: a workbook's package goes in, and what a script wrote comes out.

The engine is xlwings' own (its PRO part, so a licence key must be set): `opened` hands it a package in the form in
which a spreadsheet program sends a workbook, and `apply` carries out the actions that it sends back, as the program
would. An action that this host does not know fails, and so does a text that Excel would not take for one.
"""

from __future__ import annotations

import datetime as dt
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from openpyxl.styles.numbers import is_date_format

from xlgenai.cells.formula import address
from xlgenai.cells.values import EPOCH
from xlgenai.checks.view import View
from xlgenai.workbook.sheet import edges, position
from xlgenai.workbook.tables import resize, table_ranges

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import xlwings as xw

    from xlgenai.cells.structured import TableRange
    from xlgenai.cells.values import Scalar
    from xlgenai.workbook.package import Package
    from xlgenai.workbook.sheet import SheetXml

Action = dict[str, Any]
READ_AS_TYPED: Final = re.compile(r"[-=+@.\d(]|.*\d|TRUE$|FALSE$", re.IGNORECASE | re.DOTALL)
"""Texts that Excel may take for a formula, a number, a date or a truth value; rather too many than too few."""
HARMLESS: Final = re.compile(r"#(?:N/A|VALUE!|REF!|DIV/0!|NUM!|NAME\?|NULL!)|[A-Za-z]+\d")
"""Errors, and texts such as Q1."""


@contextmanager
def opened(package: Package) -> Iterator[xw.Book]:
    """Open a package as a book of xlwings' remote engine."""
    import xlwings  # noqa: PLC0415 - only where a licence key is set

    book = xlwings.Book(json=payload(package))
    try:
        yield book
    finally:
        book.close()


def payload(package: Package) -> dict[str, Any]:
    """Describe a workbook as a spreadsheet program describes it to xlwings."""
    import xlwings  # noqa: PLC0415

    view = View(package)
    return {
        "client": "Office.js",
        "version": xlwings.__version__,
        "names": [],
        "book": {"name": package.name, "active_sheet_index": 0, "selection": "A1", "calculation": "Automatic"},
        "sheets": [_sheet(view, name) for name in package.sheets],
    }


def _sheet(view: View, name: str) -> dict[str, Any]:
    held = {position(where): cell for where, cell in view.cells[name].items() if cell.value is not None}
    height = max((row for row, _ in held), default=1)
    width = max((column for _, column in held), default=1)
    rows: list[list[object]] = [[""] * width for _ in range(height)]
    for (row, column), cell in held.items():
        rows[row - 1][column - 1] = _sent(cell.value, view.formats[cell.style].number_format)
    return {
        "name": name,
        "values": rows,
        "used_range_address": f"A1:{address(height, width)}",
        "tables": [_table(table) for table in _tables_on(view.tables, name)],
    }


def _sent(value: Scalar, number_format: str) -> object:
    """A value as the program sends it: a number that looks like a date goes as one."""
    if isinstance(value, float) and is_date_format(number_format):
        return (EPOCH + dt.timedelta(days=value)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return str(value) if isinstance(value, str) else value


def _tables_on(tables: Mapping[str, TableRange], sheet: str) -> list[TableRange]:
    return [table for table in tables.values() if table.sheet == sheet]


def _table(table: TableRange) -> dict[str, Any]:
    return {
        "name": table.name,
        "range_address": table.ref,
        "show_headers": bool(table.header_rows),
        "show_totals": bool(table.totals_rows),
    }


def apply(package: Package, actions: list[Action]) -> None:
    """Do to a package what a script asked for."""
    for action in actions:
        if action["func"] not in HANDLERS:
            raise NotImplementedError(f"The host does not know the action {action['func']}.")
        HANDLERS[action["func"]](package, action)


def _set_values(package: Package, action: Action) -> None:
    sheet, places = _target(package, action)
    view = View(package)
    sent = action["values"]
    assert [len(row) for row in sent] == [len(row) for row in places]
    for row, cells in zip(places, sent, strict=True):
        for where, content in zip(row, cells, strict=True):
            style = sheet.style(where)
            number_format = "General" if style is None else view.formats[style].number_format
            sheet.set_constant(where, _taken(content, number_format))


def _taken(content: Any, number_format: str) -> Scalar:
    """What a cell holds when it is given a content: a bare text is read as if a user typed it."""
    if content == "":
        return None
    if not isinstance(content, str) or number_format == "@":
        return content  # type: ignore[no-any-return]
    if content.startswith("'"):
        return content[1:]
    assert HARMLESS.fullmatch(content) or not READ_AS_TYPED.match(content), f"Excel would not keep {content!r} a text"
    return content


def _clear_contents(package: Package, action: Action) -> None:
    sheet, places = _target(package, action)
    for row in places:
        for where in row:
            sheet.set_constant(where, None)


def _copy(package: Package, action: Action) -> None:
    """Copy cells with their looks; a destination that is larger is filled again and again."""
    sheet, places = _target(package, action)
    number, ref = action["args"]
    assert number == action["sheet_position"]
    left, top, right, bottom = edges(ref.replace("$", ""))
    held = {cell.address: cell for cell in sheet.cells()}
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            source = held[places[(row - top) % len(places)][(column - left) % len(places[0])]]
            assert not source.formula
            sheet.set_constant(address(row, column), source.value, source.style)


def _resize(package: Package, action: Action) -> None:
    number, ref = action["args"]
    name = list(package.sheets)[action["sheet_position"]]
    table = _tables_on(table_ranges(package), name)[number]
    assert table.ref.partition(":")[0] == ref.replace("$", "").partition(":")[0]
    resize(package, table.name, ref.replace("$", ""))
    package.sheet(name).widen(ref.replace("$", ""))


def _target(package: Package, action: Action) -> tuple[SheetXml, list[list[str]]]:
    """The sheet of an action, and the addresses of its range row by row."""
    top, left = action["start_row"] + 1, action["start_column"] + 1
    rows, columns = range(top, top + action["row_count"]), range(left, left + action["column_count"])
    sheet = package.sheet(list(package.sheets)[action["sheet_position"]])
    return sheet, [[address(row, column) for column in columns] for row in rows]


def _nothing(package: Package, action: Action) -> None:
    """Screen updating leaves no trace in the file."""


HANDLERS: Final[dict[str, Callable[[Package, Action], None]]] = {
    "copyRange": _copy,
    "rangeClearContents": _clear_contents,
    "resizeTable": _resize,
    "setScreenUpdating": _nothing,
    "setValues": _set_values,
}
