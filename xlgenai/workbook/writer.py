"""Write a layout with openpyxl; what openpyxl cannot say is added to the package afterwards."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, cast

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.writer.excel import ExcelWriter

from xlgenai.cells.formula import address
from xlgenai.model.anchors import HEADING_ROW
from xlgenai.model.placed import CALCULATED, Role
from xlgenai.model.placing import LABEL
from xlgenai.workbook.chart_places import Drawer
from xlgenai.workbook.package import Package
from xlgenai.workbook.pages import column_widths, set_page
from xlgenai.workbook.sides import Sides
from xlgenai.workbook.styles import Styler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from zipfile import ZipFile

    from openpyxl.worksheet.worksheet import Worksheet

    from xlgenai.model.placed import Cell, Layout, PlacedSheet, PlacedTable, Validation

GOOD: Final = DifferentialStyle(font=Font(color="006100"), fill=PatternFill("solid", bgColor="C6EFCE"))
BAD: Final = DifferentialStyle(font=Font(color="9C0006"), fill=PatternFill("solid", bgColor="FFC7CE"))
UNRULED: Final = DifferentialStyle(border=Border(bottom=Side("thin", color="FFFFFF")))
LONGEST_ERROR: Final = 225
"""Excel repairs a file in which the sentence on a refused input is longer."""
LONGEST_PROMPT: Final = 150
CALC_ID: Final = 191029
"""A current Excel: an older one would calculate on opening, and show #NAME? where the functions are not installed."""


def write(layout: Layout, name: str, store: Callable[[str], str], is_array: Callable[[str], bool]) -> Package:
    """Write a layout as a workbook without calculated values.

    Parameters
    ----------
    layout : Layout
        The model on the grid.
    name : str
        File name, for messages.
    store : callable
        From a neutral formula to the text that the file stores.
    is_array : callable
        Whether a formula, by what it calls, must be stored as a dynamic array.

    Returns
    -------
    Package
        The parts of the file.
    """
    book = Workbook()
    del book[book.sheetnames[0]]
    pens = Pens(Styler(book), Drawer(), store, is_array)
    for placed in layout.sheets:
        _write_sheet(book.create_sheet(placed.name), placed, pens)
    for key, reference in layout.names.items():
        book.defined_names[key] = DefinedName(key, attr_text=reference)
    _set_properties(book, layout)
    package = Package(name, _parts(book))
    _pin_dates(package)
    return package


class Pens(NamedTuple):
    """What a workbook is written with: looks, charts, and an edition's way to store a formula."""

    styler: Styler
    drawer: Drawer
    store: Callable[[str], str]
    is_array: Callable[[str], bool]


class _Parts(dict[str, bytes]):
    """Takes the place of the archive that openpyxl writes to: the parts are needed one by one."""

    def writestr(self, part: str, content: str | bytes) -> None:
        self[part] = content.encode() if isinstance(content, str) else content

    def namelist(self) -> list[str]:
        return list(self)

    def close(self) -> None:
        """Do nothing: there is no file."""


class _PartsWriter(ExcelWriter):
    """Writes sheets to memory, where openpyxl writes each to a file of its own first."""

    def __init__(self, book: Workbook) -> None:
        self.parts = _Parts()
        super().__init__(book, cast("ZipFile", self.parts))

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        writer: Any = WorksheetWriter(ws, BytesIO())
        writer.write()
        ws._rels = writer._rels
        self.parts[ws.path.removeprefix("/")] = writer.read()
        self.manifest.append(ws)


def _parts(book: Workbook) -> _Parts:
    writer = _PartsWriter(book)
    writer.save()
    return writer.parts


def _pin_dates(package: Package) -> None:
    """Put the day of the data in the place of the clock's time, so that the same data give the same bytes."""
    part = package.related("", "core-properties")[0]
    root = package.xml(part)
    created, modified = (root.find(f"{{http://purl.org/dc/terms/}}{name}") for name in ("created", "modified"))
    if created is not None and modified is not None:
        modified.text = created.text
    package.write_xml(part, root)


def _set_properties(book: Workbook, layout: Layout) -> None:
    day = dt.date.fromisoformat(layout.as_of)
    book.properties.title = layout.title
    book.properties.creator = "xlgenai"
    book.properties.keywords = ", ".join(layout.keywords)
    book.properties.created = dt.datetime(day.year, day.month, day.day)
    book.calculation.calcId = CALC_ID
    book.calculation.fullCalcOnLoad = False


def _write_sheet(sheet: Worksheet, placed: PlacedSheet, pens: Pens) -> None:
    sides = Sides(placed)
    for item in placed.cells:
        _write_cell(sheet, item, pens, sides.of(item))
    widths = column_widths(placed)
    for cell, target in placed.jumps.items():
        sheet[cell].hyperlink = Hyperlink(ref=cell, location=target.removeprefix("#"))
        pens.styler.apply(sheet[cell], Role.JUMP, "General")
    for cell, role in placed.swatches.items():
        pens.styler.apply(sheet[cell], Role(role), "General", "left")
    for table in placed.tables:
        sheet.add_table(_table(table))
    for chart in placed.charts:
        pens.drawer.put(sheet, chart, widths)
    for validation in placed.validations:
        sheet.add_data_validation(_validation(validation))
    _set_conditions(sheet, placed)
    set_page(sheet, placed, widths)
    sheet.freeze_panes = placed.freeze
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 90
    sheet.sheet_properties.tabColor = placed.colour


def _write_cell(sheet: Worksheet, item: Cell, pens: Pens, aside: str) -> None:
    cell = sheet.cell(item.row, item.column)
    content = item.content
    if item.is_formula:
        assert isinstance(content, str)
        text = pens.store(content)
        array = item.array or pens.is_array(content)
        cell.value = ArrayFormula(cell.coordinate, text) if array else text
    elif content is not None:
        cell.value = content
        if isinstance(content, str):
            cell.data_type = "s"  # also a text that begins with an equals sign
    pens.styler.apply(cell, item.role, item.number_format, aside)


def _table(placed: PlacedTable) -> Table:
    last = address(placed.row + placed.rows, placed.column + len(placed.columns) - 1)
    table = Table(displayName=placed.name, name=placed.name, ref=f"{address(placed.row, placed.column)}:{last}")
    table._initialise_columns()  # type: ignore[attr-defined]
    for column, name in zip(table.tableColumns, placed.columns, strict=True):
        assert isinstance(column, TableColumn)
        column.name = name
    table.tableStyleInfo = TableStyleInfo("TableStyleLight9", showRowStripes=True)
    return table


def _validation(rule: Validation) -> DataValidation:
    """A list of texts, or a number in a range; what does not fit is refused with a sentence."""
    if rule.choices or rule.options:
        texts = ",".join(rule.choices)
        source = f"={rule.options}" if rule.options else f'"{texts}"'
        made = DataValidation(type="list", formula1=source, allow_blank=False)
        made.error = f"Choose one of the list: {texts}."
        if not texts or len(made.error) > LONGEST_ERROR:
            made.error = "Choose one of the list."
    else:
        operator, words = _bounds(rule)
        low, high = (None if bound is None else f"{bound:.15g}" for bound in (rule.low, rule.high))
        made = DataValidation(type="decimal", operator=operator, formula1=low or high, formula2=high if low else None)
        made.error = f"{rule.prompt[:LONGEST_PROMPT]}: a number {words}."
    made.errorTitle = "xlgenai"
    made.showErrorMessage = True
    made.add(rule.cells)
    return made


def _bounds(rule: Validation) -> tuple[Literal["between", "greaterThanOrEqual", "lessThanOrEqual"], str]:
    if rule.high is None:
        return "greaterThanOrEqual", f"from {rule.low:.15g}"
    if rule.low is None:
        return "lessThanOrEqual", f"up to {rule.high:.15g}"
    return "between", f"from {rule.low:.15g} to {rule.high:.15g}"


def _spilled(placed: PlacedSheet) -> Iterator[str]:
    """The rows below each heading of formulas that spill, of which not all are filled."""
    roles = {cell.row: cell.role for cell in placed.cells if cell.column == LABEL}
    for heading in [row for row, role in roles.items() if role is Role.HEADING and row > HEADING_ROW]:
        last = heading
        while roles.get(last + 1) in CALCULATED:
            last += 1
        if last > heading:
            width = max(cell.column for cell in placed.cells if cell.row == heading)
            yield f"{address(heading + 1, LABEL)}:{address(last, width)}"


def _set_conditions(sheet: Worksheet, placed: PlacedSheet) -> None:
    """Colour checks, green when they hold, red when not; take the line from rows that are kept free."""
    for cells in _spilled(placed):
        first = cells.partition(":")[0]
        sheet.conditional_formatting.add(cells, Rule(type="expression", formula=[f"LEN(${first})=0"], dxf=UNRULED))
    checks = " ".join(address(cell.row, cell.column) for cell in placed.cells if cell.role is Role.CHECK)
    if not checks:
        return
    for value, look in (("TRUE", GOOD), ('"OK"', GOOD), ("FALSE", BAD), ('"ERROR"', BAD)):
        rule = Rule(type="cellIs", operator="equal", formula=[value], dxf=look)
        sheet.conditional_formatting.add(checks, rule)
