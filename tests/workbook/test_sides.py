"""Texts stand left, numbers right, and headings where what they head stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import openpyxl
import pytest

import xlgenai

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HEADING: Final = "xlgenai heading"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    return openpyxl.load_workbook(xlgenai.build(tmp_path_factory.mktemp("sides") / "model.xlsx").path, data_only=True)


def side(sheet: Worksheet, row: int, column: int) -> str:
    return str(sheet.cell(row, column).alignment.horizontal)


def headed(sheet: Worksheet) -> list[tuple[int, int, object]]:
    """Return row and column of each heading, and the first value below it before the next heading."""
    found: list[tuple[int, int, object]] = []
    for row in sheet.iter_rows(min_row=4):
        for cell in row:
            if cell.style == HEADING and cell.value is not None:
                below = [sheet.cell(at, int(cell.column or 0)) for at in range(cell.row + 1, sheet.max_row + 1)]
                first = next((one.value for one in below if one.value is not None and one.style != HEADING), None)
                found.append((cell.row, int(cell.column or 0), first))
    return found


def test_every_number_stands_right_and_so_do_the_headings_above(book: openpyxl.Workbook) -> None:
    seen = 0
    for sheet in book.worksheets:
        for row, column, first in headed(sheet):
            if isinstance(first, float | int) and not isinstance(first, bool) and not (row == 4 and column == 1):
                assert side(sheet, row, column) == "right", (sheet.title, row, column)
                seen += 1
        for cells in sheet.iter_rows(min_row=5):
            numbers = [cell for cell in cells if type(cell.value) in {float, int} and "check" not in cell.style]
            assert {cell.alignment.horizontal for cell in numbers} <= {"right"}, (sheet.title, cells[0].row)
    assert seen > 50


def test_texts_and_their_headings_stand_left(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets:
        for row, column, first in headed(sheet):
            if (row == 4 and column in {1, 2, 4}) or (row > 4 and isinstance(first, str)):
                assert side(sheet, row, column) == "left", (sheet.title, row, column)
        cells = [cell for row in sheet.iter_rows(min_row=5, max_col=2) for cell in row if cell.style != HEADING]
        assert {cell.alignment.horizontal for cell in cells if isinstance(cell.value, str)} == {"left"}, sheet.title


def test_headings_of_data_are_as_far_from_the_edge_as_their_numbers(book: openpyxl.Workbook) -> None:
    for name, column in (("Data_Nvidia", 4), ("Data_ValueChain", 6)):
        sheet = book[name]
        top = next(row for row, at, _ in headed(sheet) if at == column)
        assert sheet.cell(top, column).alignment.indent == sheet.cell(top + 1, column).alignment.indent == 2


def test_rows_kept_free_for_spilled_data_lose_their_line_while_they_are_empty(book: openpyxl.Workbook) -> None:
    found = {
        (sheet.title, str(cells.sqref), rule.formula[0])
        for sheet in book.worksheets
        for cells in sheet.conditional_formatting
        for rule in cells.rules
        if rule.type == "expression"
    }
    assert found == {("ValueChain", "A35:D42", "LEN($A35)=0"), ("ValueChain", "A46:D55", "LEN($A46)=0")}
    for row in (35, 46):
        assert book["ValueChain"].cell(row - 1, 1).style == HEADING
        assert book["ValueChain"].cell(row, 1).value


@pytest.mark.parametrize(
    ("label", "lowest", "highest"),
    [
        ("Generative-AI revenue in the base year", "#,##0.000", "#,##0"),
        ("Growth that both fade towards", "0%", "0%"),
        ("Multiple that counts as a crossover", '#,##0.00"x"', '#,##0"x"'),
        ("Years until exit", "0", "0"),
        ("Difference that counts as none", "General", "General"),
    ],
)
def test_bounds_are_shown_with_the_decimals_that_they_have(
    label: str, lowest: str, highest: str, book: openpyxl.Workbook
) -> None:
    sheet = book["Inputs"]
    (row,) = (cell.row for cell in sheet["A"] if cell.value == label)
    assert (sheet.cell(row, 5).number_format, sheet.cell(row, 6).number_format) == (lowest, highest)
