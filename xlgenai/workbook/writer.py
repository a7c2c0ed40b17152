"""Write a layout with openpyxl; what openpyxl cannot say is added to the package afterwards."""

from __future__ import annotations

import datetime as dt
import math
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, cast

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.writer.excel import ExcelWriter

from xlgenai.cells.formula import address
from xlgenai.model.anchors import HEADING_ROW
from xlgenai.model.placed import CALCULATED, Role
from xlgenai.model.placing import LABEL
from xlgenai.workbook.charts import Drawer
from xlgenai.workbook.package import Package
from xlgenai.workbook.styles import Styler

if TYPE_CHECKING:
    from collections.abc import Callable
    from zipfile import ZipFile

    from openpyxl.worksheet.worksheet import Worksheet

    from xlgenai.model.placed import Cell, Layout, PlacedSheet, PlacedTable, Validation

WIDTHS: Final = (42.0, 12.0, 13.0, 47.0)
"""Label, unit, value, note: the same on every sheet but those that hold a data table."""
FURTHER: Final = 12.5
ROW_HEIGHT: Final = 16.5
LINE_HEIGHT: Final = 13.5
"""Of a row of one line, and of each line more."""
WRAPPED: Final = frozenset({Role.LABEL, Role.NOTE, Role.HEADING})
"""Roles whose text goes on in a second line where it is too long."""
GOOD: Final = DifferentialStyle(font=Font(color="006100"), fill=PatternFill("solid", bgColor="C6EFCE"))
BAD: Final = DifferentialStyle(font=Font(color="9C0006"), fill=PatternFill("solid", bgColor="FFC7CE"))
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
    for item in placed.cells:
        _write_cell(sheet, item, pens)
    widths = _table_widths(placed) if placed.tables else [*WIDTHS, *[FURTHER] * (placed.last_column - len(WIDTHS))]
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    _set_heights(sheet, placed, widths)
    for cell, target in placed.jumps.items():
        sheet[cell].hyperlink = Hyperlink(ref=cell, location=target.removeprefix("#"))
        pens.styler.apply(sheet[cell], Role.JUMP, "General")
    for cell, role in placed.swatches.items():
        pens.styler.apply(sheet[cell], Role(role), "General")
    for table in placed.tables:
        sheet.add_table(_table(table))
    for chart in placed.charts:
        pens.drawer.put(sheet, chart, widths)
    for validation in placed.validations:
        sheet.add_data_validation(_validation(validation))
    _set_conditions(sheet, placed)
    _set_view_and_print(sheet, placed)


def _write_cell(sheet: Worksheet, item: Cell, pens: Pens) -> None:
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
    pens.styler.apply(cell, item.role, item.number_format, text=_is_text(item))


def _is_text(item: Cell) -> bool:
    """Whether a cell shows a text where its neighbours show numbers."""
    if item.role is Role.DATA:
        return isinstance(item.content, str)
    return item.role in CALCULATED and (item.number_format == "@" or item.column == LABEL)


def _table_widths(placed: PlacedSheet) -> list[float]:
    """Fit the columns of a data table to what they hold; headings may wrap."""
    table = placed.tables[0]
    longest = [9.0] * (table.column + len(table.columns) - 1)
    for cell in placed.cells:
        if cell.row >= table.row and cell.content is not None:
            length = len(str(cell.content)) if cell.row > table.row else len(str(cell.content)) / 2
            longest[cell.column - 1] = max(longest[cell.column - 1], min(60.0, length + 3.0))
    return longest


def _set_heights(sheet: Worksheet, placed: PlacedSheet, widths: list[float]) -> None:
    """Give rows with wrapped text their height: a file that Excel has not saved carries none."""
    sheet.sheet_format.defaultRowHeight = ROW_HEIGHT
    sheet.sheet_format.customHeight = True
    lines: dict[int, int] = {}
    for cell in placed.cells:
        if cell.role in WRAPPED and isinstance(cell.content, str) and not cell.is_formula:
            size = 1.25 if cell.role is Role.NOTE else 1.1
            count = math.ceil(len(cell.content) / (widths[cell.column - 1] * size))
            if count > lines.get(cell.row, 1):
                lines[cell.row] = count
    for row, count in lines.items():
        sheet.row_dimensions[row].height = ROW_HEIGHT + LINE_HEIGHT * (count - 1)
    sheet.row_dimensions[1].height = 26
    sheet.row_dimensions[HEADING_ROW].height = 18


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


def _set_conditions(sheet: Worksheet, placed: PlacedSheet) -> None:
    """Colour checks: green when they hold, red when not."""
    checks = " ".join(address(cell.row, cell.column) for cell in placed.cells if cell.role is Role.CHECK)
    if not checks:
        return
    for value, look in (("TRUE", GOOD), ('"OK"', GOOD), ("FALSE", BAD), ('"ERROR"', BAD)):
        rule = Rule(type="cellIs", operator="equal", formula=[value], dxf=look)
        sheet.conditional_formatting.add(checks, rule)


def _set_view_and_print(sheet: Worksheet, placed: PlacedSheet) -> None:
    sheet.freeze_panes = placed.freeze
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 90
    sheet.sheet_properties.tabColor = placed.colour
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape" if placed.landscape else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = int(placed.landscape and not placed.tables)  # 0: as many pages as it takes
    sheet.print_title_rows = f"1:{HEADING_ROW}"
    footer = HeaderFooterItem()
    footer.left.text, footer.center.text, footer.right.text = "xlgenai", "&A", "&P / &N"
    sheet.HeaderFooter.oddFooter = footer
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
