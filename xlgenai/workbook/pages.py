"""What makes a sheet a page: widths, heights, where a page ends, and the print set-up."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties

from xlgenai.model.anchors import HEADING_ROW
from xlgenai.model.placed import Role
from xlgenai.workbook.lettering import PIXELS_PER_POINT, count_lines, measure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from xlgenai.model.placed import PlacedSheet

PLAIN: Final = (44.0, 11.0, 13.0, 46.0)
NAMED: Final = (39.5, 10.0, 13.0, 34.5)
TIMED: Final = (38.0, 10.0, 10.0, 29.5)
"""Label, unit, value and note on a sheet without further columns, with named ones, and with a timeline."""
FURTHER: Final = 9.5
MARGIN: Final = 1.2
"""What a column is wider than its text, in characters."""
WIDEST: Final = 50.0
SLIMMEST: Final = 10.0
BESIDE_TEXT: Final = 2.2
BESIDE_BUTTON: Final = 3.3
"""Of a data table's column: its bounds, and the room beside a text and beside what leaves room for a button."""
PER_CHARACTER: Final = 7
"""Pixels of a digit in Calibri 11, which widths are counted in."""
PADDING: Final = {Role.LABEL: 6.0, Role.HEADING: 6.0, Role.NOTE: 13.0}
"""Pixels of a wrapped cell's width that its text cannot use."""
SIZES: Final = {Role.LABEL: 10.0, Role.HEADING: 10.4, Role.NOTE: 9.0}
"""Roles whose text goes on in a second line, and the size of their letters; bold ones are a little wider."""
LINE_HEIGHTS: Final = {Role.LABEL: 13.0, Role.HEADING: 13.0, Role.NOTE: 12.0}
ROW_HEIGHT: Final = 16.5
TITLE_HEIGHT: Final = 26.0
HEADING_HEIGHT: Final = 18.0
PAPER: Final = (595.3, 841.9)
"""A4 in points."""
SIDE_MARGIN: Final = 0.4
TOP_MARGIN: Final = 0.45
BOTTOM_MARGIN: Final = 0.6
FOOTER_MARGIN: Final = 0.25
"""Inches."""
SQUEEZED: Final = 1.15
"""A page that is too long by this much is made smaller rather than parted."""
SAFE: Final = 0.97
"""Programs draw a column a little wider or narrower than it is in the file."""


def column_widths(placed: PlacedSheet) -> list[float]:
    """Return the width of each column in characters; sheets of one kind get the same.

    Parameters
    ----------
    placed : PlacedSheet
        The sheet.

    Returns
    -------
    list of float
        From the first column on.
    """
    if placed.tables:
        return _table_widths(placed)
    further = placed.last_column - len(PLAIN)
    if not further:
        return list(PLAIN)
    names = [str(cell.content) for cell in placed.cells if cell.column > len(PLAIN) and _is_name(cell.role, cell.row)]
    timed = any(name.startswith("=") for name in names)
    words = [] if timed else [measure(word, SIZES[Role.HEADING]) for name in names for word in name.split()]
    edges = [_edge(cell.number_format) for cell in placed.cells if cell.column > len(PLAIN) and cell.role is Role.INPUT]
    width = max(FURTHER, round(max([*words, *edges], default=0.0) / PER_CHARACTER + MARGIN, 1))
    return [*(TIMED if timed else NAMED), *[width] * further]


def _is_name(role: Role, row: int) -> bool:
    return role is Role.HEADING and row == HEADING_ROW


def _edge(number_format: str) -> float:
    """The width of a number that is shown with words, such as 100% serving."""
    if '"' not in number_format:
        return 0.0
    return measure(number_format.replace('"', "").replace("0%", "100%"), SIZES[Role.LABEL])


def _table_widths(placed: PlacedSheet) -> list[float]:
    """Fit the columns of a data table to what they hold."""
    table = placed.tables[0]
    widths = [SLIMMEST] * (table.column + len(table.columns) - 1)
    for cell in placed.cells:
        if cell.row >= table.row and cell.content is not None:
            text = cell.role is Role.DATA and isinstance(cell.content, str)
            pixels = measure(str(cell.content), SIZES[Role.LABEL if cell.role is Role.DATA else Role.HEADING])
            width = round(pixels / PER_CHARACTER + (BESIDE_TEXT if text else BESIDE_BUTTON), 1)
            widths[cell.column - 1] = max(widths[cell.column - 1], min(width, WIDEST))
    return widths


def set_page(sheet: Worksheet, placed: PlacedSheet, widths: Sequence[float]) -> None:
    """Give a sheet its widths, its heights and its print set-up.

    Parameters
    ----------
    sheet : Worksheet
        The sheet that is being written.
    placed : PlacedSheet
        What it holds.
    widths : sequence of float
        The widths of its columns in characters.
    """
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.sheet_format.defaultRowHeight = ROW_HEIGHT
    sheet.sheet_format.customHeight = True
    heights = row_heights(placed, widths)
    for row, height in heights.items():
        sheet.row_dimensions[row].height = height
    _set_print(sheet, placed)
    if not placed.tables:
        _part(sheet, placed, heights, widths)


def row_heights(placed: PlacedSheet, widths: Sequence[float]) -> dict[int, float]:
    """Return the rows that are not as high as all: a file that Excel has not saved must carry what wrapped text needs.

    Parameters
    ----------
    placed : PlacedSheet
        The sheet.
    widths : sequence of float
        The widths of its columns in characters.

    Returns
    -------
    dict of int to float
        Points by row.
    """
    heights: dict[int, float] = {}
    for cell in placed.cells:
        content = cell.content
        if cell.role in SIZES and isinstance(content, str) and not cell.is_formula:
            room = widths[cell.column - 1] * PER_CHARACTER - PADDING[cell.role]
            lines = count_lines(content, SIZES[cell.role], room)
            if lines > 1:
                height = ROW_HEIGHT + LINE_HEIGHTS[cell.role] * (lines - 1)
                heights[cell.row] = max(height, heights.get(cell.row, 0.0))
    heights[1] = TITLE_HEIGHT
    heights[HEADING_ROW] = max(HEADING_HEIGHT, heights.get(HEADING_ROW, 0.0))
    return heights


def _set_print(sheet: Worksheet, placed: PlacedSheet) -> None:
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape" if placed.landscape else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0  # as many pages as it takes
    sheet.print_title_rows = f"1:{HEADING_ROW}"
    footer = HeaderFooterItem()
    footer.left.text, footer.center.text, footer.right.text = "xlgenai", "&A", "&P / &N"
    sheet.HeaderFooter.oddFooter = footer
    margins = sheet.page_margins
    margins.left = margins.right = SIDE_MARGIN
    margins.top, margins.bottom = TOP_MARGIN, BOTTOM_MARGIN
    margins.header = margins.footer = FOOTER_MARGIN


class Page(NamedTuple):
    """How much of a sheet goes on a page, in points of the sheet."""

    scale: float
    room: float


def page_of(placed: PlacedSheet, widths: Sequence[float]) -> Page:
    """Return by how much a sheet is made smaller to be one page wide, and how high its pages are then.

    Parameters
    ----------
    placed : PlacedSheet
        The sheet.
    widths : sequence of float
        The widths of its columns in characters.

    Returns
    -------
    Page
        The scale, and the height of a page below the rows that are repeated on each.
    """
    width, height = PAPER[::-1] if placed.landscape else PAPER
    wide = sum(widths) * PER_CHARACTER / PIXELS_PER_POINT
    scale = min(1.0, (width - 2 * 72 * SIDE_MARGIN) / wide)
    head = TITLE_HEIGHT + 2 * ROW_HEIGHT + HEADING_HEIGHT
    return Page(scale, (height - 72 * (TOP_MARGIN + BOTTOM_MARGIN)) / scale - head)


def _part(sheet: Worksheet, placed: PlacedSheet, heights: Mapping[int, float], widths: Sequence[float]) -> None:
    """Put what is a little too long on one page, and let anything longer break between two sections."""
    sections = list(_sections(placed, heights))
    room = page_of(placed, widths).room
    if sum(height for _, height in sections) <= room * SQUEEZED:
        sheet.page_setup.fitToHeight = 1
        return
    used = 0.0
    for row, height in sections:
        if used and used + height > room * SAFE:
            sheet.row_breaks.append(Break(id=row - 1))
            used = 0.0
        used += height


def _sections(placed: PlacedSheet, heights: Mapping[int, float]) -> Iterator[tuple[int, float]]:
    """The first row of each section, and its height with the empty row after it."""
    starts = [cell.row for cell in placed.cells if cell.role is Role.SECTION and cell.column == 1]
    bottoms = [cell.row for cell in placed.cells[-1:]] + [chart.row + chart.rows - 1 for chart in placed.charts]
    for start, after in pairwise([*starts, max(bottoms) + 1]):
        yield start, sum(heights.get(row, ROW_HEIGHT) for row in range(start, after))
